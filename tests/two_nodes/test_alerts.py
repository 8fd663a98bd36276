"""An alert crosses as a request does: received by a node, opened by a desk, acknowledged by an official."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.two_nodes.desk import Desk
from tests.two_nodes.nodes import settle, start

pytestmark = pytest.mark.two_nodes


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
