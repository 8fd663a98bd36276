"""``comity reciprocity``: the figures of a channel, the same on both sides."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from comity.reciprocity import Cut
from comity_cli.days import begin_of, day, end_of
from comity_cli.signing import YES, sign
from comity_cli.verb import NEW_FILE, Answer, official_verb

if TYPE_CHECKING:
    from collections.abc import Iterator

    from comity_node.officials.models import Official


@click.command("reciprocity")
@click.argument("channel")
@click.option(
    "--as-of",
    "as_of",
    default="",
    metavar="DAY",
    help="As the record stood at the end of this day (UTC); now without.",
)
@click.option("--from", "since", default="", metavar="DAY", help="Leave out what was lodged before this day.")
@click.option(
    "--state", is_flag=True, help="Sign a statement of the figures of that day; a second officer approves."
)
@click.option(
    "--statement",
    "file",
    type=NEW_FILE,
    metavar="FILE",
    help="Write the statement of that day to FILE, to be published and verified by anybody.",
)
@click.option(
    "--report",
    type=(click.Path(path_type=Path, dir_okay=False), str),
    metavar="FILE TAG",
    help="Write the figures of that day to FILE as PDF, in English and in the language of this tag.",
)
@YES
@official_verb
def reciprocity(
    channel: str,
    as_of: str,
    since: str,
    state: bool,
    file: Path | None,
    report: tuple[Path, str] | None,
    yes: bool,
    by: Official,
) -> Answer:
    """Count what each side asked of the other in CHANNEL, and what became of it."""
    from comity_cli.channel import found
    from comity_node.channels.reciprocity import document
    from comity_node.officials.access import require

    require(by, "record.read")
    name = found(channel).channel
    if (state or file or report) and not as_of:
        raise click.UsageError("what is stated is of a day: give --as-of DAY")
    if state:
        return _state(name, as_of, since, by=by, yes=yes)
    if file:
        return _published(name, as_of, file)
    if report:
        return _report(name, as_of, since, *report)
    now = datetime.now(UTC).replace(microsecond=0)
    shown = document(name, as_of=end_of(as_of) or now, since=begin_of(since))
    return Answer({"figures": shown}, list(_lines(shown)))


def _state(channel: str, as_of: str, since: str, *, by: Official, yes: bool) -> Answer:
    from comity_cli.recorded import recorded
    from comity_node.assistance import counting

    act = counting.statement(channel, as_of=day(as_of), since=day(since) if since else None)
    done = recorded(sign(act, by=by, yes=yes))
    return Answer({"ref": act.ref, "figures": act.stated["figures"], **done.document}, [act.ref, *done.lines])


def _report(channel: str, as_of: str, since: str, file: Path, language: str) -> Answer:
    from comity_cli.channel import found
    from comity_node.channels import report

    begin = day(since) if since else None
    made = report.report(found(channel), as_of=day(as_of), since=begin, language=language)
    _write(file, made)
    return Answer({"file": str(file), "bytes": len(made)}, [f"wrote the report of {as_of} to {file}"])


def _published(channel: str, as_of: str, file: Path) -> Answer:
    from comity_node.channels import publishing

    chosen = publishing.stated_of(channel, day(as_of).isoformat())
    written = publishing.statement_file(channel, chosen.ref)
    _write(file, written)
    said = {"file": str(file), "ref": chosen.ref, "state": chosen.standing.state}
    return Answer(said, [f"wrote {chosen.ref} ({chosen.standing.label.lower()}) to {file}"])


def _write(file: Path, content: bytes) -> None:
    """Write a file that is not there yet."""
    with file.open("xb") as out:
        out.write(content)


def _lines(shown: dict[str, Any]) -> Iterator[str]:
    yield f"channel {shown['channel']}, as of {shown['as_of']}"
    for line in shown["lines"]:
        if any(line.get(one) for one in Cut._fields):
            continue
        yield f"{line['requesting']} of {line['requested']}, {line['instrument']}, {line['procedure']}:"
        for name, made in line["figures"].items():
            yield f"  {name.replace('_', ' '):26} {made['count']:>7,}"
        took = line["response"]
        if took["count"]:
            days = " and ".join(f"{took[name] / 86_400:.1f}" for name in ("median", "p90"))
            yield f"  {'first answer, median, p90':26} {days} days"
    for term in shown["terms"]:
        said = ", ".join(f"{len(made)} {name}" for name, made in term["by_standing"].items())
        yield f"terms to be performed by {term['performer']}: {said}"
