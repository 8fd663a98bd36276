"""The clocks of a procedure, computed from acts alone.

A clock of the other Party starts when that Party signed for the act that starts it; a Party's own clock
starts when it acted. No clock does anything when it runs out: what follows is an act somebody records.

The time of a receipt is its signer's word. It is held against other words both Parties have: an act is not
received before the time its author gives it, nor later than its receiver says, by an act or another receipt
of its own, that it held it (:mod:`comity.lifecycle.words`).
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from msgspec.structs import replace

from comity.lifecycle.standing import Act, Clock
from comity.lifecycle.stated import day, instant, values

if TYPE_CHECKING:
    from collections.abc import Sequence

    from comity.instruments import ClockRule, Procedure, Row, Side
    from comity.lifecycle.suspensions import Bearing, Span
    from comity.lifecycle.words import Held


class Clocks:
    """The clocks started so far in one procedure, in the order they were started."""

    def __init__(self, procedure: Procedure, bearing: Bearing) -> None:
        self._procedure = procedure
        self._bearing = bearing
        self._clocks: list[Clock] = []
        self._since: list[datetime] = []  # from when the period runs that ends when each is due
        self._started: list[tuple[Act, Side]] = []
        self._running: list[int] = []
        self._ended: dict[str, Act] = {}  # what last ended a clock of each name

    def take(self, act: Act, row: Row, parties: dict[Side, str], *, ends: bool) -> None:
        """Stop what this act stops, then start what its row starts."""
        if self._running:
            self._stop(act, row.by, ends=ends)
        for name in row.starts:
            rule = self._procedure.clock_of[name]
            if rule.due_on_stated and not values(act.stated, rule.due_on_stated):
                continue
            self._running.append(len(self._clocks))
            self._started.append((act, row.by))
            clock = _started(rule, act, row.by, parties[rule.for_])
            self._clocks.append(clock)
            self._since.append(clock.started_at)

    def correct(self, held: Held) -> None:
        """Let what still runs run from when its Party says it held the act, where its receipt says later."""
        for at in self._running:
            clock, (act, by) = self._clocks[at], self._started[at]
            rule = self._procedure.clock_of[clock.id]
            corrected = held.bound(act)
            if corrected is not act and by != rule.for_:
                self._started[at] = (corrected, by)
                said = clock.receipt_says or act.receipted_at
                began_so = _started(rule, corrected, by, clock.for_party)
                due_at = clock.due_at if clock.extended_by else began_so.due_at
                self._since[at] = self._since[at] if clock.extended_by else began_so.started_at
                self._clocks[at] = replace(
                    began_so, receipt_says=said, due_at=due_at, extended_by=clock.extended_by
                )

    def due(self, name: str, by: Act) -> datetime | None:
        """When the clock of this name that runs is due, as the author of an act knew; None if none runs."""
        at = self._latest(name)
        return None if at is None else self._still(at, self._bearing.seen_by(by)).due_at

    def ended_unseen(self, name: str, act: Act) -> bool:
        """Whether it was ended by an act of the other Party that the author of this one had not seen."""
        ended = self._ended.get(name)
        return ended is not None and ended.party != act.party and not act.had_seen(ended.ref)

    def extend(self, name: str, until: datetime, *, by: Act) -> None:
        """Let a running clock run longer, by word of both Parties; never shorter, and not one that ended."""
        at = self._latest(name)
        if at is not None and self._still(at, self._bearing.seen_by(by)).due_at < until:
            self._clocks[at] = replace(self._clocks[at], due_at=until, extended_by=by.ref)
            self._since[at] = by.at

    def _latest(self, name: str) -> int | None:
        return next((at for at in reversed(self._running) if self._clocks[at].id == name), None)

    def so_far(self) -> tuple[Clock, ...]:
        """Every clock started, running or not, due as late as suspensions make it."""
        return tuple(self._released(self._still(at)) for at in range(len(self._clocks)))

    def _released(self, clock: Clock) -> Clock:
        """A clock that still ran when both released its Party on closing the channel was lifted then."""
        charter = self._bearing.charter
        lifted_at = charter.lifts(clock.started_by) if charter is not None and clock.running else None
        return replace(clock, lifted_at=lifted_at, still_since=None) if lifted_at is not None else clock

    def _still(self, at: int, spans: Sequence[Span] | None = None) -> Clock:
        """A clock with the time it stood still; within other spans than all, where they are given."""
        clock = self._clocks[at]
        if not self._bearing.spans or clock.id in self._procedure.run_on:
            return clock
        ended = clock.met_at or clock.lifted_at
        due_at, still_since = self._bearing.stands_still(self._since[at], clock.due_at, ended, spans)
        return replace(clock, due_at=due_at, stood_still=due_at - clock.due_at, still_since=still_since)

    def _stop(self, act: Act, side: Side, *, ends: bool) -> None:
        still = []
        for at in self._running:
            clock = self._clocks[at]
            rule = self._procedure.clock_of[clock.id]
            if act.act in rule.stopped_by and side == rule.for_:
                self._clocks[at] = replace(clock, met_at=act.at)
            elif ends or act.act in rule.lifted_by:
                self._clocks[at] = replace(clock, lifted_at=act.at)
            else:
                still.append(at)
                continue
            self._ended[clock.id] = act
        self._running = still


def began(act: Act, *, own: bool) -> datetime:
    """When a period that this act starts begins to run.

    Args:
        act: The act.
        own: The period runs for the author itself.
    """
    return act.at if own or act.receipted_at is None else max(act.at, act.receipted_at)


def later(at: datetime, period: timedelta) -> datetime:
    """The end of a period; the last instant there is, where a claimed time leaves no room for it."""
    try:
        return at + period
    except OverflowError:
        return datetime.max.replace(tzinfo=UTC)


def _started(rule: ClockRule, act: Act, by: Side, for_party: str) -> Clock:
    own = by == rule.for_
    started_at = began(act, own=own)
    return Clock(
        id=rule.id,
        label=rule.label,
        basis=rule.basis,
        verified=rule.verified,
        kind=rule.kind,
        for_party=for_party,
        started_by=act.ref,
        agreed=own or act.receipted_at is not None,
        started_at=started_at,
        due_at=_due(rule, act, started_at),
        on_expiry=rule.on_expiry,
        warn=rule.warn,
        receipt_says=None if own or act.receipted_at in (None, started_at) else act.receipted_at,
    )


def _due(rule: ClockRule, act: Act, started_at: datetime) -> datetime:
    """The end of the period, or of the day that was stated, or the instant."""
    if not rule.due_on_stated:
        return later(started_at, rule.period)
    at = instant(values(act.stated, rule.due_on_stated)[0])
    return end_of_day(act, rule.due_on_stated) if at is None else at


def end_of_day(act: Act, statement: str) -> datetime:
    """The end of the day (UTC) that an act states."""
    stated = day(values(act.stated, statement)[0])
    assert stated is not None, "the row's statements were held against their forms"
    return end_of(stated)


def end_of(day: date) -> datetime:
    """The last instant of a day (UTC)."""
    return datetime.combine(day, time.max, tzinfo=UTC)
