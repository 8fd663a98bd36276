"""``comity request``: write requests for assistance, and do with them whatever their procedure allows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from comity.errors import OurFault
from comity_cli.verb import Answer, official_verb

if TYPE_CHECKING:
    from collections.abc import Sequence

    from comity_node.assistance.models import Draft, Request
    from comity_node.officials.models import Official


class UnknownRequest(OurFault):
    """No request or draft of that reference is here."""

    code = "unknown-request"
    default_hint = "comity request list --as LOGIN"


@click.group("request")
def request() -> None:
    """Requests for assistance."""


@request.command("list")
@click.option("--direction", type=click.Choice(["ours", "theirs"]), help="Who requests.")
@click.option("--standing", default="", help="A state of the procedure, or `open`.")
@click.option("--words", default="", help="Part of a title or reference.")
@official_verb
def list_(direction: str | None, standing: str, words: str, by: Official) -> Answer:
    """List requests, the latest act first."""
    from django.utils import timezone

    from comity_node.assistance import queries

    _may_read(by)
    wanted = queries.Wanted(words=words, standing=standing, direction=direction or "")
    rows = [_row(one) for one in queries.all_requests(wanted, now=timezone.now())]
    lines = [f"{row['ref']:16} {row['standing']:28} {row['title']}" for row in rows]
    return Answer({"requests": rows}, lines or ["none"])


@request.command("show")
@click.argument("channel")
@click.argument("ref")
@official_verb
def show(channel: str, ref: str, by: Official) -> Answer:
    """Show where a request stands, and every entry of it."""
    from comity_node.assistance import queries
    from comity_node.assistance.judging import PREFIX
    from comity_node.register import queries as register

    _may_read(by)
    found = queries.request(channel, ref)
    if found is None:
        raise UnknownRequest(f"there is no request {ref[:60]} in channel {channel[:40]}")
    row = _row(found)
    entries = [
        {
            "entry": str(one.ref),
            "kind": one.entry.kind,
            "at": one.entry.at,
            "by": one.entry.by.office,
            "receipted_at": one.receipted_at.isoformat() if one.receipted_at else None,
        }
        for one in register.entries(channel, ref=ref, prefix=f"{PREFIX}.")
    ]
    lines = [f"{row['ref']} {row['title']}", f"{row['standing']}; next: {row['turn'] or 'nobody'}"]
    lines += [
        f"{one['at']}  {one['kind']:44} {one['entry']}{'' if one['receipted_at'] else '  not receipted'}"
        for one in entries
    ]
    return Answer({**row, "entries": entries}, lines)


@request.command("draft")
@click.argument("channel")
@click.option("--title", required=True, help="What officials find it by.")
@click.option("--type", "types", multiple=True, required=True, help="A type of assistance; may be repeated.")
@click.option("--field", "fields", multiple=True, metavar="NAME=TEXT", help="A field of the instrument.")
@click.option("--language", default="en", show_default=True, help="Language it is written in.")
@official_verb
def draft(
    channel: str, title: str, types: tuple[str, ...], fields: tuple[str, ...], language: str, by: Official
) -> Answer:
    """Begin a request; says what it still lacks."""
    from comity_node.assistance import services

    begun = services.draft(channel=channel, by=by, types=types, title=title, language=language)
    begun = services.save_draft(begun, by=by, fields=dict(_pairs(fields)))
    return _lacking(begun)


@request.command("write")
@click.argument("ref")
@click.option("--title", help="A new title.")
@click.option("--field", "fields", multiple=True, metavar="NAME=TEXT", help="A field of the instrument.")
@official_verb
def write(ref: str, title: str | None, fields: tuple[str, ...], by: Official) -> Answer:
    """Go on with the draft REF; says what it still lacks."""
    from comity_node.assistance import services

    written: dict[str, Any] = {"fields": dict(_pairs(fields))}
    if title is not None:
        written["title"] = title
    return _lacking(services.save_draft(_draft(ref, by), by=by, **written))


@request.command("submit")
@click.argument("ref")
@official_verb
def submit(ref: str, by: Official) -> Answer:
    """Lodge the draft REF, or hand it to a second officer where the procedure wants one."""
    from comity_cli.recorded import recorded
    from comity_node.assistance import services

    return recorded(services.submit(_draft(ref, by), by=by))


@request.command("act")
@click.argument("channel")
@click.argument("ref")
@click.argument("act")
@click.option(
    "--state", "stated", multiple=True, metavar="CODE=VALUE", help="What the table demands in the open."
)
@click.option("--text", default="", help="Sealed to both parties.")
@official_verb
def act(channel: str, ref: str, act: str, stated: tuple[str, ...], text: str, by: Official) -> Answer:
    """Do ACT on a request, as its procedure names it: acknowledged, refused, executed."""
    from comity_cli.recorded import recorded
    from comity_node.assistance import services

    codes: dict[str, str | list[str]] = {}
    for code, value in _pairs(stated):
        held = codes.get(code)
        codes[code] = value if held is None else [*([held] if isinstance(held, str) else held), value]
    done = services.act(channel=channel, ref=ref, act_name=act, by=by, stated=codes, payload={"text": text})
    return recorded(done)


def _may_read(by: Official) -> None:
    from comity_node.officials.access import require

    require(by, "record.read")


def _row(one: Request) -> dict[str, Any]:
    return {
        "channel": one.channel,
        "ref": one.ref,
        "title": one.title,
        "requesting": one.requesting,
        "requested": one.requested,
        "state": one.state,
        "standing": one.label or "Not begun",
        "turn": one.turn,
        "due_at": one.due_at.isoformat() if one.due_at else None,
        "irregular": one.irregular,
    }


def _draft(ref: str, by: Official) -> Draft:
    from comity_node.assistance import queries

    found = queries.drafts(by).filter(ref=ref).first()
    if found is None:
        raise UnknownRequest(f"there is no draft {ref[:60]} of your office")
    return found


def _lacking(draft: Draft) -> Answer:
    from comity_node.assistance import services

    gaps = [
        {"field": gap.field, "label": gap.label, "basis": gap.basis, "demanded": gap.demanded}
        for gap in services.check(draft)
    ]
    said = Answer({"ref": draft.ref, "lacks": gaps}, [f"draft {draft.ref}"])
    lines = [
        f"{'lacks' if gap['demanded'] else 'might say'} {gap['field']}: {gap['label']} ({gap['basis']})"
        for gap in gaps
    ]
    ready = (
        []
        if any(gap["demanded"] for gap in gaps)
        else [f"lodge it: comity request submit {draft.ref} --as LOGIN"]
    )
    return replace(said, lines=[*said.lines, *lines, *ready])


def _pairs(texts: Sequence[str]) -> list[tuple[str, str]]:
    pairs = [text.partition("=") for text in texts]
    for name, mark, _ in pairs:
        if not name or not mark:
            raise click.BadParameter(f"{name[:40]!r} is not NAME=TEXT")
    return [(name, text) for name, _, text in pairs]
