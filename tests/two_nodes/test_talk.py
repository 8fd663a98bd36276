"""A talk on two real nodes: said on one, received, opened and answered on the other, in one order on both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.two_nodes.desk import Desk
from tests.two_nodes.nodes import carry, settle, start

if TYPE_CHECKING:
    from collections.abc import Sequence

pytestmark = pytest.mark.two_nodes
LEAVING = ("topics=talk", "legal_basis=none", "pending=stand_as_they_are", "material=kept_under_its_limits")


def read(desk: Desk, ref: str, *more: str) -> list[dict[str, Any]]:
    """What a desk reads of a talk."""
    return list(desk.run("talk", "read", desk.channel, "--ref", ref, *more)["lines"])


def says(desk: Desk, ref: str, text: str, *more: str) -> str:
    """Say something; its entry."""
    return str(desk.run("talk", "say", desk.channel, "--ref", ref, "--text", text, *more)["entry"])


def opens(desk: Desk, about: str) -> str:
    """Open a talk; its reference."""
    words = ("--title", f"About {about}", "--about", about, "--yes")
    return str(desk.run("talk", "open", desk.channel, *words)["ref"])


def texts(lines: Sequence[dict[str, Any]]) -> list[tuple[str, str]]:
    """The words of a talk, in the order a desk reads them."""
    return [(one["entry"], one["text"]) for one in lines]


@pytest.mark.lengthy
def test_two_desks_talk_and_both_records_say_the_same(nodes, tmp_path) -> None:
    """Sent, received, opened; minutes agreed; lodged in a suspension, while a talk on resumption goes on."""
    start(*nodes)
    anna, boris = (Desk(node, tmp_path) for node in nodes)
    settle(*nodes)
    ref = opens(anna, "hotline")
    first = says(anna, ref, "Are you there?", "--language", "en")
    settle(*nodes)
    received = read(anna, ref)[-1]["marks"]
    read(boris, ref, "--mark")
    says(boris, ref, "Да", "--language", "ru", "--translation", "Yes", "--translation-language", "en")
    settle(*nodes)
    opened = next(one for one in read(anna, ref) if one["entry"] == first)["marks"]

    proposal = anna.run("talk", "minutes", anna.channel, "--ref", ref, "--propose", "--yes")["entry"]
    settle(*nodes)
    boris.run("talk", "minutes", boris.channel, "--ref", ref, "--agree", proposal, "--yes")
    settle(*nodes)
    minutes = [desk.run("talk", "minutes", desk.channel, "--ref", ref)["minutes"] for desk in (anna, boris)]

    head = ("request", "draft", boris.channel, "--procedure", "suspension", "--title", "Suspension")
    leaving = [word for code in LEAVING for word in ("--state", code)]
    left = str(boris.run(*head, *leaving)["ref"])
    boris.signs_with_second("request", "submit", left)
    settle(*nodes)
    says(anna, ref, "Lodged")
    resumption = opens(anna, "resumption")
    settle(*nodes)
    says(boris, resumption, "We may come back")
    settle(*nodes)
    both = [(read(desk, ref), read(desk, resumption)) for desk in (anna, boris)]
    equal = [desk.run("rebuild", by="")["equal"] for desk in (anna, boris)]
    exported = tmp_path / "export"
    anna.run("export", anna.channel, exported, by="")
    verified = anna.run("verify", exported, by="")

    assert ["bb", None] == [received[0]["party"], received[0]["opened_at"]]
    assert received[0]["received_at"]
    assert opened[0]["opened_at"]
    assert minutes[0] == minutes[1]
    assert ["minutes_agreed by bb"] == minutes[0][0]["answers"]
    assert "Are you there?" in minutes[0][0]["text"]
    assert texts(both[0][0]) == texts(both[1][0])
    assert [True, True] == [talk[-1]["lodged"] for talk, _ in both]
    assert [False, False] == [talk[-1]["lodged"] for _, talk in both]
    assert [True, True] == equal
    stand = {one["ref"]: (one["standing"], one["irregular"], one["lodged"]) for one in verified["standings"]}
    assert ("Talk open", 0, 1) == stand[ref]
    assert ("Talk open", 0, 0) == stand[resumption]


def test_messages_that_cross_stand_in_one_order_on_both(nodes, tmp_path) -> None:
    """Written on both sides while the line was down; whoever reads finds the same order, and nothing lost."""
    anna, boris = (Desk(node, tmp_path) for node in nodes)
    ref = opens(anna, "alert")
    carry(*nodes)
    carry(*reversed(nodes))
    for number in range(3):
        says(anna, ref, f"ours {number}")
        says(boris, ref, f"theirs {number}")
    carry(*nodes)
    carry(*reversed(nodes))
    read(boris, ref, "--mark")
    carry(*reversed(nodes))

    ours, theirs = (read(desk, ref) for desk in (anna, boris))

    assert all(one["marks"][0]["opened_at"] for one in ours if one["text"].startswith("ours"))
    assert not any(one["marks"][0]["opened_at"] for one in ours if one["party"] == "bb")
    assert texts(ours) == texts(theirs)
    assert 7 == len(ours)
    assert ["ours 0", "ours 1", "ours 2"] == [one["text"] for one in ours if one["party"] == "aa"][1:]


def test_a_file_said_on_one_node_is_opened_from_the_talk_on_the_other(nodes, tmp_path) -> None:
    """One signature here; there the message shows name and size, and what is opened is what was given."""
    start(*nodes)
    anna, boris = (Desk(node, tmp_path) for node in nodes)
    settle(*nodes)
    ref = opens(anna, "hotline")
    file = tmp_path / "addresses.txt"
    file.write_bytes(b"203.0.113.9\n" * 10_000)
    words = ("--attach", file, "--description", "Addresses seen", "--tlp", "AMBER", "--yes")
    said = anna.run("talk", "say", anna.channel, "--ref", ref, "--text", "These are they", *words)
    settle(*nodes)
    arrived = boris.exhibit(said["exhibit"], "received")
    read_there = read(boris, ref)[-1]
    opened = tmp_path / "opened"
    boris.run("evidence", "open", boris.channel, said["exhibit"], opened, "--purpose", "Comparison", "--yes")

    assert ("addresses.txt", file.stat().st_size) == (arrived["name"], arrived["size"])
    assert said["entry"] == read_there["entry"]
    (shown,) = read_there["files"]
    assert (said["exhibit"], "addresses.txt", file.stat().st_size) == (
        shown["ref"],
        shown["name"],
        shown["size"],
    )
    assert "Received" in shown["standing"]
    assert file.read_bytes() == opened.read_bytes()
