"""One of three lies: of another, in its name, with what it brings of it. The others note it and go on."""

from __future__ import annotations

import pytest

from tests.many_nodes.conftest import apart, settled, until
from tests.two_nodes.nodes import start

pytestmark = [pytest.mark.two_nodes, pytest.mark.lengthy]

ALTERATIONS = {
    "entry": {"entries-do-not-match"},
    "payload": {"payload-does-not-match"},
    "checkpoint": {"bad-signature", "malformed-note", "bad-checkpoint"},
    "an entry less": {"entries-do-not-match"},
    "swapped": {"send-from"},
    "its receipt": {"bad-receipt"},
}


def holds(node, channel: str) -> tuple[dict, dict]:
    """What a node holds, and what it takes for misconduct."""
    seen = node.does("view", channel=channel)
    return seen["sizes"], seen["misconduct"]


def refused_of(node, channel: str, party: str) -> set[str]:
    """For what a node refused what a party sent."""
    return {code for who, code in node.does("refusals", channel=channel)["refused"] if who == party}


@pytest.mark.parametrize("how", ["growth", "surrogates"])
def test_a_false_proof_of_a_fork_convinces_nobody_and_is_noted(opened, how) -> None:
    """Whoever alleges must prove; what proves nothing is held against whoever showed it."""
    nodes, channel = opened
    nodes["cc"].does("alleges", channel=channel, of="bb", how=how)

    until(lambda: refused_of(nodes["aa"], channel, "cc") & {"bad-checkpoint", "malformed-bundle"})

    nodes["bb"].does("ask", channel=channel, ref="bb-2026-0001", of="aa")
    nodes["cc"].does("ask", channel=channel, ref="cc-2026-0001", of="aa")
    until(lambda: (holds(nodes["aa"], channel)[0]["bb"], holds(nodes["aa"], channel)[0]["cc"]) == (2, 2))
    assert {} == holds(nodes["aa"], channel)[1]


def test_a_receipt_that_is_none_refuses_the_delivery_whole(opened) -> None:
    """That somebody holds something is said by its own keys: not by nobody's, and not by the author's.

    In a third party's name it could be by keys which that party announced meanwhile: they have to be shown.
    """
    nodes, channel = opened
    before = nodes["aa"].does("view", channel=channel)["holds"]

    for by, of in [("zz", "aa"), ("zz", "bb"), ("aa", "bb"), ("cc", "cc")]:
        said = nodes["cc"].does("delivers", channel=channel, to="aa", by=by, of=of)
        assert {"refused": "bad-receipt"} == said, (by, of)
    assert "bad-receipt" in refused_of(nodes["aa"], channel, "cc")
    for of in ("aa", "cc"):
        assert {"refused": "awaits"} == nodes["cc"].does("delivers", channel=channel, to="aa", by="bb", of=of)

    assert before == nodes["aa"].does("view", channel=channel)["holds"]
    nodes["cc"].does("ask", channel=channel, ref="cc-2026-0001", of="aa")
    settled(nodes, channel)


def test_who_brings_what_another_wrote_can_alter_none_of_it(opened) -> None:
    """It is refused, and taken from whoever brings it as it is."""
    nodes, channel = opened
    apart(nodes, "aa", "bb")
    nodes["cc"].does("cut", party="aa", off=True)  # its courier: what is brought here is brought by hand
    nodes["bb"].does("ask", channel=channel, ref="bb-2026-0001", of="aa")
    until(lambda: holds(nodes["cc"], channel)[0]["bb"] == 2)
    nodes["cc"].kill()
    nodes["cc"].does("cut", party="aa", off=False)

    for how, codes in ALTERATIONS.items():
        refused = nodes["cc"].does("brings", channel=channel, author="bb", to="aa", how=how)
        assert refused.get("refused") in codes, (how, refused)
        assert (1, {}) == (holds(nodes["aa"], channel)[0]["bb"], holds(nodes["aa"], channel)[1]), how

    assert "aa" == nodes["cc"].does("brings", channel=channel, author="bb", to="aa")["sender"]
    assert 2 == holds(nodes["aa"], channel)[0]["bb"]


def test_who_is_not_in_the_channel_brings_nothing_and_is_told_nothing(proposed) -> None:
    """Who was asked and has not accepted, or has declined, is no member, whatever it can sign."""
    nodes, channel = proposed
    start(*nodes.values())
    until(lambda: "error" not in nodes["bb"].does("accept", channel=channel))
    until(lambda: nodes["cc"].sizes().get(f"bb.comity/{channel}", (0, 0))[0] == 1)
    until(lambda: "error" not in nodes["aa"].does("ask", channel=channel, ref="aa-2026-0001", of="bb"))
    until(lambda: holds(nodes["bb"], channel)[0]["aa"] == 2)

    def is_turned_away() -> bool:
        refused = [
            nodes["cc"].does("brings", channel=channel, author=author, to=to)
            for author, to in (("bb", "aa"), ("aa", "bb"))
        ]
        told = nodes["cc"].does("view", channel=channel)["sizes"]["aa"] - 1
        return ([{"refused": "not-for-us"}] * 2, 0) == (refused, told)

    assert is_turned_away()
    assert "not-for-us" in {code for _, code in nodes["aa"].does("refusals", channel=channel)["refused"]}
    assert "error" not in nodes["cc"].does("decline", channel=channel)
    until(lambda: holds(nodes["aa"], channel)[0]["cc"] == 1)
    assert is_turned_away()
