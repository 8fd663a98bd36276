"""Who is called when: a table, quiet hours across midnight and the jumps of the clock, gaps in a roster."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity_node.duty.deciding import (
    Bound,
    Person,
    Reach,
    bound,
    called,
    chosen,
    gaps,
    passes_quiet,
    quiet_until,
    step_at,
    told_at,
    wait_after,
)
from comity_node.duty.sources import SOURCES
from comity_node.home import Step

VIENNA = ZoneInfo("Europe/Vienna")
FIRST, SECOND, THIRD = (Person(number, order=number) for number in (1, 2, 3))
CLERK = Person(4, answers=False)
HEAD = Person(5, coordinates=True)
NIGHT = (time(22), time(7))


@pytest.mark.parametrize(
    ("to", "people", "wanted", "was_on_duty"),
    [
        (["first"], [FIRST, SECOND, THIRD, CLERK, HEAD], [1], True),
        (["second"], [FIRST, SECOND, THIRD, CLERK, HEAD], [2], True),
        (["third", "coordinator"], [FIRST, SECOND, THIRD, CLERK, HEAD], [3, 5], True),
        (["everybody"], [FIRST, SECOND, CLERK, HEAD], [1, 2, 5], True),
        (["first", "everybody"], [FIRST, SECOND, CLERK], [1, 2], True),
        # the one named is not on duty: the next in order is called
        (["first"], [SECOND, THIRD, CLERK], [2], True),
        (["third"], [FIRST, CLERK], [], True),
        (["second", "coordinator"], [FIRST, HEAD], [5], True),
        # nobody is on duty at all
        (["first"], [CLERK, HEAD, Person(6)], [5, 6], False),
        (["coordinator"], [HEAD, Person(6)], [5, 6], False),
        (["first"], [CLERK], [], False),
    ],
)
def test_whom_a_step_calls(to, people, wanted, was_on_duty):
    """The decision table of the roster, row by row."""
    assert (wanted, was_on_duty) == called(to, people)


@pytest.mark.parametrize(
    ("source", "severity", "hourly", "wanted"),
    [
        ("silent", 3, 60, Bound(of_all=60, of_one=20)),
        ("alert", 4, 60, Bound(of_all=None, of_one=120)),
        ("emergency", 0, 60, Bound(of_all=None, of_one=120)),
        ("silent", 3, 1, Bound(of_all=1, of_one=1)),
    ],
)
def test_how_many_messages_an_hour_takes(source, severity, hourly, wanted):
    """A third of it for one party; of what is grave more of one, and of all together without end."""
    assert wanted == bound(source, severity, hourly=hourly)


@pytest.mark.parametrize(
    ("source", "severity", "passes"),
    [("alert", 3, False), ("alert", 4, True), ("alert", 5, True), ("emergency", 0, True), ("talk", 2, False)],
)
def test_what_passes_quiet_hours(source, severity, passes):
    """Severity four and five, and every emergency: said so on the page."""
    assert passes == passes_quiet(source, severity)


def test_ways_are_chosen_by_severity():
    """A threshold is the official's own; an emergency knows none."""
    reaches = [Reach(1, "mail", 3), Reach(2, "push", 5)]

    assert [1] == [one.number for one in chosen(reaches, source="alert", severity=4)]
    assert [1, 2] == [one.number for one in chosen(reaches, source="emergency", severity=0)]


@pytest.mark.parametrize(
    ("now", "quiet", "until"),
    [
        # within, before midnight and after; at the edges; outside
        ("2026-03-02T23:30+01:00", NIGHT, "2026-03-03T07:00+01:00"),
        ("2026-03-03T06:59+01:00", NIGHT, "2026-03-03T07:00+01:00"),
        ("2026-03-02T22:00+01:00", NIGHT, "2026-03-03T07:00+01:00"),
        ("2026-03-03T07:00+01:00", NIGHT, None),
        ("2026-03-02T21:59+01:00", NIGHT, None),
        # not across midnight; none at all
        ("2026-03-02T13:00+01:00", (time(12), time(14)), "2026-03-02T14:00+01:00"),
        ("2026-03-02T15:00+01:00", (time(12), time(14)), None),
        ("2026-03-02T12:00+01:00", (time(12), time(12)), None),
        # the night that has an hour less: 02:00 becomes 03:00
        ("2026-03-28T23:00+01:00", NIGHT, "2026-03-29T07:00+02:00"),
        ("2026-03-29T01:30+01:00", (time(22), time(2, 30)), "2026-03-29T03:00+02:00"),
        # the night that has an hour more: 03:00 becomes 02:00
        ("2026-10-24T23:00+02:00", NIGHT, "2026-10-25T07:00+01:00"),
        ("2026-10-25T02:10+02:00", (time(22), time(2, 30)), "2026-10-25T02:30+02:00"),
        ("2026-10-25T02:10+01:00", (time(22), time(2, 30)), None),
    ],
)
def test_when_quiet_hours_are_over(now, quiet, until):
    """They are hours of a wall clock, and wall clocks jump."""
    found = quiet_until(*quiet, now=datetime.fromisoformat(now).astimezone(UTC), zone=VIENNA)

    assert (until and datetime.fromisoformat(until)) == found


@given(
    now=st.integers(0, 3 * 366 * 24 * 60).map(
        lambda n: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=n)
    ),
    begins=st.times(),
    ends=st.times(),
)
def test_quiet_hours_always_end_within_a_day(now, begins, ends):
    """Whatever an official types, nothing is put off for longer, and never into the past."""
    found = quiet_until(begins, ends, now=now, zone=VIENNA)

    assert found is None or now < found <= now + timedelta(hours=25)


def test_what_is_grave_is_told_at_once_in_quiet_hours():
    """And what can wait, when they are over."""
    now = datetime(2026, 3, 2, 23, tzinfo=UTC)
    reach = Reach(1, "mail", 0, NIGHT)

    assert now == told_at(reach, source="alert", severity=5, now=now, zone=VIENNA)
    assert datetime(2026, 3, 3, 6, tzinfo=UTC) == told_at(
        reach, source="silent", severity=3, now=now, zone=VIENNA
    )


def test_steps_are_parts_of_the_time_an_alert_has():
    """A third of a quarter of an hour is five minutes; of a day it is eight hours."""
    begins = datetime(2026, 3, 2, 3, tzinfo=UTC)

    assert begins + timedelta(minutes=3) == step_at(begins, begins + timedelta(minutes=15), Step(20, ()))
    assert begins + timedelta(hours=12) == step_at(begins, begins + timedelta(days=1), Step(50, ()))


def test_waits_double_and_have_an_end():
    """A server that is down is not asked every second, nor forgotten for a day."""
    waits = [wait_after(attempts).total_seconds() for attempts in range(1, 12)]

    assert [15, 30, 60] == waits[:3]
    assert sorted(waits) == waits
    assert 1800 == waits[-1]


@pytest.mark.parametrize(
    ("shifts", "missing"),
    [
        ([], [(0, 24)]),
        ([(0, 24)], []),
        ([(0, 8), (8, 24)], []),
        ([(0, 8), (10, 24)], [(8, 10)]),
        ([(-5, 2), (1, 3), (6, 30)], [(3, 6)]),
        ([(4, 6), (4, 5)], [(0, 4), (6, 24)]),
        ([(30, 40)], [(0, 24)]),
    ],
)
def test_gaps_are_what_no_shift_covers(shifts, missing):
    """Nobody is on duty Saturday from two to six: said before it is Saturday."""
    day = datetime(2026, 3, 2, tzinfo=UTC)

    def hours(pairs):
        return [tuple(day + timedelta(hours=hour) for hour in pair) for pair in pairs]

    assert hours(missing) == gaps(hours(shifts), since=day, until=day + timedelta(days=1))


def test_every_source_calls_somebody_named():
    """A row that names nobody known would call nobody, in silence."""
    known = {"first", "second", "third", "coordinator", "everybody"}

    assert all(set(one.to) <= known and 0 <= one.severity <= 5 for one in SOURCES.values())
