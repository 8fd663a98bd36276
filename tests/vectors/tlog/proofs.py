"""Vectors of proof files and of the witness protocol."""

from __future__ import annotations

from dataclasses import replace

from comity.tlog.note import sign_note
from comity.tlog.proof import TlogProof
from comity.tlog.tree import prove_consistency, prove_inclusion
from comity.tlog.witness import AddCheckpoint
from tests.vectors.tlog.frame import AT, LEAVES, LOG, MIRROR, RECEIPTED, SEEDS, Vector, checkpoint, reader


def proofs() -> list[Vector]:
    """Proof files."""
    good = TlogProof(6, prove_inclusion(reader, 6, 11), sign_note(checkpoint().text(), LOG, MIRROR), b"extra")
    data = good.encode()
    other = (*good.hashes[1::-1], *good.hashes[2:])

    def case(name: str, expect: str, because: str, data: bytes, leaf: bytes = LEAVES[6]) -> Vector:
        seed, follows = f"{SEEDS['log']} {SEEDS['mirror']}", "C2SP tlog-proof"
        return Vector(
            f"proof-{name}", expect, because, follows, "proof", data, seed, RECEIPTED, leaf.hex(), str(AT)
        )

    bad = "malformed-proof"
    return [
        case("good", "accepted", "the entry is in the log, and its receipt too", data),
        case("without-extra", "accepted", "the extra line may be absent", replace(good, extra=None).encode()),
        case("other-leaf", "not-included", "another entry stands there", data, LEAVES[7]),
        case(
            "other-index", "not-included", "the index is part of the proof", replace(good, index=7).encode()
        ),
        case(
            "hashes-swapped",
            "not-included",
            "hashes go up from the leaf",
            replace(good, hashes=other).encode(),
        ),
        case(
            "hash-missing",
            bad,
            "its length follows from the size",
            replace(good, hashes=good.hashes[:-1]).encode(),
        ),
        case(
            "hash-too-many",
            bad,
            "its length follows from the size",
            replace(good, hashes=(*good.hashes, LEAVES[0])).encode(),
        ),
        case("index-outside", bad, "the index is below the size", replace(good, index=11).encode()),
        case("index-with-zero", bad, "a number has one spelling", data.replace(b"index 6", b"index 06")),
        case("index-missing", bad, "the index line is required", data.replace(b"index 6\n", b"")),
        case("other-version", bad, "the first line names the version", data.replace(b"@v1", b"@v2")),
        case("extra-not-base64", bad, "the extra line is base64", data.replace(b"extra Z", b"extra !")),
        case(
            "extra-after-index",
            bad,
            "the lines have an order",
            data.replace(b"extra ZXh0cmE=\nindex 6\n", b"index 6\nextra ZXh0cmE=\n"),
        ),
        case(
            "no-receipt",
            "no-quorum",
            "the policy demands a receipt",
            replace(good, checkpoint=sign_note(good.checkpoint.text, LOG)).encode(),
        ),
    ]


def bodies() -> list[Vector]:
    """The witness protocol."""
    request = AddCheckpoint(5, prove_consistency(reader, 5, 11), sign_note(checkpoint().text(), LOG)).encode()
    answer = sign_note(checkpoint().text(), MIRROR).encode().split(b"\n\n")[1]

    def case(name: str, expect: str, because: str, data: bytes, form: str = "submission") -> Vector:
        follows = "C2SP tlog-witness, add-checkpoint"
        return Vector(
            f"{form}-{name}", expect, because, follows, form, data, f"{SEEDS['log']} {SEEDS['mirror']}"
        )

    bad = "malformed-submission"
    hash_line = b"q83vq83vq83vq83vq83vq83vq83vq83vq83vq83vq80=\n"
    return [
        case("good", "accepted", "the form is as specified", request),
        case("size-with-zero", bad, "a number has one spelling", request.replace(b"old 5", b"old 05")),
        case("size-missing", bad, "the old size comes first", request.replace(b"old 5\n", b"")),
        case(
            "hash-cut-short", bad, "a proof line is 32 bytes", request.replace(b"old 5\n", b"old 5\nq83v\n")
        ),
        case(
            "64-hashes",
            bad,
            "at most 63 proof lines",
            request.replace(b"old 5\n", b"old 5\n" + hash_line * 60),
        ),
        case("no-blank-line", bad, "an empty line ends the proof", request.replace(b"\n\n", b"\n", 1)),
        case("good", "accepted", "signature lines and nothing else", answer, "answer"),
        case("empty", bad, "one line at least", b"", "answer"),
        case("with-a-note", bad, "signature lines and nothing else", b"text\n\n" + answer, "answer"),
    ]
