"""What Boris offers of his log, the whole truth or another one."""

from __future__ import annotations

from copy import copy

from comity.mirror import Offer
from comity.tlog.merkle import CompactRange, leaf_hash
from comity_node.register import models, queries


def offer(boris, start: int, end: int | None = None) -> Offer:
    """Entries of Boris's log from ``start``, up to ``end`` of them, under a checkpoint of that size."""
    author = boris if end is None else until(boris, end)
    return Offer(
        checkpoint=author.checkpoint(),
        start=start,
        consistency=(),
        entries=tuple(author.leaves[start:]),
        payloads=tuple(one for one in author.payloads[start:] if one is not None),
    )


def until(boris, size: int):
    """Boris as he was when his log had this size: what he writes from here on is another history."""
    earlier = copy(boris)
    earlier.leaves, earlier.payloads = boris.leaves[:size], boris.payloads[:size]
    earlier.tree = CompactRange()
    earlier.tree.extend([leaf_hash(leaf) for leaf in earlier.leaves])
    return earlier


def mirror(boris) -> models.Log:
    """Our copy of his log, as it stands now."""
    return queries.log_of(boris.channel, boris.party)


def stored(boris) -> list[bytes]:
    """The leaves of his log that we hold."""
    return [bytes(one.leaf) for one in mirror(boris).entries.order_by("index")]
