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


def test_an_exhibit_reaches_a_third_through_whoever_received_it(carried) -> None:
    """A member that only a walk through another's building reaches is owed the same evidence."""
    nodes, channel, carry = carried
    accepted(nodes, channel, carry)
    assert "error" not in nodes["aa"].does("add_exhibit", channel=channel, content="an image of a disk")
    (ref,) = nodes["aa"].does("exhibits", channel=channel)

    first, _back = carry("aa", "bb")
    second, _back = carry("bb", "cc")
    again, _back = carry("bb", "cc")
    carry("bb", "aa")

    assert ["new", "new"] == [said["exhibits"][0]["state"] for said in (first, second)]
    assert [] == again["exhibits"]
    for node in nodes.values():
        seen = node.does("exhibits", channel=channel)[ref]
        assert {"bb": "received", "cc": "received"} == seen["held"]
        assert (True, []) == (seen["is_here"], seen["irregular"])
        assert [] == node.does("examine")["findings"]
    opened = nodes["cc"].does("content", channel=channel, ref=ref)
    assert "an image of a disk" == opened["content"]


def test_one_stick_has_an_exhibit_once_for_all_who_lack_it(carried, tmp_path) -> None:
    """Fifty members must not need fifty copies; whose turn is later takes the same file."""
    nodes, channel, carry = carried
    accepted(nodes, channel, carry)
    nodes["aa"].does("add_exhibit", channel=channel, content="an image of a disk")
    stick = str(tmp_path / "round")

    def bundle(party, *words):
        done = nodes[party].does("command", words=["bundle", *words, stick], by="")
        assert 0 == done["code"], done
        return json.loads(done["stdout"])

    (row,) = bundle("aa", "export", "--all")["exhibits"]
    arrived = [bundle(party, "import")["exhibits"][0]["state"] for party in ("bb", "cc")]
    bundle("aa", "import")

    assert (["bb", "cc"], ["new", "new"]) == (sorted(row["to"]), arrived)
    held = [set(one["held"].values()) for one in nodes["aa"].does("exhibits", channel=channel).values()]
    assert [{"received"}] == held
