"""What would move in a channel if suspensions of it ended at an instant: read off the procedures."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace

from comity.lifecycle import Table, after_closing, resumption
from comity.lifecycle.suspensions import topic
from comity_node.register import queries, rooms, standings, touched
from comity_node.register.citing import placed

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import datetime

    from comity.lifecycle import Life, Resumed, Suspension
    from comity_node.register.rooms import Room


class DryRun(NamedTuple):
    """What the end of some suspensions would do.

    Attributes:
        ending: The suspensions meant, of those that last.
        lasting: The others that last, and would go on.
        procedures: What would become of each procedure, room by room, read as it is asked for.
    """

    ending: tuple[Suspension, ...]
    lasting: tuple[Suspension, ...]
    procedures: Iterator[tuple[Room, Resumed]]


def dry_run(channel: str, *, at: datetime, refs: Collection[str] = ()) -> DryRun:
    """What would move if these suspensions ended at an instant; all that last, where none is named."""
    now = standings.life(channel)
    in_force = now.suspensions.in_force()
    ending = tuple(one for one in in_force if not refs or one.ref in refs)
    lasting = tuple(one for one in in_force if one not in ending)
    return DryRun(ending, lasting, _procedures(channel, now, ending, at) if ending else iter(()))


def _procedures(
    channel: str, now: Life, ending: Collection[Suspension], at: datetime
) -> Iterator[tuple[Room, Resumed]]:
    """Procedures are read so many at a time that memory holds them, however many there are."""
    then = now.resumed([one.ref for one in ending], at)
    topics = frozenset[str]().union(*(one.topics for one in ending))
    since = min(one.began.depth for one in ending)
    for room in rooms.rooms():
        if topic(room.prefix) not in topics:
            continue
        refs = room.open(channel) | touched.refs_since(channel, since, f"{room.prefix}.")
        tables = room.tables(channel)
        for by_ref in queries.in_batches(channel, refs, room.prefix) if refs else ():
            for ref, received in by_ref.items():
                procedure = tables(received)
                found = placed(procedure.rows[0]) if procedure is not None else None
                if found is None:
                    continue
                acts = standings.lifecycle_acts(received)
                moved = resumption(ref, Table(*found), acts, now.on(room.prefix), then.on(room.prefix))
                if moved is not None:
                    yield room, replace(moved, owed=tuple(after_closing(moved.owed, now)))
