"""``comity token``: rights of case systems to act for an official; each official draws their own secret."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Any

import click

from comity_cli.verb import Answer, console_verb, node_verb, official_verb

if TYPE_CHECKING:
    from comity_node.api.models import Token
    from comity_node.officials.models import Official


@click.group("token")
def token() -> None:
    """Tokens of case systems: issued by an administrator, drawn by the official they act for.

    A token reads and prepares; it signs nothing. It ends on its last day, and is worth no more than what the
    official it acts for may do at that moment.
    """


@token.command("issue")
@click.argument("login")
@click.option("--label", required=True, help="Which system it is for.")
@click.option(
    "--scope", "scopes", multiple=True, required=True, help="read, results or draft; may be repeated."
)
@click.option(
    "--until", required=True, type=click.DateTime(["%Y-%m-%d"]), metavar="DAY", help="Its last day, by UTC."
)
@click.option("--channel", "channels", multiple=True, help="A channel it sees; without, every one.")
@console_verb
def issue(
    login: str,
    label: str,
    scopes: tuple[str, ...],
    until: datetime,
    channels: tuple[str, ...],
    by: Official | None,
) -> Answer:
    """Let a case system act for the official LOGIN, once they have drawn its secret."""
    from comity_node.api import services

    issued = services.issue(
        official=login,
        label=label,
        scopes=scopes,
        expires_at=datetime.combine(until.date(), time(23, 59, 59), UTC),
        channels=channels,
        by=by,
    )
    return Answer(
        _row(issued),
        [f"token {issued.name}", f"{login} draws it: comity token draw {issued.name} --as {login}"],
    )


@token.command("draw")
@click.argument("name")
@official_verb
def draw(name: str, by: Official) -> Answer:
    """Draw the secret of the token NAME, which acts for you; it is shown this once."""
    from comity_node.api import services

    secret = services.draw(name, by=by)
    return Answer({"token": name, "secret": secret}, [secret])


@token.command("list")
@node_verb
def list_() -> Answer:
    """List the tokens, the latest first."""
    from comity_node.api import queries

    rows = [_row(one) for one in queries.tokens(None)]
    lines = [
        f"{row['token']} {row['state']:10} {row['official']:16} {','.join(row['scopes']):18} "
        f"until {row['expires_at']:%Y-%m-%d}  {row['label']}"
        for row in rows
    ]
    return Answer({"tokens": rows}, lines or ["none"])


@token.command("revoke")
@click.argument("name")
@console_verb
def revoke(name: str, by: Official | None) -> Answer:
    """End the token NAME, from the next call on."""
    from comity_node.api import services

    services.revoke(name, by=by)
    return Answer({"token": name}, [f"token {name} is revoked"])


def _row(one: Token) -> dict[str, Any]:
    from comity_node.api import queries

    return {
        "token": one.name,
        "state": queries.state(one),
        "official": one.official.login,
        "label": one.label,
        "scopes": one.scopes,
        "channels": one.channels,
        "expires_at": one.expires_at,
        "used_at": one.used_at,
    }
