"""The one order in which every party reads the entries of a channel.

An entry's *depth* is one more than the deepest entry its author held: the one before it in the author's
own log, and the last it had seen of each other log. Entries sort by (depth, origin, index): an answer
always follows what it answers, acts that crossed stand at the same depth and are parted by origin. Depth
never changes once an entry is held, so the order can be kept in a column and never has to be recomputed.

Follows: docs/spec/entries.md, Order.
"""

from __future__ import annotations

from array import array
from itertools import chain
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
        reached = dict.fromkeys(sorted(logs), 0)
        moved = True
        while moved:
            moved = False
            for party, start in reached.items():
                end = self._place(party, logs[party], start)
                moved = moved or end > start
                reached[party] = end
        for party, start in reached.items():
            self._place(party, logs[party], start, supported=False)

    def _place(self, party: str, entries: Sequence[Entry], start: int, *, supported: bool = True) -> int:
        """Place the entries of a log from ``start`` on; ``supported``: up to one that saw what is not held.

        Returns:
            Where it stopped.
        """
        own = self._of[party]
        depth = own[-1] if own else 0
        for place in range(start, len(entries)):
            for other, size in entries[place].seen.items():
                held = self._of.get(other, ())
                if size > len(held):
                    if supported:
                        return place
                    size = len(held)  # noqa: PLW2901
                if size:
                    depth = max(depth, held[size - 1])
            depth += 1
            own.append(depth)
        return len(entries)


def in_order(channel: str, logs: Mapping[str, Sequence[Entry]]) -> Iterator[tuple[EntryRef, Entry]]:
    """All entries of a channel in the order every party reads them."""
    depths = Depths(logs)
    depths.extend(logs)
    # Log after log by origin, each by index: a sort by depth that leaves equals as they stand does the rest.
    parties = sorted(logs, key=lambda party: str(Origin(party, channel)))
    keys = list(chain.from_iterable(depths[party] for party in parties))
    heads = {party: _placed(Origin(party, channel), logs[party]) for party in parties}
    whose = [heads[party] for party in parties for _ in logs[party]]
    for place in sorted(range(len(keys)), key=keys.__getitem__):
        yield next(whose[place])


def _placed(origin: Origin, entries: Iterable[Entry]) -> Iterator[tuple[EntryRef, Entry]]:
    return ((EntryRef(origin, index), entry) for index, entry in enumerate(entries))
