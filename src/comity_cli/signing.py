"""Signing by command: first the exact text is shown, with its article and who must second it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from comity_cli.terminal import printable

if TYPE_CHECKING:
    from comity.names import EntryRef
    from comity_node.officials.models import Official, PreparedAct
    from comity_node.register.acts import Act

YES = click.option("--yes", is_flag=True, help="The text has been read; do not ask.")


def read(act: Act, *, by: Official, yes: bool) -> str:
    """Have an official read an act as its confirmation page shows it; returns the digest of what was read.

    Raises:
        OurFault: It is not allowed now, or the official lacks the power; nothing was asked.
        click.Abort: They did not agree to sign.
    """
    from django.conf import settings

    from comity_node.officials import powers, services
    from comity_node.officials.access import require
    from comity_node.register import rooms
    from comity_node.web.clocks import wrong_clock

    capacity = require(by, powers.rule(act.kind).sign)
    verdict = rooms.verdict(act, settings.NODE.party)
    shown = services.text_digest(act)
    if not yes:
        click.echo(printable(act.text()), err=True)
        click.echo(f"\n{verdict.sentence}: {verdict.basis} [{verdict.verified}]", err=True)
        for doubt in rooms.doubts(act):
            click.echo(
                f"sent back for this: {doubt.place}: {doubt.what} ({doubt.basis}, {doubt.verified})", err=True
            )
        if warning := wrong_clock():
            click.echo(f"{warning} have it set by a time service first", err=True)
        click.echo(f"signed by {capacity.office}, {capacity.capacity}", err=True)
        if verdict.second_needed:
            whose = "another office" if powers.rule(act.kind).other_office else "another official"
            click.echo(f"nothing is recorded before {whose} has seconded it", err=True)
        click.confirm("sign this text?", abort=True, err=True)
    return shown


def sign(act: Act, *, by: Official, yes: bool) -> PreparedAct | EntryRef:
    """Have an act read, and sign exactly what was read, or have it wait for a second officer.

    Raises:
        TextMoved: The record moved while it was read.
        OurFault: As ``read``.
    """
    from comity_node.officials import services

    return services.sign(act, shown=read(act, by=by, yes=yes), by=by)
