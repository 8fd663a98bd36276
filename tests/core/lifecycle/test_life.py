"""What became of a charter decides what may be begun, and never what was begun in good faith before."""

from __future__ import annotations

from datetime import date

import pytest

from comity.instruments.notice import Notice
from tests.core.lifecycle.charters import (
    CHARTER,
    EDITED,
    ICT,
    KINDS,
    OPENS,
    SUSPENDED,
    TREATY,
    WORLD,
    Record,
    because,
)

# --- amendment -----------------------------------------------------------------------------------------


def test_a_request_rests_on_what_an_amendment_added_once_it_was_accepted():
    """What both agreed to applies from then on, and to nobody before."""
    record = Record()
    record.asks("r1", WORLD, 1)
    record.amends("a1", 2, adds=WORLD)
    record.asks("r2", WORLD, 3)

    assert ("", "lodged") == (record.standing("r1").state, record.standing("r2").state)
    assert [CHARTER, TREATY, WORLD] == record.life.texts_now()


def test_a_request_keeps_the_text_it_began_under_when_that_is_taken_away():
    """An amendment that reached back would unmake what was asked in good faith."""
    record = Record(TREATY, WORLD)
    record.asks("r1", TREATY, 1)
    record.amends("a1", 2, without=TREATY.id)
    record.write("bb", "r1", "acknowledged", 3)
    record.asks("r2", TREATY, 4)
    table = record.life.governing(KINDS["r"], record.of("r1"))

    assert ("acknowledged", TREATY.digest) == (record.standing("r1").state, table.instrument.digest)
    assert "" == record.standing("r2").state
    assert f"does not rest on this text of {TREATY.id} since the amendment a1" in because(
        record.standing("r2")
    )


def test_a_request_that_crossed_the_acceptance_stands():
    """Nobody can be held to a change it had not heard of, whatever the clocks say."""
    record = Record()
    record.amends("a1", 2, without=TREATY.id)
    record.asks("r1", TREATY, 3, blind=1)
    record.asks("r2", TREATY, 4)

    assert ("lodged", "") == (record.standing("r1").state, record.standing("r2").state)


def test_nobody_rests_on_what_it_had_not_heard_was_accepted():
    """The proposal alone is one side's word."""
    record = Record()
    record.amends("a1", 2, adds=WORLD)
    record.asks("r1", WORLD, 3, blind=1)

    assert "had not seen that the amendment was accepted" in because(record.standing("r1"))


def test_another_edition_takes_the_place_of_the_one_before():
    """Two editions of one text in force at once would let each side choose."""
    record = Record()
    record.asks("r1", TREATY, 1)
    record.amends("a1", 2, adds=EDITED)
    record.asks("r2", TREATY, 3)
    record.asks("r3", EDITED, 3)

    assert ["lodged", "", "lodged"] == [record.standing(ref).state for ref in ("r1", "r2", "r3")]
    assert {"charter": CHARTER.digest, TREATY.id: "f" * 64} == record.life.basis.now()


def test_two_amendments_that_cross_are_both_in_force():
    """Each says what changes, and not what all should be: neither unsays the other."""
    record = Record(TREATY, ICT)
    record.write("aa", "a1", "proposed", 1, **OPENS, instruments=[WORLD.id], tables=[WORLD.digest])
    record.write("bb", "a2", "proposed", 1, blind=1, **OPENS | {"requested": "aa"}, taken_away=[ICT.id])
    record.write("bb", "a1", "accepted", 2)
    record.write("aa", "a2", "accepted", 2, blind=1)

    assert {"charter", TREATY.id, WORLD.id} == set(record.life.basis.now())


@pytest.mark.parametrize(
    ("stated", "why"),
    [
        ({"instruments": [WORLD.id]}, "one digest for each instrument"),
        ({"instruments": [WORLD.id] * 2, "tables": ["0" * 64] * 2}, "one digest for each instrument"),
        ({"instruments": ["charter"], "tables": ["0" * 64]}, "the charter itself"),
        ({"taken_away": ["charter"]}, "the charter itself"),
        ({"taken_away": ["ets-185"]}, "does not rest on ets-185"),
        (
            {"instruments": [TREATY.id], "tables": ["0" * 64], "taken_away": [TREATY.id]},
            "adds and takes away",
        ),
        ({"instruments": [f"x{n}" for n in range(15)], "tables": ["0" * 64] * 15}, "at most 16"),
    ],
)
def test_an_amendment_that_makes_no_sense_has_no_effect(stated, why):
    """A counterpart may state anything; the charter of both must still be one that can be read."""
    record = Record()
    record.write("bb", "a1", "proposed", 1, **OPENS | {"requested": "aa"}, **stated)
    record.write("aa", "a1", "accepted", 2)

    assert why in record.standing("a1").judged[0].because
    assert {"charter", TREATY.id} == set(record.life.basis.now())


# --- leaving -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("notice", "given", "earliest"),
    [
        (Notice(months=3, from_the_first=True), date(2026, 1, 15), date(2026, 5, 1)),
        (Notice(months=3, from_the_first=True), date(2026, 1, 1), date(2026, 5, 1)),
        (Notice(months=6), date(2026, 8, 31), date(2027, 2, 28)),
        (Notice(months=12), date(2028, 2, 29), date(2029, 2, 28)),
        (Notice(days=30), date(2026, 12, 15), date(2027, 1, 14)),
        (Notice(), date(2026, 1, 1), date(2026, 1, 1)),
        (Notice(months=120, from_the_first=True), date(9999, 1, 1), date(9999, 12, 31)),
    ],
)
def test_a_period_of_notice_ends_on_the_day_its_text_means(notice, given, earliest):
    """A day off by one makes a notice void, or lets a channel end early."""
    assert earliest == notice.earliest(given)


def test_a_channel_that_rests_on_a_treaty_is_left_no_sooner_than_the_treaty():
    """The way out of the channel is no way around the treaty's notice; the longest of several decides."""
    record = Record(TREATY, WORLD, ICT)
    record.leaves("d1", 0, date(2026, 9, 2))
    record.leaves("d2", 0, date(2027, 3, 2))

    assert "2027-03-02 at the earliest: the channel rests on UNTOC" in because(record.standing("d1"))
    assert "given" == record.standing("d2").state


def test_a_channel_that_rests_on_arrangements_alone_is_left_at_once():
    """An arrangement binds politically; whoever is done with it says so and is gone."""
    record = Record(ICT)
    record.leaves("d1", 0, date(2026, 3, 2))
    early = Record(ICT)
    early.leaves("d1", 0, date(2026, 3, 1))

    assert "given" == record.standing("d1").state
    assert "it cannot take effect before it is given" in because(early.standing("d1"))


def test_until_the_day_everything_goes_on_and_then_nothing_new_is_begun():
    """What was begun before goes on, under the text it began under, whatever day it is."""
    record = Record()
    record.leaves("d1", 0, date(2026, 9, 2))
    record.asks("r1", TREATY, 100)
    record.asks("r2", TREATY, 200, party="bb")
    record.write("bb", "r1", "acknowledged", 201)
    record.write("aa", "s1", "declared", 202, **OPENS, **SUSPENDED)

    assert ("acknowledged", "") == (record.standing("r1").state, record.standing("r2").state)
    assert "left the channel by notice (d1) with effect from 2026-09-02" in because(record.standing("r2"))
    assert "" == record.standing("s1").state


def test_whoever_had_not_heard_of_the_notice_is_not_bound_by_it():
    """The day counts only for those who knew of it."""
    record = Record(ICT)
    record.leaves("d1", 0, date(2026, 3, 2))
    record.write("bb", "s1", "declared", 1, blind=1, **OPENS | {"requested": "aa"}, **SUSPENDED)

    assert "in_force" == record.standing("s1").state


def test_a_notice_is_taken_back_before_it_has_effect_and_not_after():
    """Whoever has gone is gone; whoever has not can stay, and the channel goes on."""
    record = Record()
    record.leaves("d1", 0, date(2026, 9, 2))
    record.write("aa", "d1", "taken_back", 10)
    record.asks("r1", TREATY, 200)
    late = Record()
    late.leaves("d1", 0, date(2026, 9, 2))
    late.write("aa", "d1", "taken_back", 184.1)
    late.asks("r1", TREATY, 200)

    assert ("taken_back", "lodged") == (record.standing("d1").state, record.standing("r1").state)
    assert ("given", "") == (late.standing("d1").state, late.standing("r1").state)
    assert "has had effect since 2026-09-02" in because(late.standing("d1"))


def test_a_notice_dated_back_gains_nothing():
    """The period runs from the receipt where that is more than a day later than the notice says."""
    record = Record()
    record.leaves("d1", 0, date(2026, 9, 2), late=100)
    honest = Record()
    honest.leaves("d1", 0, date(2026, 9, 2), late=0.9)

    assert (date(2026, 12, 10), date(2026, 9, 2)) == (record.life.notice.day, honest.life.notice.day)


def test_nobody_gives_notice_twice():
    """A second notice beside one that stands would only make the day unclear."""
    record = Record()
    record.leaves("d1", 0, date(2026, 9, 2))
    record.leaves("d2", 1, date(2026, 10, 2))
    record.leaves("d3", 1, date(2026, 10, 2), party="bb")

    assert "gave notice before (d1)" in because(record.standing("d2"))
    assert ("given", date(2026, 9, 2)) == (record.standing("d3").state, record.life.notice.day)


# --- who may begin anything ----------------------------------------------------------------------------


def test_nothing_is_begun_before_the_channel_was_accepted():
    """Whoever has not accepted the texts cannot ask under them; what it asks afterwards counts."""
    record = Record()
    accepted = record.acts.pop()
    record.asks("r1", TREATY, 1, "bb")
    record.write("bb", "c", "accepted", 2)
    record.asks("r2", TREATY, 3, "bb")

    assert accepted[1].act == "accepted"
    assert ("", "lodged") == (record.standing("r1").state, record.standing("r2").state)
    assert "bb was not in the channel" in because(record.standing("r1"))


def test_who_withdrew_what_was_accepted_meanwhile_is_in_the_channel():
    """The acceptance prevails over a withdrawal it crosses: both go on, whoever reads it."""
    record = Record()
    record.write("aa", "c", "withdrawn", 0, blind=1)
    record.asks("r1", TREATY, 1)
    record.asks("r2", TREATY, 2, "bb")

    assert ("lodged", "lodged") == (record.standing("r1").state, record.standing("r2").state)
