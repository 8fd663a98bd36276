"""``comity receipt``: receipts that travel alone, as a file or on paper, where deliveries go one way only."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, TextIO

import click

from comity.mirror.paper import MAX_TEXT
from comity.tlog.note import MAX_NOTE
from comity_cli.verb import FILE, NEW_FILE, Answer, node_verb
from comity_cli.whole import write_whole

if TYPE_CHECKING:
    from pathlib import Path

    from comity_node.register.models import Log
    from comity_node.register.receipts import Kept

_SIZE = click.option(
    "--size", type=click.IntRange(1), metavar="N", help="The receipt for N entries; the newest without."
)

_OF = click.option(
    "--of", "party", default="", metavar="PARTY", help="Whose log, in a channel of more than two parties."
)


@click.group("receipt")
def receipt() -> None:
    """Receipts alone: as a small file, or on paper, for a counterpart behind a one-way line."""


@receipt.command("export")
@click.argument("channel")
@click.argument("file", type=NEW_FILE)
@_SIZE
@_OF
@node_verb
def export(channel: str, file: Path, size: int | None, party: str) -> Answer:
    """Write our receipt for the counterpart's log in CHANNEL to FILE, signed now if it was not yet.

    Receipts for fewer entries, which start clocks earlier, go with the next delivery.
    """
    from comity_node.register import receipts

    note = receipts.given(_theirs(channel, party), size)
    write_whole(file.absolute(), note)
    return Answer(
        {"file": str(file), "bytes": len(note)},
        [f"wrote {file}", f"check it: comity verify --policy POLICY {file}"],
    )


@receipt.command("import")
@click.argument("file", type=FILE)
@node_verb
def import_(file: Path) -> Answer:
    """Take in the receipt in FILE. It is verified as in any delivery."""
    from comity_node.register import receipts

    with file.open("rb") as given:
        return _kept(receipts.take(given.read(MAX_NOTE + 1)))


@receipt.command("print")
@click.argument("channel")
@click.argument("file", type=NEW_FILE, required=False)
@_SIZE
@_OF
@node_verb
def print_(channel: str, file: Path | None, size: int | None, party: str) -> Answer:
    """Put our receipt for the counterpart's log in CHANNEL on paper: as a PDF in FILE, or as its lines alone.

    The PDF has codes for a scanner and the lines to be typed. Nothing secret is on it.
    """
    from comity_node.register import receipts
    from comity_node.wire import paper

    sheet = receipts.sheet(_theirs(channel, party), size)
    said = {"log": str(sheet.origin), "size": sheet.size, "lines": sheet.lines()}
    if file is None:
        return Answer(said, sheet.lines())
    write_whole(file.absolute(), paper.to_pdf(sheet))
    return Answer(
        {**said, "file": str(file)}, [f"wrote {file}: a receipt for {sheet.size:,} entries of {sheet.origin}"]
    )


@receipt.command("enter")
@click.argument("file", type=click.File("r", encoding="utf-8", errors="replace"), default="-")
@node_verb
def enter(file: TextIO) -> Answer:
    """Take in a receipt from paper: its lines typed or scanned into FILE, or here, in any order.

    Lines that are missing or were misread are named. End what is typed here with an empty line or the end
    of input.
    """
    from comity_node.register import receipts

    text = "".join(iter(file.readline, "\n" if sys.stdin.isatty() else ""))[: MAX_TEXT + 1]
    return _kept(receipts.enter(text))


def _kept(kept: Kept) -> Answer:
    document = {
        "channel": kept.channel,
        "giver": kept.giver,
        "size": kept.receipt.size,
        "at": kept.receipt.at,
        "fresh": kept.fresh,
    }
    new = (
        f"{kept.fresh:,} of them receipted for the first time"
        if kept.fresh
        else "all of them receipted before"
    )
    return Answer(
        document,
        [f"{kept.giver} holds the first {kept.receipt.size:,} entries of our log in {kept.channel}: {new}"],
    )


def _theirs(channel: str, party: str) -> Log:
    from comity_node.wire.exchange import logs_of

    return logs_of(channel, party)[1]
