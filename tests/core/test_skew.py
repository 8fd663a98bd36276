"""What an exchange tells of another clock, whatever the other says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity import skew

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
SECONDS = st.floats(-1e6, 1e6)
DELAYS = st.floats(0, 600)


@given(SECONDS, DELAYS, DELAYS)
def test_the_true_difference_is_never_further_off_than_is_said(ahead, going, coming) -> None:
    """However slow one way is against the other: what is shown as certain must be."""
    answered = NOON + timedelta(seconds=going)
    found = skew.read(
        answered + timedelta(seconds=ahead),
        asked_at=NOON,
        answered_at=answered + timedelta(seconds=coming),
    )

    assert abs(found.ahead - ahead) <= found.within + 1e-3


@given(st.floats(0, 0.999), DELAYS)
def test_a_clock_that_tells_whole_seconds_is_read_to_half_a_second_less(fraction, delay) -> None:
    """A cosignature's time is cut to the second: an honest witness must not seem behind."""
    at = NOON + timedelta(seconds=fraction)
    found = skew.read(NOON, asked_at=at, answered_at=at + timedelta(seconds=delay), resolution=1.0)

    assert abs(found.ahead) <= found.within + 1e-3


@pytest.mark.parametrize(
    "text",
    [
        "", "noon", "2026-01-31", "2026-01-31T24:00:00Z", "2026-02-30T12:00:00Z", "2026-01-31T12:00:00",
        "2026-01-31T12:00:00+02:00", "2026-01-31T12:00:00.1234567Z", "\u0662026-01-31T12:00:00Z", "9" * 400,
        "2026-01-31T12:00:00Z\n", " 2026-01-31T12:00:00Z",
    ],
)  # fmt: skip
def test_a_time_told_in_another_form_is_not_read(text) -> None:
    """The header is the counterpart's: it must end in nothing, never in an error."""
    assert skew.told(text) is None


def test_a_time_is_read_as_nodes_tell_it() -> None:
    """With and without fractions, in both spellings of UTC."""
    assert [NOON] * 3 == [
        skew.told(text)
        for text in ("2026-01-31T12:00:00Z", "2026-01-31T12:00:00+00:00", "2026-01-31T12:00:00.000+00:00")
    ]


@pytest.mark.parametrize(
    ("others", "behind"),
    [
        ([], None),
        ([10.0], None),
        ([61.0], 61.0),
        ([-61.0], -61.0),
        ([61.0, 90.0], 61.0),
        ([-300.0, -90.0], -90.0),
        ([61.0, 0.0], None),
        ([61.0, -61.0], None),
    ],
)
def test_our_clock_is_wrong_where_all_others_say_so_and_only_there(others, behind) -> None:
    """One liar must not make us doubt a clock that another agrees with."""
    assert behind == skew.ours_is_behind(others, MINUTE)
