"""Make up a delivery: what of our log a counterpart has not receipted, and our receipts for its log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from comity.channel.bundle import Bundle
from comity_node.register import mirroring, models, queries
from comity_node.register.tree import StoredTree

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_ENTRIES: Final = 1000
MOST_PAYLOAD_BYTES: Final = 16 * 2**20


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
    start = queries.receipted(own) if start is None else start
    known = theirs.receipt_known if receipts_after is None else receipts_after
    end, checkpoint = _reach(own, start)
    rows = models.Entry.objects.filter(log=own, index__gte=start, index__lt=end).order_by("index")
    entries = list(rows.values_list("leaf", "payload")) if start < end else []
    return Bundle(
        channel=own.channel,
        sender=own.party,
        receiver=theirs.party,
        start=start,
        checkpoint=checkpoint,
        consistency=StoredTree(own).prove_prefix(start, end),
        entries=tuple(bytes(leaf) for leaf, _ in entries),
        payloads=_payloads([digest for _, digest in entries if digest]),
        cosignatures=tuple(mirroring.given_since(theirs, known)),
    )


def is_news(own: models.Log, theirs: models.Log, receipted: int) -> bool:
    """Whether a delivery would say anything new to a counterpart that has ``receipted`` so much."""
    return receipted < own.size or theirs.receipt_known < theirs.size


def _reach(own: models.Log, start: int) -> tuple[int, bytes]:
    """How far one delivery goes: to the last checkpoint within its limits, or to the next one at least."""
    beyond = models.Checkpoint.objects.filter(log=own, size__gt=start).order_by("size")
    within = beyond.filter(size__lte=_affordable(own, start)).last() or beyond.first()
    if within is not None:
        return within.size, bytes(within.note)
    last = models.Checkpoint.objects.filter(log=own).order_by("size").last()
    return start, bytes(last.note) if last else b""


def _affordable(own: models.Log, start: int) -> int:
    """The size to which entries and payloads fit one delivery."""
    if start >= own.size:
        return start
    rows = models.Entry.objects.filter(log=own, index__gte=start, index__lt=start + MOST_ENTRIES)
    digests = list(rows.order_by("index").values_list("payload", flat=True))
    sizes = dict(models.Payload.objects.filter(sha256__in=digests).values_list("sha256", "size"))
    total = 0
    for place, digest in enumerate(digests):
        total += sizes.get(digest, 0)
        if total > MOST_PAYLOAD_BYTES:
            return start + place
    return start + len(digests)


def _payloads(digests: Sequence[str]) -> tuple[bytes, ...]:
    if not digests:
        return ()
    found = dict(models.Payload.objects.filter(sha256__in=digests).values_list("sha256", "sealed"))
    held = (found.get(digest) for digest in digests)
    return tuple(bytes(sealed) for sealed in held if sealed is not None)
