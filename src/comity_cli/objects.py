"""``comity objects``: lists of protected objects, declared, committed to, undertaken for, revealed from."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import click

from comity_cli.new_file import new_file
from comity_cli.recorded import recorded
from comity_cli.said import STATED, codes
from comity_cli.signing import YES, sign
from comity_cli.verb import FILE, NEW_FILE, Answer, node_verb, official_verb

if TYPE_CHECKING:
    from pathlib import Path

    from comity_node.officials.models import Official
    from comity_node.protected_objects.models import ProtectedList

_WHY = click.option("--why", default="", help="Why it is opened; stands in the journal.")
_ALERT = click.option("--alert", default="", metavar="ENTRY", help="The alert it is about.")


@click.group("objects")
def objects() -> None:
    """Protected objects."""


@objects.command("list")
@click.option("--channel", help="Only of this channel.")
@official_verb
def list_(channel: str | None, by: Official) -> Answer:
    """List the lists of both sides, without what is on them."""
    from comity_node.officials.access import require
    from comity_node.protected_objects import access, queries

    require(by, access.READ)
    rows = [_row(one) for one in queries.lists() if channel in (None, one.channel)]
    lines = [f"{row['ref']:18} {row['declarer']:4} {row['state']:20} {row['title']}" for row in rows]
    return Answer({"lists": rows}, lines or ["none"])


@objects.command("show")
@click.argument("channel")
@click.argument("ref")
@_WHY
@_ALERT
@official_verb
def show(channel: str, ref: str, why: str, alert: str, by: Official) -> Answer:
    """Show a list with what is on it. That it was opened is noted first, and why."""
    from comity_node.protected_objects import services

    row = services.found(channel, ref)
    services.open_(row, by=by, why=why, alert=alert)
    said = {**_row(row), "objects": _listed(row), "revealed": _revealed(row)}
    lines = [f"{name}: {value}" for name, value in _row(row).items() if value not in ("", None, [])]
    lines += [f"  {one['leaf'][:12]}  {one['name']} ({one['sector']})" for one in said["objects"]]
    lines += [f"  revealed: {one['name']} {one['doubt'] or 'was on the list'}" for one in said["revealed"]]
    return Answer(said, lines)


def _declaring(command: click.Command) -> click.Command:
    """The options of whoever writes a list down."""
    for option in (
        click.Option(["--until"], required=True, metavar="DAY", help="Valid until this day."),
        click.Option(["--since"], default="", metavar="DAY", help="Valid from this day."),
        click.Option(["--title"], required=True, help="What it is called."),
        click.Option(["--purpose"], required=True, help="What it is declared for."),
        click.Option(["--seek", "sought"], multiple=True, help="hands_off, warn or assist."),
        click.Option(["--unpadded"], is_flag=True, help="Let the number of its objects be seen."),
        click.Option(["--amends"], default="", metavar="REF", help="The list of which it is a new version."),
    ):
        command.params.insert(0, option)
    return command


def _written(sort: str, channel: str, file: Path, *, by: Official, yes: bool, **said: Any) -> Answer:  # noqa: ANN401 - options as click gives them
    """Write a list down, and declare it; one that was not signed waits and is found again."""
    from django.conf import settings

    from comity import protected
    from comity_node.protected_objects import services

    limits = settings.NODE.limits
    with file.open("rb") as opened:
        data = opened.read(limits.payload_bytes + 1)
    found = protected.read_list(data, most=limits.list_objects)
    stated: dict[str, str | list[str]] = {"valid_until": _day(said["until"])}
    if said["since"]:
        stated["valid_from"] = _day(said["since"])
    if said["sought"]:
        stated["sought"] = list(said["sought"])
    cover = services.Cover(sort, said["title"], said["purpose"], stated, not said["unpadded"])
    kept = services.keep(found, cover, channel=channel, by=by, ref=said["amends"])
    done = recorded(sign(services.declaration(kept), by=by, yes=yes))
    counts = {"ref": kept.ref, "objects": len(found), "root": kept.root, "leaves": kept.leaves}
    lines = [f"list {kept.ref}: {len(found):,} objects, root {kept.root}, {kept.leaves:,} leaves"]
    return Answer({**counts, **done.document}, [*lines, *done.lines])


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError as wrong:
        raise click.BadParameter(f"{text[:20]!r} is not a day, as 2027-12-31") from wrong


@objects.command("declare")
@click.argument("channel")
@click.argument("file", type=FILE)
@YES
@official_verb
def declare(channel: str, file: Path, yes: bool, by: Official, **said: Any) -> Answer:  # noqa: ANN401 - as above
    """Declare the list in FILE (CSV or JSON) and show it: the other side reads every object."""
    return _written("shown", channel, file, by=by, yes=yes, **said)


@objects.command("commit")
@click.argument("channel")
@click.argument("file", type=FILE)
@YES
@official_verb
def commit(channel: str, file: Path, yes: bool, by: Official, **said: Any) -> Answer:  # noqa: ANN401 - as above
    """Commit to the list in FILE without showing it: single objects can be revealed later."""
    return _written("committed", channel, file, by=by, yes=yes, **said)


_declaring(declare)
_declaring(commit)


@objects.command("reveal")
@click.argument("channel")
@click.argument("ref")
@click.argument("leaves", metavar="LEAF...", nargs=-1, required=True)
@_ALERT
@click.option("--text", default="", help="In words.")
@YES
@official_verb
def reveal(
    channel: str, ref: str, leaves: tuple[str, ...], alert: str, text: str, yes: bool, by: Official
) -> Answer:
    """Reveal objects of a list of ours, by their leaves as ``objects show`` gives them, or beginnings."""
    from comity_node.protected_objects import revealing, services

    row = services.own(channel, ref)
    whole = revealing.leaves_of(row, leaves)
    return recorded(sign(revealing.reveal_act(row, whole, alert=alert, text=text), by=by, yes=yes))


@objects.command("proof")
@click.argument("channel")
@click.argument("ref")
@click.argument("leaf")
@click.argument("file", type=NEW_FILE)
@_WHY
@_ALERT
@official_verb
def proof(channel: str, ref: str, leaf: str, file: Path, why: str, alert: str, by: Official) -> Answer:
    """Write what shows that an object was on a list to FILE: comity verify reads it. It is TLP:RED."""
    from comity_node.protected_objects import revealing, services

    row = services.found(channel, ref)
    services.open_(row, by=by, why=why, alert=alert, what="proof", leaf=leaf[:64])
    data = revealing.reveal_file(row, leaf)
    with new_file(file) as out:
        out.write(data)
    return Answer({"file": str(file)}, [f"wrote {file}", f"check it: comity verify {file}"])


@objects.command("verify")
@click.argument("file", type=FILE)
@node_verb
def verify(file: Path) -> Answer:
    """Hold a reveal somebody handed over against the entry on our own record."""
    from comity.protected.reveal import MOST_BYTES
    from comity_node.protected_objects import revealing

    with file.open("rb") as opened:
        said, found = revealing.verify(opened.read(MOST_BYTES + 1))
    document = {"entry": said.entry, "root": said.root, "name": found.name, "sector": found.sector}
    return Answer(document, [f"{found.name} ({found.sector}) was on the list that {said.entry} committed to"])


@objects.command("undertake")
@click.argument("channel")
@click.argument("ref")
@click.argument("undertaking", metavar="hands_off|warn|assist...", nargs=-1, required=True)
@click.option("--in-part", "in_part", default="", metavar="WORDS", help="As far as these words say.")
@YES
@official_verb
def undertake(
    channel: str, ref: str, undertaking: tuple[str, ...], in_part: str, yes: bool, by: Official
) -> Answer:
    """Undertake something for the version in force of a list of theirs."""
    from comity_node.protected_objects import services

    row = services.found(channel, ref)
    said = {
        "undertaking": list(undertaking),
        "version": [row.version],
        **({"text": [in_part]} if in_part else {}),
    }
    return _acted(row, "undertaken_in_part" if in_part else "undertaken", said, by=by, yes=yes)


@objects.command("destroy")
@click.argument("channel")
@click.argument("ref")
@click.option("--method", required=True, help="How it was done.")
@click.option("--done-by", required=True, help="The office that did it.")
@click.option("--done-at", required=True, help="When.")
@click.option("--copies", required=True, help="What became of copies, excerpts and backups.")
@click.option("--entry", "entries", multiple=True, help="Only what this entry says; all that was asked for.")
@click.option("--returned", is_flag=True, help="It was given back, and no copy kept.")
@YES
@official_verb
def destroy(
    channel: str, ref: str, entries: tuple[str, ...], returned: bool, yes: bool, by: Official, **said: str
) -> Answer:
    """Certify that what was given of a list is destroyed, or returned; this node erases it."""
    from comity_node.protected_objects import acting, services

    row = services.found(channel, ref)
    name = "returned" if returned else "destroyed"
    asked = acting.ActForm(None, row=row, rule=acting.table().act(name)).fields["entries"].initial or []
    stated = {"entries": list(entries or asked)}
    return _acted(row, name, {**stated, **{key: [value] for key, value in said.items()}}, by=by, yes=yes)


@objects.command("act")
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
    """Do ACT on a list, as its table names it: proof_accepted, consulted, disposal_asked, withdrawn."""
    from comity_node.protected_objects import services

    row = services.found(channel, ref)
    return _acted(row, act, {**codes(stated), **codes(said)}, by=by, yes=yes)


def _acted(row: ProtectedList, act: str, said: dict[str, list[str]], *, by: Official, yes: bool) -> Answer:
    from comity_node.protected_objects import acting

    return recorded(sign(acting.filled(row, act, said).act(), by=by, yes=yes))


def _row(one: ProtectedList) -> dict[str, Any]:
    from comity_node.protected_objects import queries

    names = (
        "channel", "ref", "declarer", "state", "sort", "title", "number", "version", "root", "leaves",
        "valid_from", "valid_until", "sought", "content", "doubt", "objects_shown", "irregular",
    )  # fmt: skip
    bound = {
        each.party: {"state": each.state, "undertaking": each.undertaking, "disposed": each.how}
        for each in queries.undertaken(one)
    }
    due = one.due_at.isoformat() if one.due_at else None
    return {**{name: getattr(one, name) for name in names}, "undertaken": bound, "due_at": due}


def _listed(row: ProtectedList) -> list[dict[str, Any]]:
    """What the version in force shows, or what we keep of our own."""
    from comity_node.protected_objects import queries

    if row.ours and not row.objects_shown:
        kept = queries.kept(row.channel, row.ref, row.root)
        return [{"leaf": one["leaf"], **one["object"]} for one in (kept.document["objects"] if kept else ())]
    return [{"leaf": one.leaf, **one.said} for one in queries.objects(row)]


def _revealed(row: ProtectedList) -> list[dict[str, Any]]:
    from comity_node.protected_objects import queries

    return [
        {"leaf": one.leaf, "name": one.name, "entry": one.source, "doubt": one.doubt}
        for one in queries.revealed(row)
    ]
