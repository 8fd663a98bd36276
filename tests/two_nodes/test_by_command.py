"""The main job without a browser: a request walked from draft to closing by command, on both sides."""

from __future__ import annotations

import hashlib
import json
import time
from typing import TYPE_CHECKING, Any

import pytest

from tests.two_nodes.nodes import settle, start

if TYPE_CHECKING:
    from pathlib import Path

    from tests.two_nodes.nodes import Node

pytestmark = pytest.mark.two_nodes

DEMANDED = {
    "requesting_authority": "Regional prosecution, Arland",
    "matter_nature": "Investigation of unauthorised access to a hospital's computers",
    "offences": "Penal code of Arland, section 12: up to eight years",
    "facts_summary": "On 3 May 2026 the records of a hospital were encrypted.",
    "assistance_sought": "Subscriber records of one account",
    "purpose": "To identify who rented the server",
}


PROFILE = """
v         = 1
party     = "{party}"
authority = "Central authority"
as_of     = 2026-05-03

[[need]]
field   = "provider"
because = "The order names the company."
"""


class Desk:
    """One side at its terminal: Anna acts, Dora of another office seconds."""

    def __init__(self, node: Node, place: Path) -> None:
        self.node, self.place = node, place
        self.channel = self.run("channel", "list", by="")["channels"][0]["channel"]

    def run(self, *words: object, by: str = "anna", code: int = 0) -> dict[str, Any]:
        """Run a verb in the node's home; its document."""
        done = self.node.does("command", words=[str(one) for one in words], by=by)
        assert code == done["code"], done
        return dict(json.loads(done["stdout"]))

    def signs(self, *words: object) -> str:
        """Sign an act that takes one officer; its entry."""
        return str(self.run(*words, "--yes")["entry"])

    def signs_with_second(self, *words: object) -> str:
        """Prepare an act, and have the second officer sign it; its entry."""
        approval = self.run(*words, "--yes")["approval"]
        return str(self.run("approve", "sign", approval, "--yes", by="dora")["entry"])

    def adds(self, name: str, content: bytes, *words: object) -> str:
        """Add an exhibit; its reference."""
        file = self.place / f"{self.node.party}-{name}"
        file.write_bytes(content)
        return str(self.run("evidence", "add", file, "--channel", self.channel, "--yes", *words)["ref"])

    def acts(self, ref: str, act: str, *words: object) -> str:
        """Do an act on a request, alone."""
        return self.signs("request", "act", self.channel, ref, act, *words)

    def acts_with_second(self, ref: str, act: str, *words: object) -> str:
        """Do an act on a request, with the second officer."""
        return self.signs_with_second("request", "act", self.channel, ref, act, *words)

    def drafts(self, *words: object) -> str:
        """Draft a complete request; its reference."""
        fields = [word for name, text in DEMANDED.items() for word in ("--field", f"{name}={text}")]
        head = ("request", "draft", self.channel, "--title", "Records", "--type", "documents_items")
        return str(self.run(*head, *fields, *words)["ref"])

    def publishes(self, profile: str) -> str:
        """Publish our requirement profile: Dora writes it, Anna seconds; its reference."""
        file = self.place / f"{self.node.party}-profile.toml"
        file.write_text(profile.format(party=self.node.party), encoding="utf-8")
        (done,) = self.run("profile", "publish", file, "--yes", by="dora")["published"]
        self.run("approve", "sign", done["approval"], "--yes")
        return str(done["ref"])

    def exhibit(self, ref: str, state: str) -> dict[str, Any]:
        """Wait until an exhibit has come to a state here."""
        until = time.monotonic() + 25
        while time.monotonic() < until:
            settle(self.node)
            shown = self.run("evidence", "show", self.channel, ref)
            if shown["state"] == state:
                return shown
            time.sleep(0.1)
        raise AssertionError(shown)


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


def test_data_are_preserved_under_one_instrument_and_asked_for_under_another(nodes, tmp_path) -> None:
    """Two treaties with one State: each request stands by its own, on both sides and before a stranger."""
    start(*nodes)
    anna, boris = (Desk(node, tmp_path) for node in nodes)
    settle(*nodes)

    fields = [word for name, text in ASKED.items() for word in ("--field", f"{name}={text}")]
    head = ("request", "draft", anna.channel, "--procedure", "preservation", "--title", "Keep traffic data")
    kept = str(anna.run(*head, "--type", "traffic", *fields)["ref"])
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
