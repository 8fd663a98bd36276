"""What each Party owes: with its source, its article and its day, the same for both."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from comity.instruments import library
from comity.lifecycle import fold, obligations
from tests.procedures.playing import SCENARIOS, play, read, text

BEGAN = datetime(2026, 3, 2, 12, tzinfo=UTC)
BY_NAME = {path.stem: path for path in SCENARIOS}


def after(name: str, number: int | None = None):
    """What is owed after so many acts of a scenario, all of them by default; and where it stands then."""
    scenario = read(BY_NAME[name])
    standings = [standing for _written, standing in play(scenario)]
    standing = standings[-1 if number is None else number - 1]
    return list(obligations("aa-1", library()[scenario["instrument"]], standing)), standing


def test_a_request_that_was_lodged_is_owed_an_acknowledgement_by_its_day():
    """The clock says who, what, by when and on which provision."""
    found, standing = after("01_lodged_to_closed", 1)

    assert [("bb", "aa-1", "clock")] * 2 == [(one.party, one.ref, one.sort) for one in found]
    assert [(one.label, one.due_at, one.basis, one.started_by) for one in standing.clocks] == [
        (one.what, one.due_at, one.basis, one.source) for one in found
    ]


def test_where_no_clock_asks_the_next_move_is_owed_all_the_same():
    """An unanswered request does not stop being one because nobody agreed on a period."""
    found, standing = after("01_lodged_to_closed", 3)
    (move,) = (one for one in found if one.sort == "move")

    assert not any(clock.running and clock.for_party == move.party for clock in standing.clocks)
    assert (standing.label, None) == (move.what, move.due_at)


def test_conditions_accepted_bind_the_requesting_party_to_the_end():
    """What was given under a condition stays under it after the request is closed."""
    found, standing = after("12_conditions_declined_then_accepted")
    held = [one for one in standing.conditions if one.standing in ("binding", "set")]

    assert held
    assert [(standing.requesting, one.stated_by) for one in held] == [
        (one.party, one.source) for one in found if one.sort == "condition"
    ]


def test_a_term_is_owed_by_its_performer_until_it_is_settled():
    """By the end of its day; one that was performed or released is owed no more."""
    agreed, _ = after("suspension_01_resumed_on_terms", 12)
    late, _ = after("suspension_01_resumed_on_terms")
    terms = [one for one in agreed if one.sort == "term"]

    assert [("aa", "1"), ("bb", "2"), ("bb", "3")] == [(one.party, one.what) for one in terms]
    assert datetime(2026, 6, 1, 23, 59, tzinfo=UTC) < terms[0].due_at < datetime(2026, 6, 2, tzinfo=UTC)
    assert [("bb", "3")] == [(one.party, one.what) for one in late if one.sort == "term"]


def test_nothing_is_owed_in_what_nothing_regular_opened():
    """A hostile entry makes nobody owe anything."""
    treaty = library()["us-ru-1999"]

    assert [] == list(obligations("aa-1", treaty, fold(treaty.procedure("assistance"), [])))


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_whoever_owes_is_a_party_and_says_by_what(path):
    """Every obligation of every scenario has a debtor, a source on record and a provision."""
    scenario = read(path)
    instrument = text(scenario["instrument"])
    for _written, standing in play(scenario):
        on_record = {one.act.ref for one in standing.judged}
        for one in obligations("aa-1", instrument, standing):
            assert one.party in (standing.requesting, standing.requested)
            assert one.source in on_record
            assert one.basis
            assert one.due_at is None or one.due_at - BEGAN < timedelta(days=40_000)
