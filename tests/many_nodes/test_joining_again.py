"""Coming in later where much has happened before: keys changed, content erased, others asked or gone."""

from __future__ import annotations

import pytest

from comity.channel.verification import verify_export
from comity_cli.directory import Directory
from tests.many_nodes.conftest import PARTIES, settled, until
from tests.many_nodes.test_joining import agreed, is_in, working  # noqa: F401 - a fixture
from tests.many_nodes.test_rotation import retires
from tests.two_nodes.desk import Desk
from tests.two_nodes.nodes import start
from tests.two_nodes.test_recovering import backup  # noqa: F401 - a fixture

pytestmark = [pytest.mark.two_nodes, pytest.mark.lengthy]


def places(node, channel: str) -> dict[str, str]:
    """The place of each party, as one node sees it."""
    return {one["party"]: one["place"] for one in node.does("view", channel=channel)["parties"]}


def test_keys_that_were_changed_before_it_came_in_are_followed_from_the_first(fourth, tmp_path) -> None:
    """It cannot open what announced them: the passports come along, of identities that it compared."""
    nodes, channel = fourth
    desk = Desk(nodes["aa"], tmp_path)
    assert {} == desk.run("passport", "rotate", by="adam")["left"]
    three = {party: nodes[party] for party in PARTIES}
    settled(three, channel)
    retires(desk)
    assert "error" not in nodes["aa"].does("ask", channel=channel, ref="aa-2026-0001", of="bb")
    settled(three, channel)

    is_in(nodes, channel)
    settled(nodes, channel)
    assert "error" not in nodes["aa"].does("ask", channel=channel, ref="aa-2026-0002", of="dd")
    seen = settled(nodes, channel)

    assert f"aa.comity/{channel}#{seen['aa']['sizes']['aa'] - 1}" in seen["dd"]["readable"]
    out = tmp_path / "export"
    assert 0 == nodes["dd"].does("command", words=["export", channel, str(out)], by="")["code"]
    report = verify_export(Directory(out))
    assert any("aa retired its old keys" in said.words() for said in report.proven)


def test_one_declines_it_is_invited_again_withdrawn_and_comes_in_at_last(working) -> None:  # noqa: F811 - as above
    """Each time by a new agreement of all; what crosses is read alike by all."""
    nodes, channel = working
    ref = agreed(nodes, channel)
    until(lambda: "error" not in nodes["bb"].does("invite", channel=channel, ref=ref))
    until(lambda: "error" not in nodes["dd"].does("decline", channel=channel))
    until(lambda: places(nodes["cc"], channel).get("dd") == "gone")
    assert "error" in nodes["bb"].does("invite", channel=channel, ref=ref)

    again = agreed(nodes, channel, by="cc")
    until(lambda: "error" not in nodes["cc"].does("invite", channel=channel, ref=again))
    until(lambda: places(nodes["dd"], channel).get("dd") == "asked")
    assert "error" not in nodes["cc"].does("withdraw", channel=channel)
    until(lambda: places(nodes["aa"], channel).get("dd") == "gone")
    assert {"aa": "member", "bb": "member", "cc": "member", "dd": "gone"} == places(nodes["cc"], channel)

    is_in(nodes, channel, by="aa")
    seen = settled(nodes, channel)
    assert {"member"} == {one["place"] for one in seen["dd"]["parties"]}
    assert seen["aa"]["order"] == seen["dd"]["order"]


def test_who_left_comes_back_and_reads_on(fourth) -> None:
    """What was done while it was out it sees then, and cannot read."""
    nodes, channel = fourth
    three = {party: nodes[party] for party in PARTIES}
    assert "error" not in nodes["cc"].does("leave", channel=channel)
    until(lambda: places(nodes["bb"], channel)["cc"] == "gone")
    until(lambda: places(nodes["aa"], channel)["cc"] == "gone")
    assert "error" not in nodes["aa"].does("ask", channel=channel, ref="aa-2026-0001", of="bb")
    begun = nodes["aa"].does("accede", channel=channel, party="cc")
    assert "error" not in begun, begun
    until(lambda: "error" not in nodes["bb"].does("agree", channel=channel, ref=begun["ref"]))
    until(lambda: "error" not in nodes["aa"].does("invite", channel=channel, ref=begun["ref"]))
    until(lambda: "error" not in nodes["cc"].does("accept", channel=channel))
    settled(three, channel)
    assert "error" not in nodes["aa"].does("ask", channel=channel, ref="aa-2026-0009", of="cc")

    seen = settled(three, channel)

    assert seen["aa"]["order"] == seen["cc"]["order"]
    assert {f"aa.comity/{channel}#1", f"aa.comity/{channel}#2"}.isdisjoint(seen["cc"]["readable"])
    assert f"aa.comity/{channel}#{seen['aa']['sizes']['aa'] - 1}" in seen["cc"]["readable"]
    assert {"member"} == {one["place"] for one in seen["cc"]["parties"]}


def test_a_newcomer_that_lost_its_disk_takes_all_back_and_gives_others_theirs(
    working,  # noqa: F811 - as above
    backup,  # noqa: F811 - as above
) -> None:
    """It holds every log from the beginning, as all do, and is asked as all are."""
    nodes, channel = working
    is_in(nodes, channel)
    settled(nodes, channel)
    put_back = backup(nodes["dd"])
    assert "error" not in nodes["dd"].does("ask", channel=channel, ref="dd-2026-0001", of="aa")
    assert "error" not in nodes["aa"].does("ask", channel=channel, ref="aa-2026-0002", of="dd")
    before = settled(nodes, channel)["aa"]
    nodes["dd"].kill()
    put_back()
    start(nodes["dd"])
    until(lambda: nodes["dd"].does("view", channel=channel)["sizes"] == before["sizes"])
    until(lambda: "error" not in nodes["dd"].does("ask", channel=channel, ref="dd-2026-0009", of="aa"))

    seen = settled(nodes, channel)
    assert not any(one["misconduct"] for one in seen.values())
    assert before["order"] == seen["dd"]["order"][: len(before["order"])]
