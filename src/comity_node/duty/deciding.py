"""Who is called when, by which way: decided from what is handed in, and from nothing else.

No clock is read here and no table: the decision can be tried on any hour of any day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from comity_node.duty.sources import GRAVE, SOURCES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from zoneinfo import ZoneInfo

    from comity_node.home import Step

PAGE: Final = "page"
ORDERS: Final = {"first": 1, "second": 2, "third": 3}
SHORTEST_WAIT: Final = timedelta(seconds=15)
LONGEST_WAIT: Final = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Person:
    """An official as far as calling goes, by their number.

    Attributes:
        order: First, second or third on duty now; 0 for who is not.
        answers: Whether they hold the power that the thing takes.
        coordinates: Whether they are a coordinator.
    """

    number: int
    order: int = 0
    answers: bool = True
    coordinates: bool = False


@dataclass(frozen=True, slots=True)
class Reach:
    """A way of one official, by its number: from which severity on, and in which hours it is quiet."""

    number: int
    way: str
    least_severity: int
    quiet: tuple[time, time] | None = None


@dataclass(frozen=True, slots=True)
class Bound:
    """How many messages of a sort one official is sent by one way in an hour.

    Attributes:
        of_all: Whatever party they are about; None where there is no such bound.
        of_one: About one party.
    """

    of_all: int | None
    of_one: int

    def is_met(self, *, of_all: int, of_one: int) -> bool:
        """Whether so many are enough, so that the next is held back."""
        return of_one >= self.of_one or (self.of_all is not None and of_all >= self.of_all)


def called(to: Iterable[str], people: Sequence[Person]) -> tuple[list[int], bool]:
    """Whom a step calls, and whether anybody was on duty.

    Where the one who is named is not on duty, the next in order is called in their place. Where nobody is on
    duty at all, everybody who may answer is called: an empty roster must not be a silent node.

    Args:
        to: ``first``, ``second``, ``third``, ``coordinator``, ``everybody``.
        people: Every official who may read of it.

    Returns:
        Their numbers, each once, and whether somebody of the roster was there.
    """
    on_duty = sorted((one for one in people if one.order), key=lambda one: one.order)
    everybody = [one.number for one in people if one.answers]
    found: list[int] = []
    for word in to:
        if word == "everybody":
            found += everybody
        elif word == "coordinator":
            found += [one.number for one in people if one.coordinates]
        else:
            found += _of_order(ORDERS[word], on_duty)
    if not on_duty:
        found += everybody
    return list(dict.fromkeys(found)), bool(on_duty)


def _of_order(order: int, on_duty: Sequence[Person]) -> list[int]:
    later = sorted({one.order for one in on_duty if one.order >= order})
    return [one.number for one in on_duty if later and one.order == later[0]]


def passes_quiet(source: str, severity: int) -> bool:
    """Whether something is told in quiet hours too: what is grave, and every emergency."""
    return severity >= GRAVE or SOURCES[source].always


def bound(source: str, severity: int, *, hourly: int) -> Bound:
    """How many messages an hour are sent of what is as grave as this.

    No party takes more than a third of the hour, so that others are heard beside one that floods. What passes
    quiet hours passes the hour of all parties too; but a party may call grave what it likes, so of one there
    is a bound even then, by far the larger one.
    """
    if passes_quiet(source, severity):
        return Bound(of_all=None, of_one=2 * hourly)
    return Bound(of_all=hourly, of_one=max(1, hourly // 3))


def chosen(reaches: Iterable[Reach], *, source: str, severity: int) -> list[Reach]:
    """The ways of an official by which such a thing is told; what always passes is told by all of them."""
    always = SOURCES[source].always
    return [one for one in reaches if always or severity >= one.least_severity]


def told_at(reach: Reach, *, source: str, severity: int, now: datetime, zone: ZoneInfo) -> datetime:
    """When something is told by one way: now, or when the quiet hours are over."""
    if reach.quiet is None or passes_quiet(source, severity):
        return now
    return quiet_until(*reach.quiet, now=now, zone=zone) or now


def quiet_until(begins: time, ends: time, *, now: datetime, zone: ZoneInfo) -> datetime | None:
    """When the quiet hours that hold now are over; None where none hold.

    They are hours of a wall clock in ``zone``, and may pass midnight. Where the clock jumps over an end, the
    end is the first instant after the gap; where an hour comes twice, quiet hours end at its first coming.
    """
    local = now.astimezone(zone)
    at = local.time()
    holds = begins <= at < ends if begins <= ends else at >= begins or at < ends
    if begins == ends or not holds:
        return None
    day = local.date() if at < ends else local.date() + timedelta(days=1)
    over = _instant(datetime.combine(day, ends), zone)
    # An hour that comes twice: its first coming is past, and the quiet hours were over then.
    return over if over > now else None


def _instant(wall: datetime, zone: ZoneInfo) -> datetime:
    """The instant at which a wall clock shows this; within a gap, the instant of the jump."""
    before = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if before.astimezone(zone).replace(tzinfo=None) == wall:
        return before
    # Read with the offset that holds after the jump, it lies before it by as much as it lies within the gap.
    after = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    low, high = min(before, after), max(before, after)
    shift = low.astimezone(zone).utcoffset()
    while high - low > timedelta(milliseconds=1):
        middle = low + (high - low) / 2
        low, high = (middle, high) if middle.astimezone(zone).utcoffset() == shift else (low, middle)
    return high.replace(microsecond=0)


def wait_after(attempts: int) -> timedelta:
    """How long a way that failed so often is left alone."""
    times: int = 2 ** min(attempts - 1, 20)
    return min(SHORTEST_WAIT * times, LONGEST_WAIT)


def step_at(begins: datetime, due_at: datetime, step: Step) -> datetime:
    """When a step of escalation is taken."""
    return begins + (due_at - begins) * step.after_percent / 100


def gaps(
    shifts: Iterable[tuple[datetime, datetime]], *, since: datetime, until: datetime
) -> list[tuple[datetime, datetime]]:
    """When nobody is on duty between two instants, by the beginnings and ends of shifts."""
    found, covered = [], since
    for begins, ends in sorted(shifts):
        if ends <= covered:
            continue
        if begins >= until:
            break
        if begins > covered:
            found.append((covered, begins))
        covered = ends
    if covered < until:
        found.append((covered, until))
    return found


def by_order(shifts: Iterable[tuple[int, int]]) -> Mapping[int, int]:
    """The lowest order each official is on duty in, by (official, order)."""
    lowest: dict[int, int] = {}
    for official, order in shifts:
        lowest[official] = min(order, lowest.get(official, order))
    return lowest
