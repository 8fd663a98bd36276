"""Three parties, three processes, one channel: each accepts for itself, and all hold what all signed for."""

from __future__ import annotations

import pytest

from tests.many_nodes.conftest import apart, settled, until
from tests.two_nodes.nodes import start

pytestmark = [pytest.mark.two_nodes]


def test_each_accepts_for_itself_and_everybody_sees_who_holds_what(opened) -> None:
    """Who has it and who has not is known to all, and all read one order."""
    nodes, channel = opened
    assert "error" not in nodes["bb"].does("ask", channel=channel, ref="bb-2026-0001", of="cc")
    assert "error" not in nodes["aa"].does("ask", channel=channel, ref="aa-2026-0001", of="bb")

    seen = settled(nodes, channel)

    assert all({one["place"] for one in view["parties"]} == {"member"} for view in seen.values())
    for name in ("order", "receipted", "standings"):
        assert seen["aa"][name] == seen["bb"][name] == seen["cc"][name]
    assert all(len(view["readable"]) == len(view["order"]) for view in seen.values())


def test_who_has_not_answered_is_shown_the_channel_and_nothing_done_in_it(proposed) -> None:
    """A party that declines has learnt that it was asked, and no more; the others go on without it."""
    nodes, channel = proposed
    start(*nodes.values())
    until(lambda: "error" not in nodes["bb"].does("accept", channel=channel))
    until(lambda: "error" not in nodes["aa"].does("ask", channel=channel, ref="aa-2026-0001", of="bb"))
    until(lambda: nodes["bb"].does("view", channel=channel)["sizes"]["aa"] == 2)

    assert nodes["aa"].does("ask", channel=channel, ref="aa-2026-0002", of="cc")["error"] == "wrong-address"
    until(lambda: nodes["cc"].does("view", channel=channel)["sizes"]["bb"] == 1)
    asked = nodes["cc"].does("view", channel=channel)
    assert (1, 1) == (asked["sizes"]["aa"], asked["sizes"]["bb"])
    assert "error" not in nodes["cc"].does("decline", channel=channel)
    until(lambda: nodes["aa"].does("view", channel=channel)["sizes"]["cc"] == 1)

    places = {one["party"]: one["place"] for one in nodes["aa"].does("view", channel=channel)["parties"]}
    assert {"aa": "member", "bb": "member", "cc": "gone"} == places
    assert 1 == nodes["cc"].does("view", channel=channel)["sizes"]["aa"]


def test_what_was_done_before_a_party_came_in_it_sees_and_cannot_read(proposed) -> None:
    """Content is sealed to whoever was in when it was written; that there was something stands for all."""
    nodes, channel = proposed
    start(*nodes.values())
    until(lambda: "error" not in nodes["bb"].does("accept", channel=channel))
    until(lambda: "error" not in nodes["aa"].does("ask", channel=channel, ref="aa-2026-0001", of="bb"))
    until(lambda: "error" not in nodes["cc"].does("accept", channel=channel))
    settled(nodes, channel)
    nodes["aa"].does("ask", channel=channel, ref="aa-2026-0002", of="bb")

    late = settled(nodes, channel)["cc"]

    sealed = [ref for ref, _ in late["order"] if ref not in late["readable"]]
    assert [f"aa.comity/{channel}#1"] == sealed
    assert len(late["standings"]) == 2


def test_one_leaves_and_the_others_go_on(opened) -> None:
    """Nothing new is sealed to who left, or sent to it; what was stands."""
    nodes, channel = opened
    assert "error" not in nodes["cc"].does("leave", channel=channel)
    until(lambda: nodes["aa"].does("view", channel=channel)["parties"][2]["place"] == "gone")
    until(lambda: nodes["bb"].does("view", channel=channel)["parties"][2]["place"] == "gone")
    before = nodes["cc"].does("view", channel=channel)["sizes"]["aa"]
    assert "error" not in nodes["aa"].does("ask", channel=channel, ref="aa-2026-0003", of="bb")
    until(lambda: nodes["bb"].does("view", channel=channel)["standings"])

    assert before == nodes["cc"].does("view", channel=channel)["sizes"]["aa"]
    assert nodes["bb"].does("ask", channel=channel, ref="bb-2026-0003", of="cc")["error"] == "wrong-address"
    assert (
        nodes["cc"].does("ask", channel=channel, ref="cc-2026-0003", of="aa")["error"] == "channel-not-open"
    )


def test_who_is_cut_off_from_the_author_is_brought_its_entries_by_another(opened) -> None:
    """No signature is weakened by it: the author's is under the entries, the reader's under the receipt."""
    nodes, channel = opened
    apart(nodes, "bb", "cc")
    assert "error" not in nodes["bb"].does("ask", channel=channel, ref="bb-2026-0001", of="cc")

    seen = settled(nodes, channel)

    (lodged,) = [ref for ref, _ in seen["cc"]["order"] if ref.startswith("bb") and ref.endswith("#1")]
    until(lambda: nodes["bb"].does("view", channel=channel)["receipted"][lodged] != "None")
    signed = [nodes[party].does("view", channel=channel)["receipted"][lodged] for party in ("bb", "cc")]
    assert signed[0] == signed[1] != "None"
    assert lodged in seen["cc"]["readable"]


def test_whoever_has_seen_what_another_lacks_shows_it_first(opened) -> None:
    """An answer that rests on a third party's entry is taken in once that entry is."""
    nodes, channel = opened
    apart(nodes, "bb", "cc")
    nodes["bb"].does("ask", channel=channel, ref="bb-2026-0001", of="aa")
    until(lambda: nodes["aa"].does("view", channel=channel)["sizes"]["bb"] == 2)
    nodes["aa"].does("ask", channel=channel, ref="aa-2026-0001", of="cc")

    until(lambda: nodes["cc"].does("view", channel=channel)["sizes"]["aa"] == 2, seconds=10)

    assert 2 == nodes["cc"].does("view", channel=channel)["sizes"]["bb"]


def test_who_was_away_while_others_wrote_in_turns_catches_up(opened) -> None:
    """Neither log can be taken whole before the other: each is brought as far as the other allows."""
    nodes, channel = opened
    nodes["bb"].kill()
    for number in range(3):
        for one, other in (("aa", "cc"), ("cc", "aa")):
            nodes[one].does("ask", channel=channel, ref=f"{one}-2026-000{number}", of=other)
            size = nodes[one].does("view", channel=channel)["sizes"][one]
            until(lambda o=other, a=one, s=size: nodes[o].does("view", channel=channel)["sizes"][a] == s)

    start(nodes["bb"])

    seen = settled(nodes, channel)
    assert seen["aa"]["order"] == seen["bb"]["order"] == seen["cc"]["order"]
    assert all(len(view["readable"]) == len(view["order"]) for view in seen.values())


@pytest.mark.lengthy
def test_a_fork_shown_to_one_and_not_to_another_is_proven_once_they_compare_notes(opened) -> None:
    """Each holds the author's own signatures under both histories; nobody needs to believe anybody."""
    nodes, channel = opened
    nodes["cc"].kill()
    nodes["cc"].copy_to(nodes["cc"].home.with_name("cc.before"))
    apart(nodes, "cc", "bb")
    nodes["cc"].does("ask", channel=channel, ref="cc-2026-0001", of="aa")
    start(nodes["cc"])
    until(lambda: nodes["aa"].does("view", channel=channel)["sizes"]["cc"] == 2)
    nodes["cc"].kill()
    nodes["cc"].set_back(nodes["cc"].home.with_name("cc.before"))
    apart(nodes, "cc", "bb", off=False)
    nodes["cc"].does("cut", party="aa", off=True)
    nodes["aa"].does("cut", party="cc", off=True)
    nodes["cc"].does("ask", channel=channel, ref="cc-2026-0002", of="bb")
    start(nodes["cc"])

    until(lambda: all(nodes[party].does("view", channel=channel)["misconduct"] for party in ("aa", "bb")))

    for party in ("aa", "bb"):
        assert {"cc"} == set(nodes[party].does("view", channel=channel)["misconduct"])
        assert "error" not in nodes["aa"].does("ask", channel=channel, ref=f"aa-2026-00{party}", of="bb")
    until(lambda: len(nodes["bb"].does("view", channel=channel)["standings"]) >= 2)


def test_a_suspension_is_between_two_and_the_others_go_on(opened) -> None:
    """What one lodges under it waits; what it lodges with a third has effect."""
    nodes, channel = opened
    assert "error" not in nodes["aa"].does("suspend", channel=channel, ref="aa-2026-0009", of="bb")
    settled(nodes, channel)
    nodes["bb"].does("ask", channel=channel, ref="bb-2026-0001", of="aa")
    nodes["bb"].does("ask", channel=channel, ref="bb-2026-0002", of="cc")

    seen = settled(nodes, channel)

    states = [view["standings"] for view in seen.values()]
    assert states[0] == states[1] == states[2]
    assert "('bb-2026-0002', 'lodged')" in states[0]
    assert "('bb-2026-0001', 'lodged')" not in states[0]
    assert nodes["aa"].does("figures", channel=channel) == nodes["cc"].does("figures", channel=channel)


def test_two_of_three_have_a_sub_channel_that_the_third_does_not_learn_of(opened) -> None:
    """Two may have to speak alone, and the matter they speak of is still the one all three work on."""
    nodes, channel = opened

    part = nodes["aa"].does("propose", counterpart="bb", within=channel)["channel"]
    until(lambda: "error" not in nodes["bb"].does("accept", channel=part))
    until(lambda: [part] == nodes["aa"].does("beside", channel=channel)["parts"])

    assert {"whole": channel, "parts": []} == nodes["bb"].does("beside", channel=part)
    assert [part] == nodes["bb"].does("beside", channel=channel)["parts"]
    assert [] == nodes["cc"].does("beside", channel=channel)["parts"]
    assert "not-within" == nodes["aa"].does("propose", counterpart=["bb", "cc"], within=channel)["error"]
    assert "not-within" == nodes["aa"].does("propose", counterpart="cc", within=part)["error"]
