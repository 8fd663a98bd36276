"""Exhibits among three: sealed to each that is in, stated by each, and had from whoever holds them."""

from __future__ import annotations

import pytest

from tests.many_nodes.conftest import apart, settled, until
from tests.two_nodes.nodes import start

pytestmark = [pytest.mark.two_nodes, pytest.mark.lengthy]

REF = "aa-2026-x0001"
DESTROYED = {
    "method": ["overwritten three times"],
    "done_by": ["ca"],
    "done_at": ["2026-11-26T12:00:00Z"],
    "done_where": ["here"],
    "witnessed_by": ["mfa"],
    "copies": ["none"],
}


def held(node, channel: str) -> dict[str, str]:
    """Where custody stands with each, as a node sees it."""
    return node.does("exhibits", channel=channel).get(REF, {}).get("held", {})


def does(node, channel: str, act: str, said: dict) -> dict:
    """Do an act of custody after delivery."""
    return node.does("custody_act", channel=channel, ref=REF, act=act, said=said)


def test_each_hashes_and_states_it_and_all_see_who_holds_it(opened) -> None:
    """Custody has a course of its own with each party, and everybody reads the same of all of them."""
    nodes, channel = opened
    assert "error" not in nodes["aa"].does("add_exhibit", channel=channel, content="ransom note")
    for node in nodes.values():
        until(lambda node=node: held(node, channel) == {"bb": "received", "cc": "received"})
    settled(nodes, channel)

    seen = {party: node.does("exhibits", channel=channel)[REF] for party, node in nodes.items()}
    assert all(one["is_here"] and not one["irregular"] for one in seen.values())
    assert {"received"} == {one["state"] for one in seen.values()}
    assert all(
        "ransom note" == nodes[party].does("content", channel=channel, ref=REF)["content"]
        for party in ("bb", "cc")
    )


def test_who_is_cut_off_from_its_author_has_it_from_whoever_received_it(opened) -> None:
    """The sealed file fixes itself: whoever brings it, what is stated is the hash computed anew."""
    nodes, channel = opened
    apart(nodes, "aa", "cc")
    assert "error" not in nodes["aa"].does("add_exhibit", channel=channel, content="ransom note")

    until(lambda: held(nodes["aa"], channel) == {"bb": "received", "cc": "received"})

    assert "ransom note" == nodes["cc"].does("content", channel=channel, ref=REF)["content"]


def test_one_destroys_it_and_the_others_go_on_holding_it(opened) -> None:
    """What one party certifies ends its own custody, and the provider erases its copy after the last."""
    nodes, channel = opened
    nodes["aa"].does("add_exhibit", channel=channel, content="ransom note")
    until(lambda: held(nodes["aa"], channel) == {"bb": "received", "cc": "received"})
    asked = {"disposal": ["destruction"], "dispose_by": ["2027-01-31"], "concerns": ["bb"], "text": ["over"]}
    assert "error" not in does(nodes["aa"], channel, "disposal_asked", asked)
    settled(nodes, channel)
    assert "error" not in does(nodes["bb"], channel, "destroyed", DESTROYED)
    until(lambda: held(nodes["aa"], channel) == {"bb": "destroyed", "cc": "received"})
    refused = does(nodes["aa"], channel, "erased", {"text": ["over"]})
    settled(nodes, channel)

    assert "custody-act-not-allowed" == refused["error"]
    here = {party: node.does("exhibits", channel=channel)[REF]["is_here"] for party, node in nodes.items()}
    assert {"aa": True, "bb": False, "cc": True} == here


def test_who_comes_in_later_sees_that_there_is_one_and_is_not_given_it(proposed) -> None:
    """It was sealed to whoever was in when it was written, and its name alone opens no door."""
    nodes, channel = proposed
    start(*nodes.values())
    until(lambda: "error" not in nodes["bb"].does("accept", channel=channel))
    until(lambda: nodes["aa"].does("view", channel=channel)["sizes"]["bb"] == 1)
    assert "error" not in nodes["aa"].does("add_exhibit", channel=channel, content="ransom note")
    until(lambda: held(nodes["aa"], channel) == {"bb": "received"})
    until(lambda: "error" not in nodes["cc"].does("accept", channel=channel))
    settled(nodes, channel)

    seen = nodes["cc"].does("exhibits", channel=channel)[REF]

    assert (True, {"bb": "received"}, False) == (seen["malformed"], seen["held"], seen["is_here"])
