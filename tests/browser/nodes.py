"""Two real nodes for the browser: made as an operator makes them, started as processes of their own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from comity_cli.demo.nodes import Node, ask, comity, free_ports

if TYPE_CHECKING:
    from pathlib import Path

PASSWORD: Final = "a long enough sentence of {login}"
PARTIES: Final = {"aa": "Party A", "bb": "Party B"}
# Login, display name, office, roles: the cast of every scene.
OFFICIALS: Final = {
    "aa": [
        ("anna", "Anna Ahlberg", "central-authority", ["case officer"]),
        ("clara", "Clara Ames", "central-authority", ["case officer"]),
        ("arvid", "Arvid Aalto", "council", ["coordinator"]),
        ("agnes", "Agnes Abel", "central-authority", ["coordinator"]),
    ],
    "bb": [
        ("boris", "Boris Borg", "central-authority", ["case officer"]),
        ("berta", "Berta Bauer", "central-authority", ["case officer"]),
        ("bruno", "Bruno Beck", "council", ["coordinator"]),
        ("britt", "Britt Boman", "central-authority", ["coordinator"]),
    ],
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


@dataclass
class Pair:
    """Both nodes, and the channel once one is open."""

    nodes: dict[str, Node]
    channel: str = ""

    def address(self, party: str) -> str:
        """Where a side's pages are."""
        return self.nodes[party].address

    def stop(self) -> None:
        """End both."""
        for node in self.nodes.values():
            node.ask_to_stop()
        for node in self.nodes.values():
            node.stop()


def start(where: Path) -> Pair:
    """Make and start two nodes that know nothing of one another."""
    ports = free_ports([0] * len(PARTIES))
    nodes = {party: Node(party, where / party, port) for party, port in zip(PARTIES, ports, strict=True)}
    making = [_init(node) for node in nodes.values()]
    for work in making:
        work.result()
    furnishing = [_furnish(node) for node in nodes.values()]
    for work in furnishing:
        work.result()
    for node in nodes.values():
        node.start()
    for node in nodes.values():
        node.must_answer()
    return Pair(nodes)


def _init(node: Node):  # type: ignore[no-untyped-def]
    secret = node.home.parent / f"{node.party}.password"
    secret.write_text(PASSWORD.format(login="admin"), encoding="utf-8")
    return comity(
        None,
        *("init", str(node.home), "--party", node.party, "--name", PARTIES[node.party]),
        *("--address", node.address, "--listen", f"127.0.0.1:{node.port}"),
        *("--password-file", str(secret)),
    )


def _furnish(node: Node):  # type: ignore[no-untyped-def]
    officials = [
        {"login": login, "name": name, "office": office, "roles": roles, "password": PASSWORD.format(login=login)}
        for login, name, office, roles in OFFICIALS[node.party]
    ]
    said = {
        "passport": _PASSPORT,
        "offices": [{"code": "council", "names": {"en": "Security Council"}}],
        "officials": officials,
    }
    return ask(node, "comity_cli.demo.furnishing", said)
