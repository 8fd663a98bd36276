"""One side of two real nodes at its terminal."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

from tests.two_nodes.nodes import settle

if TYPE_CHECKING:
    from pathlib import Path

    from tests.two_nodes.nodes import Node

DEMANDED = {
    "requesting_authority": "Regional prosecution, Arland",
    "matter_nature": "Investigation of unauthorised access to a hospital's computers",
    "offences": "Penal code of Arland, section 12: up to eight years",
    "facts_summary": "On 3 May 2026 the records of a hospital were encrypted.",
    "assistance_sought": "Subscriber records of one account",
    "purpose": "To identify who rented the server",
}


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
