"""Figures of a channel of many are stated to all, and agreed once all the others counted the same."""

from __future__ import annotations

from ast import literal_eval

import pytest

from comity.channel.published_figures import verify_statement
from tests.many_nodes.conftest import settled, until

pytestmark = [pytest.mark.two_nodes, pytest.mark.lengthy]


def stands(nodes, channel, ref):
    """Where a statement stands on each node."""
    views = {party: node.does("view", channel=channel)["standings"] for party, node in nodes.items()}
    return {party: dict(map(literal_eval, seen)).get(ref) for party, seen in views.items()}


def test_figures_are_agreed_once_every_other_party_counted_the_same(opened) -> None:
    """What two of three agreed to must not be read as the word of all; each word is proven by itself."""
    nodes, channel = opened
    ref = nodes["aa"].does("state_figures", channel=channel)["ref"]
    settled(nodes, channel)

    assert "error" not in nodes["bb"].does("agree_to_figures", channel=channel, ref=ref)
    settled(nodes, channel)
    half = stands(nodes, channel, ref)
    published = [_published(nodes["cc"], channel, ref)]
    assert "error" not in nodes["cc"].does("agree_to_figures", channel=channel, ref=ref)
    settled(nodes, channel)
    until(lambda: set(stands(nodes, channel, ref).values()) == {"agreed"})
    published.append(
        verify_statement(nodes["bb"].does("published", channel=channel, ref=ref)["file"].encode())
    )

    assert {"stated"} == set(half.values())
    assert ["stated", "agreed"] == [one.state for one in published]
    agreed = [
        {said.values["party"] for said in one.report.proven if said.code == "figures-agreed"}
        for one in published
    ]
    assert [{"bb"}, {"bb", "cc"}] == agreed


def _published(node, channel, ref):
    """The statement as a stranger verifies the file that a node published."""
    return verify_statement(node.does("published", channel=channel, ref=ref)["file"].encode())
