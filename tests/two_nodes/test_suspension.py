"""One side leaves and both come back, by command, on two real nodes: nothing is lost, nothing is gained."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from comity.reciprocity import Cut
from tests.two_nodes.desk import Desk
from tests.two_nodes.nodes import carry, settle, start

pytestmark = pytest.mark.two_nodes
LEAVING = [
    word
    for code in (
        "topics=assistance", "topics=evidence", "legal_basis=none", "pending=stand_as_they_are",
        "material=kept_under_its_limits",
    )
    for word in ("--state", code)
]  # fmt: skip


def test_a_channel_is_suspended_and_resumed_and_what_was_sent_meanwhile_takes_effect(nodes, tmp_path) -> None:
    """Each act is on record and receipted all the time; what it does waits for its author's word."""
    start(*nodes)
    anna, boris = (Desk(node, tmp_path) for node in nodes)
    settle(*nodes)
    promised = anna.drafts()
    anna.signs_with_second("request", "submit", promised)
    settle(*nodes)
    boris.acts(promised, "acknowledged")
    settle(*nodes)

    head = ("request", "draft", boris.channel, "--procedure", "suspension", "--title", "Suspension")
    left = str(boris.run(*head, *LEAVING)["ref"])
    boris.signs_with_second("request", "submit", left)
    settle(*nodes)
    during = [desk.run("request", "show", desk.channel, promised) for desk in (anna, boris)]
    owed = [desk.run("channel", "obligations", desk.channel)["obligations"] for desk in (anna, boris)]
    meanwhile = anna.drafts()
    lodged = anna.signs_with_second("request", "submit", meanwhile)
    settle(*nodes)
    anna.node.kill()
    anna.node.launch()
    waits = [desk.run("request", "show", desk.channel, meanwhile) for desk in (anna, boris)]

    text = ("--text", "1. What was promised. 2. Answers owed.")
    terms = ("--state", "terms=1 bb 2027-01-31", "--state", "terms=2 aa 2027-02-28")
    proposal = anna.acts_with_second(left, "terms_proposed", *terms, *text)
    settle(*nodes)
    boris.acts_with_second(left, "terms_accepted")
    settle(*nodes)
    between = anna.run("request", "show", anna.channel, meanwhile)
    anna.acts_with_second(left, "confirmed", "--state", f"entries={lodged}")
    for desk in (anna, boris):
        settle(*nodes)
        desk.acts(left, "term_performed", "--state", f"proposal={proposal}", "--state", "term=1")
    settle(*nodes)

    assert [True, True] == [one["suspended"] for one in during]
    assert [None, None] == [one["due_at"] for one in during]
    assert owed[0] == owed[1]
    assert [("bb", promised, True)] == [
        (one["party"], one["ref"], one["stands_still"]) for one in owed[0] if one["sort"] == "clock"
    ]
    assert [("", 1, 0)] * 2 == [(one["state"], one["lodged"], one["irregular"]) for one in waits]
    assert all(one["entries"][0]["receipted_at"] for one in waits)
    assert "" == between["state"]
    after = [desk.run("request", "show", desk.channel, meanwhile) for desk in (anna, boris)]
    assert [("lodged", 0, False)] * 2 == [(one["state"], one["lodged"], one["suspended"]) for one in after]
    assert after[0]["due_at"] == after[1]["due_at"] is not None
    resumed = [desk.run("request", "show", desk.channel, left) for desk in (anna, boris)]
    assert resumed[0]["terms"] == resumed[1]["terms"]
    assert ["performed", "open"] == [one["standing"] for one in resumed[0]["terms"]]
    still = [desk.run("channel", "obligations", desk.channel)["obligations"] for desk in (anna, boris)]
    assert still[0] == still[1]
    assert [("aa", "2", proposal)] == [
        (one["party"], one["what"], one["entry"]) for one in still[0] if one["sort"] == "term"
    ]
    assert [[], []] == [one["waiting"] for one in resumed]
    clocks = [desk.run("request", "show", desk.channel, promised)["due_at"] for desk in (anna, boris)]
    assert clocks[0] == clocks[1] is not None

    day = f"{datetime.now(UTC):%Y-%m-%d}"
    counted = [desk.run("reciprocity", desk.channel, "--as-of", day)["figures"] for desk in (anna, boris)]
    assert counted[0] == counted[1]
    (line,) = (one for one in counted[0]["lines"] if not any(one.get(cut) for cut in Cut._fields))
    assert {"lodged": 2, "receipted": 2, "lodged_in_suspension": 1, "acknowledged": 1, "unanswered": 2} == {
        name: made["count"] for name, made in line["figures"].items()
    }
    place = tmp_path / "export"
    anna.run("export", anna.channel, place, by="")
    found = anna.run("verify", place, "--figures", day, by="")
    assert counted[0] == found["figures"]
    stand = {one["ref"]: (one["standing"], one["irregular"], one["lodged"]) for one in found["standings"]}
    assert ("Acknowledged", 0, 0) == stand[promised]
    assert ("Lodged", 0, 0) == stand[meanwhile]
    assert ("Resumed on terms", 0, 0) == stand[left]


def test_a_channel_is_left_and_come_back_to_by_verbs_of_its_own(nodes, tmp_path) -> None:
    """Whoever leaves at night finds the word; the line to the other goes on, and both see that it does."""
    anna, boris = desks = Desk(nodes[0], tmp_path), Desk(nodes[1], tmp_path)
    boris.signs_with_second(
        "channel", "suspend", boris.channel, "--topic", "evidence", "--reason", "Elections"
    )
    carry(*reversed(nodes))
    during = [standing(desk) for desk in desks]
    terms = ("--term", "1 bb 2027-01-31", "--text", "1. The images promised.")
    anna.signs_with_second("channel", "resume", anna.channel, *terms)
    carry(*nodes)
    boris.signs_with_second("channel", "resume", boris.channel, "--accept")
    carry(*reversed(nodes))
    (line,) = anna.run("contact", "network")["parties"]

    assert ["Suspended", "Suspended"] == during
    assert ["Accepted", "Accepted"] == [standing(desk) for desk in desks]
    assert ("bb", [anna.channel]) == (line["party"], [one["channel"] for one in line["channels"]])
    assert line["receipt_at"] is not None
    assert {"ours": 0, "theirs": 0} == line["without_receipt"]


def standing(desk: Desk) -> str:
    """Where the channel stands by one side."""
    return str(desk.run("channel", "show", desk.channel, by="")["standing"])
