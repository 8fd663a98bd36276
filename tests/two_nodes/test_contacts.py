"""Where each side is reached crosses as all else does, and both sides measure the same when they check it."""

from __future__ import annotations

import time

import pytest

from tests.two_nodes.desk import Desk
from tests.two_nodes.nodes import settle, start

pytestmark = pytest.mark.two_nodes

DESK = (
    "--authority", "Cyber Centre of Arland", "--role", "Duty desk", "--language", "en",
    "--hours", "24/7", "--zone", "Europe/Zurich",
)  # fmt: skip


def asks_weekly(node):
    """Have a node ask its checks by itself."""
    settings = node.home / "node.toml"
    settings.write_text(f"check_days = 7\n{settings.read_text()}")


def wait_for(desk, **wanted):
    """Wait until the last check stands like this here."""
    until = time.monotonic() + 25
    while time.monotonic() < until:
        found = desk.run("contact", "checks", by="")["checks"]
        if found and all(found[0][name] == value for name, value in wanted.items()):
            return found[0]
        time.sleep(0.1)
    raise AssertionError(found)


def test_points_and_checks_are_the_same_on_both_sides(nodes, tmp_path) -> None:
    """Listed, turned to another number by two, checked by nodes and by people, missed and explained."""
    asks_weekly(nodes[0])
    start(*nodes)
    anna, boris = Desk(nodes[0], tmp_path), Desk(nodes[1], tmp_path)

    # The nodes check each other without anybody: both hold the same measure.
    by_node = [wait_for(desk, state="answered", sort="automatic", by_node=True) for desk in (anna, boris)]
    settle(*nodes)
    measured = [wait_for(desk, state="answered")["round_trip_seconds"] for desk in (anna, boris)]
    assert by_node[0]["entries"] == by_node[1]["entries"]
    assert measured[0] == measured[1] is not None

    (added,) = anna.run(
        "contact", "add", "--kind", "always_on", *DESK, "--telephone", "+41446681800", "--yes"
    )["recorded"]
    anna.run("approve", "sign", added["approval"], "--yes", by="dora")
    settle(*nodes)
    (before,) = boris.run("contact", "list", "--party", "aa", "--open", by="")["points"]
    (changed,) = anna.run("contact", "amend", added["ref"], "--telephone", "+41446681801", "--yes")[
        "recorded"
    ]
    anna.run("approve", "sign", changed["approval"], "--yes", by="dora")
    settle(*nodes)
    (after,) = boris.run("contact", "list", "--party", "aa", by="")["points"]

    assert (["+41446681800"], None) == (before["telephones"], before["ways_changed_at"])
    assert (["+41446681801"], True) == (after["telephones"], after["ways_seconded"])
    assert after["ways_changed_at"] is not None

    asked = boris.run("contact", "check", boris.channel, "--sort", "human", "--kind", "always_on", "--yes")
    ref = asked["recorded"][0]["ref"]
    settle(*nodes)
    assert [] == anna.run("request", "list")["requests"]
    anna.signs("contact", "answer", anna.channel, ref)
    settle(*nodes)
    people = [wait_for(desk, ref=ref, state="answered", by_node=False) for desk in (anna, boris)]
    assert people[0] == people[1]
    assert [True, True] == [desk.run("rebuild", by="")["equal"] for desk in (anna, boris)]


@pytest.mark.lengthy
def test_what_nobody_answers_is_missed_and_explained_on_both_sides(nodes, tmp_path) -> None:
    """Two days later the node that asked says so by itself; whoever owns the point explains."""
    start(*nodes)
    anna, boris = Desk(nodes[0], tmp_path), Desk(nodes[1], tmp_path)
    late = anna.run("contact", "check", anna.channel, "--sort", "human", "--yes")["recorded"][0]["ref"]
    settle(*nodes)
    nodes[0].comes_to_day(2)
    wait_for(anna, ref=late, state="missed")
    nodes[1].comes_to_day(2)
    settle(*nodes)
    wait_for(boris, ref=late, state="missed")
    boris.signs("contact", "explain", boris.channel, late, "--cause", "nobody_there", "--text", "A holiday.")
    settle(*nodes)
    explained = [wait_for(desk, ref=late, state="explained") for desk in (anna, boris)]
    assert explained[0] == explained[1]
    assert [True, True] == [desk.run("rebuild", by="")["equal"] for desk in (anna, boris)]
