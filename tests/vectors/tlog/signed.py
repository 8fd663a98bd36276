"""Vectors of signed notes and of cosignatures."""

from __future__ import annotations

from dataclasses import replace

from comity.tlog import cosignature
from comity.tlog.encoding import base64_text
from comity.tlog.note import Note, Signature, sign_note
from tests.vectors.tlog.frame import (
    AT,
    LOG,
    LOG_ONLY,
    MIRROR,
    MIRROR_PQ,
    RECEIPTED,
    RECEIPTED_PQ,
    SEEDS,
    STRANGER,
    Vector,
    checkpoint,
    recorded,
)


def notes() -> list[Vector]:
    """Signed notes: the frame, whatever the text."""
    text = checkpoint().text()
    good = sign_note(text, LOG)
    data, (line,) = good.encode(), good.signatures
    log, follows = SEEDS["log"], "C2SP signed-note, Format"
    forged = Signature(line.name, line.key_id, bytes([line.blob[0] ^ 1]) + line.blob[1:])
    encoded = str(line).split(" ")[2]

    def refused(name: str, because: str, data: bytes, expect: str = "malformed-note") -> Vector:
        return Vector(f"note-{name}", expect, because, follows, "note", data, log, LOG_ONLY)

    def changed(name: str, because: str, old: str, new: str, expect: str = "malformed-note") -> Vector:
        return refused(name, because, data.replace(old.encode(), new.encode(), 1), expect)

    return [
        refused("good", "the log's own signature verifies", data, "accepted"),
        refused(
            "with-a-stranger",
            "signatures of unknown keys are ignored",
            sign_note(text, LOG, STRANGER).encode(),
            "accepted",
        ),
        refused("only-a-stranger", "no known key signed", sign_note(text, STRANGER).encode(), "not-signed"),
        refused(
            "forged",
            "a known key's signature does not verify",
            Note(text, (forged,)).encode(),
            "bad-signature",
        ),
        refused(
            "forged-beside-good",
            "one forged line of a known key refuses the whole note",
            Note(text, (line, forged)).encode(),
            "bad-signature",
        ),
        changed(
            "other-size", "the text was changed after it was signed", "\n11\n", "\n12\n", "bad-signature"
        ),
        changed("no-blank-line", "a blank line comes before the signatures", "\n\n", "\n"),
        refused("no-signatures", "a note has a signature line", text.encode() + b"\n"),
        refused("no-last-newline", "the last line ends with a newline", data[:-1]),
        changed("tab", "no control character but newline", "aa.comity", "aa\tcomity"),
        changed("carriage-return", "no control character but newline", "\n11\n", "\r\n11\r\n"),
        refused("not-utf-8", "a note is UTF-8", data.replace(b"aa.", b"a\xff.", 1)),
        refused("surrogate", "a note is UTF-8", data.replace(b"aa.", b"\xed\xa0\x80.", 1)),
        changed("hyphen", "a signature line begins with an em dash", "— ", "- "),
        changed("two-spaces", "one space stands between the parts", f" {encoded}", f"  {encoded}"),
        changed("name-with-plus", "a key name has no plus", "— aa.", "— a+."),
        changed("name-with-wide-space", "a key name has no Unicode space", "— aa.", "— a\u3000."),
        changed("base64-unpadded", "base64 is padded", encoded, encoded.rstrip("=")),
        changed("base64-url-alphabet", "base64 is the standard alphabet", encoded, encoded.replace("+", "-")),
        changed(
            "base64-loose-bits", "the unused bits of base64 are zero", encoded[-3:], _loosened(encoded)[-3:]
        ),
        changed("only-a-key-id", "bytes follow the key id", encoded, base64_text(line.key_id)),
        refused(
            "too-many-signatures",
            "at most 64 signatures are read",
            data + b"".join(f"{line}\n".encode() for _ in range(64)),
        ),
        changed("other-key-name", "name and key id together name the key", "— aa.", "— ab.", "not-signed"),
        changed(
            "other-origin",
            "a log signs under its own origin only",
            "aa.comity/abcdefghijklmnop\n",
            "aa.comity/ponmlkjihgfedcba\n",
            "not-signed",
        ),
    ]


def _loosened(encoded: str) -> str:
    """The same bytes in base64 that leaves the unused bits set."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    body = encoded.rstrip("=")
    return body[:-1] + alphabet[alphabet.index(body[-1]) | 1] + encoded[len(body) :]


def cosignatures() -> list[Vector]:
    """Receipts, by both algorithms."""
    text, seed = checkpoint().text(), f"{SEEDS['log']} {SEEDS['mirror']} {SEEDS['mirror-pq']}"
    classic = sign_note(text, MIRROR).signatures[0]
    quantum = recorded("mirror-pq", MIRROR_PQ, text)
    late = 2**63
    too_late = late.to_bytes(8, "big") + MIRROR.key.sign(cosignature.ed25519_message(text, late))
    extended = replace(checkpoint(), extensions=("extension",)).text()

    def case(
        name: str, expect: str, because: str, line: Signature, policy: str, *, text: str = text
    ) -> Vector:
        note = sign_note(text, LOG).with_signatures([line]).encode()
        follows = "C2SP tlog-cosignature, Format"
        at = str(AT) if expect == "accepted" else ""
        return Vector(f"cosignature-{name}", expect, because, follows, "note", note, seed, policy, at=at)

    def moved(line: Signature) -> Signature:
        return replace(line, blob=(AT + 1).to_bytes(8, "big") + line.blob[8:])

    bad = "bad-signature"
    return [
        case("ed25519", "accepted", "kind 0x04 covers the time and the text", classic, RECEIPTED),
        case(
            "ml-dsa-44",
            "accepted",
            "kind 0x06 covers the names, the time and the tree",
            quantum,
            RECEIPTED_PQ,
        ),
        case("ed25519-other-time", bad, "the time is signed", moved(classic), RECEIPTED),
        case("ml-dsa-44-other-time", bad, "the time is signed", moved(quantum), RECEIPTED_PQ),
        case("ed25519-extended", bad, "kind 0x04 covers extension lines", classic, RECEIPTED, text=extended),
        case(
            "ml-dsa-44-extended",
            "accepted",
            "kind 0x06 does not cover extension lines",
            quantum,
            RECEIPTED_PQ,
            text=extended,
        ),
        case(
            "ml-dsa-44-other-size",
            bad,
            "the size is signed",
            quantum,
            RECEIPTED_PQ,
            text=replace(checkpoint(), size=12).text(),
        ),
        case(
            "ml-dsa-44-other-name",
            bad,
            "kind 0x06 covers its signer's name",
            replace(
                quantum, name="dd.comity/mirror", key_id=MIRROR_PQ.vkey.renamed("dd.comity/mirror").key_id
            ),
            f"log {LOG.vkey};witness dd {MIRROR_PQ.vkey.renamed('dd.comity/mirror')};quorum dd",
        ),
        case("time-over-63-bits", bad, "a time fits 63 bits", replace(classic, blob=too_late), RECEIPTED),
        case(
            "cut-short",
            bad,
            "a signature has its length",
            replace(classic, blob=classic.blob[:-1]),
            RECEIPTED,
        ),
        case(
            "missing",
            "no-quorum",
            "the policy demands a receipt",
            sign_note(text, LOG).signatures[0],
            RECEIPTED,
        ),
    ]
