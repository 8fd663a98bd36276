"""``comity evidence``: exhibits, sealed and hashed, with every hand they pass through."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import click

from comity.errors import OurFault
from comity_cli.exits import Exit
from comity_cli.new_file import new_file
from comity_cli.progress import counting
from comity_cli.said import STATED, codes
from comity_cli.signing import YES, read, sign
from comity_cli.verb import FILE, NEW_FILE, Answer, node_verb, official_verb

if TYPE_CHECKING:
    from pathlib import Path

    from comity.names import EntryRef
    from comity_node.evidence.models import Exhibit, Intake
    from comity_node.officials.models import Official


class UnknownExhibit(OurFault):
    """No exhibit of that reference is on record in that channel."""

    code = "unknown-exhibit"
    default_hint = "comity evidence list --as LOGIN"


_PERMISSION = click.option(
    "--permission", default="", metavar="ENTRY", help="The entry by which whoever gave it permits this."
)


@click.group("evidence")
def evidence() -> None:
    """Exhibits."""


@evidence.command("add")
@click.argument("file", type=FILE)
@click.option("--channel", required=True, help="Channel whose parties are to have it.")
@click.option("--description", default="", help="What it is.")
@click.option(
    "--media-type", default="application/octet-stream", show_default=True, help="As you declare it."
)
@click.option("--taken-where", default="", help="Place of seizure or collection.")
@click.option("--taken-at", default="", help="When it was taken.")
@click.option("--taken-by", default="", help="The office that took it.")
@click.option("--request", default="", metavar="REF", help="The request it answers.")
@click.option("--statement", default="", help="How it was kept until now.")
@click.option(
    "--tlp", default="", metavar="MARK", help="TLP 2.0 marking: RED, AMBER+STRICT, AMBER, GREEN, CLEAR."
)
@click.option("--pap", default="", metavar="MARK", help="PAP marking: RED, AMBER, GREEN, CLEAR.")
@click.option(
    "--limit", "limits", multiple=True, metavar="CODE", help="A limit on its use, as not_passed_on."
)
@click.option("--handling", default="", metavar="CODE", help="Handling code: H0, H1, H2, H3.")
@click.option("--handling-text", default="", help="Handling in words, for H3.")
@_PERMISSION
@YES
@official_verb
def add(
    file: Path,
    channel: str,
    media_type: str,
    limits: tuple[str, ...],
    yes: bool,
    by: Official,
    **described: str,
) -> Answer:
    """Seal FILE, and announce it to the counterpart. FILE is read once and left where it is.

    A file that was sealed and not announced waits: comity evidence waiting, announce, discard.
    """
    from comity_node.evidence import services

    facts = {"media_type": media_type, **described}
    with counting("bytes", file.stat().st_size) as progress:
        taken = services.take_in_file(
            file, channel=channel, facts=facts, by=by, limits=limits, progress=progress
        )
    return _announced(taken, by=by, yes=yes)


@evidence.command("waiting")
@official_verb
def waiting(by: Official) -> Answer:
    """List the files sealed here that nobody has announced yet."""
    from comity_node.evidence import access, queries

    access.capacity(by, access.ADD)
    rows = [
        {"ref": one.ref, "channel": one.channel, "by": one.official.login, "sealed_at": one.sealed_at}
        for one in queries.taken_in()
    ]
    lines = [f"{row['ref']:18} {row['channel']} sealed by {row['by']}" for row in rows]
    return Answer({"waiting": rows}, lines or ["none"])


@evidence.command("announce")
@click.argument("ref")
@YES
@official_verb
def announce(ref: str, yes: bool, by: Official) -> Answer:
    """Announce the file sealed as REF: from then on the counterpart fetches it."""
    return _announced(_taken_in(ref), by=by, yes=yes)


@evidence.command("discard")
@click.argument("ref")
@official_verb
def discard(ref: str, by: Official) -> Answer:
    """Drop the file sealed as REF. Nothing of it was ever on record."""
    from comity_node.evidence import services

    services.discard(_taken_in(ref), by=by)
    return Answer({"ref": ref}, [f"{ref} was dropped"])


@evidence.command("list")
@click.option("--channel", help="Only of this channel.")
@official_verb
def list_(channel: str | None, by: Official) -> Answer:
    """List the exhibits on record, the newest first."""
    from comity_node.evidence import queries

    _may_read(by)
    rows = [_row(one) for one in queries.exhibits() if channel in (None, one.channel)]
    lines = [f"{row['ref']:18} {row['state']:12} {row['size']:>14,}  {row['name']}" for row in rows]
    return Answer({"exhibits": rows}, lines or ["none"])


@evidence.command("show")
@click.argument("channel")
@click.argument("ref")
@official_verb
def show(channel: str, ref: str, by: Official) -> Answer:
    """Show an exhibit with its chain of custody."""
    from comity_node.evidence import queries

    _may_read(by)
    found = _exhibit(channel, ref)
    chain = [
        {"act": step.act, "entry": step.entry, "irregular": step.irregular} for step in queries.chain(found)
    ]
    row = _row(found)
    lines = [f"{name}: {value}" for name, value in row.items() if value not in ("", None)]
    lines += [f"{one['act']:14} {one['entry']} {one['irregular']}".rstrip() for one in chain]
    return Answer({**row, "custody": chain}, lines)


@evidence.command("open")
@click.argument("channel")
@click.argument("ref")
@click.argument("file", type=NEW_FILE)
@click.option("--purpose", required=True, help="Why; goes on record before anything is opened.")
@YES
@official_verb
def open_(channel: str, ref: str, file: Path, purpose: str, yes: bool, by: Official) -> Answer:
    """Put the opening on record, then write the content of an exhibit to FILE, which must not exist."""
    from comity_node.evidence import services

    found = _exhibit(channel, ref)
    read(services.opening_act(found, purpose), by=by, yes=yes)
    with new_file(file) as out, counting("bytes", found.size) as progress:
        written = 0
        for piece in services.open_exhibit(found, by=by, purpose=purpose):
            written += out.write(piece)
            progress(written)
    return Answer({"file": str(file), "bytes": written}, [f"wrote {written:,} bytes to {file}"])


@evidence.command("hand-over")
@click.argument("channel")
@click.argument("ref")
@click.option("--released-by", required=True, help="The office that releases it.")
@click.option("--received-by", required=True, help="The office or authority that receives it.")
@click.option("--purpose", required=True, help="Why it passes.")
@click.option("--seal", default="", help="Number of the seal.")
@click.option("--condition", default="", help="In what condition it passes.")
@click.option(
    "--to",
    default="",
    type=click.Choice(["", "within", "onward", "court"]),
    help="Within our authority, to another, or into a court file; not said: held to the rules for a court.",
)
@_PERMISSION
@YES
@official_verb
def hand_over(channel: str, ref: str, yes: bool, by: Official, **said: str) -> Answer:
    """Record that an exhibit passes from one office to another; a second officer must approve it."""
    from comity import custody
    from comity_cli.recorded import recorded
    from comity_node.evidence import services

    passed = custody.read(said, custody.HandOver)
    act = services.hand_over_act(_exhibit(channel, ref), passed)
    return recorded(sign(act, by=by, yes=yes))


@evidence.command("act")
@click.argument("channel")
@click.argument("ref")
@click.argument("act")
@STATED
@click.option("--say", "said", multiple=True, metavar="NAME=TEXT", help="What is sealed with it, as text=…")
@YES
@official_verb
def act(
    channel: str,
    ref: str,
    act: str,
    stated: tuple[str, ...],
    said: tuple[str, ...],
    yes: bool,
    by: Official,
) -> Answer:
    """Do ACT on an exhibit after delivery, as its table names it: use_reported, recalled, destroyed."""
    from comity_cli.recorded import recorded
    from comity_node.evidence import acting, queries

    found = _exhibit(channel, ref)
    among = [one.party for one in queries.holdings(found)]
    form = acting.filled(act, {**codes(stated), **codes(said)}, among=among)
    return recorded(sign(form.act(found), by=by, yes=yes))


@evidence.command("fetch")
@click.argument("channel", required=False)
@node_verb
def fetch(channel: str | None) -> Answer:
    """Fetch what was announced to us and is not here, or no longer. Exit 4 if any did not come whole."""
    from django.conf import settings

    from comity.errors import CounterpartBreach
    from comity_node.evidence import queries, services

    lost = [
        one
        for one in queries.missing_files()
        if one.receiver == settings.NODE.party and channel in (None, one.channel)
    ]
    rows: list[dict[str, str]] = []
    for exhibit in (*services.pending(channel), *lost):
        try:
            rows.append({"ref": exhibit.ref, "entry": str(_fetched(exhibit))})
        except CounterpartBreach as breach:
            rows.append({"ref": exhibit.ref, "error": str(breach), "code": breach.code})
    failed = any("error" in row for row in rows)
    lines = [f"{row['ref']}: {row.get('error') or 'stated in ' + row['entry']}" for row in rows]
    return Answer({"fetched": rows}, lines or ["nothing waits"], Exit.COUNTERPART if failed else Exit.DONE)


def _fetched(exhibit: Exhibit) -> EntryRef:
    """Fetch an exhibit from its provider; where that does not answer, from a member that received it."""
    from comity_cli.carrying import line_to
    from comity_node.evidence import arrivals, services
    from comity_node.wire.line import Unreachable

    try:
        return arrivals.fetch(exhibit, line_to(exhibit.provider))
    except Unreachable:
        for party in services.holders(exhibit):
            with suppress(Unreachable):
                return arrivals.fetch(exhibit, line_to(party), party)
        raise


def _announced(taken: Intake, *, by: Official, yes: bool) -> Answer:
    """Have the text read that announces a file, and sign it."""
    from comity_cli.recorded import recorded
    from comity_node.evidence import services

    read(services.announcement_act(taken), by=by, yes=yes)
    said = recorded(services.announce(taken, by=by))
    return Answer({"ref": taken.ref, **said.document}, [f"exhibit {taken.ref}", *said.lines])


def _taken_in(ref: str) -> Intake:
    from comity_node.evidence import queries

    found = queries.taken_in().filter(ref=ref).first()
    if found is None:
        raise UnknownExhibit(
            f"no file sealed as {ref[:60]} waits to be announced", hint="comity evidence waiting --as LOGIN"
        )
    return found


def _may_read(by: Official) -> None:
    from comity_node.officials.access import require

    require(by, "record.read")


def _exhibit(channel: str, ref: str) -> Exhibit:
    from comity_node.evidence import queries

    found = queries.exhibits().filter(channel=channel, ref=ref).first()
    if found is None:
        raise UnknownExhibit(f"there is no exhibit {ref[:60]} in channel {channel[:40]}")
    return found


def _row(one: Exhibit) -> dict[str, Any]:
    from comity_node.evidence import queries

    return {
        "channel": one.channel,
        "ref": one.ref,
        "state": one.state,
        "name": one.name,
        "size": one.size,
        "sha256": one.sha256,
        "provider": one.provider,
        "description": one.description,
        "request": one.request,
        "malformed": one.malformed,
        "held_by": {held.party: held.state for held in queries.holdings(one)},
    }
