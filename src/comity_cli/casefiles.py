"""The chronology and the case file of a request, by command."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from comity_cli.letters import keep_file, request_of
from comity_cli.verb import NEW_FILE, Answer, official_verb

if TYPE_CHECKING:
    from pathlib import Path

    from comity_node.officials.models import Official


@click.command("chronology")
@click.argument("channel")
@click.argument("ref")
@click.option("--on-record", is_flag=True, help="Only what both parties hold.")
@click.option("--output", type=NEW_FILE, help="Write it to a file that ends in .csv or .json.")
@official_verb
def chronology(channel: str, ref: str, on_record: bool, output: Path | None, by: Official) -> Answer:
    """Everything of one file in one line of time, from both sides; what is internal says so."""
    from django.utils import timezone

    from comity_node.assistance import chronology as line
    from comity_node.listing.export import export
    from comity_node.officials.access import require

    require(by, "record.read")
    events = line.chronology(request_of(channel, ref), by, now=timezone.now(), on_record=on_record)
    if output is not None:
        if output.suffix not in (".csv", ".json"):
            raise click.UsageError("--output takes a file that ends in .csv or .json")
        keep_file(output, export(events, line.COLUMNS, form=output.suffix[1:], name="chronology").getvalue())
        return Answer({"file": str(output), "events": len(events)}, [f"wrote {output}"])
    rows = [{one.name: _plain(one.value(event)) for one in line.COLUMNS} for event in events]
    lines = [
        f"{event.at:%Y-%m-%d %H:%M}  {'INTERNAL' if event.is_internal else event.party or event.sort:8} "
        f"{event.ref:16} {event.what}{' · ' + event.note if event.note else ''}"
        for event in events
    ]
    return Answer({"events": rows}, lines)


@click.command("file")
@click.argument("channel")
@click.argument("ref")
@click.option("--output", type=NEW_FILE, required=True, help="The PDF; it must not be there yet.")
@click.option(
    "--language", default="", metavar="CODE", help="Language of the headings; your own if left out."
)
@official_verb
def file(channel: str, ref: str, output: Path, language: str, by: Official) -> Answer:
    """Write the case file of request REF as PDF: what both parties hold of it, with its proofs."""
    from comity_node.assistance import casefile
    from comity_node.officials.access import require

    require(by, "record.read")
    made = casefile.of_request(request_of(channel, ref), casefile.language(language, by))
    keep_file(output, made)
    return Answer({"file": str(output), "bytes": len(made)}, [f"wrote {output}"])


def _plain(value: object) -> object:
    return value if isinstance(value, (str, int)) or value is None else str(value)
