"""``comity channel``: propose channels, answer proposals, see where each stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from comity.errors import OurFault
from comity_cli.signing import YES, read, sign
from comity_cli.verb import Answer, node_verb, official_verb

if TYPE_CHECKING:
    from comity.channel.charter import Coordinator
    from comity_node.channels.models import Channel
    from comity_node.officials.models import Official


class UnknownChannel(OurFault):
    """No channel of that id stands here."""

    code = "unknown-channel"
    default_hint = "comity channel list"


@click.group("channel")
def channel() -> None:
    """Channels: what two parties agreed to before anything else crosses."""


@channel.command("propose")
@click.argument("party")
@click.option(
    "--instrument", "instruments", multiple=True, required=True, help="An instrument that is to apply."
)
@click.option("--purpose", required=True, help="What the channel is for.")
@click.option("--language", "languages", multiple=True, default=["en"], help="A language of the channel.")
@click.option("--reached-by", default="", help="How our coordinator is reached.")
@click.option("--exercise", is_flag=True, help="Nothing done in it is meant.")
@YES
@official_verb
def propose(
    party: str,
    instruments: tuple[str, ...],
    purpose: str,
    languages: tuple[str, ...],
    reached_by: str,
    exercise: bool,
    yes: bool,
    by: Official,
) -> Answer:
    """Propose a channel to PARTY under one instrument or several."""
    from comity_cli.recorded import recorded
    from comity_node.channels import services

    charter = services.draft_charter(
        counterpart=party,
        instruments=instruments,
        purpose=purpose,
        languages=languages,
        coordinator=_coordinator(by, reached_by),
        exercise=exercise,
    )
    read(services.proposal(charter), by=by, yes=yes)
    said = recorded(services.propose(charter, by=by))
    return Answer({"channel": charter.channel, **said.document}, [f"channel {charter.channel}", *said.lines])


@channel.command("accept")
@click.argument("id", metavar="CHANNEL")
@click.option("--reached-by", default="", help="How our coordinator is reached.")
@click.option("--note", default="", help="Words that go with it.")
@YES
@official_verb
def accept(id: str, reached_by: str, note: str, yes: bool, by: Official) -> Answer:  # noqa: A002 - the word people use
    """Accept a proposed channel."""
    return _answer(id, "accepted", by, note=note, yes=yes, coordinator=_coordinator(by, reached_by))


@channel.command("decline")
@click.argument("id", metavar="CHANNEL")
@click.option("--note", default="", help="Words that go with it.")
@YES
@official_verb
def decline(id: str, note: str, yes: bool, by: Official) -> Answer:  # noqa: A002 - the word people use
    """Decline a proposed channel."""
    return _answer(id, "declined", by, note=note, yes=yes)


@channel.command("withdraw")
@click.argument("id", metavar="CHANNEL")
@click.option("--note", default="", help="Words that go with it.")
@YES
@official_verb
def withdraw(id: str, note: str, yes: bool, by: Official) -> Answer:  # noqa: A002 - the word people use
    """Withdraw our own proposal."""
    return _answer(id, "withdrawn", by, note=note, yes=yes)


@channel.command("list")
@node_verb
def list_() -> Answer:
    """List the channels and where each stands."""
    from comity_node.channels.queries import channels

    rows = [_row(one) for one in channels()]
    return Answer(
        {"channels": rows}, [f"{row['channel']}  {row['counterpart']:8} {row['label']}" for row in rows]
    )


@channel.command("obligations")
@click.argument("channel")
@official_verb
def obligations(channel: str, by: Official) -> Answer:
    """List what each side owes the other in CHANNEL now, with the entry each obligation comes from."""
    from comity_node.channels import duties, queries
    from comity_node.officials.access import require

    require(by, "record.read")
    if channel not in {one.channel for one in queries.channels()}:
        raise UnknownChannel(f"no channel {channel[:40]} stands here")
    rows = duties.documents(channel)
    return Answer({"obligations": rows}, list(duties.lines(rows)) or ["neither side owes the other anything"])


@channel.command("show")
@click.argument("id", metavar="CHANNEL")
@node_verb
def show(id: str) -> Answer:  # noqa: A002 - the word people use
    """Show one channel: standing, instruments, and how much of each log is held and receipted."""
    from comity_node.register import queries as register

    row = _row(found(id))
    logs = [
        {"origin": log.origin, "entries": log.size, "receipted": log.receipted}
        for log in register.channel_logs(id)
    ]
    lines = [
        f"channel {id} with {row['counterpart']}: {row['label']}",
        f"purpose: {row['purpose']}",
        f"rests on: {', '.join(row['instruments'])}",
        *(f"{log['origin']}: {log['entries']} entries, {log['receipted']} receipted" for log in logs),
    ]
    return Answer({**row, "logs": logs}, lines)


def found(channel: str) -> Channel:
    """The channel of that id.

    Raises:
        UnknownChannel: There is none.
    """
    from comity_node.channels.queries import channels

    one = next((row for row in channels() if row.channel == channel), None)
    if one is None:
        raise UnknownChannel(f"there is no channel {channel[:40]} here")
    return one


def _row(one: Channel) -> dict[str, Any]:
    return {
        "channel": one.channel,
        "counterpart": one.counterpart,
        "state": one.state,
        "label": one.label,
        "purpose": one.purpose,
        "instruments": one.instruments,
        "exercise": one.exercise,
        "proposed_at": one.proposed_at.isoformat(),
        "opened_at": one.opened_at.isoformat() if one.opened_at else None,
    }


def _coordinator(by: Official, reached_by: str) -> Coordinator:
    from comity.channel.charter import Coordinator

    return Coordinator(office=str(by.office), capacity="coordinator", reached_by=reached_by)


def _answer(
    channel: str, act: str, by: Official, *, note: str, yes: bool, coordinator: Coordinator | None = None
) -> Answer:
    from comity_cli.recorded import recorded
    from comity_node.channels import services

    found(channel)
    wanted = services.answering(channel=channel, act=act, coordinator=coordinator, note=note)
    return recorded(sign(wanted, by=by, yes=yes))
