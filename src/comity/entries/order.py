"""The one order in which every party reads the entries of a channel.

An entry's *depth* is how many entries of the channel stood when its author wrote it, itself among them:
those before it in its own log, and those it says it had seen of each other. Entries sort by (depth, origin,
index). Whoever answers has seen more than stood before what it answers, so an answer always follows; acts
that crossed are parted by how much each author had seen, then by origin. A depth follows from the entry and
its index alone: nobody's copy of another log can move it, not even a forked one.

Follows: docs/spec/entries.md, Order; docs/adr/0024-depth-is-what-was-seen.md.
"""

from __future__ import annotations

from heapq import merge
from typing import TYPE_CHECKING

from comity.names import EntryRef, Origin

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from comity.entries.entry import Entry


def depth(index: int, seen: Mapping[str, int]) -> int:
    """Depth of an entry: its place in its own log, and how many entries of each other log it had seen."""
    return index + 1 + sum(seen.values())


def in_order(channel: str, logs: Mapping[str, Sequence[Entry]]) -> Iterator[tuple[EntryRef, Entry]]:
    """All entries of a channel in the order every party reads them."""
    return merged([_placed(Origin(party, channel), logs[party]) for party in sorted(logs)])


def merged(logs: Iterable[Iterator[tuple[EntryRef, Entry]]]) -> Iterator[tuple[EntryRef, Entry]]:
    """Read logs side by side, each in its own order: no entry sees less than the one before it in its log."""
    return merge(*logs, key=_place)


def overlooked(ref: EntryRef, seen: Mapping[str, int], cause: Mapping[str, int]) -> str | None:
    """Of whose log an entry had seen less than an entry it had seen: it would stand before its own cause.

    Args:
        ref: The entry.
        seen: What it says it had seen.
        cause: What the entry it had seen had seen.

    Returns:
        The first such party; None where the entry had seen all that its cause had.
    """
    own = ref.origin.party
    for party, size in cause.items():
        if size > (ref.index if party == own else seen.get(party, 0)):
            return party
    return None


def _place(placed: tuple[EntryRef, Entry]) -> tuple[int, str, int]:
    ref, entry = placed
    return depth(ref.index, entry.seen), str(ref.origin), ref.index


def _placed(origin: Origin, entries: Iterable[Entry]) -> Iterator[tuple[EntryRef, Entry]]:
    return ((EntryRef(origin, index), entry) for index, entry in enumerate(entries))
