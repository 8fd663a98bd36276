"""``comity contact``: where each party is reached: list ours, read theirs, check that somebody answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from comity_cli import contact_said as said
from comity_cli.signing import YES, read, sign
from comity_cli.verb import FILE, Answer, node_verb, official_verb

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from comity_node.officials.models import Official
    from comity_node.register.acts import Act

_KINDS = click.Choice(["always_on", "technical", "diplomatic", "legal"])
_SORTS = click.Choice(["automatic", "human", "formal"])
_CHANNEL = click.option("--channel", "channels", multiple=True, help="Where; everywhere if left out.")
_SAID = (
    click.option("--authority", help="The authority, as it wants to be addressed."),
    click.option("--role", help="The unit or role that answers, never a person."),
    click.option(
        "--language", "languages", multiple=True, help="A language spoken there, the first preferred."
    ),
    click.option("--hours", help="24/7, or hours of the week: Mo-Fr 08:00-18:00."),
    click.option("--zone", help="The time zone the hours are in, as Europe/Zurich."),
    click.option("--telephone", "telephones", multiple=True, help="A number, as +41446681800."),
    click.option("--email", "emails", multiple=True, help="An address."),
    click.option("--other", multiple=True, help="Another path, in words."),
    click.option("--verified-by", help="Which office has checked this, and how."),
)


def _saying(work: Callable[..., Any]) -> Callable[..., Any]:
    """The options by which a point is described."""
    for option in reversed(_SAID):
        work = option(work)
    return work


@click.group("contact")
def contact() -> None:
    """Contact points of every party, and checks that somebody answers there."""


@contact.command("list")
@click.option("--party", default="", help="Only this party's.")
@click.option("--open", "is_open", is_flag=True, help="Only where somebody is now.")
@node_verb
def list_(party: str, is_open: bool) -> Answer:
    """List the contact points of every party, with who is there now."""
    from django.utils import timezone

    from comity_node.contact_point import queries

    found = queries.listed(timezone.now(), party=party)
    shown = [one for one in found if one.opening.is_open or not is_open]
    return Answer({"points": [said.point(one) for one in shown]}, said.lines(shown))


@contact.command("network")
@official_verb
def network(by: Official) -> Answer:
    """Show the line to every party: last heard, last receipt, clock, entries without receipt, channels."""
    from django.utils import timezone

    from comity_node.officials.access import require
    from comity_node.web.contacts import network as lines_to

    require(by, "record.read")
    found = lines_to({}, timezone.now())
    return Answer({"parties": [said.line(one) for one in found]}, said.network(found))


@contact.command("show")
@click.argument("channel")
@click.argument("ref")
@node_verb
def show(channel: str, ref: str) -> Answer:
    """Show one point with its versions, or one check as it went."""
    from django.utils import timezone

    from comity_node.contact_point import queries
    from comity_node.contact_point.errors import NoSuchPoint

    checks = queries.check(channel, ref)
    if checks:
        return Answer(
            {"checks": [said.check(one) for one in checks]}, [said.check_line(one) for one in checks]
        )
    row = queries.row(channel, ref)
    if row is None:
        raise NoSuchPoint(
            f"nothing is shown: there is no point or check {ref[:64]} in channel {channel[:40]}"
        )
    versions = queries.versions(channel, ref)
    same = [one for one in queries.listed(timezone.now(), party=row.party) if one.row.ref == ref]
    document = {
        "ref": row.ref,
        "party": row.party,
        "kind": row.kind,
        "state": row.state,
        "said": row.said,
        "unreadable": row.unreadable,
        "ways_changed_at": said.when(row.ways_changed_at),
        "ways_seconded": row.ways_seconded,
        "doubted_by": row.doubted_by,
        "versions": [
            {
                "entry": one.entry,
                "act": one.act,
                "at": said.when(one.at),
                "by": one.by,
                "seconded_by": one.seconded_by,
                "receipted_at": said.when(one.receipted_at),
                "changed": one.changed,
                "irregular": one.irregular,
                "unreadable": one.unreadable,
            }
            for one in versions
        ],
    }
    lines = [f"{row.ref} of {row.party}, {row.kind}, {row.state}", *said.lines(same)]
    lines += [f"    {one.at:%Y-%m-%d %H:%M} {one.label} {one.entry}" for one in versions]
    return Answer(document, lines)


@contact.command("checks")
@click.option("--party", default="", help="Only those with this party.")
@node_verb
def checks(party: str) -> Answer:
    """List the communication checks, the latest first, with how long answers took."""
    from comity_node.contact_point import queries

    found = list(queries.checks(party=party)[: queries.HISTORY])
    return Answer(
        {"checks": [said.check(one) for one in found]}, [said.check_line(one) for one in found] or ["none"]
    )


@contact.command("add")
@click.option("--kind", type=_KINDS, required=True, help="What it is for.")
@_saying
@_CHANNEL
@YES
@official_verb
def add(kind: str, channels: tuple[str, ...], yes: bool, by: Official, **given: Any) -> Answer:  # noqa: ANN401
    """List a point of ours, in each channel by itself; a second officer signs."""
    from comity_node.contact_point import queries, services

    point = services.point(_given(given))
    acts = services.listing(point, kind=kind, channels=channels or queries.open_channels())
    return _signed(acts, by=by, yes=yes)


@contact.command("amend")
@click.argument("ref")
@_saying
@_CHANNEL
@YES
@official_verb
def amend(ref: str, channels: tuple[str, ...], yes: bool, by: Official, **given: Any) -> Answer:  # noqa: ANN401
    """Change a point of ours: what is not given stays. Other numbers take a second officer."""
    from comity_node.contact_point import queries, services
    from comity_node.contact_point.errors import NoSuchPoint

    rows = queries.rows(ref)
    if not rows:
        raise NoSuchPoint(f"nothing was recorded: no point {ref[:64]} of ours is listed")
    point = services.point({**rows[0].said, **_given(given)})
    return _signed(services.amendment(ref, point, channels=channels), by=by, yes=yes)


@contact.command("confirm")
@click.argument("ref")
@_CHANNEL
@YES
@official_verb
def confirm(ref: str, channels: tuple[str, ...], yes: bool, by: Official) -> Answer:
    """Confirm that a point of ours is still as it was listed."""
    from comity_node.contact_point import services

    return _signed(services.confirmation(ref, channels=channels), by=by, yes=yes)


@contact.command("withdraw")
@click.argument("ref")
@_CHANNEL
@YES
@official_verb
def withdraw(ref: str, channels: tuple[str, ...], yes: bool, by: Official) -> Answer:
    """Withdraw a point of ours."""
    from comity_node.contact_point import services

    return _signed(services.withdrawal(ref, channels=channels), by=by, yes=yes)


@contact.command("import")
@click.argument("file", type=FILE)
@YES
@official_verb
def import_(file: Path, yes: bool, by: Official) -> Answer:
    """List and change points of ours from FILE, a table in CSV; all of it is good, or none is recorded."""
    from comity_node.contact_point import importing

    with file.open("rb") as table:
        rows, problems = importing.read(table.read(importing.MOST_BYTES + 1))
    importing.refuse(problems)
    return _signed(importing.acts(rows), by=by, yes=yes)


@contact.command("doubt")
@click.argument("channel")
@click.argument("ref")
@click.option("--tried", type=click.Choice(["telephone", "email", "other_path"]), required=True)
@click.option("--text", required=True, help="What happened.")
@YES
@official_verb
def doubt(channel: str, ref: str, tried: str, text: str, yes: bool, by: Official) -> Answer:
    """Tell the owner of a point that it does not answer."""
    from comity_node.contact_point import services

    return _signed([services.doubt(channel, ref, tried=tried, text=text)], by=by, yes=yes)


@contact.command("check")
@click.argument("channel")
@click.option(
    "--sort", type=_SORTS, required=True, help="Who is to answer: the node, a point, a point formally."
)
@click.option("--kind", "at_kind", type=_KINDS, default="technical", help="At which kind of point.")
@click.option("--party", "parties", multiple=True, help="Of whom; of everybody in the channel if left out.")
@click.option("--announced", is_flag=True, help="They were told beforehand.")
@YES
@official_verb
def check(
    channel: str, sort: str, at_kind: str, parties: tuple[str, ...], announced: bool, yes: bool, by: Official
) -> Answer:
    """Ask a communication check. It is no incident, and says so."""
    from comity_node.contact_point import services

    act = services.asking(channel, sort=sort, at_kind=at_kind, announced=announced, parties=parties)
    return _signed([act], by=by, yes=yes)


@contact.command("answer")
@click.argument("channel")
@click.argument("ref")
@YES
@official_verb
def answer(channel: str, ref: str, yes: bool, by: Official) -> Answer:
    """Answer a check that was asked of our point."""
    from comity_cli.recorded import recorded
    from comity_node.contact_point import services

    return recorded(sign(services.on_check(channel, ref, "answered"), by=by, yes=yes))


@contact.command("explain")
@click.argument("channel")
@click.argument("ref")
@click.option(
    "--cause", required=True, help="nobody_there, line_down, node_down, point_changed or other_cause."
)
@click.option("--text", required=True, help="What was the matter, and what was done about it.")
@YES
@official_verb
def explain(channel: str, ref: str, cause: str, text: str, yes: bool, by: Official) -> Answer:
    """Explain why a check of our point was not answered in time."""
    from comity_cli.recorded import recorded
    from comity_node.contact_point import services

    act = services.on_check(channel, ref, "explained", stated={"cause": cause}, text=text)
    return recorded(sign(act, by=by, yes=yes))


@contact.command("close")
@click.argument("channel")
@click.argument("ref")
@YES
@official_verb
def close(channel: str, ref: str, yes: bool, by: Official) -> Answer:
    """Wait no longer for an answer to a check that was not answered in time."""
    from comity_cli.recorded import recorded
    from comity_node.contact_point import services

    return recorded(sign(services.on_check(channel, ref, "closed"), by=by, yes=yes))


def _given(given: dict[str, Any]) -> dict[str, Any]:
    """What was given of a point."""
    return {
        name: list(value) if isinstance(value, tuple) else value for name, value in given.items() if value
    }


def _signed(acts: Sequence[Act], *, by: Official, yes: bool) -> Answer:
    """Have acts read and signed, all or none; what became of each."""
    from comity_cli.recorded import recorded
    from comity_node.contact_point import services

    shown = [read(act, by=by, yes=yes) for act in acts]
    done = [recorded(one) for one in services.sign_all(acts, shown, by=by)]
    rows = [
        {"channel": act.channel, "ref": act.ref, **one.document} for act, one in zip(acts, done, strict=True)
    ]
    lines = [
        line
        for act, one in zip(acts, done, strict=True)
        for line in (f"{act.ref} in {act.channel}", *one.lines)
    ]
    return Answer({"recorded": rows}, lines)
