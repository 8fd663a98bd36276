"""``comity instruments update-parties``: facts about Parties, shown before they are taken."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from comity_cli import differing
from comity_cli.tables import stacked, table
from comity_cli.verb import FILE, Answer, node_verb, official_verb

if TYPE_CHECKING:
    from pathlib import Path

    from comity_node.officials.models import Official
    from comity_node.parties.models import Taken
    from comity_node.parties.services import Offer


@click.command("update-parties")
@click.argument("instrument")
@click.argument("file", type=FILE)
@click.option("--source", metavar="TEXT", default="", help="Where the facts come from, in one line.")
@click.option("--confirm", metavar="DIGEST", help="Take what was shown under this digest.")
@official_verb
def update(instrument: str, file: Path, source: str, confirm: str | None, by: Official) -> Answer:
    """Bring what is known of the Parties to INSTRUMENT up to date from FILE, a newer parties.toml.

    Without --confirm it only shows what would change and under which digest; nothing is stored.
    """
    from comity.instruments.parse import MAX_FILE_BYTES
    from comity_node.parties import services

    with file.open("rb") as opened:
        raw = opened.read(MAX_FILE_BYTES + 1)
    if confirm is None:
        return _shown(services.offer(instrument, raw, by=by))
    row = services.take(instrument, raw, shown=confirm, source=source, by=by)
    says = f"in use: the Parties to {instrument} as of {row.as_of}, sha256 {row.sha256}"
    return Answer({"taken": _document(row)}, [says])


def _shown(offer: Offer) -> Answer:
    before = offer.before.parties.as_of if offer.before.is_known else "nothing"
    lines = [line for each in offer.differences for line in differing.lines(each)]
    document = {
        "instrument": offer.instrument,
        "as_of": str(offer.parties.as_of),
        "differences": [differing.document(each) for each in offer.differences],
        "confirm": offer.shown,
    }
    head = f"{offer.instrument}: {before} → {offer.parties.as_of}"
    step = "nothing is stored yet; to take it, repeat the command with --source and:"
    return Answer(document, [head, *lines, "", step, f"  --confirm {offer.shown}"])


@click.command("take-back-parties")
@click.argument("instrument")
@click.option("--to-shipped", is_flag=True, help="Go back to what ships, whatever was in use between.")
@official_verb
def take_back(instrument: str, *, to_shipped: bool, by: Official) -> Answer:
    """Use again what was known of the Parties to INSTRUMENT before; the history keeps both."""
    from comity_node.parties import services

    row = services.take_back(instrument, by=by, to_shipped=to_shipped)
    what = f"as of {row.as_of}, sha256 {row.sha256}" if row.sha256 else "as shipped"
    return Answer({"taken_back": _document(row)}, [f"in use again: the Parties to {instrument} {what}"])


@click.command("parties-history")
@click.argument("instrument")
@node_verb
def history(instrument: str) -> Answer:
    """List what was taken of the Parties to INSTRUMENT, by whom and from where, the latest first."""
    from comity_node.parties import queries

    decided = list(queries.history(instrument))
    rows = [
        (
            row.number,
            stacked(f"{row.at:%Y-%m-%d}", row.by.login),
            stacked("taken back" if row.taken_back else "taken", row.as_of or "as shipped"),
            stacked(row.source, row.sha256[:12]),
        )
        for row in decided
    ]
    lines = (
        table(("no.", "when, by", "what, of", "source, digest"), rows) if rows else ["what ships is in use"]
    )
    return Answer({"instrument": instrument, "history": [_document(row) for row in decided]}, lines)


def _document(row: Taken) -> dict[str, Any]:
    return {
        "instrument": row.instrument,
        "number": row.number,
        "act": "taken_back" if row.taken_back else "taken",
        "as_of": str(row.as_of) if row.as_of else None,
        "sha256": row.sha256 or None,
        "source": row.source,
        "by": row.by.login,
        "at": row.at,
    }
