"""A channel is amended, left, stayed in, closed and succeeded, by command, on two real nodes."""

from __future__ import annotations

import pytest

from tests.two_nodes.desk import Desk
from tests.two_nodes.nodes import settle, start

pytestmark = pytest.mark.two_nodes
REST = (
    "--exhibits", "kept_under_limits", "--lists", "destroyed_with_certificate", "--materials", "returned",
    "--by-day", "2027-06-30",
)  # fmt: skip


def test_a_channel_is_amended_left_closed_and_succeeded_alike_on_both_sides(nodes, tmp_path) -> None:
    """Both nodes, and a stranger with the export, hold the same of what was begun when, and what is owed."""
    start(*nodes)
    anna, boris = (Desk(node, tmp_path) for node in nodes)
    channel = anna.channel
    settle(*nodes)
    before = anna.drafts()
    anna.signs_with_second("request", "submit", before)
    left = anna.drafts()  # written under a text that is about to go
    settle(*nodes)

    words = ("--take-away", "us-ru-1999", "--add", "untoc-2000", "--purpose", "Joint work")
    amendment = anna.run("channel", "amend", channel, *words, "--yes")
    anna.run("approve", "sign", amendment["approval"], "--yes", by="dora")
    settle(*nodes)
    boris.acts_with_second(amendment["ref"], "accepted")
    settle(*nodes)
    amended = [desk.run("channel", "show", channel, by="") for desk in (anna, boris)]
    refused = anna.run("request", "submit", left, "--yes", code=3)
    boris.acts(before, "acknowledged")
    settle(*nodes)

    early = boris.run("channel", "denounce", channel, "--on", "2026-12-31", "--yes", code=3)
    notice = boris.run("channel", "denounce", channel, "--yes")
    boris.run("approve", "sign", notice["approval"], "--yes", by="dora")
    settle(*nodes)
    denounced = [desk.run("channel", "show", channel, by="") for desk in (anna, boris)]
    boris.acts_with_second(notice["ref"], "taken_back")
    settle(*nodes)

    closing = anna.run("channel", "close", channel, *REST, "--obligations", "carried_over", "--yes")
    anna.run("approve", "sign", closing["approval"], "--yes", by="dora")
    settle(*nodes)
    boris.acts_with_second(closing["ref"], "accepted")
    settle(*nodes)
    anna.node.kill()
    anna.node.launch()
    closed = [desk.run("channel", "show", channel, by="") for desk in (anna, boris)]
    ended = boris.run("request", "draft", channel, "--title", "Late", code=3)
    owed = [desk.run("channel", "obligations", channel)["obligations"] for desk in (anna, boris)]

    asked = ("--instrument", "untoc-2000", "--purpose", "Again", "--exercise", "--succeeds", channel)
    proposed = anna.run("channel", "propose", boris.node.party, *asked, "--yes")
    anna.run("approve", "sign", proposed["approval"], "--yes", by="dora")
    settle(*nodes)
    boris.signs_with_second("channel", "accept", proposed["channel"])
    settle(*nodes)
    after = [desk.run("channel", "show", channel, by="") for desk in (anna, boris)]
    carried = [
        desk.run("channel", "obligations", proposed["channel"])["obligations"] for desk in (anna, boris)
    ]
    place = tmp_path / "export"
    boris.run("export", channel, place, by="")
    found = {one["ref"]: one["standing"] for one in boris.run("verify", place, by="")["standings"]}

    assert [{"charter", "ets-185", "untoc-2000"}] * 2 == [set(one["instruments"]) for one in amended]
    assert ["Joint work"] * 2 == [one["purpose"] for one in amended]
    assert f"since the amendment {amendment['ref']}" in refused["error"]
    assert "at the earliest: the channel rests on" in early["error"]
    assert denounced[0]["ends_on"] == denounced[1]["ends_on"] is not None
    assert [("Closed", None)] * 2 == [(one["standing"], one["ends_on"]) for one in closed]
    assert "channel-ended" == ended["code"]
    assert owed[0] == owed[1]
    assert {"disposition", "clock", "move"} >= {one["sort"] for one in owed[0]}
    assert {before} == {one["ref"] for one in owed[0] if one["disposed"] == "carried_over"}
    assert [proposed["channel"]] * 2 == [one["succeeded_by"] for one in after]
    assert carried[0] == carried[1]
    assert {(channel, before)} == {(one["channel"], one["ref"]) for one in carried[0]}
    assert ("Charter amended", "Notice taken back", "Channel closed", "Acknowledged") == tuple(
        found[ref] for ref in (amendment["ref"], notice["ref"], closing["ref"], before)
    )
