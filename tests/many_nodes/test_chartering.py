"""The charter of three: amended and closed by all, left by one with notice, and succeeded."""

from __future__ import annotations

import pytest

from comity.channel.verification import verify_export
from comity_cli.directory import Directory
from tests.many_nodes.conftest import settled, until
from tests.two_nodes.desk import Desk

pytestmark = [pytest.mark.two_nodes, pytest.mark.lengthy]
REST = (
    "--exhibits", "kept_under_limits", "--lists", "destroyed_with_certificate", "--materials", "returned",
    "--by-day", "2027-06-30", "--obligations", "stay_owed",
)  # fmt: skip


@pytest.fixture
def desks(opened, tmp_path):
    """Each of the three at its terminal, and all in the channel."""
    nodes, channel = opened
    found = {party: Desk(node, tmp_path) for party, node in nodes.items()}
    assert {channel} == {desk.channel for desk in found.values()}
    return nodes, channel, found


def shown(desks, name: str) -> list:
    """What each shows of the channel."""
    return [desk.run("channel", "show", desk.channel, by="")[name] for desk in desks.values()]


def known_to(desk: Desk) -> set[str]:
    """The channels one of them knows of."""
    return {one["channel"] for one in desk.run("channel", "list", by="")["channels"]}


def begins(desk: Desk, *words: object) -> str:
    """Begin a procedure of the charter, seconded; its reference."""
    begun = desk.run("channel", *words, "--yes")
    desk.run("approve", "sign", begun["approval"], "--yes", by="dora")
    return str(begun["ref"])


def test_all_amend_the_charter_and_one_that_declines_ends_it(desks, tmp_path) -> None:
    """Until the last accepts nothing changes, at any of the three; and a stranger reads the same."""
    nodes, channel, desk = desks
    ref = begins(desk["bb"], "amend", channel, "--take-away", "us-ru-1999", "--purpose", "Joint work")
    settled(nodes, channel)
    desk["aa"].acts_with_second(ref, "accepted")
    settled(nodes, channel)
    assert ["Ransomware"] * 3 == shown(desk, "purpose")
    desk["cc"].acts_with_second(ref, "accepted")
    settled(nodes, channel)
    assert ["Joint work"] * 3 == shown(desk, "purpose")
    assert [["charter", "ets-185"]] * 3 == shown(desk, "instruments")

    other = begins(desk["aa"], "amend", channel, "--purpose", "Something else")
    settled(nodes, channel)
    desk["bb"].acts_with_second(other, "accepted")
    settled(nodes, channel)  # whoever signs signs after what it has read, and reads anew where that has moved
    desk["cc"].acts_with_second(other, "declined")
    settled(nodes, channel)
    assert ["Joint work"] * 3 == shown(desk, "purpose")

    place = tmp_path / "export"
    desk["cc"].run("export", channel, place, by="")
    verify_export(Directory(place))
    found = {one["ref"]: one["standing"] for one in desk["cc"].run("verify", place, by="")["standings"]}
    assert ("Charter amended", "Amendment declined") == (found[ref], found[other])


def test_one_gives_notice_and_the_others_go_on(desks) -> None:
    """From its own day on the channel ends for the one that leaves, and for nobody else."""
    nodes, channel, desk = desks
    ref = begins(desk["cc"], "denounce", channel)
    settled(nodes, channel)

    ends = dict(zip(desk, shown(desk, "ends_on"), strict=True))
    assert ends["cc"] is not None
    assert (None, None) == (ends["aa"], ends["bb"])
    assert [{ref}] * 3 == [{one["ref"] for one in said} for said in shown(desk, "notices")]
    nodes["aa"].does("ask", channel=channel, ref="aa-2026-0001", of="bb")
    settled(nodes, channel)
    desk["cc"].acts_with_second(ref, "taken_back")
    settled(nodes, channel)
    assert [[]] * 3 == shown(desk, "notices")


def test_all_close_it_and_open_a_successor(desks) -> None:
    """While one has not signed everything goes on; then nothing new is begun, and each owes its part."""
    nodes, channel, desk = desks
    ref = begins(desk["aa"], "close", channel, *REST)
    settled(nodes, channel)
    desk["bb"].acts_with_second(ref, "accepted")
    settled(nodes, channel)
    words = ("carried_out", "--state", "what=lists", "--field", "text=shredded", "--yes")
    early = desk["bb"].run("request", "act", channel, ref, *words, code=3)
    desk["cc"].acts_with_second(ref, "accepted")
    settled(nodes, channel)

    assert "error" in early
    assert ["Closed"] * 3 == shown(desk, "standing")
    assert "channel-ended" == desk["bb"].run("request", "draft", channel, "--title", "Late", code=3)["code"]
    owed = [desk[party].run("channel", "obligations", channel)["obligations"] for party in desk]
    assert owed[0] == owed[1] == owed[2]
    assert {"aa", "bb", "cc"} == {one["party"] for one in owed[0] if one["sort"] == "disposition"}
    assert len({(one["party"], one["what"]) for one in owed[0]}) == len(owed[0])

    asked = ("--instrument", "ets-185", "--purpose", "Again", "--exercise", "--succeeds", channel)
    after = desk["aa"].run("channel", "propose", "bb", "cc", *asked, "--yes")
    desk["aa"].run("approve", "sign", after["approval"], "--yes", by="dora")
    for party in ("bb", "cc"):
        until(lambda party=party: after["channel"] in known_to(desk[party]))
    desk["bb"].signs_with_second("channel", "accept", after["channel"])
    until(lambda: 1 == nodes["cc"].does("view", channel=after["channel"])["sizes"]["bb"])
    desk["cc"].signs_with_second("channel", "accept", after["channel"])
    settled(nodes, after["channel"])
    assert [after["channel"]] * 3 == shown(desk, "succeeded_by")
