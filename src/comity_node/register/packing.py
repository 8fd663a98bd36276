"""Make up a delivery: what of our log a counterpart has not receipted, and our receipts for its log."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING

from django.conf import settings

from comity.channel.bundle import Bundle
from comity.channel.membership import PREFIX
from comity.tlog.note import parse_note
from comity_node.register import mirroring, models, rotations, statements
from comity_node.register.services import MOST_BYTES_TOGETHER, MOST_TOGETHER
from comity_node.register.tree import StoredTree

if TYPE_CHECKING:
    from collections.abc import Sequence

    from comity.tlog.vkey import VerifierKey


def pack(
    own: models.Log,
    theirs: models.Log,
    *,
    start: int | None = None,
    receipts_after: int | None = None,
    others: Sequence[bytes] | None = None,
) -> Bundle:
    """The next delivery for a counterpart.

    Args:
        own: Our log of the channel.
        theirs: Our mirror of the counterpart's log.
        start: Index to send from, where the counterpart has said so; otherwise after its last receipt.
        receipts_after: The last receipt of ours the counterpart shows to have; otherwise as far as we know.
        others: What it is to be told of who holds what, where that was just read.

    Returns:
        A bundle that may carry nothing: then both sides have everything.
    """
    start = held_by(own, theirs) if start is None else start
    known = theirs.receipt_known if receipts_after is None else receipts_after
    others = to_tell(own, theirs)[1] if others is None else others
    receipts = [*readable(own, theirs, mirroring.given_since(theirs, known)), *others]
    return part(own, theirs.party, start, tuple(receipts), end=reach(own, theirs))


def held_by(log: models.Log, other: models.Log) -> int:
    """How many entries of a log the author of another has signed for."""
    return statements.receipted_by(log, other.party) if log.many else log.receipted


def reach(own: models.Log, theirs: models.Log) -> int:
    """How much of our log a counterpart may be sent.

    Who is asked whether it will be in the channel is sent it as far as that goes, and who has left it as far
    as it had it.
    """
    match theirs.place:
        case models.Log.Place.MEMBER:
            return own.size
        case models.Log.Place.ASKED:
            return max(statements.last_of(own, f"{PREFIX}.") + 1, held_by(own, theirs))
        case _:
            return held_by(own, theirs)


def to_tell(own: models.Log, theirs: models.Log) -> tuple[int, list[bytes]]:
    """What a counterpart may not know of who holds what, and the number up to which it then does."""
    if not theirs.many or theirs.place != models.Log.Place.MEMBER:
        return theirs.told, []
    rows = statements.receipts_to_tell(theirs, settings.NODE.party, most=mirroring.MOST_RECEIPTS)
    notes = readable(own, theirs, [note for _, note in rows])
    return (rows[len(notes) - 1][0] if notes else theirs.told), notes


def readable(log: models.Log, receiver: models.Log, notes: list[bytes]) -> list[bytes]:
    """The first of these that bear no keys of a log's author which the receiver has not read of yet.

    Whoever comes into a channel late gets the entries that announced keys first, and then what they signed.
    """
    unknown = rotations.unknown_to_whoever_holds(log, held_by(log, receiver))
    if not unknown:
        return notes
    return list(takewhile(lambda note: not _bears(note, unknown), notes))


def _bears(note: bytes, keys: Sequence[VerifierKey]) -> bool:
    return any(line.is_by(key) for line in parse_note(note).signatures for key in keys)


def part(
    log: models.Log, receiver: str, start: int, receipts: Sequence[bytes], *, end: int | None = None
) -> Bundle:
    """What stands in a log from ``start``, as far as one delivery goes and no further than ``end``."""
    end, checkpoint = _reach(log, start, log.size if end is None else end)
    entries, payloads = statements.contents(log, start, end)
    return Bundle(
        channel=log.channel,
        sender=log.party,
        receiver=receiver,
        start=start,
        checkpoint=checkpoint,
        consistency=StoredTree(log).prove_prefix(start, end),
        entries=entries,
        payloads=payloads,
        cosignatures=tuple(receipts),
    )


def is_news(own: models.Log, theirs: models.Log) -> bool:
    """Whether a delivery would say anything new to the counterpart."""
    is_told = theirs.receipt_known >= theirs.size and not to_tell(own, theirs)[1]
    return not is_told or held_by(own, theirs) < reach(own, theirs)


def _reach(own: models.Log, start: int, most: int) -> tuple[int, bytes]:
    """How far one delivery goes: to the last checkpoint within its limits, or to the next one at least."""
    affordable = min(_affordable(own, start), max(most, start))
    if affordable >= own.size:
        return affordable, bytes(own.checkpoint)
    if affordable == start:
        return start, bytes(statements.checkpoint_at(own, start))
    beyond = models.Checkpoint.objects.filter(log=own, size__gt=start).order_by("size")
    reached = beyond.filter(size__lte=affordable).last() or beyond[0]
    return reached.size, bytes(reached.note)


def _affordable(own: models.Log, start: int) -> int:
    """The size to which entries and payloads fit one delivery."""
    if start >= own.size:
        return start
    most = min([own.size, start + MOST_TOGETHER, *_ends_with_new_keys(own, start)])
    total = 0
    for place, size in enumerate(statements.sizes(own, start, most)):
        total += size
        if total > MOST_BYTES_TOGETHER:
            return start + place
    return most


def _ends_with_new_keys(own: models.Log, start: int) -> list[int]:
    """Where a delivery must end: with an entry that announces keys, under the last signature without them."""
    return [index + 1 for index in rotations.announcements(own) if index >= start]
