"""Two real nodes for the browser: made as an operator makes them, started as processes of their own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from comity_cli.staging.nodes import Node, Work, ask, comity
from tests.ports import free_port

if TYPE_CHECKING:
    from pathlib import Path

PARTIES: Final = {"aa": "Party A", "bb": "Party B"}
# Login, display name, office, role: the cast of every scene.
OFFICIALS: Final = {
    "aa": (
        ("anna", "Anna Ahlberg", "central-authority", "case officer"),
        ("clara", "Clara Ames", "central-authority", "case officer"),
        ("arvid", "Arvid Aalto", "council", "coordinator"),
        ("agnes", "Agnes Abel", "central-authority", "coordinator"),
    ),
    "bb": (
        ("boris", "Boris Borg", "central-authority", "case officer"),
        ("berta", "Berta Bauer", "central-authority", "case officer"),
        ("bruno", "Bruno Beck", "council", "coordinator"),
        ("britt", "Britt Boman", "central-authority", "coordinator"),
    ),
}
_PASSPORT: Final = """languages = ["en"]
[[authorities]]
code = "central-authority"
role = "central"
powers = ["request", "execute"]
names = { en = "Central Authority" }
[[authorities]]
code = "council"
role = "contact"
powers = []
names = { en = "Security Council" }
"""


def password(login: str) -> str:
    """The password of an official."""
    return f"a long enough sentence of {login}"


@dataclass
class Pair:
    """Both nodes."""

    nodes: dict[str, Node]

    def address(self, party: str) -> str:
        """Where a side's pages are."""
        return self.nodes[party].address

    def restart(self, party: str) -> None:
        """Stop a node and start it again, as after a failure of power."""
        node = self.nodes[party]
        node.stop()
        node.start()
        node.must_answer()

    def stop(self) -> None:
        """End both."""
        for node in self.nodes.values():
            node.ask_to_stop()
        for node in self.nodes.values():
            node.stop()


def start(where: Path) -> Pair:
    """Make and start two nodes that know nothing of one another."""
    nodes = {party: Node(party, where / party, free_port()) for party in PARTIES}
    for step in (_init, _furnish):
        for work in [step(node) for node in nodes.values()]:
            work.result()
    for node in nodes.values():
        node.start()
    for node in nodes.values():
        node.must_answer()
    return Pair(nodes)


def _init(node: Node) -> Work:
    secret = node.home.parent / f"{node.party}.password"
    secret.write_text(password("admin"), encoding="utf-8")
    return comity(
        None,
        *("init", str(node.home), "--party", node.party, "--name", PARTIES[node.party]),
        *("--address", node.address, "--listen", f"127.0.0.1:{node.port}"),
        *("--password-file", str(secret), "--check-days", "0"),
    )


def _furnish(node: Node) -> Work:
    officials = [
        {"login": login, "name": name, "office": office, "roles": [role], "password": password(login)}
        for login, name, office, role in OFFICIALS[node.party]
    ]
    offices = [{"code": "council", "names": {"en": "Security Council"}}]
    said = {"passport": _PASSPORT, "offices": offices, "officials": officials}
    return ask(node, "comity_cli.staging.furnishing", said)
