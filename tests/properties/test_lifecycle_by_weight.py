"""What a table makes of an act that weighs nothing does not depend on the others that weigh nothing."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from comity.instruments import library
from comity.lifecycle import judged_by_weight, standings, together, weighty
from tests.properties.histories import History, histories

TALK = library()["charter"].procedure("talk")


@given(histories(), st.data())
def test_any_act_is_judged_alike_by_those_that_carry_weight_and_by_all(history: History, data: st.DataObject):
    """Both nodes read a talk message by message; a stranger with an export folds all of it."""
    procedure, acts = history.procedure, history.acts
    heavy = weighty(procedure)
    weight = [act for act in acts if act.act in heavy]
    others = [act for act in acts if act.act not in heavy]
    some = data.draw(
        st.lists(st.sampled_from(others), unique_by=lambda act: act.ref) if others else st.just([])
    )

    found = judged_by_weight(procedure, weight, some)

    whole = together(procedure, acts, standings(procedure, acts))
    assert found == {act.ref: whole[act.ref] for act in (*weight, *some)}


def test_of_a_talk_only_what_moves_it_and_what_is_answered_carries_weight():
    """A message that weighed anything would cost the more the longer two sides talk."""
    assert {"opened", "closed", "reopened", "minutes_proposed"} == weighty(TALK)
