"""The one order in which every party reads the entries of a channel.

An entry's *depth* is one more than the deepest entry its author held: the one before it in the author's
own log, and the last it had seen of each other log. Entries sort by (depth, origin, index): an answer
always follows what it answers, acts that crossed stand at the same depth and are parted by origin. Depth
never changes once an entry is held, so the order can be kept in a column and never has to be recomputed.

Follows: docs/spec/entries.md, Order.
"""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING

from comity.names import EntryRef, Origin

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from comity.entries.entry import Entry


def depth_after(previous: int, seen_depths: Iterable[int]) -> int:
    """Depth of an entry whose author's last entry has depth ``previous`` (0 if none).

    Args:
        previous: Depth of the entry before it in the same log; 0 at the start of a log.
        seen_depths: Depth of the last entry it had seen of each other log.
    """
    return 1 + max(previous, *seen_depths, 0)


class Depths:
    """Depths of the entries of a channel, computed as far as every log is held."""

    def __init__(self, parties: Iterable[str]) -> None:
        self._of: dict[str, array[int]] = {party: array("q") for party in parties}

    def __getitem__(self, party: str) -> Sequence[int]:
        return self._of[party]

    def extend(self, logs: Mapping[str, Sequence[Entry]]) -> None:
        """Take in further entries of each log, as many as follow from what is held.

        Entries that claim to have seen what nobody holds wait at their place: the claim binds their
        author, and a log that is only partly at hand is still read in one order.
        """
        waiting = {party: iter(entries) for party, entries in logs.items()}
        heads = {party: next(entries, None) for party, entries in waiting.items()}
        moved = True
        while moved:
            moved = False
            for party in sorted(heads):
                while (entry := heads[party]) is not None and self._holds(entry.seen):
                    self._place(party, entry.seen)
                    heads[party] = next(waiting[party], None)
                    moved = True
        self._place_the_unsupported(heads, waiting)

    def _holds(self, seen: Mapping[str, int]) -> bool:
        return all(size <= len(self._of.get(party, ())) for party, size in seen.items())

    def _place(self, party: str, seen: Mapping[str, int]) -> None:
        own = self._of[party]
        deepest = own[-1] if own else 0
        for other, size in seen.items():
            held = self._of.get(other, ())
            if size and held:
                deepest = max(deepest, held[min(size, len(held)) - 1])
        own.append(deepest + 1)

    def _place_the_unsupported(
        self, heads: dict[str, Entry | None], waiting: Mapping[str, Iterator[Entry]]
    ) -> None:
        for party in sorted(heads):
            entry = heads[party]
            while entry is not None:
                self._place(party, entry.seen)
                entry = next(waiting[party], None)


def in_order(channel: str, logs: Mapping[str, Sequence[Entry]]) -> list[tuple[EntryRef, Entry]]:
    """All entries of a channel in the order every party reads them."""
    depths = Depths(logs)
    depths.extend(logs)
    placed = [
        (depth, Origin(party, channel), index) for party in logs for index, depth in enumerate(depths[party])
    ]
    placed.sort()
    return [(EntryRef(origin, index), logs[origin.party][index]) for _, origin, index in placed]
