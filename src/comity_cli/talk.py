"""``comity talk``: say something to the other side's officers, on record, and read what they said."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

import click

from comity_cli.progress import counting
from comity_cli.signing import YES
from comity_cli.terminal import in_one_line, indented, printable
from comity_cli.verb import FILE, Answer, official_verb

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from comity_node.officials.models import Official
    from comity_node.register.acts import Act
    from comity_node.talk.models import Line, Talk
    from comity_node.talk.pages import Shown

_LOOK_EVERY: Final = 0.5
_AS_OURS: Final = "our own record gives this very text, to the letter"
_NOT_AS_OURS: Final = "OUR OWN RECORD GIVES ANOTHER TEXT: compare before you agree"
_REF: Final = click.option("--ref", required=True, help="The talk.")
_LANGUAGE: Final = click.option("--language", default="", help="Tag of the language, as `en`.")


@click.group("talk")
def talk() -> None:
    """Talks with the other side: every message an entry, receipted like everything else."""


@talk.command("list")
@click.argument("channel")
@click.option("--ref", default="", help="Only this talk, with its marks.")
@official_verb
def list_(channel: str, ref: str, by: Official) -> Answer:
    """List the talks of a channel, the latest first."""
    from comity_node.talk import queries

    _may_read(by)
    rows = [_row(one) for one in queries.talks(channel) if ref in ("", one.ref)]
    lines = [
        in_one_line(f"{row['ref']:18} {row['state']:7} {row['unopened']:4} not opened  {row['title']}")
        for row in rows
    ]
    return Answer({"talks": rows}, lines or ["none"])


@talk.command("open")
@click.argument("channel")
@click.option("--title", required=True, help="What the talk is called.")
@click.option("--about", default="hotline", help="hotline, alert, request, operation, resumption or other.")
@click.option("--linked", multiple=True, metavar="ENTRY", help="An entry it is about. May be repeated.")
@_LANGUAGE
@YES
@official_verb
def open_(channel: str, by: Official, *, yes: bool, **said: Any) -> Answer:  # noqa: ANN401 - the options
    """Open a talk with everybody in a channel."""
    from comity_node.talk import services

    return _signed(services.opening(channel, **said), by=by, yes=yes)


@talk.command("say")
@click.argument("channel")
@_REF
@click.option("--text", required=True, help="What is said. It is signed at once.")
@_LANGUAGE
@click.option("--translation", default="", help="A translation beside it.")
@click.option("--translation-language", default="", help="The language of that.")
@click.option("--exhibit", "exhibits", multiple=True, metavar="EXHIBIT", help="An exhibit it names.")
@click.option("--attach", type=FILE, help="A file that becomes an exhibit, which the message names.")
@click.option("--description", default="", help="What the file is.")
@click.option("--media-type", default="application/octet-stream", help="Of the file, as you declare it.")
@click.option("--tlp", default="", metavar="MARK", help="TLP 2.0 marking of the file, as AMBER.")
@click.option("--pap", default="", metavar="MARK", help="PAP marking of the file.")
@YES
@official_verb
def say(
    channel: str,
    ref: str,
    text: str,
    by: Official,
    *,
    attach: Path | None,
    yes: bool,
    **said: Any,  # noqa: ANN401 - the options
) -> Answer:
    """Say something: signed at once by the official who acts, without being asked again.

    With --attach the file is sealed first; then the text that announces it and the message are read and
    signed as one. A file that was sealed and not announced waits: comity evidence waiting, announce, discard.
    """
    from comity_node.talk import services

    facts = {name: said.pop(name) for name in ("description", "media_type", "tlp", "pap")}
    row = services.found(channel, ref)
    if attach is None:
        entry = services.say(row, text, by=by, **said)
        return Answer({"entry": str(entry), "ref": ref}, [f"said: {entry}"])
    return _attached(row, text, attach, facts, said, by=by, yes=yes)


@talk.command("read")
@click.argument("channel")
@_REF
@click.option("--last", default=20, show_default=True, help="How many messages at most.")
@click.option("--follow", is_flag=True, help="Go on until stopped, printing what is said.")
@click.option("--mark", is_flag=True, help="Note that our desk has opened them.")
@official_verb
def read(channel: str, ref: str, last: int, by: Official, *, follow: bool, mark: bool) -> Answer:
    """Read a talk, the latest message last, with how far each of ours has come."""
    from comity_node.talk import queries, services

    _may_read(by)
    row = services.found(channel, ref)
    shown = _lines(row, queries.window(row, size=max(1, min(last, 500))).lines)
    noted = services.note_opened(row, by=by) if mark else None
    if follow:
        _follow(row, shown, by=by if mark else None)
    document = {"ref": ref, "lines": shown, "noted": str(noted) if noted else None}
    return Answer(document, [] if follow else [_told(one) for one in shown])


@talk.command("minutes")
@click.argument("channel")
@_REF
@click.option("--propose", is_flag=True, help="Propose minutes of what was said since those agreed last.")
@click.option("--agree", metavar="ENTRY", help="Agree to minutes of the other side.")
@click.option("--diverge", metavar="ENTRY", help="Answer minutes with a statement that differs: --text.")
@click.option("--withdraw", metavar="ENTRY", help="Withdraw minutes of ours.")
@click.option("--text", default="", help="That statement.")
@YES
@official_verb
def minutes(channel: str, ref: str, by: Official, *, yes: bool, text: str, **asked: Any) -> Answer:  # noqa: ANN401
    """List the minutes of a talk with what became of them; or propose, answer or withdraw some."""
    from comity.names import EntryRef
    from comity_node.talk import judging, services

    _may_read(by)
    row = services.found(channel, ref)
    if asked["propose"]:
        return _signed(services.proposing(row, services.coverage(row)), by=by, yes=yes)
    if asked["agree"]:
        _compare(row, asked["agree"], yes=yes)
    acts = {"agree": judging.AGREED, "diverge": judging.DIVERGED, "withdraw": judging.WITHDRAWN}
    for option, act in acts.items():
        if asked[option]:
            wanted = services.answering(row, act, EntryRef.parse(asked[option]), text)
            return _signed(wanted, by=by, yes=yes)
    found = [_minutes(row, one) for one in judging.minutes_of(row)]
    lines = [f"{one['entry']}  {', '.join(one['answers']) or 'not answered'}" for one in found]
    return Answer({"minutes": found}, lines or ["none"])


@talk.command("close")
@click.argument("channel")
@_REF
@click.option("--reopen", is_flag=True, help="Open a closed one again instead.")
@YES
@official_verb
def close(channel: str, ref: str, by: Official, *, yes: bool, reopen: bool) -> Answer:
    """Close a talk, or open it again."""
    from comity_node.talk import services

    row = services.found(channel, ref)
    return _signed(services.moving(row, "reopened" if reopen else "closed"), by=by, yes=yes)


def _may_read(by: Official) -> None:
    from comity_node.officials.access import require

    require(by, "record.read")


def _signed(act: Act, *, by: Official, yes: bool) -> Answer:
    """Have an act read and signed; what others say meanwhile does not change its own text."""
    from comity_cli.signing import read as have_it_read
    from comity_node.talk import services

    have_it_read(act, by=by, yes=yes)
    entry = services.sign(act, shown=act.digest(), by=by)
    return Answer({"entry": str(entry), "ref": act.ref}, [f"signed and recorded: {entry}", f"talk {act.ref}"])


def _row(row: Talk) -> dict[str, Any]:
    from comity_node.talk import queries

    return {
        "ref": row.ref,
        "title": row.title,
        "about": row.about,
        "state": row.state,
        "parties": row.parties,
        "messages": row.messages,
        "unopened": queries.unread(row),
        "opened": row.opened,
        "last_at": row.last_at,
    }


def _lines(row: Talk, lines: Sequence[Line]) -> list[dict[str, Any]]:
    from comity_node.talk import pages

    return [_line(one) for one in pages.shown(row, lines)]


def _line(shown: Shown) -> dict[str, Any]:
    line = shown.line
    return {
        "entry": line.entry_name,
        "party": line.party,
        "act": line.act,
        "at": line.at.isoformat(),
        "office": line.office,
        "language": line.language,
        "text": line.text,
        "translation": line.translation,
        "files": [
            {"ref": one.ref, "name": one.title, "size": one.size, "standing": one.standing}
            for one in shown.exhibits
            if one.ref
        ],
        "exhibits": [one["entry"] or one["sha256"] or one["title"] for one in line.exhibits],
        "irregular": line.irregular,
        "lodged": line.lodged,
        "marks": [
            {
                "party": one.party,
                "received_at": one.received_at.isoformat() if one.received_at else None,
                "opened_at": one.opened_at.isoformat() if one.opened_at else None,
            }
            for one in shown.marks
        ],
    }


def _told(line: dict[str, Any]) -> str:
    words = indented(line["text"] or line["act"])
    marks = "; ".join(
        f"{one['party']}: {'opened' if one['opened_at'] else 'received' if one['received_at'] else 'sent'}"
        for one in line["marks"]
    )
    return f"{line['at'][:19]}Z {line['party'].upper():6} {in_one_line(line['office'])}: {words}  [{marks}]"


def _follow(row: Talk, shown: Sequence[dict[str, Any]], *, by: Official | None) -> None:
    """Print what is on record, and what comes, until stopped."""
    from comity_node.talk import queries, services

    seen: set[str] = set()
    lines = list(shown)
    while True:
        for one in lines:
            if one["entry"] not in seen:
                seen.add(one["entry"])
                click.echo(printable(_told(one)))
        time.sleep(_LOOK_EVERY)
        now = services.found(row.channel, row.ref)
        lines = _lines(now, [one for one in queries.window(now).lines if one.entry_name not in seen])
        if by is not None and lines:
            services.note_opened(now, by=by)


def _attached(
    row: Talk, text: str, file: Path, facts: dict[str, str], said: dict[str, Any], *, by: Official, yes: bool
) -> Answer:
    from comity_node.attaching.services import GivenFile
    from comity_node.evidence import services as evidence
    from comity_node.talk.services import Words

    words = Words(
        language=said["language"],
        translation=said["translation"],
        translation_language=said["translation_language"],
        exhibits=said["exhibits"],
    )
    given = {name: value for name, value in facts.items() if value}
    with counting("bytes", file.stat().st_size) as progress:
        taken = evidence.take_in_file(file, channel=row.channel, facts=given, by=by, progress=progress)
    one = GivenFile(taken=taken, row=row, text=text, words=words)
    shown = one.digest()
    if not yes:
        click.echo(printable(one.text_shown()), err=True)
        click.confirm("sign this text?", abort=True, err=True)
    entry = one.sign(shown=shown, by=by)
    document = {"entry": str(entry), "ref": row.ref, "exhibit": taken.ref}
    return Answer(document, [f"exhibit {taken.ref}", f"said: {entry}"])


def _minutes(row: Talk, line: Line) -> dict[str, Any]:
    from comity_node.talk import judging, minutes

    answers = judging.answers_to(row, line)
    return {
        "entry": line.entry_name,
        "party": line.party,
        "at": line.at.isoformat(),
        "answers": [f"{one.act} by {one.party}" for one in answers],
        "text": minutes.proposed(line),
        "is_as_ours": minutes.is_as_ours(row, line),
    }


def _compare(row: Talk, named: str, *, yes: bool) -> None:
    """Show minutes that are to be agreed to, as sent, and whether our own record gives the same text.

    Raises:
        MinutesDiffer: It does not, and nobody is asked.
    """
    from comity_node.talk import judging, minutes
    from comity_node.talk.errors import MinutesDiffer

    found = next((one for one in judging.minutes_of(row) if one.entry_name == named), None)
    if found is None:
        return  # refused by name, as an answer to nothing
    is_as_ours = minutes.is_as_ours(row, found)
    if yes and not is_as_ours:
        raise MinutesDiffer("nothing was recorded: our own record gives another text than these minutes")
    if not yes:
        click.echo(printable(minutes.proposed(found)), err=True)
        click.echo(f"\n{_AS_OURS if is_as_ours else _NOT_AS_OURS}", err=True)
