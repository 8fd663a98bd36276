"""A receipt counts from no later than its signer says it held the act, no earlier than the act was made."""

from __future__ import annotations

from datetime import timedelta

import pytest

from comity.instruments import Row
from comity.lifecycle import fold, judge
from tests.core.lifecycle.test_fold import ASSISTANCE, BEGAN, OPENING, act

DAY = timedelta(days=1)


def clock(standing, name="completeness_check"):
    return next(one for one in standing.clocks if one.id == name)


def lodged(*, after: timedelta, **more):
    """A request, receipted so long after it was lodged, by the receipt's own time."""
    return act("aa", "lodged", receipted_at=BEGAN + after, **more)


def test_an_act_of_the_signer_binds_its_receipt():
    """It acknowledged the request on the second day, and dates its receipt two months ahead."""
    acts = [lodged(after=60 * DAY), act("bb", "acknowledged", hours=24, seen={"aa": 1})]

    before, after = fold(ASSISTANCE, acts[:1]), fold(ASSISTANCE, acts)

    assert before.clocks[0].started_at == BEGAN + 60 * DAY
    assert () == before.disputed
    assert after.clocks == after.disputed
    assert after.clocks[0].started_at == BEGAN + DAY
    assert after.clocks[0].receipt_says == BEGAN + 60 * DAY
    assert after.clocks[0].agreed


def test_an_act_that_had_not_seen_it_binds_nothing():
    """It crossed: its author did not hold the request then."""
    acts = [lodged(after=3 * DAY), act("bb", "consulted", hours=24, seen={"aa": 0})]

    assert fold(ASSISTANCE, acts).clocks[0].started_at == BEGAN + 3 * DAY
    assert () == fold(ASSISTANCE, acts).disputed


def test_an_irregular_act_is_a_word_as_well():
    """It has no effect on the standing, and was signed all the same."""
    acts = [lodged(after=60 * DAY), act("bb", "closed", hours=24, seen={"aa": 1})]

    standing = fold(ASSISTANCE, acts)

    assert 1 == len(standing.irregular)
    assert standing.clocks[0].started_at == BEGAN + DAY


def test_a_receipt_for_a_later_act_binds_the_earlier_one():
    """Who holds the second entry of a log holds the first."""
    acts = [
        lodged(after=60 * DAY),
        act("aa", "supplemented", 1, hours=2, receipted_at=BEGAN + 2 * DAY, seen={}),
    ]

    assert fold(ASSISTANCE, acts).clocks[0].started_at == BEGAN + 2 * DAY


def test_the_author_of_the_act_cannot_move_its_clock():
    """Only the receiver's own words bind the receiver."""
    acts = [
        lodged(after=2 * DAY),
        act("aa", "consulted", 1, hours=1, seen={"bb": 99}),
        act("aa", "consulted", 2, hours=1, seen={"bb": 99}, receipted_at=BEGAN + 3 * DAY),
    ]

    assert fold(ASSISTANCE, acts).clocks[0].started_at == BEGAN + 2 * DAY


def test_an_act_is_not_received_before_it_was_made():
    """A clock behind, or a receipt dated back: nobody's time starts before the act."""
    standing = fold(ASSISTANCE, [lodged(after=-9 * DAY)])

    assert standing.clocks[0].started_at == BEGAN
    assert standing.clocks[0].receipt_says == BEGAN - 9 * DAY
    assert standing.disputed == standing.clocks


@pytest.mark.parametrize("hours", [-20, 20])
def test_what_two_honest_clocks_differ_by_is_corrected_and_accuses_nobody(hours):
    """Every second receipt bears a time some seconds before the act it is for."""
    acts = [lodged(after=timedelta(hours=hours)), act("bb", "acknowledged", hours=1, seen={"aa": 1})]

    standing = fold(ASSISTANCE, acts)

    assert standing.clocks[0].started_at == BEGAN + timedelta(hours=0 if hours < 0 else 1)
    assert () == standing.disputed


@pytest.mark.parametrize("off", [-DAY, DAY, 10 * DAY])
def test_a_clock_that_is_wrong_throughout_is_not_touched(off):
    """Receipt and acts are off alike; only what is impossible is corrected."""
    hours = int((off + 2 * DAY).total_seconds() // 3600)
    acts = [lodged(after=off + DAY), act("bb", "acknowledged", hours=hours, seen={"aa": 1})]

    assert fold(ASSISTANCE, acts).clocks[0].started_at == max(BEGAN, BEGAN + off + DAY)


def test_a_waiting_period_runs_from_the_same_start():
    """Lapsing waits ten days from the receipt; the receiver cannot put that off by its date."""
    opened = {**OPENING, "form": "other"}
    acts = [
        act("aa", "lodged", stated=opened, receipted_at=BEGAN, seen={}),
        act("bb", "form_accepted", hours=1, seen={"aa": 1}, receipted_at=BEGAN + 90 * DAY),
        act("aa", "consulted", 1, hours=24, seen={"bb": 1}),
    ]
    lapse = act("bb", "lapsed", 1, hours=12 * 24, seen={"aa": 2})

    assert isinstance(judge(ASSISTANCE, acts, lapse), Row)
    assert not isinstance(judge(ASSISTANCE, acts[:2], lapse), Row)


def test_what_was_judged_stands_when_a_later_word_comes():
    """A standing that has been reached is not taken back by a date somebody gives afterwards."""
    opened = {**OPENING, "form": "other"}
    acts = [
        act("aa", "lodged", stated=opened, receipted_at=BEGAN, seen={}),
        act("bb", "form_accepted", hours=1, seen={"aa": 1}, receipted_at=BEGAN + 90 * DAY),
        act("bb", "lapsed", 1, hours=12 * 24, seen={"aa": 1}),
        act("aa", "consulted", 1, hours=24, seen={"bb": 2}),
    ]

    standing = fold(ASSISTANCE, acts)

    assert [True, True, False] == [one.regular for one in standing.judged[:3]]
    assert "lapsed" != standing.state
