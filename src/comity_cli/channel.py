"""``comity channel``: propose channels, answer proposals, see where each stands."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, TypedDict, Unpack

import click

from comity.errors import OurFault
from comity_cli.chartering import amend, close, denounce, invite, resume, suspend
from comity_cli.signing import YES, read, sign
from comity_cli.verb import Answer, node_verb, official_verb

if TYPE_CHECKING:
    from datetime import datetime

    from comity.channel.charter import Coordinator
    from comity_node.channels.models import Channel
    from comity_node.officials.models import Official


class UnknownChannel(OurFault):
    """No channel of that id stands here."""

    code = "unknown-channel"
    default_hint = "comity channel list"


class Proposal(TypedDict):
    """What the options say of the charter of a new channel."""

    instruments: tuple[str, ...]
    purpose: str
    languages: tuple[str, ...]
    exercise: bool


@click.group("channel")
def channel() -> None:
    """Channels: what two parties agreed to before anything else crosses."""


for verb in (amend, invite, suspend, resume, denounce, close):
    channel.add_command(verb)


@channel.command("propose")
@click.argument("parties", metavar="PARTY...", nargs=-1, required=True)
@click.option(
    "--instrument", "instruments", multiple=True, required=True, help="An instrument that is to apply."
)
@click.option("--purpose", required=True, help="What the channel is for.")
@click.option("--language", "languages", multiple=True, default=["en"], help="A language of the channel.")
@click.option("--reached-by", default="", help="How our coordinator is reached.")
@click.option("--exercise", is_flag=True, help="Nothing done in it is meant.")
@click.option(
    "--succeeds", default="", metavar="CHANNEL", help="A channel that ended, which it takes up from."
)
@click.option(
    "--within",
    default="",
    metavar="CHANNEL",
    help="A channel of many, where this is between some of its members.",
)
@YES
@official_verb
def propose(
    parties: tuple[str, ...],
    reached_by: str,
    succeeds: str,
    within: str,
    yes: bool,
    by: Official,
    **said: Unpack[Proposal],
) -> Answer:
    """Propose a channel to one PARTY or to many, under one instrument or several."""
    from comity_cli.recorded import recorded
    from comity_node.channels import services
    from comity_node.channels.neighbours import Belongs

    charter = services.draft_charter(
        counterparts=parties,
        belongs=Belongs(succeeds, within),
        coordinator=_coordinator(by, reached_by),
        **said,
    )
    read(services.proposal(charter), by=by, yes=yes)
    done = recorded(services.propose(charter, by=by))
    return Answer({"channel": charter.channel, **done.document}, [f"channel {charter.channel}", *done.lines])


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
        {"channels": rows}, [f"{row['channel']}  {row['counterpart']:8} {row['standing']}" for row in rows]
    )


@channel.command("obligations")
@click.argument("channel")
@official_verb
def obligations(channel: str, by: Official) -> Answer:
    """List what each side owes the other in CHANNEL now, with the entry each obligation comes from."""
    from comity_node.channels import duties

    _readable(channel, by)
    rows = duties.documents(channel)
    return Answer({"obligations": rows}, list(duties.lines(rows)) or ["neither side owes the other anything"])


@channel.command("keys")
@click.argument("channel")
@node_verb
def keys(channel: str) -> Answer:
    """List each pair of keys that signs or signed for a side of CHANNEL, and all it signed, with times."""
    from comity_node.register import queries as register
    from comity_node.register import rotations
    from comity_node.register.signed import signed

    found(channel)
    logs = register.channel_logs(channel)
    pairs = [
        {
            "party": log.party,
            "pair": place,
            "log": list(map(str, keys)),
            "mirror": list(map(str, mirror)),
            **told,
        }
        for log in logs
        for place, (keys, mirror, told) in enumerate(rotations.pairs(log), 1)
    ]
    done = [{"party": log.party, **asdict(one)} for log in logs for one in signed(log)]
    lines = [_key_line(one) for one in pairs]
    lines += [
        f"{_instant(one['at'])}  {one['party']} pair {one['pair']}: {one['what']} of"
        f" {one['size']:,} entries of {one['origin']}{' AFTER the stated moment' if one['after'] else ''}"
        for one in done
    ]
    return Answer({"pairs": pairs, "signed": done}, lines)


def _instant(at: datetime | None) -> str:
    return f"{at:%Y-%m-%d %H:%M:%S}" if at else "no stated time     "


def _key_line(one: dict[str, Any]) -> str:
    until = "in force" if one["until"] is None else f"retired in entry {one['until']} ({one['reason']})"
    lost = f", in other hands since {one['compromised']}" if one["compromised"] else ""
    begins = f", signs from {one['begins']}" if one["begins"] else ""
    return f"{one['party']} pair {one['pair']}: {until}{lost}{begins}"


@channel.command("offers")
@click.argument("channel")
@official_verb
def offers(channel: str, by: Official) -> Answer:
    """List the offers each side made in CHANNEL, what became of each, and since when it is unanswered."""
    from comity_cli import talks

    _readable(channel, by)
    return talks.offers(channel)


@channel.command("positions")
@click.argument("channel")
@official_verb
def positions(channel: str, by: Official) -> Answer:
    """List the subjects on which positions were stated in CHANNEL, and the entry that holds each side's."""
    from comity_cli import talks

    _readable(channel, by)
    return talks.positions(channel)


@channel.command("resumption")
@click.argument("channel")
@click.option("--of", "refs", multiple=True, metavar="REF", help="Only if this suspension ended.")
@click.option("--at", default="", metavar="INSTANT", help="As if it ended then, as 2026-12-01T12:00:00Z.")
@official_verb
def resumption(channel: str, refs: tuple[str, ...], at: str, by: Official) -> Answer:
    """Show what would move in CHANNEL if its suspensions ended: a dry run that changes nothing."""
    from comity_cli.days import instant
    from comity_node.channels import resuming

    _readable(channel, by)
    found = resuming.document(channel, at=instant(at), refs=refs)
    return Answer(found, list(resuming.lines(found)))


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
        f"channel {id} with {row['counterpart']}: {row['standing']}",
        f"purpose: {row['purpose']}",
        f"rests on: {', '.join(row['instruments'])}",
        *(
            f"{label}: {row[name]}"
            for name, label in (
                ("succeeds", "takes up from"),
                ("succeeded_by", "succeeded by"),
                ("within", "within"),
            )
            if row[name]
        ),
        *(f"sub-channel: {part}" for part in row["sub_channels"]),
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


def _readable(channel: str, by: Official) -> None:
    """Only who may read the record reads what follows from it."""
    from comity_node.officials.access import require

    require(by, "record.read")
    found(channel)


def _row(one: Channel) -> dict[str, Any]:
    from comity_node.channels import neighbours, queries

    after = neighbours.successor(one)
    return {
        "standing": queries.standing(one),
        "channel": one.channel,
        "counterpart": one.counterpart,
        "parties": one.parties,
        "state": one.state,
        "label": one.label,
        "purpose": one.purpose,
        "instruments": one.instruments,
        "amendments": one.amendments,
        "notices": one.notices,
        "closings": one.closings,
        "ends_on": one.ends_on.isoformat() if one.ends_on else None,
        "closed_at": one.closed_at.isoformat() if one.closed_at else None,
        "succeeds": one.succeeds or None,
        "succeeded_by": after.channel if after else None,
        "within": one.within or None,
        "sub_channels": [part.channel for part in neighbours.parts(one)],
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
