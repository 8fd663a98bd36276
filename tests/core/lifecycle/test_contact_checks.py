"""A check of several parties is a course with each: one that answers says nothing for the others."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from comity.instruments import library
from comity.lifecycle import Act, standings
from comity.names import EntryRef, Origin

CHANNEL = "a" * 16
CHECK = library()["charter"].procedure("contact_check")
BEGAN = datetime(2026, 3, 2, 3, 0, tzinfo=UTC)
SENT = {"instrument": "charter", "table": "0" * 64, "announced": "no", "at_kind": "technical"}


def act(party, name, index=0, *, after=timedelta(0), seen=None, receipts=None, **stated):
    """An act of a check as its author dates it."""
    return Act(
        ref=EntryRef(Origin(party, CHANNEL), index),
        party=party,
        act=name,
        at=BEGAN + after,
        stated=stated,
        answers=(),
        seen=seen or {},
        receipts=receipts or {},
        depth=index,
    )


def asked(sort="automatic", **receipted_after):
    """A check of bb and cc, with when each receipted it."""
    receipts = {party: BEGAN + after for party, after in receipted_after.items()}
    return act("aa", "asked", receipts=receipts, **SENT, sort=sort, requested=["bb", "cc"])


def test_each_party_answers_for_itself():
    """Of two that were asked one answered: the other is waited for, and missed alone."""
    day = timedelta(days=1, seconds=10)
    opening = asked(bb=timedelta(seconds=1), cc=timedelta(seconds=2))
    by_bb = act("bb", "answered_by_node", after=timedelta(seconds=3), seen={"aa": 1})
    missed = act("aa", "missed", 1, after=day, seen={"bb": 1}, sort="automatic", concerns="cc")

    found = standings(CHECK, [opening, by_bb, missed])
    assert {"bb": "answered", "cc": "missed"} == {party: one.state for party, one in found.items()}


@pytest.mark.parametrize(("sort", "within"), [("automatic", 1), ("human", 1), ("formal", 7)])
def test_the_time_of_each_runs_from_its_own_receipt(sort, within):
    """A party that was away got the check later, and has as long as the others."""
    found = standings(CHECK, [asked(sort, bb=timedelta(0), cc=timedelta(days=3))])

    due = {party: one.clocks[0].due_at - BEGAN for party, one in found.items()}
    assert {"bb": timedelta(days=within), "cc": timedelta(days=3 + within)} == due


def test_nobody_answers_for_another():
    """An answer of a third, or of whoever asked, has no effect."""
    opening = asked(bb=timedelta(0), cc=timedelta(0))
    by_aa = act("aa", "answered", 1, after=timedelta(seconds=3))
    by_dd = act("dd", "answered", after=timedelta(seconds=4), seen={"aa": 1})

    found = standings(CHECK, [opening, by_aa, by_dd])
    assert {"asked"} == {one.state for one in found.values()}
