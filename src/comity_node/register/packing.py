"""Make up a delivery: what of our log a counterpart has not receipted, and our receipts for its log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from comity.channel.bundle import Bundle
from comity_node.register import mirroring, models, statements
from comity_node.register.services import MOST_BYTES_TOGETHER, MOST_TOGETHER
from comity_node.register.tree import StoredTree

if TYPE_CHECKING:
    from collections.abc import Sequence


def pack(
    own: models.Log, theirs: models.Log, *, start: int | None = None, receipts_after: int | None = None
) -> Bundle:
    """The next delivery for a counterpart.

    Args:
        own: Our log of the channel.
        theirs: Our mirror of the counterpart's log.
        start: Index to send from, where the counterpart has said so; otherwise after its last receipt.
        receipts_after: The last receipt of ours the counterpart shows to have; otherwise as far as we know.

    Returns:
        A bundle that may carry nothing: then both sides have everything.
    """
    start = own.receipted if start is None else start
    known = theirs.receipt_known if receipts_after is None else receipts_after
    return part(own, theirs.party, start, tuple(mirroring.given_since(theirs, known)))


def part(log: models.Log, receiver: str, start: int, receipts: Sequence[bytes]) -> Bundle:
    """What stands in a log from ``start``, as far as one delivery goes, with these receipts."""
    end, checkpoint = _reach(log, start)
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
    return own.receipted < own.size or theirs.receipt_known < theirs.size


def _reach(own: models.Log, start: int) -> tuple[int, bytes]:
    """How far one delivery goes: to the last checkpoint within its limits, or to the next one at least."""
    affordable = _affordable(own, start)
    if affordable >= own.size:
        return affordable, bytes(own.checkpoint)
    beyond = models.Checkpoint.objects.filter(log=own, size__gt=start).order_by("size")
    reached = beyond.filter(size__lte=affordable).last() or beyond[0]
    return reached.size, bytes(reached.note)


def _affordable(own: models.Log, start: int) -> int:
    """The size to which entries and payloads fit one delivery."""
    if start >= own.size:
        return start
    total = 0
    for place, size in enumerate(statements.sizes(own, start, start + MOST_TOGETHER)):
        total += size
        if total > MOST_BYTES_TOGETHER:
            return start + place
    return min(own.size, start + MOST_TOGETHER)
