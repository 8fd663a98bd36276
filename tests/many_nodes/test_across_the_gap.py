"""Three nodes that no wire joins: sticks carry what each lacks, by whomever, so that it can be taken in."""

from __future__ import annotations

import json
from itertools import count

import pytest

pytestmark = pytest.mark.two_nodes


@pytest.fixture
def carried(proposed, tmp_path):
    """Carry a stick from one to another and back; what became of each file there, and here."""
    nodes, channel = proposed
    number = count()

    def command(party, *words):
        done = nodes[party].does("command", words=[str(one) for one in words], by="")
        return {**json.loads(done["stdout"]), "code": done["code"]}

    def carry(one, other):
        stick = tmp_path / f"stick-{next(number)}"
        command(one, "bundle", "export", "--all", stick, "--to", other)
        previewed = command(other, "bundle", "preview", stick)
        taken = command(other, "bundle", "import", stick)
        assert states(previewed) == states(taken)
        return taken, command(one, "bundle", "import", stick)

    return nodes, channel, carry


def states(said) -> list[tuple[str, str]]:
    """Whose each file is, and what became of it."""
    return [(one["sender"], one["state"]) for one in said["files"]]


def accepted(nodes, channel: str, carry) -> None:
    """All have come into the channel, each by sticks to and from the one that proposed it."""
    for party in ("bb", "cc"):
        carry("aa", party)
        assert "error" not in nodes[party].does("accept", channel=channel)
        carry(party, "aa")
    carry("aa", "bb")


def test_what_two_wrote_in_turns_reaches_the_third_through_either(carried) -> None:
    """Neither log can be taken whole before the other: each goes in parts, and all of it in one carrying."""
    nodes, channel, carry = carried
    accepted(nodes, channel, carry)
    for number in range(1, 4):
        assert "error" not in nodes["aa"].does("ask", channel=channel, ref=f"aa-2026-000{number}", of="bb")
        carry("aa", "bb")
        assert "error" not in nodes["bb"].does("ask", channel=channel, ref=f"bb-2026-000{number}", of="aa")
        carry("bb", "aa")

    taken, _back = carry("aa", "cc")

    assert {"new", "held"} >= {state for _, state in states(taken)}
    assert {"aa", "bb"} == {sender for sender, _ in states(taken)}
    seen = {party: nodes[party].does("view", channel=channel) for party in ("aa", "cc")}
    assert seen["aa"]["order"] == seen["cc"]["order"]
    assert "cc" in seen["aa"]["holds"]["aa"]
    again, _back = carry("aa", "cc")
    assert {"new"}.isdisjoint(state for _, state in states(again))


def test_who_holds_what_comes_back_with_the_stick(carried) -> None:
    """The author of a log learns from whoever carries that a third has signed for it."""
    nodes, channel, carry = carried
    accepted(nodes, channel, carry)
    assert "error" not in nodes["bb"].does("ask", channel=channel, ref="bb-2026-0001", of="cc")
    carry("bb", "aa")
    carry("aa", "cc")
    carry("aa", "bb")

    view = nodes["bb"].does("view", channel=channel)

    assert view["sizes"]["bb"] == view["holds"]["bb"]["cc"]
    for node in nodes.values():
        examined = node.does("examine")
        assert ([], True) == (examined["findings"], examined["rebuilt"])


def test_the_files_of_a_stick_are_taken_whatever_their_names(carried, tmp_path) -> None:
    """Copied from stick to stick they have other names; what goes before what stands in them."""
    nodes, channel, carry = carried
    accepted(nodes, channel, carry)
    for number in range(1, 4):
        for one, other in (("aa", "bb"), ("bb", "aa")):
            nodes[one].does("ask", channel=channel, ref=f"{one}-2026-000{number}", of=other)
            carry(one, other)
    stick = tmp_path / "renamed"
    nodes["bb"].does("command", words=["bundle", "export", "--all", str(stick), "--to", "cc"], by="")
    for number, path in enumerate(sorted(stick.iterdir(), reverse=True)):
        path.rename(stick / f"{number:02}")

    done = nodes["cc"].does("command", words=["bundle", "import", str(stick)], by="")

    assert 0 == done["code"], done
    seen = [nodes[party].does("view", channel=channel)["order"] for party in ("bb", "cc")]
    assert seen[0] == seen[1]
