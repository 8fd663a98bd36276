"""``comity counterpart``: passports received, and the ceremony that makes them trusted."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from comity.errors import OurFault
from comity_cli.passport import described, fingerprints
from comity_cli.verb import FILE, Answer, node_verb, official_verb

if TYPE_CHECKING:
    from pathlib import Path

    from comity_node.counterparts.models import Passport
    from comity_node.officials.models import Official


class NothingOffered(OurFault):
    """No passport of that party waits here, and none is in force."""

    code = "nothing-offered"
    default_hint = "import its passport first: comity counterpart import FILE --as LOGIN"


@click.group("counterpart")
def counterpart() -> None:
    """The other parties: their passports, and whom we trust."""


@counterpart.command("import")
@click.argument("file", type=FILE)
@official_verb
def import_(file: Path, by: Official) -> Answer:
    """Read in a passport. It is not trusted before the fingerprints were compared."""
    from comity_node.counterparts import queries, services

    row = services.import_passport(file.read_bytes(), by=by)
    said = described(queries.read(row))
    standing = queries.counterpart(row.party)
    in_force = standing is not None and standing.passport.pk == row.pk
    step = (
        "it is in force"
        if in_force
        else f"compare fingerprints, then: comity counterpart confirm {row.party}"
    )
    return replace(said, document={**said.document, "in_force": in_force}, lines=[*said.lines, step])


@counterpart.command("list")
@node_verb
def list_() -> Answer:
    """List every party we trust or have a passport of."""
    from comity_node.counterparts import queries

    rows = [
        {
            "party": one.party,
            "version": one.passport.version,
            "state": "stopped" if one.is_stopped else "trusted",
        }
        for one in queries.counterparts()
    ]
    rows += [
        {"party": one.party, "version": one.version, "state": "to be confirmed"} for one in queries.offered()
    ]
    lines = [f"{row['party']:10} version {row['version']:<4} {row['state']}" for row in rows]
    return Answer({"counterparts": rows}, lines or ["none"])


@counterpart.command("show")
@click.argument("party")
@node_verb
def show(party: str) -> Answer:
    """Show the passport of PARTY that waits for confirmation, or else the one in force."""
    from comity_node.counterparts import queries

    return described(queries.read(_latest(party)))


@counterpart.command("fingerprint")
@click.argument("party")
@click.option("--language", default="en", show_default=True, metavar="CODE", help="Language of the words.")
@node_verb
def fingerprint(party: str, language: str) -> Answer:
    """Show the fingerprint of PARTY's passport, to be compared over another path."""
    from comity_node.counterparts import queries

    return fingerprints(queries.read(_latest(party)), language)


@counterpart.command("confirm")
@click.argument("party")
@click.option(
    "--fingerprint", "heard", metavar="TEXT", help="As read to us: words or digits; asked for without it."
)
@click.option(
    "--how",
    "path",
    required=True,
    type=click.Choice(["in person", "telephone", "video"]),
    help="How the two officers were connected.",
)
@click.option(
    "--with", "with_whom", required=True, metavar="NAME", help="The other officer; stays on this node."
)
@official_verb
def confirm(party: str, heard: str | None, path: str, with_whom: str, by: Official) -> Answer:
    """Record that the fingerprint of PARTY was compared and agreed: from now on it is trusted."""
    from comity_node.counterparts import services

    row = _latest(party)
    typed = heard or click.prompt(f"fingerprint of {party} as it was read to you", err=True)
    services.hold_ceremony(row, by=by, fingerprint=typed, path=path, with_whom=with_whom)
    return Answer({"party": party, "version": row.version}, [f"{party} is trusted, version {row.version}"])


@counterpart.command("stop")
@click.argument("party")
@official_verb
def stop(party: str, by: Official) -> Answer:
    """Deal with PARTY no more, at once."""
    from comity_node.counterparts import services

    services.stop(party, by=by)
    return Answer({"party": party, "stopped": True}, [f"nothing of {party} is accepted from now on"])


@counterpart.command("restore")
@click.argument("party")
@official_verb
def restore(party: str, by: Official) -> Answer:
    """Deal with PARTY again, under the passport in force."""
    from comity_node.counterparts import services

    services.restore(party, by=by)
    return Answer({"party": party, "stopped": False}, [f"{party} is dealt with again"])


def _latest(party: str) -> Passport:
    from comity_node.counterparts import queries

    offered = next((row for row in queries.offered() if row.party == party), None)
    standing = queries.counterpart(party)
    if offered is None and standing is None:
        raise NothingOffered(f"no passport of {party} is here")
    return offered or standing.passport  # type: ignore[union-attr]  # one of the two is there
