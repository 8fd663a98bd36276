"""Where the playing of a script stands: a pure fold over what is on record, the same for every party.

An inject is on record once its party did such an act; what is alike is taken in the order of the script. So
whoever lost everything but the record can go on, and nothing is played twice.

Follows: docs/spec/exercises.md, Playing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from comity.exercise.soundness import period, table_of
from comity.lifecycle.clocks import later

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from comity.exercise.script import Expectation, Inject, Script, When
    from comity.instruments import Procedure
    from comity.names import EntryRef

_ANSWERS: Final = frozenset({"granted", "refused", "returned", "postponed", "noted", "countered"})


@dataclass(frozen=True, slots=True)
class Heard:
    """An act of the exercise's channel as it stands on record.

    Attributes:
        procedure: Id of the procedure, by its table.
        name: Reference of the procedure.
        at: As its author dates it.
        received: When each other party signed for it, as far as they did.
        counts: As what the table counts it.
        opens: Whether it opened its procedure.
        irregular: Why it had no effect; empty where it had.
    """

    ref: EntryRef
    party: str
    procedure: str
    name: str
    act: str
    at: datetime
    stated: Mapping[str, str | Sequence[str]]
    received: Mapping[str, datetime] = field(default_factory=dict)
    counts: str = ""
    opens: bool = False
    irregular: str = ""


class Done(NamedTuple):
    """An inject that is on record."""

    inject: Inject
    heard: Heard


class Met(NamedTuple):
    """What became of an expectation.

    Attributes:
        asked: The inject it follows, as it stands on record.
        due_at: By when it was to be met.
        heard: The act that met it, early or late; None where none has.
    """

    expectation: Expectation
    asked: Heard
    due_at: datetime
    heard: Heard | None

    def late(self, now: datetime) -> timedelta:
        """By how much it was late, or is now; nothing where it was met in time or is not due yet."""
        return max(timedelta(0), (self.heard.at if self.heard else now) - self.due_at)


@dataclass(frozen=True, slots=True)
class Playing:
    """Where an exercise stands.

    Attributes:
        began: When it was announced.
        speed: How many minutes of the script pass in one minute.
        done: By id, the injects that are on record.
        met: By id, every expectation whose inject is.
        names: By name of the script, the references of procedures.
    """

    script: Script
    began: datetime
    speed: float
    trainee: str
    done: Mapping[str, Done]
    met: Mapping[str, Met]
    names: Mapping[str, str]
    heard: Sequence[Heard]

    def minutes(self, at: datetime) -> float:
        """Minutes of the script at an instant."""
        return (at - self.began).total_seconds() / 60 * self.speed

    def is_over(self, now: datetime) -> bool:
        """Whether its time is up, or everything was played and everything expected was met or is overdue."""
        if self.minutes(now) >= self.script.ends_at:
            return True
        all_played = len(self.done) == len(self.script.injects)
        return all_played and all(one.heard or now > one.due_at for one in self.met.values())


def play(script: Script, heard: Sequence[Heard], *, began: datetime, speed: float, trainee: str) -> Playing:
    """Read from the record how far a script was played, and what the trainee did.

    Args:
        script: The script; it is sound.
        heard: What was done since it was announced, in the common order.
        began: When it was announced.
        speed: How many minutes of the script pass in one minute.
        trainee: The party that is trained.
    """
    fold = _Fold(script, speed, trainee)
    for one in heard:
        fold.hear(one)
    return Playing(script, began, speed, trainee, fold.done, fold.met, fold.names, heard)


def ready(playing: Playing, now: datetime) -> list[Inject]:
    """The injects to be played now, in order; of those that are alike only the first."""
    found: list[Inject] = []
    waits: set[tuple[str, ...]] = set()
    for inject in playing.script.injects:
        if inject.id in playing.done:
            continue
        alike = _signature(inject)
        if alike not in waits and _is_due(inject, playing, now):
            found.append(inject)
        waits.add(alike)
    return found


class _Fold:
    """What was heard so far."""

    def __init__(self, script: Script, speed: float, trainee: str) -> None:
        self._script, self._speed, self._trainee = script, speed, trainee
        self._scripted = {one.code for one in script.parties}
        self._tables = _tables(script)
        self.done: dict[str, Done] = {}
        self.met: dict[str, Met] = {}
        self.names: dict[str, str] = {}

    def hear(self, one: Heard) -> None:
        """Take one act."""
        if one.irregular:
            return
        if one.party in self._scripted:
            inject = next((found for found in self._script.injects if self._is(found, one)), None)
            if inject is not None:
                self._take(inject, one)
        elif one.party == self._trainee:
            self._answered(one)

    def _is(self, inject: Inject, one: Heard) -> bool:
        if inject.id in self.done or inject.by != one.party:
            return False
        if inject.opens:
            return one.opens and inject.opens == one.procedure and inject.act in ("", one.act)
        return inject.act == one.act and self.names.get(inject.on) == one.name

    def _take(self, inject: Inject, one: Heard) -> None:
        self.done[inject.id] = Done(inject, one)
        if inject.opens:
            self.names[inject.named] = one.name
        start = one.received.get(self._trainee, one.at)
        for each in inject.expects:
            self.met[each.id] = Met(each, one, later(start, self._within(each, inject)), None)

    def _within(self, one: Expectation, inject: Inject) -> timedelta:
        table = self._tables.get(one.named or one.id if one.opens else one.on or inject.named or inject.on)
        minutes = period(table, one.clock) if one.clock and table is not None else one.within
        return timedelta(minutes=minutes / self._speed)

    def _answered(self, one: Heard) -> None:
        for name, open_one in self.met.items():
            if open_one.heard is None and self._meets(open_one.expectation, one):
                self.met[name] = open_one._replace(heard=one)
                if open_one.expectation.opens:
                    self.names[open_one.expectation.named or name] = one.name
                return

    def _meets(self, expected: Expectation, one: Heard) -> bool:
        if expected.opens:
            return one.opens and one.procedure == expected.opens and expected.acts in ((), (one.act,))
        inject = next(done.inject for done in self.done.values() if expected in done.inject.expects)
        on = expected.on or inject.named or inject.on
        return one.act in expected.acts and self.names.get(on) == one.name


def _tables(script: Script) -> dict[str, Procedure]:
    """The table behind every name of a script."""
    named = [(one.named, one.opens, one.instrument) for one in script.injects if one.opens]
    named += [(one.named or one.id, one.opens, "") for _inject, one in script.expectations if one.opens]
    found = ((name, table_of(script, procedure, text)) for name, procedure, text in named)
    return {name: table[1] for name, table in found if table is not None}


def _signature(inject: Inject) -> tuple[str, ...]:
    """What makes two injects alike on record."""
    return (inject.by, "opens", inject.opens) if inject.opens else (inject.by, inject.on, inject.act)


def _is_due(inject: Inject, playing: Playing, now: datetime) -> bool:
    if playing.minutes(now) < inject.at or (inject.on and inject.on not in playing.names):
        return False
    if inject.when is None:
        return True
    since = _since(inject.when, playing, now)
    return since is not None and now >= later(since, timedelta(minutes=inject.when.minutes / playing.speed))


def _since(when: When, playing: Playing, now: datetime) -> datetime | None:
    """Since when a condition is so; None while it is not."""
    ((sort, name),) = when.named
    if sort == "played":
        return playing.done[name].heard.at if name in playing.done else None
    if sort in ("met", "overdue"):
        return _settled(playing.met.get(name), sort, now)
    by = (when.said.by if when.said else "") or playing.trainee
    wanted = playing.names.get(name)
    done = (
        one.at
        for one in playing.heard
        if not one.irregular and (one.name, one.party) == (wanted, by) and _is_such(one, sort, when)
    )
    return next(done, None)


def _settled(met: Met | None, sort: str, now: datetime) -> datetime | None:
    if met is None:
        return None
    if sort == "met":
        return met.heard.at if met.heard else None
    was_late = met.heard.at > met.due_at if met.heard else now > met.due_at
    return met.due_at if was_late else None


def _is_such(one: Heard, sort: str, when: When) -> bool:
    if sort == "said":
        return when.said is not None and one.act == when.said.act
    if sort == "acknowledged":
        return one.counts == "acknowledged" or one.act == "acknowledged"
    return one.counts in _ANSWERS
