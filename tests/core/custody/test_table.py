"""The custody table: side-neutral, cited, and closed to what nobody agreed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from comity import custody
from comity.instruments.check import check
from comity.lifecycle import Act, Refusal, fold, judge
from comity.names import EntryRef, Origin

CHANNEL = "abcdefghijklmnop"
NOW = datetime(2026, 5, 1, tzinfo=UTC)


def act(party, index, name, **stated):
    """An act by one party, which has seen everything."""
    if name == "added":
        stated = {"requested": "bb", "table": custody.custody().digest}
    return Act(
        ref=EntryRef(Origin(party, CHANNEL), index),
        party=party,
        act=name,
        at=NOW,
        stated=stated,
        answers=(),
        seen={"aa": 9, "bb": 9},
    )


ADDED = act("aa", 0, "added")
RECEIVED = act("bb", 0, "received")
MISMATCH = act("bb", 0, "mismatch", defect="content")


def test_the_table_has_no_fault_a_machine_can_find():
    """Every row is cited, every state can be reached."""
    assert [] == check(custody.custody())


@pytest.mark.parametrize(
    ("before", "party", "name"),
    [
        ([], "aa", "received"),
        ([ADDED], "aa", "received"),
        ([ADDED], "bb", "opened"),
        ([ADDED], "bb", "handed_over"),
        ([ADDED], "cc", "opened"),
        ([ADDED, RECEIVED], "bb", "received"),
        ([ADDED, RECEIVED], "bb", "mismatch"),
        ([ADDED, MISMATCH], "bb", "received"),
        ([ADDED], "aa", "added"),
        ([ADDED], "aa", "destroyed"),
    ],
)
def test_what_no_row_allows_is_refused(before, party, name):
    """Nobody can state receipt twice, for the other side, or of what has not arrived."""
    found = judge(custody.table(), before, act(party, 5, name))

    assert isinstance(found, Refusal)
    assert found.reason


@pytest.mark.parametrize(("last", "state"), [(RECEIVED, "received"), (MISMATCH, "mismatched")])
def test_both_sides_compute_the_same_standing(last, state):
    """What arrived is said by the party that has it, and stands for both."""
    opened = act("aa", 1, "opened")

    standing = fold(custody.table(), [ADDED, last, opened])

    assert (state, "aa", "bb") == (standing.state, standing.requesting, standing.requested)
    assert () == standing.irregular


def test_a_hand_over_takes_a_second_officer_and_an_opening_does_not():
    """An exhibit changes hands on two signatures; reading it is one officer's own record."""
    table = custody.table()

    assert table.act("handed_over").second
    assert not table.act("opened").second
