"""What each party of a channel owes the other now, read off the record of every procedure in it."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _

from comity import lifecycle
from comity.lifecycle import after_closing, joint_state, obligations
from comity.lifecycle.life import BEARING
from comity_node.register import queries, rooms, standings, touched
from comity_node.register.citing import placed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from comity.instruments import Instrument
    from comity.lifecycle import Life, Obligation, Standing
    from comity_node.register.rooms import Room

    Owed = tuple[Room, Obligation, frozenset[str]]  # what is owed, and between which two

_MOST_KEPT: Final = 8
_NO_TWO: Final = frozenset[str]()  # what all agree to is owed by several


def owed(channel: str) -> Sequence[tuple[Room, Obligation]]:
    """Everything owed in a channel, by either party, with the room of the procedure it is owed in.

    It follows from the record alone, so it is read anew only once an entry or a receipt was stored there.
    """
    return [(room, one) for room, one, _parties in _owed(channel, touched.mark_of_all(channel))]


def owed_between(channel: str, parties: frozenset[str]) -> Sequence[tuple[Room, Obligation]]:
    """What these two parties owe each other in a channel; what either has with others is left out."""
    found = _owed(channel, touched.mark_of_all(channel))
    return [(room, one) for room, one, between in found if between == parties]


def in_words(one: Obligation) -> str:
    """What is owed, in the reader's language: a term by its number, a code in the words it is made of."""
    if one.sort == "disposition":
        return ", ".join(_(part) for part in one.what.split(", "))
    return _("Term %s") % one.what if one.sort == "term" else _(one.what.replace("_", " "))


@lru_cache(maxsize=_MOST_KEPT)
def _owed(channel: str, _mark: tuple[object, ...]) -> Sequence[Owed]:
    return tuple(_read(channel))


def _read(channel: str) -> Iterator[Owed]:
    """Procedures are read so many at a time that memory holds them, however many there are."""
    life = standings.life(channel)
    for room in rooms.rooms():
        refs = room.open(channel)
        table_of, bearing = room.tables(channel), life.on(room.prefix)
        for by_ref in queries.in_batches(channel, refs, room.prefix) if refs else ():
            for ref, received in by_ref.items():
                procedure = table_of(received)
                found = placed(procedure.rows[0]) if procedure is not None else None
                if procedure is not None and found is not None:
                    acts = standings.lifecycle_acts(received)
                    courses = lifecycle.standings(procedure, acts, bearing)
                    if room.prefix in BEARING and len(courses) > 1:
                        yield from (
                            (room, one, _NO_TWO) for one in _owed_of_all(ref, found[0], courses, life)
                        )
                        continue
                    for course in courses.values():
                        owing = after_closing(obligations(ref, found[0], course), life)
                        between = frozenset({course.requesting, course.requested})
                        yield from ((room, one, between) for one in owing)


def _owed_of_all(
    ref: str, instrument: Instrument, courses: Mapping[str, Standing], life: Life
) -> Iterable[Obligation]:
    """What is owed where all agree to one thing: by the courses that are as far as all of it, each once."""
    state = joint_state(next(iter(courses.values())).procedure, courses)
    owing = (
        one
        for course in courses.values()
        if course.state == state
        for one in after_closing(obligations(ref, instrument, course), life)
    )
    return {(one.party, one.sort, one.what): one for one in owing}.values()
