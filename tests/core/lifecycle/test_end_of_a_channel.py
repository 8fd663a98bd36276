"""A channel that both closed: nothing new is begun, what is owed stays, and both sides read it alike."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from comity.lifecycle import after_closing, obligations
from tests.core.lifecycle.charters import (
    CLOSED,
    DAY,
    ICT,
    KINDS,
    OPENS,
    SUSPENDED,
    TREATY,
    Record,
    because,
)

# --- closing -------------------------------------------------------------------------------------------


def test_after_a_closing_nothing_new_is_begun_and_everything_else_goes_on():
    """Duties, positions and certificates outlast the channel; requests do not begin in it any more."""
    record = Record()
    record.asks("r1", TREATY, 1)
    record.closes("k1", 2, obligations="stay_owed")
    record.write("bb", "r1", "acknowledged", 3)
    record.asks("r2", TREATY, 4)
    record.write("aa", "k2", "proposed", 5, **OPENS, **CLOSED)
    record.write("aa", "k1", "carried_out", 6, what=["exhibits", "lists", "materials"])
    record.write("bb", "k1", "position_stated", 7)

    assert ("acknowledged", "") == (record.standing("r1").state, record.standing("r2").state)
    assert "was closed by all (k1)" in because(record.standing("r2"))
    assert "was closed by all (k1)" in because(record.standing("k2"))
    assert () == record.standing("k1").irregular


def test_a_request_that_crossed_the_closing_stands():
    """Its author had not heard that the other side closed."""
    record = Record()
    record.closes("k1", 2)
    record.asks("r1", TREATY, 3, blind=1)

    assert "lodged" == record.standing("r1").state


def test_a_channel_left_by_notice_can_still_be_closed():
    """What becomes of everything held has to be agreed all the same."""
    record = Record(ICT)
    record.leaves("d1", 0, date(2026, 3, 2))
    record.closes("k1", 5)

    assert "accepted" == record.standing("k1").state


def test_what_both_released_is_owed_no_more_and_its_clock_no_longer_runs():
    """A duty officer must not be woken for what nobody is owed."""
    record = Record()
    record.asks("r1", TREATY, 1)
    before = owed(record, "r1")
    record.closes("k1", 2)

    assert before
    assert [] == owed(record, "r1")
    assert all(clock.lifted_at == DAY + timedelta(days=2) for clock in record.standing("r1").clocks)


def test_what_arose_after_the_proposal_is_not_released_by_it():
    """Nobody releases what it had not heard of."""
    record = Record()
    record.write("aa", "k1", "proposed", 1, **OPENS, **CLOSED)
    record.asks("r1", TREATY, 2, party="bb")
    record.write("bb", "k1", "accepted", 3)

    assert {"aa"} == {one.party for one in owed(record, "r1")}


def test_what_is_named_fares_as_it_was_named():
    """One obligation can be carried over while all others are released."""
    record = Record()
    first = record.asks("r1", TREATY, 1)
    record.asks("r2", TREATY, 1)
    record.closes("k1", 2, carried_over=[str(first.ref)])

    assert {"carried_over"} == {one.disposed for one in owed(record, "r1")}
    assert [] == owed(record, "r2")


def test_each_side_owes_the_disposition_until_it_certifies_it():
    """What both agreed to do with what they hold is a duty with a day."""
    record = Record()
    record.closes("k1", 2)
    record.write("aa", "k1", "carried_out", 3, what=["exhibits", "lists"])
    record.write("bb", "k1", "carried_out", 3, what=["exhibits", "lists", "materials"])
    (left,) = owed(record, "k1")

    assert ("aa", "disposition", "materials", date(2026, 6, 30)) == (
        left.party, left.sort, left.what, left.due_at.date()
    )  # fmt: skip


def owed(record: Record, ref: str):
    """What is owed in one procedure."""
    text = record.life.governing(KINDS[ref[0]], record.of(ref)).instrument
    return list(after_closing(obligations(ref, text, record.standing(ref)), record.life))


# --- both sides alike ----------------------------------------------------------------------------------

STEPS = st.lists(
    st.tuples(
        st.sampled_from(["aa", "bb"]),
        st.sampled_from(["amends", "accepts", "leaves", "back", "closes", "closed", "asks", "suspends"]),
        st.integers(0, 3),
        st.integers(0, 400),
    ),
    max_size=14,
)


def played(steps, opener: str = "aa") -> Record:
    """A record of whatever both sides did, in any order, seeing more or less of each other."""
    record = Record(TREATY, ICT, opener=opener)
    numbers = iter(range(100, 200))
    for party, what, blind, day in steps:
        ref, opens = f"{next(numbers)}", OPENS | {"requested": {"aa": "bb", "bb": "aa"}[party]}
        last = {kind: next((one for one, _ in reversed(record.acts) if one[0] == kind), "") for kind in "adk"}
        match what:
            case "amends":
                record.write(party, f"a{ref}", "proposed", day, blind=blind, **opens, taken_away=[TREATY.id])
            case "leaves":
                record.leaves(f"d{ref}", day, (DAY + timedelta(days=day + 200)).date(), party, blind=blind)
            case "closes":
                record.write(party, f"k{ref}", "proposed", day, blind=blind, **opens, **CLOSED)
            case "asks":
                record.asks(f"r{ref}", TREATY, day, party, blind=blind)
            case "suspends":
                record.write(party, f"s{ref}", "declared", day, blind=blind, **opens, **SUSPENDED)
            case "accepts" if last["a"]:
                record.write(party, last["a"], "accepted", day)  # nobody answers what it has not seen
            case "closed" if last["k"]:
                record.write(party, last["k"], "accepted", day)
            case "back" if last["d"]:
                record.write(party, last["d"], "taken_back", day, blind=blind)
    return record


@given(STEPS)
def test_it_makes_no_difference_which_of_two_logs_is_named_first(steps):
    """Acts that cross are read in the order of the names of their logs, which carry no right.

    Each party does what the other did, so that what crossed is read the other way round: everything must
    stand where it stood.
    """
    other = {"aa": "bb", "bb": "aa"}
    record, mirrored = played(steps), played([(other[party], *rest) for party, *rest in steps], opener="bb")
    refs = [ref for ref in dict.fromkeys(ref for ref, _ in record.acts) if ref != "c"]

    assert [record.standing(ref).state for ref in refs] == [mirrored.standing(ref).state for ref in refs]


@given(STEPS)
def test_nothing_that_was_begun_is_unmade_by_what_its_author_had_not_seen(steps):
    """Whatever follows, a request that had effect when it was made has effect."""
    record = played(steps)
    for at in range(2, len(record.acts)):
        ref, act = record.acts[at]
        before = Record(TREATY, ICT)
        before.acts = record.acts[: at + 1]
        if act.act == "lodged" and before.standing(ref).state == "lodged":
            assert record.standing(ref).state == "lodged"


def test_a_suspension_between_two_others_leaves_the_end_of_the_channel_in_its_place():
    """Of many, a procedure is borne on by the suspensions between its own two parties, and by the charter."""
    record = Record()
    record.write("aa", "s1", "declared", 1, **OPENS, **SUSPENDED)
    record.closes("k1", 2)
    bearing = record.life.on("assistance.request")

    others = bearing.between(frozenset({"aa", "cc"}))

    assert (True, False) == (bearing.is_in_force, others.is_in_force)
    assert others.charter is bearing.charter is not None
