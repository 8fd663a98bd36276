"""``comity approve``: acts that wait for a second officer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from comity.errors import OurFault
from comity_cli.terminal import printable
from comity_cli.verb import Answer, official_verb

if TYPE_CHECKING:
    from comity_node.officials.models import Official, PreparedAct


class NoSuchApproval(OurFault):
    """No act of that number waits for this official."""

    code = "no-such-approval"
    default_hint = "comity approve list --as LOGIN"


@click.group("approve")
def approve() -> None:
    """Acts that take two officers."""


@approve.command("list")
@official_verb
def list_(by: Official) -> Answer:
    """List what waits for this official's signature."""
    from comity_node.officials import queries

    rows = [
        {
            "approval": one.pk,
            "kind": one.act["kind"],
            "ref": one.act["ref"],
            "by": one.office,
            "basis": one.basis,
            "text": one.text,
        }
        for one in queries.awaiting(by)
    ]
    lines = [f"{row['approval']:>5}  {row['kind']} {row['ref']}, prepared by {row['by']}" for row in rows]
    return Answer({"awaiting": rows}, lines or ["nothing waits for you"])


@approve.command("sign")
@click.argument("number", type=int)
@click.option("--yes", is_flag=True, help="The text has been read; do not ask.")
@official_verb
def sign(number: int, yes: bool, by: Official) -> Answer:
    """Read the exact text of act NUMBER and sign it as the second officer.

    What was lately changed about whoever prepared it is said first.
    """
    from django.utils import timezone

    from comity_node.officials import queries, services

    prepared = _waiting(number, by)
    for line in queries.lately_changed(prepared.prepared_by.login, now=timezone.now()):
        who = line.official.login if line.official else "console"
        click.echo(f"note: {line.at:%Y-%m-%d %H:%M} {who} {line.did} {line.about}", err=True)
    if not yes:
        click.echo(printable(prepared.text), err=True)
        click.confirm("sign this text?", abort=True, err=True)
    entry = services.second(prepared, by=by)
    return Answer({"entry": str(entry)}, [f"recorded as {entry}"])


@approve.command("return")
@click.argument("number", type=int)
@click.option("--note", required=True, help="What is to be changed.")
@official_verb
def return_(number: int, note: str, by: Official) -> Answer:
    """Send act NUMBER back to its author."""
    from comity_node.officials import services

    services.return_(_waiting(number, by), by=by, note=note)
    return Answer({"approval": number, "state": "returned"}, [f"approval {number} went back to its author"])


def _waiting(number: int, by: Official) -> PreparedAct:
    from comity_node.officials import queries

    found = queries.approvals(by).filter(pk=number).first()
    if found is None:
        raise NoSuchApproval(f"no approval {number} is open to {by.login}")
    return found
