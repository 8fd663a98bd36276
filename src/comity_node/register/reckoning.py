"""The procedures of a channel as the record had them at an instant: what figures are counted from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from comity.lifecycle import Suspensions, fold
from comity.reciprocity import Case
from comity_node.register import queries, rooms, standings
from comity_node.register.citing import placed
from comity_node.register.touched import refs_since

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from comity.lifecycle import Term


def reckoned(channel: str, as_of: datetime) -> tuple[Iterator[Case], list[Term]]:
    """Every procedure that is counted, read so many at a time that memory holds them; and the terms."""
    suspended = standings.suspension_standings(channel, as_of)
    terms = [term for standing in suspended.values() for term in standing.terms]
    return _cases(channel, as_of, Suspensions.of(suspended)), terms


def _cases(channel: str, as_of: datetime, suspensions: Suspensions) -> Iterator[Case]:
    for room in rooms.rooms():
        table_of, bearing = room.tables(channel), suspensions.on(room.prefix)
        refs = refs_since(channel, 0, f"{room.prefix}.")
        for by_ref in queries.in_batches(channel, refs, room.prefix) if refs else ():
            for ref, received in by_ref.items():
                known = standings.until(received, as_of)
                procedure = table_of(known) if known else None
                found = placed(procedure.rows[0]) if procedure is not None else None
                if procedure is not None and found is not None and any(row.counts for row in procedure.rows):
                    standing = fold(procedure, standings.lifecycle_acts(known), bearing)
                    yield Case(ref, found[0].id, standing, bearing)
