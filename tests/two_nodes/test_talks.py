"""Two sides talk on in a channel one has left: by command, on two real nodes, and both count the same."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.two_nodes.desk import Desk
from tests.two_nodes.nodes import settle, start
from tests.two_nodes.test_suspension import LEAVING

pytestmark = pytest.mark.two_nodes


def begins(desk: Desk, procedure: str, field: str, *states: str) -> str:
    """Open a procedure of the charter, seconded; its reference."""
    words = [word for one in states for word in ("--state", one)]
    head = ("request", "draft", desk.channel, "--procedure", procedure, "--title", procedure)
    ref = str(desk.run(*head, "--field", field, *words)["ref"])
    desk.signs_with_second("request", "submit", ref)
    return ref


def both(desks: tuple[Desk, Desk], verb: str, *words: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """What both sides say of the channel."""
    ours, theirs = (desk.run("channel", verb, desk.channel, *words) for desk in desks)
    return ours, theirs


@pytest.mark.lengthy
def test_talks_go_on_in_a_suspension_and_what_a_return_moves_is_read_alike_on_both_sides(
    nodes, tmp_path
) -> None:
    """What is open between them, since when, and what would move: neither side can count otherwise."""
    start(*nodes)
    anna, boris = desks = Desk(nodes[0], tmp_path), Desk(nodes[1], tmp_path)
    settle(*nodes)
    promised = anna.drafts()
    anna.signs_with_second("request", "submit", promised)
    settle(*nodes)
    boris.acts(promised, "acknowledged")
    head = ("request", "draft", boris.channel, "--procedure", "suspension", "--title", "Suspension")
    left = str(boris.run(*head, *LEAVING)["ref"])
    boris.signs_with_second("request", "submit", left)
    settle(*nodes)

    kept, dropped = (anna.signs_with_second("request", "submit", anna.drafts()) for _ in range(2))
    offer = begins(anna, "offer", "what_is_offered=Talks in Geneva", "sort=talks", "answer_by=2027-01-31")
    position = begins(boris, "position", "position_held=Eleven were ignored", "subject=The count")
    settle(*nodes)
    anna.acts(offer, "reminded")
    anna.acts_with_second(position, "other_stated", "--text", "Two were late")
    anna.acts_with_second(left, "taken_back", "--state", f"entries={dropped}")
    settle(*nodes)

    offers = both(desks, "offers")
    assert offers[0] == offers[1]
    (said,) = offers[0]["offers"]
    silence = said["unanswered"]
    assert (offer, "offered", "bb", True, 1) == (
        said["ref"],
        said["state"],
        silence["party"],
        silence["is_receipted"],
        silence["reminders"],
    )
    positions = both(desks, "positions")
    assert positions[0] == positions[1]
    assert {"aa", "bb"} == set(positions[0]["positions"][0]["held"])

    at = datetime.now(UTC).replace(microsecond=0) + timedelta(days=40)
    runs = both(desks, "resumption", "--at", at.isoformat())
    assert runs[0] == runs[1]
    assert [left] == [one["ref"] for one in runs[0]["ending"]]
    of_ref = {one["ref"]: one for one in runs[0]["procedures"]}
    assert [kept] == [one["entry"] for row in of_ref.values() for one in row["waiting"]]
    (clock,) = of_ref[promised]["clocks"]
    assert clock["due_at"] > at.isoformat()

    boris.acts_with_second(offer, "accepted")
    boris.acts_with_second(left, "lifted")
    settle(*nodes)
    back = anna.run("request", "show", anna.channel, promised)
    offers = both(desks, "offers")
    assert offers[0] == offers[1]
    assert ("accepted", None) == (offers[0]["offers"][0]["state"], offers[0]["offers"][0]["unanswered"])
    assert back["due_at"] is not None
    assert ([], []) == tuple(run["ending"] for run in both(desks, "resumption"))
    confirming = ("request", "act", anna.channel, left, "confirmed")
    refused = anna.run(*confirming, "--state", f"entries={dropped}", "--yes", code=3)
    assert "not-filled-in" == refused["code"]
    anna.signs_with_second(*confirming, "--state", f"entries={kept}")
    settle(*nodes)
    rows = [desk.run("request", "list", "--standing", "lodged")["requests"] for desk in desks]
    assert [1, 1] == [len(found) for found in rows]
