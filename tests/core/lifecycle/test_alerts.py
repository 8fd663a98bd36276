"""An alert's clocks run by the minute, by its severity, and to the minute a reply is of use."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.instruments import library
from comity.lifecycle import Act, fold
from comity.lifecycle.stated import instant
from comity.names import EntryRef, Origin

CHANNEL = "a" * 16
ALERT = library()["charter"].procedure("alert")
OPENING = {"instrument": "charter", "table": "0" * 64, "requested": "bb"}
BEGAN = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)


def raised(severity, received_after=timedelta(0), **stated):
    """An alert as its author raises it at three."""
    return Act(
        ref=EntryRef(Origin("aa", CHANNEL), 0),
        party="aa",
        act="raised",
        at=BEGAN,
        stated={
            "instrument": "charter",
            "table": "0" * 64,
            "requested": "bb",
            "severity": severity,
            **stated,
        },
        answers=(),
        seen={},
        receipted_at=BEGAN + received_after,
    )


@pytest.mark.parametrize(
    ("severity", "within"),
    [("5", timedelta(minutes=15)), ("4", timedelta(hours=1)), ("3", timedelta(days=1))],
)
def test_the_graver_the_sooner_somebody_must_answer_for_it(severity, within):
    """From the receipt: nobody can acknowledge what its node does not have."""
    (clock,) = fold(ALERT, [raised(severity, timedelta(minutes=2))]).clocks

    assert ("bb", BEGAN + timedelta(minutes=2) + within) == (clock.for_party, clock.due_at)


@pytest.mark.parametrize("severity", ["0", "1", "2"])
def test_lesser_alerts_wake_nobody(severity):
    """A clock that runs out every night is one nobody looks at."""
    assert () == fold(ALERT, [raised(severity)]).clocks


def test_a_reply_is_due_at_the_minute_it_is_asked_for():
    """At three in the morning a day is no answer."""
    clocks = {one.id: one for one in fold(ALERT, [raised("5", reply_by="2026-03-02T04:30Z")]).clocks}

    assert datetime(2026, 3, 2, 4, 30, tzinfo=UTC) == clocks["reply"].due_at


@pytest.mark.parametrize(
    "value", ["2026-03-02", "2026-03-02T04:30", "2026-03-02T04:30+00:00", "2026-13-02T04:30Z", "soon", "٢"]
)
def test_a_minute_in_another_form_opens_nothing(value):
    """Both sides must read one instant, or none."""
    standing = fold(ALERT, [raised("5", reply_by=value)])

    assert ("", ()) == (standing.state, standing.clocks)
    assert "cannot be stated as Reply asked for by" in standing.irregular[0].because


@given(st.datetimes(timezones=st.just(UTC)))
def test_every_minute_is_read_as_it_is_written(at):
    """To the minute, in UTC."""
    minute = at.replace(second=0, microsecond=0)
    assert minute == instant(f"{minute:%Y-%m-%dT%H:%MZ}".zfill(17))


@given(st.text(max_size=20))
def test_anything_else_is_no_minute(text):
    """What a counterpart writes ends in no foreign error."""
    assert instant(text) is None or len(text) == len("2026-01-31T03:15Z")
