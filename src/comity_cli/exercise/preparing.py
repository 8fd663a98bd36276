"""Making the scripted nodes, and holding on their side the ceremony with the trainee's node."""

from __future__ import annotations

import json
import secrets
from typing import TYPE_CHECKING, Any, Final

from comity_cli.exercise import place
from comity_cli.exercise.cast import Member, stopping
from comity_cli.exercise.errors import SameParty
from comity_cli.exercise.inside import LEADS, SECONDS
from comity_cli.staging.nodes import Node, Work, ask, comity, free_ports, results

if TYPE_CHECKING:
    from pathlib import Path

    from comity.channel.passport import Passport
    from comity.exercise import Script
    from comity.exercise.script import Seat

_FURNISHES: Final = "comity_cli.staging.furnishing"
_ROLES: Final = ["coordinator", "case officer", "duty officer"]
_TABLE: Final = "courier_seconds = 1\nrelay_seconds = 2\n"


def prepare(script: Script, where: Path, *, trainee: Passport, heard: str, host: str) -> dict[str, str]:
    """Make a node for every scripted party, and have each trust the others and the trainee.

    Args:
        script: The script.
        where: A new directory.
        trainee: The trainee's passport.
        heard: Its fingerprint, as it was heard over another path.
        host: Under which the trainee's node reaches these nodes.

    Returns:
        The passport of each scripted party, as a file's text.

    Raises:
        SameParty: The trainee is one of them.
        OurFault: A node could not be made, or the fingerprint is another.
    """
    codes = [one.code for one in script.parties]
    if trainee.about.party in codes:
        raise SameParty(f"nothing was prepared: the script plays {trainee.about.party} itself")
    place.must_be_free(where)
    where.mkdir(parents=True, exist_ok=True)
    ports = dict(zip(codes, free_ports([0] * len(codes)), strict=True))
    prepared = place.Prepared(trainee.about.party, host, ports, script.digest)
    nodes = place.nodes(where, prepared)
    results({one.code: _init(nodes[one.code], one, script.language) for one in script.parties})
    furnished = results({one.code: _furnish(nodes[one.code], one, script.language) for one in script.parties})
    passports = {code: str(said["passport"]) for code, said in furnished.items()}
    _trust(script, where, nodes, passports, (bytes(trainee.note).decode(), heard))
    for code, text in passports.items():
        (where / f"{code}.passport").write_text(text, encoding="utf-8")
    place.keep(where, prepared)
    return passports


def _init(node: Node, seat: Seat, language: str) -> Work:
    secret = node.home.parent / f"{node.party}.password"
    secret.touch(mode=0o600)
    secret.write_text(secrets.token_urlsafe(24), encoding="utf-8")
    return comity(
        None,
        *("init", str(node.home), "--party", seat.code, "--name", seat.name, "--address", node.address),
        *("--listen", f"{node.host}:{node.port}", "--language", language, "--office", seat.office),
        *("--password-file", str(secret)),
    )


def _furnish(node: Node, seat: Seat, language: str) -> Work:
    settings = node.home / "node.toml"
    settings.write_text(_TABLE + settings.read_text(encoding="utf-8"), encoding="utf-8")
    said: dict[str, Any] = {
        "passport": _passport_toml(seat, language),
        "offices": [{"code": "mfa", "names": {language: f"{seat.name}, second office"}}],
        "officials": [
            {"login": login, "name": login, "office": office, "roles": _ROLES,
             "password": secrets.token_urlsafe(24)}
            for login, office in ((LEADS, "central-authority"), (SECONDS, "mfa"))
        ],
    }  # fmt: skip
    return ask(node, _FURNISHES, said)


def _passport_toml(seat: Seat, language: str) -> str:
    named = json.dumps(seat.office, ensure_ascii=False)
    return (
        f'languages = ["{language}"]\n[[authorities]]\ncode = "central-authority"\nrole = "central"\n'
        f'powers = ["request", "execute"]\nnames = {{ {language} = {named} }}\n'
    )


def _trust(
    script: Script,
    where: Path,
    nodes: dict[str, Node],
    passports: dict[str, str],
    trainee: tuple[str, str],
) -> None:
    """Every scripted party trusts the others, whom the trainer made, and the trainee as it was heard."""
    place.script_file(where).write_bytes(script.raw)
    passport, heard = trainee
    cast = {party: Member(node, place.script_file(where)) for party, node in nodes.items()}
    with stopping(cast.values()):
        for party, member in cast.items():
            for text in (one for code, one in passports.items() if code != party):
                member.does("trust", passport=text, fingerprint="", how="in person", with_whom="the trainer")
            member.does(
                "trust", passport=passport, fingerprint=heard, how="telephone", with_whom="the trainee"
            )
