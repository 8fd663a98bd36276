"""What was lodged is its author's to confirm or take back, and both sides read beforehand what moves."""

from __future__ import annotations

from datetime import timedelta

import pytest

from comity.instruments import library
from comity.lifecycle import Table, obligations, resumption
from tests.core.lifecycle.record import ASSISTANCE, BEGAN, DECLARED, LODGED, Record


@pytest.fixture
def record() -> Record:
    """A request of our side, taken up by the other."""
    found = Record()
    found.write("aa", "r1", "lodged", 0, **LODGED)
    found.write("bb", "r1", "acknowledged", 0)
    return found


def test_what_was_taken_back_never_takes_effect_even_if_it_is_confirmed_afterwards(record):
    """The other side may rely on the first word: nobody keeps an act in hand by saying both."""
    record.write("aa", "s1", "declared", 1, **DECLARED)
    lodged = record.write("bb", "r1", "accepted", 2)
    back = record.write("bb", "s1", "taken_back", 3, entries=[str(lodged.ref)])
    record.write("aa", "s1", "lifted", 40)
    record.write("bb", "s1", "confirmed", 41, entries=[str(lodged.ref)])

    standing = record.standing()

    assert ("acknowledged", (), ()) == (standing.state, standing.irregular, standing.lodged)
    assert back.ref == standing.judged[-1].taken_back
    assert "never takes effect" in standing.judged[-1].because
    bearing = record.suspensions.on(ASSISTANCE.kinds)
    assert [] == bearing.waiting(ASSISTANCE, record.of("r1"))


def test_what_was_confirmed_cannot_be_taken_back(record):
    """It has had effect, and others have acted on it."""
    record.write("aa", "s1", "declared", 1, **DECLARED)
    lodged = record.write("bb", "r1", "accepted", 2)
    record.write("aa", "s1", "lifted", 40)
    record.write("bb", "s1", "confirmed", 41, entries=[str(lodged.ref)])
    record.write("bb", "s1", "taken_back", 42, entries=[str(lodged.ref)])

    assert "accepted" == record.standing().state


def test_nobody_takes_back_what_the_other_lodged_or_what_was_never_lodged(record):
    """One word of a hostile side must not silence ours."""
    record.write("aa", "s1", "declared", 1, **DECLARED)
    lodged = record.write("bb", "r1", "accepted", 2)
    before = record.of("r1")[0]
    record.write("aa", "s1", "taken_back", 3, entries=[str(lodged.ref), str(before.ref)])

    assert ("acknowledged", 1) == (record.standing().state, len(record.standing().lodged))
    record.write("aa", "s1", "lifted", 40)
    record.write("bb", "s1", "confirmed", 41, entries=[str(lodged.ref)])
    assert "accepted" == record.standing().state


def test_a_dry_run_says_what_the_end_then_does(record):
    """Both sides read it before they sign; it may promise nothing that does not come."""
    record.write("aa", "s1", "declared", 1, **DECLARED)
    lodged = record.write("bb", "r1", "accepted", 2)
    kinds, table = ASSISTANCE.kinds, Table(library()["us-ru-1999"], ASSISTANCE)
    at = BEGAN + timedelta(days=61)
    then = record.suspensions.resumed(["s1"], at)
    found = resumption("r1", table, record.of("r1"), record.suspensions.on(kinds), then.on(kinds))
    stood = record.standing()

    record.write("aa", "s1", "lifted", 61)
    after = record.standing()

    assert found is not None
    assert ("acknowledged", True, (lodged,)) == (found.state, found.goes_on, found.waiting)
    assert [one.due_at for one in after.clocks if one.running] == [one.due_at for one in found.clocks]
    assert [one.due_at for one in stood.clocks if one.running] == [
        one.still_since + one.left for one in found.clocks
    ]
    assert found.owed == tuple(obligations("r1", table.instrument, after))
    assert found.clocks, "a request taken up has a clock"


def test_a_dry_run_of_one_suspension_leaves_the_other_as_it_is(record):
    """Where both have left, the return of one moves nothing yet."""
    record.write("aa", "s1", "declared", 1, **DECLARED)
    record.write("bb", "s2", "declared", 2, **DECLARED | {"requested": "aa"})
    kinds, table = ASSISTANCE.kinds, Table(library()["us-ru-1999"], ASSISTANCE)
    at = BEGAN + timedelta(days=61)

    def due(*refs: str):
        then = record.suspensions.resumed(refs, at).on(kinds)
        found = resumption("r1", table, record.of("r1"), record.suspensions.on(kinds), then)
        return found.clocks[0].due_at if found else None

    assert (None, None) == (due("s1"), due("s2"))
    assert due("s1", "s2") is not None


def test_a_dry_run_of_what_is_over_and_owed_nothing_says_nothing():
    """A page of ten thousand closed requests would help nobody."""
    record = Record()
    record.write("aa", "r1", "lodged", 0, **LODGED)
    record.write("aa", "r1", "withdrawn", 0.5)
    record.write("aa", "s1", "declared", 1, **DECLARED)
    now = record.suspensions.on(ASSISTANCE.kinds)

    assert resumption("r1", Table(library()["us-ru-1999"], ASSISTANCE), record.of("r1"), now, now) is None
