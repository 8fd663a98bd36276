"""What each party of a channel owes the other now, read off the record of every procedure in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from comity.lifecycle import fold, obligations
from comity_node.register import queries, rooms, standings
from comity_node.register.citing import placed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from comity.lifecycle import Obligation
    from comity_node.register.rooms import Room


def owed(channel: str) -> Iterator[tuple[Room, Obligation]]:
    """Everything owed in a channel, by either party, with the room of the procedure it is owed in.

    Procedures are read so many at a time that memory holds them, however many there are.
    """
    suspensions = standings.suspensions(channel)
    for room in rooms.rooms():
        refs = room.open(channel)
        table_of, bearing = room.tables(channel), suspensions.on(room.prefix)
        for by_ref in queries.in_batches(channel, refs, room.prefix) if refs else ():
            for ref, received in by_ref.items():
                procedure = table_of(received)
                found = placed(procedure.rows[0]) if procedure is not None else None
                if procedure is not None and found is not None:
                    standing = fold(procedure, standings.lifecycle_acts(received), bearing)
                    yield from ((room, one) for one in obligations(ref, found[0], standing))
