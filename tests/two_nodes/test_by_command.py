"""The main job without a browser: a request walked from draft to closing by command, on both sides."""

from __future__ import annotations

import hashlib

import pytest

from tests.two_nodes.desk import Desk
from tests.two_nodes.nodes import settle, start

pytestmark = pytest.mark.two_nodes

PROFILE = """
v         = 1
party     = "{party}"
authority = "Central authority"
as_of     = 2026-05-03

[[need]]
field   = "provider"
because = "The order names the company."
"""


def test_a_request_is_walked_from_draft_to_closing_by_command_on_both_sides(nodes, tmp_path) -> None:
    """Whoever works at a terminal has the acts, exhibits and second officers of whoever has a browser."""
    start(*nodes)
    anna, boris = (Desk(node, tmp_path) for node in nodes)
    settle(*nodes)

    required = boris.publishes(PROFILE)
    settle(*nodes)
    warrant = anna.adds("warrant.txt", b"A warrant.", "--description", "Warrant")
    ref = anna.drafts("--exhibit", warrant)
    lacking = anna.run("request", "write", ref, "--title", "Records of one account")["defects"]
    anna.signs_with_second("request", "submit", ref)
    settle(*nodes)

    boris.acts(ref, "acknowledged")
    boris.acts(ref, "returned", "--state", "reasons=no_time_zone", "--text", "Which zone?")
    settle(*nodes)
    anna.acts(ref, "supplemented", "--text", "UTC+3.", "--exhibit", warrant)
    settle(*nodes)
    boris.acts(ref, "accepted")
    image, letter = b"\x00" * 300_000, b"Subscriber: nobody."
    first = boris.adds("image.dd", image, "--request", ref, "--description", "Disk image")
    boris.acts_with_second(ref, "executed", "--state", "extent=in part", "--exhibit", first)
    second = boris.adds("letter.txt", letter, "--request", ref, "--description", "Letter")
    boris.acts_with_second(ref, "executed", "--state", "extent=in whole", "--exhibit", second)
    settle(*nodes)

    here = anna.exhibit(first, "received")
    passed = ("--released-by", "central authority", "--received-by", "regional court", "--purpose", "trial")
    anna.signs_with_second("evidence", "hand-over", anna.channel, first, *passed)
    opened = tmp_path / "opened"
    anna.run("evidence", "open", anna.channel, first, opened, "--purpose", "To image it", "--yes")
    anna.exhibit(second, "received")
    anna.acts(ref, "results_confirmed", "--exhibit", first, "--exhibit", second)
    anna.acts(ref, "closed")
    settle(*nodes)

    known = [
        desk.run("profile", "show", "--party", boris.node.party, by="")["profiles"] for desk in (anna, boris)
    ]
    assert [required] * 2 == [one["ref"] for shown in known for one in shown]
    assert known[0][0]["profile"] == known[1][0]["profile"]
    assert known[1][0]["receipted_at"]
    assert [f"2026-05-03, {required}"] == [
        ", ".join(one["basis"].split(", ")[-2:]) for one in lacking if one["id"] == "required_field_missing"
    ]

    ours, theirs = (desk.run("request", "show", desk.channel, ref) for desk in (anna, boris))
    chains = [desk.run("evidence", "show", desk.channel, first)["custody"] for desk in (anna, boris)]
    assert ("closed", ours["state"], 0) == (ours["state"], theirs["state"], ours["irregular"])
    assert [one["entry"] for one in ours["entries"]] == [one["entry"] for one in theirs["entries"]]
    assert ours["exhibits"] == theirs["exhibits"]
    assert [hashlib.sha256(one).hexdigest() for one in (image, letter)] == [
        one["sha256"] for one in ours["exhibits"]
    ]
    assert chains[0] == chains[1]
    assert ["added", "received", "handed_over", "opened"] == [step["act"] for step in chains[0]]
    assert (image, ref) == (opened.read_bytes(), here["request"])


ASKED = {
    "authority": "Regional prosecution, Arland",
    "offence": "Penal code of Arland, section 12",
    "facts_brief": "On 3 May 2026 the records of a hospital were encrypted from this server.",
    "data_to_preserve": "Traffic data of 192.0.2.7, port 443, 3 May 2026 00:00 to 24:00 UTC",
    "relation_to_offence": "The server gave the orders.",
    "custodian_or_system_location": "A hosting provider in Borland",
    "necessity": "The provider overwrites its records after 30 days.",
    "intent_to_submit_mla": "A request for assistance follows.",
}


@pytest.mark.lengthy
def test_data_are_preserved_under_one_instrument_and_asked_for_under_another(nodes, tmp_path) -> None:
    """Two treaties with one State: each request stands by its own, on both sides and before a stranger."""
    start(*nodes)
    anna, boris = (Desk(node, tmp_path) for node in nodes)
    settle(*nodes)

    fields = [word for name, text in ASKED.items() for word in ("--field", f"{name}={text}")]
    head = ("request", "draft", anna.channel, "--procedure", "preservation", "--title", "Keep traffic data")
    under = ("--instrument", "ets-185", "--type", "traffic")  # the treaty of 1999 would come first
    kept = str(anna.run(*head, *under, *fields)["ref"])
    anna.signs("request", "submit", kept)
    settle(*nodes)
    boris.acts(kept, "acknowledged")
    boris.acts(kept, "ordered")
    boris.acts(kept, "preserved", "--state", "extent=in whole", "--state", "until=2027-03-01")
    settle(*nodes)
    boris.run("request", "act", boris.channel, kept, "lapsed", "--yes", code=3)

    follows = anna.drafts()
    anna.signs_with_second("request", "submit", follows)
    anna.acts(kept, "followed_up", "--state", f"follow_up={follows}")
    settle(*nodes)

    for desk in (anna, boris):
        shown = {ref: desk.run("request", "show", desk.channel, ref) for ref in (kept, follows)}
        assert ("followed_up", "lodged") == (shown[kept]["state"], shown[follows]["state"])
        assert ["ets-185", "us-ru-1999"] == [shown[ref]["instrument"] for ref in (kept, follows)]
        assert 0 == shown[kept]["irregular"] + shown[follows]["irregular"]
