"""``comity reciprocity``: the figures of a channel, the same on both sides."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from comity_cli.days import begin_of, end_of
from comity_cli.verb import Answer, official_verb

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
@official_verb
def reciprocity(channel: str, as_of: str, since: str, by: Official) -> Answer:
    """Count what each side asked of the other in CHANNEL, and what became of it."""
    from comity_cli.channel import found
    from comity_node.channels.reciprocity import document
    from comity_node.officials.access import require

    require(by, "record.read")
    now = datetime.now(UTC).replace(microsecond=0)
    shown = document(found(channel).channel, as_of=end_of(as_of) or now, since=begin_of(since))
    return Answer({"figures": shown}, list(_lines(shown)))


def _lines(shown: dict[str, Any]) -> Iterator[str]:
    yield f"channel {shown['channel']}, as of {shown['as_of']}"
    for line in shown["lines"]:
        if line["type"]:
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
