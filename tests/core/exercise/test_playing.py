"""Where an exercise stands follows from script and record alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.exercise import Debrief, plain, ready, standing_of
from tests.core.exercise.scripts import BEGAN, CHANNEL, Record


def at(minute: float):
    """An instant by its minute."""
    return BEGAN + timedelta(minutes=minute)


def due(record: Record, minute: float, speed: float = 1) -> list[str]:
    """What is to be played at a minute."""
    return [one.id for one in ready(record.playing(speed), at(minute))]


def test_what_is_on_record_is_not_played_again():
    """Whoever lost everything but the record goes on there."""
    record = Record()
    assert ["alert"] == due(record, 0)
    record.act("cc", "raised", 0)
    assert [] == due(record, 1)
    record.act("aa", "acknowledged", 2)
    assert ["grows"] == due(record, 2)
    record.act("cc", "updated", 3)
    assert [] == due(record, 4)
    assert {"alert", "grows"} == record.playing().done.keys()


def test_of_alike_injects_the_first_of_the_script_comes_first():
    """So the record says without a mark of any sort which of them it has."""
    record = Record()
    record.act("cc", "raised", 0)
    assert "grows-again" not in due(record, 40)
    record.act("aa", "acknowledged", 41)
    record.act("cc", "updated", 42)
    assert ["grows-again", "told"] == due(record, 42)


@pytest.mark.parametrize(("minute", "standing"), [(15, "met"), (16, "late")])
def test_an_expectation_runs_as_the_clock_of_the_procedure_from_the_receipt(minute, standing):
    """Nobody acknowledges what its node does not have."""
    record = Record()
    record.act("cc", "raised", 0)
    record.act("aa", "acknowledged", minute)
    met = record.playing().met["acknowledge"]

    assert at(15) == met.due_at
    assert standing == standing_of(met, at(60), is_over=True)


def test_what_is_overdue_is_followed_up_some_minutes_later():
    """A condition on what did not happen."""
    record = Record()
    record.act("cc", "raised", 0)

    assert "told" not in due(record, 19)
    assert "told" in due(record, 21)


def test_what_its_author_dates_to_the_last_day_there_is_makes_nothing_due():
    """Whoever leads dates its acts; no sum of instants may end the playing."""
    last = (datetime.max.replace(tzinfo=UTC) - BEGAN) // timedelta(minutes=1)
    record = Record()
    record.act("cc", "raised", last)
    playing = record.playing()

    assert datetime.max.replace(tzinfo=UTC) == playing.met["acknowledge"].due_at
    assert "told" not in due(record, 60)


def test_an_hour_passes_in_a_minute_at_speed_sixty():
    """Expectations shrink with it."""
    record = Record()
    record.act("cc", "raised", 0)
    found = record.playing(60)

    assert at(0.25) == found.met["acknowledge"].due_at
    assert not found.is_over(at(0.9))
    assert found.is_over(at(1))


def test_what_is_irregular_or_of_somebody_else_meets_nothing():
    """A trainee is not helped by an act without effect."""
    record = Record()
    record.act("cc", "raised", 0)
    record.act("aa", "acknowledged", 1, irregular="no row of the table allows it")
    record.act("bb", "acknowledged", 2)

    assert record.playing().met["acknowledge"].heard is None


@given(st.lists(st.tuples(st.sampled_from(["aa", "cc", "bb"]), st.sampled_from(
    ["raised", "acknowledged", "updated", "notified_again", "closed"])), max_size=12))  # fmt: skip
def test_whatever_is_on_record_the_debrief_is_drawn_up(acts):
    """A counterpart writes what it likes; no inject stands for two entries, and none is lost by more."""
    record = Record()
    done: set[str] = set()
    for minute, (party, act) in enumerate(acts):
        record.act(party, act, minute)
        found = record.playing()
        assert done <= found.done.keys()
        done = set(found.done)
    found = record.playing()
    entries = [one.heard.ref for one in found.done.values()]
    told = plain(
        Debrief(
            channel=CHANNEL, name="cc-0", leads="cc", parties=["cc", "aa"], began=BEGAN, ended=at(60),
            outcome="played", speed=1, script_digest=found.script.digest, script_holds=True,
            heard=record.heard, clocks=[], playing=found, now=at(60),
        )
    )  # fmt: skip

    assert len(entries) == len(set(entries))
    assert len(acts) == len(told["timeline"])
    assert {"met", "late", "missed"} >= {one["standing"] for one in told["expectations"]}
