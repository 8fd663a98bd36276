"""What each pair of keys of a party has signed in a channel, and when: its checkpoints, and its receipts.

Asked when keys were lost or stolen: whoever reads it sees what stood before the stated moment, and what bears
the same signature after it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Literal

from comity.errors import ComityError
from comity.mirror import stated_at
from comity.tlog.note import parse_note
from comity_node.register import models, rotations

if TYPE_CHECKING:
    from collections.abc import Iterator

    from comity.tlog.note import Note
    from comity.tlog.vkey import VerifierKey


@dataclass(frozen=True, slots=True)
class Signed:
    """One signature.

    Attributes:
        what: ``checkpoint`` of its own log, or ``receipt`` for the other.
        origin: The log that was signed.
        size: For how many of its entries.
        pair: Which of the party's pairs signed, from 1.
        at: When, by the signer's own clock; None where it states no time.
        stored_at: When it came here, or was made here.
        after: Whether it bears a time after the moment since when its keys are said to be in other hands.
    """

    what: Literal["checkpoint", "receipt"]
    origin: str
    size: int
    pair: int
    at: datetime | None
    stored_at: datetime
    after: bool


def signed(log: models.Log, *, most: int | None = None) -> Iterator[Signed]:
    """Everything a log's author signed in the channel: receipts first, the newest of each kind first.

    Args:
        log: Its log.
        most: Only so many of each kind.
    """
    pairs = rotations.pairs(log)
    receipts = models.Receipt.objects.filter(log__channel=log.channel, party=log.party).exclude(log=log)
    rows = receipts.select_related("log").order_by("-given_at", "-size")
    for receipt in islice(rows.iterator(500), most):
        mirrors = [mirror for _, mirror, _ in pairs]
        yield _signed("receipt", receipt, receipt.log.origin, mirrors, pairs)
    checkpoints = models.Checkpoint.objects.filter(log=log).order_by("-size")
    for checkpoint in islice(checkpoints.iterator(500), most):
        yield _signed("checkpoint", checkpoint, log.origin, [keys for keys, _, _ in pairs], pairs)


def _signed(
    what: Literal["checkpoint", "receipt"],
    row: models.Receipt | models.Checkpoint,
    origin: str,
    keys: list[tuple[VerifierKey, ...]],
    pairs: list[rotations.Pair],
) -> Signed:
    try:
        note = parse_note(bytes(row.note))
        place = next(
            place for place, pair in enumerate(keys) if any(line.is_by(pair[0]) for line in note.signatures)
        )
        at = _at(note, keys[place])
    except (ComityError, StopIteration):  # only fsck says what is wrong with a record
        place, at = 0, None
    since = pairs[place][2].get("compromised", "")
    after = bool(since and at is not None and at >= datetime.fromisoformat(since))
    return Signed(what, origin, row.size, place + 1, at, row.stored_at, after)


def _at(note: Note, pair: tuple[VerifierKey, ...]) -> datetime | None:
    """The time a signature bears: that of its ML-DSA-44 half, since notes of Ed25519 bear none."""
    times = (note.cosigned_at(key) for key in pair if key.is_cosigner)
    return next((stated_at(at) for at in times if at is not None), None)
