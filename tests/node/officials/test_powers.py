"""The table of powers is complete, closed, and read as written."""

from __future__ import annotations

import pytest

from comity_node.officials import powers
from comity_node.officials.errors import NoSuchRole, NotEmpowered


def test_every_power_an_act_takes_is_held_by_some_role():
    """A rule nobody can meet would forbid an act without saying so."""
    held = frozenset().union(*(role.powers for role in powers.roles().values()))

    assert {rule.sign for rule in powers.rules()} | {rule.second for rule in powers.rules()} <= held


def test_longest_beginning_rules():
    """The answer to a proposal is not the proposal."""
    assert powers.rule("channel.proposed").sign == "channel.propose"
    assert powers.rule("channel.accepted").sign == "channel.answer"


def test_absent_means_forbidden():
    """What the table does not name, nobody may do."""
    with pytest.raises(NotEmpowered):
        powers.rule("unheard.of")
    with pytest.raises(NoSuchRole):
        powers.role("emperor")
    assert powers.capacity(["emperor", "analyst"], "assistance.sign") is None
