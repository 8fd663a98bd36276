"""``comity request``: write requests for assistance, and do with them whatever their procedure allows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict, Unpack

import click

from comity.errors import OurFault
from comity_cli import casefiles, drafting, letters
from comity_cli.said import EXHIBITS, STATED, codes, what_was_said
from comity_cli.signing import YES, sign
from comity_cli.verb import Answer, official_verb

if TYPE_CHECKING:
    from comity_node.assistance.models import Request
    from comity_node.officials.models import Official


class UnknownRequest(OurFault):
    """No request of that reference is here."""

    code = "unknown-request"
    default_hint = "comity request list --as LOGIN"


class Words(TypedDict):
    """What the options say of an act."""

    stated: tuple[str, ...]
    text: str | None
    language: str | None
    exhibits: tuple[str, ...]


@click.group("request")
def request() -> None:
    """Requests for assistance."""


for _verb in (
    drafting.draft,
    drafting.follow,
    drafting.write,
    drafting.drafts,
    drafting.submit,
    drafting.reopen,
    drafting.discard,
    letters.letter,
    letters.read_letter,
    casefiles.chronology,
    casefiles.file,
):
    request.add_command(_verb)


@request.command("list")
@click.option("--direction", type=click.Choice(["ours", "theirs"]), help="Who requests.")
@click.option("--standing", default="", help="A state of the procedure, or `open`.")
@click.option("--words", default="", help="Part of a title or reference.")
@click.option(
    "--saved", "name", help="As this saved filter of yours or of your office; nothing else counts then."
)
@click.option("--due-first", is_flag=True, help="What ends first, first; what has no clock after.")
@official_verb
def list_(
    direction: str | None, standing: str, words: str, name: str | None, due_first: bool, by: Official
) -> Answer:
    """List requests, the latest act first."""
    from django.utils import timezone

    from comity_node.assistance import listing, queries, saved

    _may_read(by)
    sort = queries.DUE if due_first else "-last"
    wanted = queries.Wanted(words=words, standing=standing, direction=direction or "", sort=sort)
    if name:
        wanted = listing.wanted(saved.said_by(saved.named(by, name)))
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
        for one in register.entries(channel, ref=ref, prefix=f"{found.kinds}.")
    ]
    lines = [f"{row['ref']} {row['title']}", f"{row['standing']}; next: {row['turn'] or 'nobody'}"]
    lines += [
        f"{one['at']}  {one['kind']:44} {one['entry']}{'' if one['receipted_at'] else '  not receipted'}"
        for one in entries
    ]
    if row["unanswered"]:
        lines.append(f"not answered by {row['turn']} since {row['unanswered']['since'][:16]}Z")
    may = _may(channel, ref)
    lines += [f"may be done by us: {one['act']} ({one['basis']})" for one in may]
    more = _suspension(found)
    lines += [
        f"term {one['number']} ({one['performer']}, {one['due']}): {one['standing']}"
        for one in more.get("terms", ())
    ]
    lines += [f"waits to be confirmed: {one}" for one in more.get("waiting", ())]
    return Answer({**row, "entries": entries, "may": may, "exhibits": found.exhibits, **more}, lines)


@request.command("act")
@click.argument("channel")
@click.argument("ref")
@click.argument("act")
@STATED
@click.option("--text", help="In words; sealed to both parties.")
@click.option("--language", help="Language of the words; your own if left out.")
@click.option("--field", "fields", multiple=True, metavar="NAME=TEXT", help="A datum of a certificate.")
@EXHIBITS
@YES
@official_verb
def act(
    channel: str,
    ref: str,
    act: str,
    fields: tuple[str, ...],
    yes: bool,
    by: Official,
    **said: Unpack[Words],
) -> Answer:
    """Do ACT on a request, as its procedure names it: acknowledged, refused, executed."""
    from comity_cli.recorded import recorded
    from comity_node.assistance import filling

    filled = {
        "text": [said["text"]] if said["text"] else [],
        "language": [said["language"]] if said["language"] else [],
        "exhibits": filling.exhibits(channel, said["exhibits"]),
        **codes(said["stated"]),
        **codes(fields),
    }
    wanted = filling.act(channel, ref, act, what_was_said(filled), by=by)
    return recorded(sign(wanted, by=by, yes=yes))


@request.command("handle")
@click.argument("channel")
@click.argument("ref")
@click.option("--priority", type=click.Choice(["routine", "priority", "urgent"]), default="routine")
@click.option("--authority", default="", help="Competent authority that executes it.")
@click.option("--officer", default="", metavar="LOGIN", help="Officer of ours who answers for it.")
@click.option("--stage", default="", help="Stage of execution, as measure_under_way.")
@click.option("--due", "due_on", default="", metavar="DAY", help="Our own target, as 2026-05-31.")
@click.option("--note", default="", help="An internal note.")
@official_verb
def handle(channel: str, ref: str, note: str, by: Official, **said: str) -> Answer:
    """Assign a request here: who executes it, who answers for it, by when. It is internal and never sent."""
    from comity_node.assistance import filling, queries

    _may_read(by)
    row = queries.request(channel, ref)
    if row is None:
        raise UnknownRequest(f"there is no request {ref[:60]} in channel {channel[:40]}")
    kept = filling.handle(row, said, note=note, by=by)
    return Answer({"ref": ref, "priority": kept.priority, "stage": kept.stage}, [f"{ref}: {kept.priority}"])


def _may_read(by: Official) -> None:
    from comity_node.officials.access import require

    require(by, "record.read")


def _may(channel: str, ref: str) -> list[dict[str, Any]]:
    """What our side may do with a request now, by its table."""
    from comity_node.assistance.detail import detail

    found = detail(channel, ref)
    return [
        {"act": row.act, "basis": row.basis, "states": [*row.must_state], "second": row.second}
        for row in (found.ours if found else ())
    ]


def _suspension(found: Request) -> dict[str, Any]:
    """Of a suspension, its terms and what was lodged under it and waits; of anything else nothing."""
    from comity.lifecycle.suspensions import KINDS
    from comity_node.assistance import suspending
    from comity_node.assistance.detail import detail

    known = detail(found.channel, found.ref) if found.kinds == KINDS else None
    if known is None:
        return {}
    terms = [
        {
            "proposal": str(one.proposal),
            "number": one.number,
            "performer": one.performer,
            "due": one.due.isoformat(),
            "standing": one.standing,
            "marks": dict(one.marks),
        }
        for one in known.standing.terms_in_play
    ]
    waiting = suspending.waiting(found.channel, found.ref)
    return {"terms": terms, "waiting": [str(one.ref) for one, _ in waiting]}


def _row(one: Request) -> dict[str, Any]:
    return {
        "channel": one.channel,
        "ref": one.ref,
        "title": one.title,
        "procedure": one.procedure,
        "instrument": one.instrument,
        "exercise": one.exercise,
        "requesting": one.requesting,
        "requested": one.requested,
        "state": one.state,
        "standing": one.label or "Not begun",
        "turn": one.turn,
        "due_at": one.due_at.isoformat() if one.due_at else None,
        "irregular": one.irregular,
        "lodged": one.lodged,
        "suspended": one.suspended,
        "unanswered": one.unanswered or None,
    }
