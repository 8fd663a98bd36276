"""An exercise as the record has it: what was done since it was announced, folded by the tables.

Nothing is kept beside the record, so every party reads the same.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from django.utils import timezone

from comity import exercise, lifecycle
from comity.errors import ComityError
from comity.lifecycle.stated import values
from comity_node.exercises.errors import NoExercise, TooMuch
from comity_node.register import payloads, queries, rooms, standings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from comity.instruments import Procedure
    from comity.lifecycle import Life, Standing
    from comity_node.register.queries import Received

KINDS: Final = "channel.exercise"
ANNOUNCED: Final = f"{KINDS}.announced"
MOST: Final = 5_000
_SLOWEST, _FASTEST = 0.01, 3_600.0  # between them every period of a script is one that can be counted


def announced_by(channel: str, party: str) -> str:
    """The reference under which a party announced an exercise in a channel last; empty where it has not."""
    found = [one for one in queries.entries(channel, kinds=(ANNOUNCED,)) if one.party == party]
    return found[-1].entry.ref if found else ""


def gathered(channel: str, ref: str = "", *, script: exercise.Script | None = None) -> exercise.Debrief:
    """An exercise of a channel as it stands.

    Args:
        channel: Channel id.
        ref: Which; the latest without it.
        script: The script, for whoever has it before it is on record.

    Raises:
        NoExercise: None was announced there.
        TooMuch: More was done in it than one debrief takes.
    """
    life = standings.life(channel)
    if not standings.is_exercise(life.opening):
        raise NoExercise(f"the channel {channel[:40]} was not opened for an exercise")
    received = queries.entries(channel, most=MOST + 1)
    if len(received) > MOST:
        raise TooMuch(f"the channel {channel} holds more than {MOST:,} entries: no debrief is drawn up of it")
    found = _exercise(channel, ref, life, received)
    if found is None:
        raise NoExercise(f"no exercise {ref[:40]} was announced in channel {channel[:40]}".replace("  ", " "))
    return _Gathered(channel, life, received, found).debrief(script)


def _exercise(
    channel: str, ref: str, life: Life, received: Sequence[Received]
) -> tuple[str, Standing] | None:
    """The exercise of that reference, or the latest, folded."""
    table = _table(channel, KINDS, [])
    refs = [one.entry.ref for one in received if one.entry.kind == ANNOUNCED and ref in ("", one.entry.ref)]
    for name in reversed(refs):
        acts = [one for one in received if one.entry.kinds == KINDS and one.entry.ref == name]
        procedure = _table(channel, KINDS, acts) or table
        if procedure is not None:
            courses = lifecycle.standings(procedure, standings.lifecycle_acts(acts), life.on(KINDS))
            course = next(iter(courses.values()), None)
            if course is not None and course.regular:
                return name, course
    return None


def _table(channel: str, kinds: str, received: Sequence[Received]) -> Procedure | None:
    room = rooms.room_of(f"{kinds}.any")
    return room.tables(channel)(received) if room else None


class _Gathered:
    """One exercise being gathered."""

    def __init__(
        self, channel: str, life: Life, received: Sequence[Received], found: tuple[str, Standing]
    ) -> None:
        self._channel, self._life = channel, life
        self._ref, self._standing = found
        self._began = self._standing.regular[0].act
        self._ended = next((one.act for one in self._standing.regular if one.act.act == "ended"), None)
        self._received = self._between(received)

    def debrief(self, script: exercise.Script | None) -> exercise.Debrief:
        """All of it."""
        heard, clocks = [], []
        for of_one in self._procedures():
            told, ran = self._of(of_one)
            heard += told
            clocks += ran
        places = {one.ref: place for place, one in enumerate(self._received)}
        heard.sort(key=lambda one: places[one.ref])
        known, holds = (script, None) if script is not None else self._script()
        return exercise.Debrief(
            channel=self._channel,
            name=self._ref,
            leads=self._began.party,
            parties=[self._began.party, *values(self._announced.stated, "requested")],
            began=self._began.at,
            ended=self._ended.at if self._ended else None,
            outcome=_one(self._ended.stated, "outcome") if self._ended else "",
            speed=self._speed,
            script_digest=_one(self._began.stated, "script"),
            script_holds=holds,
            heard=heard,
            clocks=clocks,
            playing=self._playing(known, heard) if known else None,
            now=self._ended.at if self._ended else timezone.now(),
        )

    def _between(self, received: Sequence[Received]) -> list[Received]:
        """What stands from the announcement to the end, in the common order."""
        refs = [one.ref for one in received]
        begins = refs.index(self._began.ref)
        self._announced = received[begins].entry
        ends = refs.index(self._ended.ref) if self._ended else len(refs)
        return list(received[begins + 1 : ends])

    def _procedures(self) -> Iterator[list[Received]]:
        """What was done, by procedure."""
        found: dict[tuple[str, str], list[Received]] = {}
        for one in self._received:
            found.setdefault((one.entry.kinds, one.entry.ref), []).append(one)
        yield from found.values()

    def _of(self, received: list[Received]) -> tuple[list[exercise.Heard], list[exercise.Run]]:
        """The acts of one procedure and its clocks, as its table has them."""
        kinds, name = received[0].entry.kinds, received[0].entry.ref
        whole = queries.entries(self._channel, ref=name, prefix=f"{kinds}.")
        table = _table(self._channel, kinds, whole)
        if table is None or kinds == standings.OPENING:
            return [], []
        acts = standings.lifecycle_acts(whole)
        courses = lifecycle.standings(table, acts, self._life.on(kinds))
        judged = lifecycle.together(table, acts, courses)
        ours = {one.ref for one in received}
        heard = [
            _heard(one, judged[one.ref], table, courses)
            for one in whole
            if one.ref in ours and one.ref in judged
        ]
        clocks = [exercise.Run(name, clock) for course in courses.values() for clock in course.clocks]
        return heard, clocks if kinds != KINDS else []

    @property
    def _speed(self) -> float:
        try:
            said = float(_one(self._began.stated, "minutes_a_minute"))
        except ValueError:
            return 1.0
        return said if _SLOWEST <= said <= _FASTEST else 1.0  # what is no number is neither

    def _script(self) -> tuple[exercise.Script | None, bool | None]:
        """The script as it was put on record, and whether it is the one announced; None where none is."""
        if self._ended is None:
            return None, None
        try:
            said = payloads.payload(queries.entry(self._ended.ref)) or {}
            raw = str(said.get("text", "")).encode()
            if hashlib.sha256(raw).hexdigest() != _one(self._began.stated, "script"):
                return None, False
            script = exercise.read_script(raw)
            exercise.must_be_sound(script)
        except ComityError:
            return None, None
        return script, True

    def _playing(self, script: exercise.Script, heard: Sequence[exercise.Heard]) -> exercise.Playing:
        scripted = {one.code for one in script.parties}
        named = values(self._announced.stated, "requested")
        trainee = next((party for party in named if party not in scripted), "")
        return exercise.play(script, heard, began=self._began.at, speed=self._speed, trainee=trainee)


def _heard(
    one: Received, judged: lifecycle.Judged, table: Procedure, courses: Mapping[str, Standing]
) -> exercise.Heard:
    entry = one.entry
    return exercise.Heard(
        ref=one.ref,
        party=one.party,
        procedure=table.id,
        name=entry.ref,
        act=entry.act,
        at=entry.authored_at,
        stated=entry.stated,
        received=_received(one, courses),
        counts=judged.row.counts if judged.row else "",
        opens=entry.act in table.openings,
        irregular=judged.because,
    )


def _received(one: Received, courses: Mapping[str, Standing]) -> dict[str, datetime]:
    """When the other parties of its procedure signed for it."""
    if one.receipts:
        return dict(one.receipts)
    parties = {
        party for course in courses.values() for party in (course.requesting, course.requested) if party
    }
    others = parties - {one.party}
    return {others.pop(): one.receipted_at} if len(others) == 1 and one.receipted_at else {}


def _one(stated: Mapping[str, str | Sequence[str]], name: str) -> str:
    return next(iter(values(stated, name)), "")
