"""The standing belongs to neither side, to no node, and to no order of arrival."""

from __future__ import annotations

from collections import Counter

from hypothesis import assume, given
from hypothesis import strategies as st
from msgspec.structs import replace

from comity.entries import By, Entry, in_order, instant
from comity.instruments import Row
from comity.lifecycle import Act, fold, judge
from tests.properties.histories import CHANNEL, SWAPPED, History, crossing, histories, mirrored, next_act


@given(histories())
def test_swapping_the_parties_mirrors_the_standing(history: History):
    """A fold that knew a party by name would not be fair to the other."""
    standing = fold(history.procedure, history.acts)

    swapped = fold(history.procedure, map(mirrored, history.acts))

    assert standing.state == swapped.state
    assert standing.open_rows == swapped.open_rows
    assert [SWAPPED.get(standing.requesting, ""), SWAPPED.get(standing.requested, "")] == [
        swapped.requesting,
        swapped.requested,
    ]
    assert [(one.regular, one.row, one.because) for one in standing.judged] == [
        (one.regular, one.row, one.because) for one in swapped.judged
    ]
    assert [(one.id, SWAPPED[one.for_party], one.due_at, one.met_at) for one in standing.clocks] == [
        (one.id, one.for_party, one.due_at, one.met_at) for one in swapped.clocks
    ]
    assert [(one.code, one.standing) for one in standing.conditions] == [
        (one.code, one.standing) for one in swapped.conditions
    ]


@given(histories())
def test_the_order_of_arrival_does_not_matter(history: History):
    """Both nodes hold the same two logs, but received them in different order."""
    logs = {party: [entry(act) for act in history.acts if act.party == party] for party in ("aa", "bb")}
    by_ref = {act.ref: act for act in history.acts}

    ours = [by_ref[ref] for ref, _ in in_order(CHANNEL, logs)]
    theirs = [by_ref[ref] for ref, _ in in_order(CHANNEL, dict(reversed(logs.items())))]

    assert fold(history.procedure, ours) == fold(history.procedure, theirs)


@given(histories(), st.data())
def test_an_irregular_act_changes_nothing(history: History, data: st.DataObject):
    """It was done and is kept, but nobody may move a procedure against its table.

    It may still bear witness to when an earlier act was received, and so to when a clock began.
    """
    act = data.draw(next_act(history.procedure, history.acts))
    before = fold(history.procedure, history.acts)

    after = fold(history.procedure, [*history.acts, act])

    assume(not after.judged[-1].regular)
    assert replace(before, judged=(), clocks=()) == replace(after, judged=(), clocks=())
    assert [(one.id, one.met_at, one.lifted_at, one.extended_by) for one in before.clocks] == [
        (one.id, one.met_at, one.lifted_at, one.extended_by) for one in after.clocks
    ]
    assert before.open_rows == after.open_rows
    assert before.judged == after.judged[:-1]
    assert after.judged[-1].because
    assert after.judged[-1].row is None


@given(histories(), st.data())
def test_what_may_be_signed_is_what_will_count(history: History, data: st.DataObject):
    """An official must not be offered an act the other side's fold would call irregular."""
    act = data.draw(next_act(history.procedure, history.acts))

    allowed = judge(history.procedure, history.acts, act)

    judged = fold(history.procedure, [*history.acts, act]).judged[-1]
    assert isinstance(allowed, Row) is judged.regular
    assert (allowed if isinstance(allowed, Row) else None) == judged.row


@given(crossing())
def test_acts_that_cross_lead_to_one_standing_whichever_is_read_first(scene: tuple[History, Act, Act]):
    """The order of crossing acts comes from the names of the logs, which carry no right."""
    history, first, second = scene

    one = fold(history.procedure, [*history.acts, first, second])
    other = fold(history.procedure, [*history.acts, second, first])

    assert one.state == other.state
    assert Counter((c.code, c.standing) for c in one.conditions) == Counter(
        (c.code, c.standing) for c in other.conditions
    )


def entry(act: Act) -> Entry:
    """The entry an act would come from, as far as order needs it."""
    return Entry(
        v=1,
        kind=f"assistance.request.{act.act}",
        at=instant(act.at),
        by=By(office="Central Authority", capacity="case officer"),
        ref="aa-2026-0001",
        re=[str(ref) for ref in act.answers],
        seen=dict(act.seen),
        stated={},
    )
