"""Drafts of requests, by command: begun, written, handed over for signature, taken up again."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypedDict, Unpack

import click

from comity.errors import OurFault
from comity_cli.said import EXHIBITS, STATED, codes, pairs, what_was_said
from comity_cli.signing import YES, read
from comity_cli.verb import Answer, official_verb

if TYPE_CHECKING:
    from collections.abc import Mapping

    from comity_node.assistance.models import Draft
    from comity_node.officials.models import Official


class UnknownDraft(OurFault):
    """No draft of that reference is open to the official's office."""

    code = "unknown-draft"
    default_hint = "comity request drafts --as LOGIN"


class Body(TypedDict):
    """What the options say of a draft's content."""

    fields: tuple[str, ...]
    translation_language: str | None
    translated: tuple[str, ...]
    stated: tuple[str, ...]
    exhibits: tuple[str, ...]


_FIELDS = click.option(
    "--field", "fields", multiple=True, metavar="NAME=TEXT", help="A field of the instrument."
)
_TRANSLATED = click.option(
    "--translated", multiple=True, metavar="NAME=TEXT", help="A field in the language of the translation."
)
_TRANSLATION = click.option("--translation-language", help="Language of the translation sent with it.")


class Begun(Body):
    """The same with what is begun, and of whom it is asked."""

    requested: str
    procedure: str | None
    instrument: str | None
    act: str | None


class Whole(Body):
    """The same with its head."""

    title: str | None
    types: tuple[str, ...]
    language: str | None


@click.command("draft")
@click.argument("channel")
@click.option("--title", required=True, help="What officials find it by.")
@click.option("--type", "types", multiple=True, help="A type of assistance; may be repeated.")
@click.option("--language", default="en", show_default=True, help="Language it is written in.")
@click.option(
    "--to", "requested", default="", metavar="PARTY", help="Of whom it is asked, in a channel of many."
)
@click.option("--procedure", help="What is begun, as `preservation`; assistance if left out.")
@click.option("--instrument", help="Under which instrument; the channel's first that provides for it.")
@click.option("--act", help="The act that opens it, where there are several.")
@_FIELDS
@_TRANSLATION
@_TRANSLATED
@STATED
@EXHIBITS
@official_verb
def draft(
    channel: str, title: str, types: tuple[str, ...], language: str, by: Official, **said: Unpack[Begun]
) -> Answer:
    """Begin a request; says what it still lacks."""
    from django.db import transaction

    from comity_node.assistance import filling, services

    with transaction.atomic():
        about = services.About(
            procedure=said["procedure"] or "assistance",
            instrument=said["instrument"] or "",
            act=said["act"] or "",
        )
        begun = services.draft(channel=channel, requested=said["requested"], by=by, title=title, **about)
        head = {**what_was_said({"types": list(types)}), "language": [language]}
        begun = filling.write(begun, {**head, **_translation(said)}, by=by)
        begun = filling.write(begun, _written(channel, said), by=by)
    return _lacking(begun)


@click.command("follow")
@click.argument("channel")
@click.argument("ref")
@click.option("--instrument", default="", help="Under which instrument; the channel's first for assistance.")
@official_verb
def follow(channel: str, ref: str, instrument: str, by: Official) -> Answer:
    """Draft the request that follows the preservation REF; says what it still lacks."""
    from comity_node.assistance import following

    return _lacking(following.draft(channel, ref, by=by, instrument=instrument))


@click.command("write")
@click.argument("ref")
@click.option("--title", help="What officials find it by.")
@click.option("--type", "types", multiple=True, help="The types of assistance, anew.")
@click.option("--language", help="Language it is written in.")
@_FIELDS
@_TRANSLATION
@_TRANSLATED
@STATED
@EXHIBITS
@official_verb
def write(ref: str, by: Official, **said: Unpack[Whole]) -> Answer:
    """Go on with the draft REF; says what it still lacks. What is not said stays as it was."""
    from django.db import transaction

    from comity_node.assistance import filling

    head = {
        "title": [said["title"]] if said["title"] is not None else [],
        "types": list(said["types"]),
        "language": [said["language"]] if said["language"] else [],
    }
    with transaction.atomic():
        found = _draft(ref, by)
        found = filling.write(found, {**what_was_said(head), **_translation(said)}, by=by)
        found = filling.write(found, _written(found.channel, said), by=by)
    return _lacking(found)


@click.command("drafts")
@official_verb
def drafts(by: Official) -> Answer:
    """List the drafts of your office, and where each is."""
    from comity_node.assistance import queries, services
    from comity_node.officials.access import require

    require(by, services.MAY_DRAFT)
    rows = [
        {
            "ref": one.ref,
            "channel": one.channel,
            "title": one.title,
            "approval": one.prepared_id,
            "state": one.prepared.state if one.prepared else "being written",
            "note": one.prepared.reason if one.prepared else "",
            "sent_back_for": sum(found.severity == "returns" for found in services.defects(one)),
        }
        for one in queries.drafts(by)
    ]
    lines = [_row(row) for row in rows]
    return Answer({"drafts": rows}, lines or ["none"])


@click.command("submit")
@click.argument("ref")
@YES
@official_verb
def submit(ref: str, yes: bool, by: Official) -> Answer:
    """Lodge the draft REF, or hand it to a second officer where the procedure wants one."""
    from comity_cli.recorded import recorded
    from comity_node.assistance import services

    found = _draft(ref, by)
    shown = read(services.opening(found), by=by, yes=yes)
    return recorded(services.submit(found, shown=shown, by=by))


@click.command("reopen")
@click.argument("ref")
@official_verb
def reopen(ref: str, by: Official) -> Answer:
    """Take up again the draft REF that a second officer sent back; says what it still lacks."""
    from comity_node.assistance import services

    return _lacking(services.reopen(_draft(ref, by), by=by))


@click.command("discard")
@click.argument("ref")
@official_verb
def discard(ref: str, by: Official) -> Answer:
    """Throw the draft REF away. Nothing of it was ever on record."""
    from comity_node.assistance import services

    services.discard(_draft(ref, by), by=by)
    return Answer({"ref": ref}, [f"the draft {ref} is gone"])


def _translation(said: Body) -> dict[str, list[str]]:
    """The language of a translation: the form has its fields only once that is known."""
    chosen = said["translation_language"]
    return {"translation_language": [chosen]} if chosen is not None else {}


def _written(channel: str, said: Body) -> dict[str, list[str]]:
    """What the options say of a draft, by the names of its form's fields."""
    from comity_node.assistance import filling
    from comity_node.assistance.drafting import STATED as STATED_FIELD
    from comity_node.assistance.drafting import TRANSLATED

    return {
        **{name: [text] for name, text in pairs(said["fields"])},
        **{TRANSLATED + name: [text] for name, text in pairs(said["translated"])},
        **{STATED_FIELD + code: values for code, values in codes(said["stated"]).items()},
        **what_was_said({"exhibits": filling.exhibits(channel, said["exhibits"])}),
    }


def _draft(ref: str, by: Official) -> Draft:
    from comity_node.assistance import queries

    found = queries.drafts(by).filter(ref=ref).first()
    if found is None:
        raise UnknownDraft(f"there is no draft {ref[:60]} of your office")
    return found


def _row(row: Mapping[str, object]) -> str:
    """A draft on one line, with how many reasons there are to send such a request back."""
    doubts = f"[{row['sent_back_for']} sent back for]" if row["sent_back_for"] else ""
    line = f"{row['ref']:16} {row['state']:14} {row['title']}  {row['note']}"
    return f"{line.rstrip()}  {doubts}".rstrip()


def _lacking(draft: Draft) -> Answer:
    from comity_node.assistance import defects, services

    gaps = [
        {"field": gap.field, "label": gap.label, "basis": gap.basis, "demanded": gap.demanded}
        for gap in services.check(draft)
    ]
    found = defects.shown(services.defects(draft), services.table(draft).instrument)
    told = [
        {
            name: getattr(one, name)
            for name in ("id", "severity", "field", "what", "why", "todo", "basis", "verified")
        }
        for one in found
    ]
    said = Answer({"ref": draft.ref, "lacks": gaps, "defects": told}, [f"draft {draft.ref}"])
    lines = [
        f"{'lacks' if gap['demanded'] else 'might say'} {gap['field']}: {gap['label']} ({gap['basis']})"
        for gap in gaps
    ]
    ready = (
        []
        if any(gap["demanded"] for gap in gaps)
        else [f"lodge it: comity request submit {draft.ref} --as LOGIN"]
    )
    doubts = [
        line
        for one in found
        for line in (
            f"{one.weight}: {one.field}: {one.what} ({one.basis}, {one.verified})",
            f"    {one.todo}",
        )
    ]
    return replace(said, lines=[*said.lines, *lines, *doubts, *ready])
