"""The procedures of a channel as the record had them at an instant, and the figures counted from them.

Counting reads the whole channel. So what was counted is kept in memory for as long as it stays true: until an
entry or a receipt is stored in the channel, or a clock runs out.
"""

from __future__ import annotations

import dataclasses
from collections import OrderedDict
from datetime import timedelta
from threading import Lock
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from comity.lifecycle import bearing_on, fold
from comity.lifecycle.suspensions import KINDS as SUSPENSIONS
from comity.reciprocity import Case, count
from comity_node.register import queries, rooms, standings, touched
from comity_node.register.citing import placed

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator
    from datetime import datetime

    from comity.lifecycle import Life
    from comity.reciprocity import By, Extent, Figures
    from comity_node.register.queries import Received

_MOST_KEPT: Final = 16
_TICK: Final = timedelta(microseconds=1)


def counted(channel: str, extent: Extent, *, by: By = "month") -> Figures:
    """The figures of a channel; counted anew only where they may have changed since they last were.

    Args:
        channel: Channel id.
        extent: Of what time, and of how much of the record.
        by: In periods of which length lines are cut.
    """
    key = (channel, extent.as_of.date(), extent.since, extent.sizes, by)
    mark = touched.mark_of_all(channel)
    kept = _KEPT.get(key, mark, extent.as_of)
    if kept is None:
        kept = _count(channel, extent, by)
        _KEPT.keep(key, mark, kept)
    return replace(kept, as_of=extent.as_of)


def _count(channel: str, extent: Extent, by: By) -> Figures:
    reading = _Reading(extent)
    life = standings.life(channel, reading.within)
    terms = [term for standing in life.standings_of(SUSPENSIONS).values() for term in standing.terms]
    found = count(
        _cases(channel, reading, life),
        parties={log.party for log in queries.channel_logs(channel)},
        as_of=extent.as_of,
        since=extent.since,
        terms=terms,
        by=by,
    )
    later = [one for one in (found.until, reading.until) if one is not None]
    return replace(found, until=min(later, default=None))


def _cases(channel: str, reading: _Reading, life: Life) -> Iterator[Case]:
    """Every procedure that is counted, read so many at a time that memory holds them."""
    for room in rooms.rooms():
        if room.weight:  # where few entries carry weight, none is counted
            continue
        table_of, bearing = room.tables(channel), life.on(room.prefix)
        refs = touched.refs_since(channel, 0, f"{room.prefix}.")
        for by_ref in queries.in_batches(channel, refs, room.prefix) if refs else ():
            for ref, received in by_ref.items():
                known = reading.within(received)
                procedure = table_of(known) if known else None
                found = placed(procedure.rows[0]) if procedure is not None else None
                if procedure is not None and found is not None and any(row.counts for row in procedure.rows):
                    acts = standings.lifecycle_acts(known)
                    bears = bearing_on(procedure, acts, bearing)
                    yield Case(ref, found[0].id, fold(procedure, acts, bears), bears)


class _Reading:
    """What is read of the record, and when more of it would be: the record may hold what is dated later."""

    def __init__(self, extent: Extent) -> None:
        self._extent = extent
        self._next: datetime | None = None

    @property
    def until(self) -> datetime | None:
        """The last instant before something read becomes known; None where all of it is."""
        return self._next - _TICK if self._next is not None else None

    def within(self, received: Iterable[Received]) -> list[Received]:
        """The entries of this part of the record, with the receipts dated no later."""
        return [self._as_known(one) for one in received if self._is_known(one)]

    def _is_known(self, one: Received) -> bool:
        at = one.entry.authored_at
        if self._extent.holds(one.ref, at):
            return True
        self._note(at)
        return False

    def _as_known(self, one: Received) -> Received:
        if one.receipted_at is None or one.receipted_at <= self._extent.as_of:
            return one
        self._note(one.receipted_at)
        return dataclasses.replace(one, receipted_at=None)

    def _note(self, at: datetime) -> None:
        if at > self._extent.as_of and (self._next is None or at < self._next):
            self._next = at


class _Kept:
    """Figures that were counted, each with what they rest on; those not asked for longest go first."""

    def __init__(self) -> None:
        self._held: OrderedDict[Hashable, tuple[Hashable, Figures]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, mark: Hashable, as_of: datetime) -> Figures | None:
        """What was counted, if the record is the same and nothing has run out by then."""
        with self._lock:
            held, found = self._held.get(key, (None, None))
            if found is None or held != mark or as_of < found.as_of:
                return None
            if found.until is not None and as_of > found.until:
                return None
            self._held.move_to_end(key)
            return found

    def keep(self, key: Hashable, mark: Hashable, found: Figures) -> None:
        """Keep what was counted, in the place of what was kept before."""
        with self._lock:
            self._held[key] = mark, found
            self._held.move_to_end(key)
            while len(self._held) > _MOST_KEPT:
                self._held.popitem(last=False)


_KEPT: Final = _Kept()
