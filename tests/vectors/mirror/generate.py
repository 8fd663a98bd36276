"""Write the vectors of mirroring: ``python -m tests.vectors.mirror.generate``.

Each file is what party ``aa`` is offered of the log ``bb.comity/abcdefghijklmnop`` while its own log has
two entries. The input is a delivery; where the header gives ``held``, that many bytes at its front are a
delivery that was accepted before. ``expect`` is ``accepted``, ``already-held``, ``send-from <size>``,
``fork-proven``, or the code of an error. The seeds are those of the log's keys, Ed25519 and ML-DSA-44.
ML-DSA-44 signing and sealing draw randomness: their outcomes are kept in ``recorded/`` and read from
there.
"""

from __future__ import annotations

import hashlib
import sys
from base64 import b64decode, b64encode
from pathlib import Path

from comity.channel.bundle import Bundle
from comity.tlog.checkpoint import Checkpoint
from comity.tlog.note import Note, Signature, sign_note
from tests.core.mirror.parties import CHANNEL, Author, root_of, sealed
from tests.vectors.frame import Case, write

HERE = Path(__file__).parent
RECORDED = HERE / "recorded"
FOLLOWS = "docs/spec/mirror.md"


def _recorded(name: str, make) -> bytes:
    file = RECORDED / f"{name}.base64"
    if not file.exists():
        RECORDED.mkdir(exist_ok=True)
        file.write_bytes(b64encode(make()) + b"\n")
    return b64decode(file.read_bytes())


class Recorded(Author):
    """An author whose ML-DSA-44 signatures are made once."""

    def checkpoint(self, size: int | None = None, *, signers=None, **changed) -> bytes:
        """Sign what the log is, or something else."""
        size = len(self.leaves) if size is None else size
        said = {"origin": str(self.origin), "size": size, "root": root_of(self.leaves[:size])} | changed
        text = Checkpoint(**said).text()
        if signers is not None:
            return sign_note(text, *signers).encode()
        classic, quantum = self.signers
        name = hashlib.sha256(text.encode()).hexdigest()[:16]
        blob = _recorded(name, lambda: quantum.sign(text))
        line = Signature(quantum.name, quantum.vkey.key_id, blob)
        return Note(text, (*sign_note(text, classic).signatures, line)).encode()


def payload(readers: int) -> bytes:
    """A payload sealed to so many readers."""
    return _recorded(f"sealed-{readers}", lambda: sealed(readers))


def author(count: int = 3) -> Recorded:
    """The log with its first entries."""
    log = Recorded("bb")
    for number in range(count):
        log.writes(f"fact {number}")
    return log


def delivery(log: Recorded, start: int, end: int | None = None, **changed) -> bytes:
    """What the author delivers."""
    offer = log.offer(start, end)
    said = {
        "channel": CHANNEL,
        "sender": "bb",
        "receiver": "aa",
        "start": start,
        "checkpoint": offer.checkpoint,
        "consistency": offer.consistency,
        "entries": offer.entries,
        "payloads": offer.payloads,
    }
    return Bundle(**(said | changed)).encode()


def cases() -> list[Case]:
    """Every vector."""
    before, seeds = delivery(author(), 0), f"{'10' * 32} {'11' * 32}"

    def case(name: str, expect: str, because: str, data: bytes) -> Case:
        return Case(name, expect, because, before + data, FOLLOWS, seeds, held=len(before))

    def grown(name: str, expect: str, because: str, **said) -> Case:
        log = author()
        log.writes("fact 3", **said)
        return case(name, expect, because, delivery(log, 3))

    def forked(name: str, at: int, more: int, start: int, expect: str = "fork-proven") -> Case:
        log = author().forked_at(at)
        for number in range(more):
            log.writes(f"another {number}")
        return case(name, expect, "two histories were signed", delivery(log, start))

    five = author(5)
    one_signature = five.checkpoint(signers=five.signers[:1])
    here, ours = f"bb.comity/{CHANNEL}", f"aa.comity/{CHANNEL}"
    lie = "claims-the-unseen"
    return [
        Case("first", "accepted", "a log begins", before, FOLLOWS, seeds),
        grown("grown", "accepted", "it follows from what is held"),
        grown("payload", "accepted", "the payload is the one named", payload=payload(2)),
        case("overlap", "accepted", "what is held is passed over", delivery(five, 1)),
        case("again", "already-held", "a replay changes nothing", before),
        case("older", "already-held", "an older delivery changes nothing", delivery(author(), 0, 2)),
        case("gap", "send-from 3", "it does not join what is held", delivery(five, 4)),
        forked("overlap-differs", 2, 2, 1, "send-from 3"),
        forked("fork-of-one-size", 2, 1, 0),
        forked("fork-longer", 2, 3, 3),
        forked("fork-shorter", 1, 1, 0),
        forked("fork-of-a-power-of-two", 0, 1, 0),
        case(
            "fork-unproven",
            "entries-do-not-match",
            "without a proof nobody is accused",
            delivery(_other(), 3, consistency=()),
        ),
        case(
            "one-signature", "bad-checkpoint", "both keys sign", delivery(five, 3, checkpoint=one_signature)
        ),
        case(
            "other-log",
            "bad-checkpoint",
            "a log signs under its own origin",
            delivery(five, 3, checkpoint=five.checkpoint(origin="bb.comity/ponmlkjihgfedcba")),
        ),
        case(
            "root-over-nothing",
            "bad-checkpoint",
            "no entries have one root",
            delivery(five, 0, 0, checkpoint=five.checkpoint(0, root=b"\x01" * 32)),
        ),
        case(
            "reordered",
            "entries-do-not-match",
            "entries stand in their order",
            delivery(five, 3, entries=tuple(five.leaves[:2:-1])),
        ),
        case(
            "cut",
            "entries-do-not-match",
            "the delivery ends where its checkpoint does",
            delivery(five, 3, entries=tuple(five.leaves[3:4])),
        ),
        grown("seen-too-much", lie, "we have two entries", seen={"aa": 3}),
        grown("seen-itself", lie, "its own log is not another's", seen={"bb": 1}),
        grown("seen-a-stranger", lie, "the channel has two parties", seen={"cc": 1}),
        grown(
            "answers-the-unseen", lie, "an answer follows what it answers", re=[f"{ours}#1"], seen={"aa": 1}
        ),
        grown("answers-itself", lie, "an answer follows what it answers", re=[f"{here}#3"]),
        grown("sealed-to-one", "payload-does-not-match", "sealed to each party", payload=payload(1)),
        grown("sealed-to-three", "payload-does-not-match", "sealed to the parties alone", payload=payload(3)),
        grown("not-sealed", "malformed-seal", "nothing crosses in the clear", payload=b"in the clear"),
        case("no-entry", "malformed-entry", "a leaf is an entry", delivery(_leaf(b"{}"), 3)),
        case("payload-missing", "payload-does-not-match", "payloads come along", _without_payload()),
    ]


def _other() -> Recorded:
    log = author().forked_at(2)
    for number in range(3):
        log.writes(f"another {number}")
    return log


def _leaf(leaf: bytes) -> Recorded:
    log = author()
    log.puts(leaf)
    return log


def _without_payload() -> bytes:
    log = author()
    log.writes("fact 3", payload=payload(2))
    return delivery(log, 3, payloads=())


if __name__ == "__main__":
    sys.exit(write(HERE, cases()))
