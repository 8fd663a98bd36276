"""Hours of the week, as they are written and as they fall on days."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.contacts import ALWAYS, read_hours
from comity.contacts.errors import MalformedPoint

MONDAY = date(2026, 3, 2)


def spells(text):
    """The spells around a Monday, as somebody writes them."""
    return [f"{a:%a %H:%M}-{b:%a %H:%M}" for a, b in read_hours(text).around(MONDAY)]


def test_round_the_clock_has_no_spells():
    """It is not a week of days: nobody goes home at midnight."""
    assert read_hours(ALWAYS).always
    assert [] == spells(ALWAYS)


def test_days_may_be_listed_and_run_over_the_end_of_the_week():
    """Where the week begins is a habit."""
    assert 4 == len({one.day for one in read_hours("Sa-Mo 09:00-10:00; We 09:00-10:00").spells})
    assert ["Mon 09:00-Mon 12:00", "Mon 13:00-Mon 17:00"] == spells("Mo 09:00-12:00,13:00-17:00")[:2]


def test_a_spell_that_ends_no_later_than_it_begins_goes_over_midnight():
    """A night desk opens on one day and closes on the next, also from Sunday to Monday."""
    assert ["Sun 22:00-Mon 06:00", "Sun 22:00-Mon 06:00"] == spells("Su 22:00-06:00")
    assert [(6, 22 * 60, 8 * 60)] == list(read_hours("Su 22:00-06:00").spells)


def test_a_whole_day_ends_at_its_end():
    """24:00 is the end of a day, and nothing begins there."""
    assert ["Mon 00:00-Tue 00:00", "Mon 00:00-Tue 00:00"] == spells("Mo 00:00-24:00")
    with pytest.raises(MalformedPoint):
        read_hours("Mo 24:00-24:00")


@pytest.mark.parametrize(
    "text",
    ["", "24/7 ", "Mo", "Mo 8:00-18:00", "Mo 08:00-25:00", "Mo 08:00-18:60", "mo 08:00-18:00",
     "Mo 08:00-18:00;Tu 08:00-18:00",
     "Mo-Xx 08:00-18:00", "Mo \u0660\u0668:00-18:00", "; ".join(["Mo-Su 08:00-09:00,10:00-11:00"] * 11)],
)  # fmt: skip
def test_what_is_written_otherwise_is_refused(text):
    """Hours that two officers read two ways are no hours."""
    with pytest.raises(MalformedPoint):
        read_hours(text)


@given(st.text(alphabet="MoTuWeThFrSaSu0123456789:-,; /24", max_size=60))
def test_nothing_but_our_own_error_leaves_the_reader(text):
    """Hours come from a counterpart."""
    with suppress(MalformedPoint):
        assert all(0 < one.lasts <= 24 * 60 for one in read_hours(text).spells)
