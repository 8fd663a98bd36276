"""An alert crosses as a request does: received by a node, opened by a desk, acknowledged by an official."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.mail_server import mail_server
from tests.two_nodes.desk import Desk
from tests.two_nodes.nodes import carry, settle, start

pytestmark = pytest.mark.two_nodes

THOUSAND = 1_000
MOST_OF_ONE_PARTY = 2 * 60  # twice what [duty] hourly says, of what is grave


def test_the_worst_is_acknowledged_within_a_quarter_of_an_hour_of_its_receipt(nodes, tmp_path) -> None:
    """Both desks see the same clock, and what stopped it."""
    start(*nodes)
    anna, boris = desks = Desk(nodes[0], tmp_path), Desk(nodes[1], tmp_path)
    settle(*nodes)
    raised = anna.run(
        "alert", "raise", anna.channel, "--severity", 5, "--title", "Ransomware on a grid operator",
        "--what", "Encryption since 02:50 UTC", "--sector", "energy", "--yes",
    )  # fmt: skip
    ref = str(raised["alerts"][0]["ref"])
    settle(*nodes)

    waiting = [desk.run("request", "show", desk.channel, ref) for desk in desks]
    boris.acts(ref, "opened")
    boris.signs("alert", "acknowledge", boris.channel, ref, "--severity-here", 4)
    settle(*nodes)
    has = [desk.run("alert", "show", desk.channel, ref)["has_it"] for desk in desks]
    answered = [desk.run("request", "show", desk.channel, ref) for desk in desks]

    assert ["raised", "raised"] == [one["state"] for one in waiting]
    for one in waiting:
        receipted = datetime.fromisoformat(one["entries"][0]["receipted_at"])
        assert timedelta(minutes=15) == datetime.fromisoformat(one["due_at"]) - receipted
    assert ["acknowledged", "acknowledged"] == [one["state"] for one in answered]
    assert [None, None] == [one["due_at"] for one in answered]
    assert has[0] == has[1]
    assert ("bb", "4") == (has[0][0]["party"], has[0][0]["severity_here"])
    assert has[0][0]["received"] <= has[0][0]["opened"] <= has[0][0]["acknowledged"]


def test_what_an_alert_leads_to_is_found_from_it_on_both_sides(nodes, tmp_path) -> None:
    """Drafted from the alert in one act, signed in one more; each node links both by the entry alone."""
    anna, boris = desks = Desk(nodes[0], tmp_path), Desk(nodes[1], tmp_path)
    raised = anna.run(
        "alert", "raise", anna.channel, "--severity", 3, "--title", "Scans", "--what", "Since noon", "--yes"
    )
    (alert,) = raised["alerts"]
    carry(*nodes)
    begun = boris.run("alert", "lead-to", boris.channel, alert["ref"], "question")
    drafted = boris.run("alert", "show", boris.channel, alert["ref"])["led_to"]
    boris.signs("request", "submit", begun["ref"])
    carry(*reversed(nodes))
    anna.signs("alert", "update", anna.channel, alert["ref"], "--text", "From two networks")
    anna.signs("alert", "stand-down", anna.channel, alert["ref"], "--outcome", "over")
    carry(*nodes)

    ours, theirs = (desk.run("alert", "show", desk.channel, alert["ref"]) for desk in desks)

    assert begun["arose_from"] == alert["entry"]
    assert [(begun["ref"], "")] == [(one["ref"], one["standing"]) for one in drafted]
    assert [begun["ref"]] == [one["ref"] for one in ours["led_to"]]
    assert ours["led_to"] == theirs["led_to"]
    assert ["stood_down", "stood_down"] == [ours["state"], theirs["state"]]
    assert [True, True] == [desk.run("rebuild", by="")["equal"] for desk in desks]


HOSTILE = (
    "<script>alert(1)</script>",
    "\u202egpj.exe",
    "=cmd|'/c calc'!A1",
    "{{ 7 }}{% now %}",
    "Party of g\u043e\u043egle.com",
    "A" * 300,
    "\u0000\ud7ff\ufffd",
)


@pytest.mark.lengthy
def test_a_thousand_hostile_alerts_at_once_are_received_and_drown_nobody(nodes, tmp_path) -> None:
    """Each is receipted, since silence would be worse; a mailbox gets as many as its limit says, by name."""
    with mail_server() as post:
        with (nodes[1].home / "node.toml").open("a") as file:
            file.write(
                f'\n[mail]\nhost = "127.0.0.1"\nport = {post.port}\nsecurity = "none"\n'
                'sender = "comity@bb.test"\n'
            )
        nodes[1].does("call_by_mail", addresses={"anna": "anna@bb.test"})
        start(*nodes)
        settle(*nodes)
        titles = [HOSTILE[number % len(HOSTILE)] for number in range(THOUSAND)]

        assert THOUSAND == nodes[0].does("warn", titles=titles)["raised"]
        settle(*nodes, seconds=120)

        sizes = [node.sizes() for node in nodes]
        assert sizes[0] == sizes[1]
        desk = nodes[1].does("desk")
        assert 200 == desk["status"]
        assert "<script>alert(1)" not in desk["says"]
        listed = Desk(nodes[1], tmp_path).run("alert", "list", by="anna")["alerts"]
        assert listed
        examined = nodes[1].does("examine")
        assert ([], True) == (examined["findings"], examined["rebuilt"])
        assert 0 < len(post.taken) <= MOST_OF_ONE_PARTY
