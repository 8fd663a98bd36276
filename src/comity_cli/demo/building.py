"""Make the nodes of the demonstration: three homes, their officials, a witness both sides have told of."""

from __future__ import annotations

import json
import secrets
from typing import TYPE_CHECKING, Final

import msgspec

from comity.channel.passport import Passport
from comity_cli.demo.script import Office
from comity_cli.staging.nodes import Node, Work, ask, comity, free_ports, results

if TYPE_CHECKING:
    from pathlib import Path

    from comity_cli.demo.script import Party, Script

WITNESS: Final = "x-witness"
SIDES: Final = ("us", "ru")
PORTS: Final = {"us": 8441, "ru": 8442, WITNESS: 8443}
_CENTRAL: Final = "central-authority"

Passwords = dict[tuple[str, str], str]


def nodes_in(where: Path, *, visited: bool) -> dict[str, Node]:
    """The nodes of a demonstration in a directory, not yet made, each with a port that is free.

    Args:
        where: The directory.
        visited: People come to look, and find them at the same ports each time where they can; nodes nobody
            visits take any, so that demonstrations at the same time do not meet.
    """
    ports = free_ports([port if visited else 0 for port in PORTS.values()])
    return {party: Node(party, where / party, port) for party, port in zip(PORTS, ports, strict=True)}


def draw_passwords(script: Script) -> Passwords:
    """A password for every official and administrator, by party and login."""
    logins = [(party, one.login) for party, about in script.nodes.items() for one in about.officials]
    return {
        key: secrets.token_urlsafe(12) for key in [*logins, *((party, "admin") for party in script.nodes)]
    }


def make(nodes: dict[str, Node], script: Script, passwords: Passwords) -> None:
    """Make every home, furnish it, and tell both sides of the witness.

    Raises:
        NodeFault: One of them could not be made.
    """
    results({party: _init(node, script.nodes[party], passwords) for party, node in nodes.items()})
    furnished = results(
        {party: _furnish(node, script.nodes[party], passwords) for party, node in nodes.items()}
    )
    witness = Passport.parse(furnished[WITNESS]["passport"].encode()).about.keys.witness[0]
    for party in SIDES:
        _name_witness(nodes[party], witness, nodes[WITNESS].address)


def _init(node: Node, about: Party, passwords: Passwords) -> Work:
    secret = node.home.parent / f"{node.party}.password"
    secret.touch(mode=0o600)
    secret.write_text(passwords[node.party, "admin"], encoding="utf-8")
    return comity(
        None,
        *("init", str(node.home), "--party", node.party, "--name", about.name),
        *("--address", node.address, "--listen", f"127.0.0.1:{node.port}"),
        *("--language", about.language, "--office", about.office, "--password-file", str(secret)),
        *("--check-days", "0"),  # a demonstration holds what its cast wrote
        *(["--serves-as-witness"] if node.party == WITNESS else []),
    )


def _furnish(node: Node, about: Party, passwords: Passwords) -> Work:
    said = {
        "passport": _passport_toml(node, about),
        "offices": [{"code": one.code, "names": one.names} for one in about.offices],
        "officials": [
            {**msgspec.to_builtins(one), "password": passwords[node.party, one.login]}
            for one in about.officials
        ],
    }
    return ask(node, "comity_cli.staging.furnishing", said)


def _passport_toml(node: Node, about: Party) -> str:
    """What the passport says besides names, address and keys, as an operator would write it."""
    central = Office(code=_CENTRAL, role="central", names={about.language: about.office})
    lines = ['languages = ["en"]', f"witness = {json.dumps(node.party == WITNESS)}"]
    for one in (central, *about.offices):
        names = ", ".join(
            f"{code} = {json.dumps(name, ensure_ascii=False)}" for code, name in one.names.items()
        )
        powers = ["request", "execute"] if one.role == "central" else []
        lines += ["", "[[authorities]]", f'code = "{one.code}"', f'role = "{one.role}"']
        lines += [f"powers = {json.dumps(powers)}", f"names = {{ {names} }}"]
    return "\n".join(lines) + "\n"


def _name_witness(node: Node, vkey: str, address: str) -> None:
    """Add the witness to the node's settings, as its operator would."""
    settings = node.home / "node.toml"
    written = f'\n[[witnesses]]\nvkey = "{vkey}"\naddress = "{address}"\n'
    settings.write_text(settings.read_text(encoding="utf-8") + written, encoding="utf-8")
