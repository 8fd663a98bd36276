"""Who is there at an instant: over midnight, over the week's end, and where clocks are set anew."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from comity.contacts import read_point
from comity_node.contact_point import zones

SAID = {
    "v": 1, "authority": "Centre", "role": "Desk", "languages": ["en"], "telephones": ["+33123456789"]
}  # fmt: skip


def at(hours, zone, *when):
    """Whether somebody is there at an instant (UTC), and when that changes."""
    point = read_point({**SAID, "hours": hours, "zone": zone})
    found = zones.opening(point, datetime(*when, tzinfo=UTC))
    return found.is_open, f"{found.changes_at:%a %H:%M}" if found.changes_at else None


def test_a_night_desk_is_open_on_both_sides_of_midnight():
    """What opens on Friday night closes on Saturday morning, by the clock there."""
    night = ("Fr 22:00-06:00", "Asia/Vladivostok")  # ten hours ahead of UTC

    assert (False, "Fri 12:00") == at(*night, 2026, 11, 27, 11, 59)
    assert (True, "Fri 20:00") == at(*night, 2026, 11, 27, 12)
    assert (True, "Fri 20:00") == at(*night, 2026, 11, 27, 19, 59)
    assert (False, "Fri 12:00") == at(*night, 2026, 11, 27, 20)


def test_the_week_runs_on_from_sunday_to_monday():
    """Spells that touch are one: nobody goes home at midnight and comes back at once."""
    assert (True, "Mon 06:00") == at("Su 18:00-24:00; Mo 00:00-06:00", "UTC", 2026, 11, 29, 23)
    assert (True, None) == at("Mo-Su 00:00-24:00", "UTC", 2026, 11, 29, 23)


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        # On 29 March 2026 in Paris 02:00 becomes 03:00; a desk from 01:00 to 04:00 is there for two hours.
        ((2026, 3, 29, 0, 30), (True, "Sun 02:00")),
        ((2026, 3, 29, 1, 30), (True, "Sun 02:00")),
        ((2026, 3, 29, 2, 0), (False, "Sun 00:00")),
        # On 25 October 2026 03:00 becomes 02:00 again; it is there for four.
        ((2026, 10, 25, 0, 30), (True, "Sun 03:00")),
        ((2026, 10, 25, 2, 59), (True, "Sun 03:00")),
        ((2026, 10, 25, 3, 0), (False, "Sun 00:00")),
    ],
)
def test_hours_are_those_of_the_wall_clock_on_the_days_it_is_set(when, expected):
    """Twice a year a desk's night is an hour shorter or longer, and its hours are what its wall shows."""
    found = at("Su 01:00-04:00", "Europe/Paris", *when)

    assert expected[0] == found[0]
    if found[0]:
        assert expected[1] == found[1]


def test_a_spell_that_begins_in_an_hour_that_does_not_come_begins_after_it():
    """02:30 does not come on that day: the desk opens an hour later by the wall, at the same instant."""
    assert (True, "Sun 02:00") == at("Su 02:30-04:00", "Europe/Paris", 2026, 3, 29, 1, 30)


def test_a_zone_nobody_knows_says_nothing():
    """Neither open nor closed is concluded from hours that cannot be placed."""
    point = read_point({**SAID, "hours": "Mo-Fr 08:00-18:00", "zone": "Mars/Olympus"})

    found = zones.opening(point, datetime(2026, 11, 27, 12, tzinfo=UTC))
    assert (False, False, None) == (found.is_known, found.is_open, found.changes_at)
