"""``comity recover``: take back what an old backup lacks, from the counterpart's node or an export of it."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from comity_cli.exits import Exit
from comity_cli.verb import Answer, node_verb

if TYPE_CHECKING:
    from collections.abc import Iterator

    from comity.channel.bundle import Bundle
    from comity_node.register.models import Log
    from comity_node.wire.parts import Source

_MOST_PAYLOAD: Final = 2**28
_MOST_RECEIPTS: Final = 32


@click.command("recover")
@click.argument("channel")
@click.option(
    "--from",
    "directory",
    metavar="DIR",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="The counterpart's export of the channel, made with its payloads; without it, its node is asked.",
)
@click.option(
    "--party",
    default="",
    metavar="PARTY",
    help="In a channel of many: whose export it is, or the one member to be asked; else all are.",
)
@click.option(
    "--without",
    multiple=True,
    metavar="PARTY",
    help="In a channel of many: a member not to be waited for, since it is known to hold no more of our log.",
)
@node_verb
def recover(channel: str, directory: Path | None, party: str, without: tuple[str, ...]) -> Answer:
    """Take back what this node has lost of CHANNEL after an old backup was restored.

    Only what this node signed itself is put back on its log, all of it or nothing. Exit 4 if less came
    back than was signed for: then the channel stays closed.

    In a channel of many every member is asked, since one may hold more of our log than another: it stays
    closed until each has answered. With --without one is not waited for: whoever says so has compared, over
    another path, how many entries of our log it has signed for.
    """
    from comity_node.register import queries

    logs = queries.channel_logs(channel)
    if any(log.many for log in logs):
        return _of_many(channel, directory, party, without)
    return _of_two(channel, directory)


def _of_two(channel: str, directory: Path | None) -> Answer:
    from comity_node.wire.exchange import logs_of
    from comity_node.wire.recovering import recover as take_back

    own, theirs = logs_of(channel)
    line = None
    if directory is None:
        from comity_cli.carrying import line_to
        from comity_node.wire.recovering import OverTheLine

        line = line_to(theirs.party)
        done = take_back(channel, OverTheLine(line))
        line.close()
    else:
        done = take_back(channel, Export(directory))
    own, theirs = logs_of(channel)
    document = {
        "channel": channel,
        "own": done.own,
        "theirs": done.theirs,
        "receipts": done.receipts,
        "sizes": {log.party: log.size for log in (own, theirs)},
        "reopened": not own.held_elsewhere,
    }
    return Answer(document, list(_lines(document, own, theirs)))


def _of_many(channel: str, directory: Path | None, party: str, without: tuple[str, ...]) -> Answer:
    """Ask each member, or one, or read its export; one that does not answer keeps the channel closed."""
    from comity.errors import CounterpartBreach
    from comity_node.register import queries, returning_many
    from comity_node.wire.recovering import recover as take_back
    from comity_node.wire.recovering import reopen_once_heard

    if directory is not None and not party:
        raise click.UsageError("--from in a channel of many takes --party: whose export it is")
    members = [party] if party else queries.others(channel)
    came: dict[str, dict[str, int]] = {}
    failed: dict[str, str] = {}
    for one in members:
        if one in without:
            continue
        try:
            done = take_back(channel, Export(directory) if directory else _node_of(one), one)
        except CounterpartBreach as breach:
            failed[one] = str(breach)
        else:
            came[one] = {"own": done.own, "theirs": done.theirs, "receipts": done.receipts}
    own = next(log for log in queries.channel_logs(channel) if log.ours)
    for one in without if own.is_closed else ():
        returning_many.note_given_back(own, one)
    if own.is_closed:
        reopen_once_heard(own)
    logs = queries.channel_logs(channel)
    own = next(log for log in logs if log.ours)
    document = {
        "channel": channel,
        "came_back": came,
        "failed": failed,
        "sizes": {log.party: log.size for log in logs},
        "waits_for": returning_many.not_heard(own) if own.is_closed else [],
        "reopened": not own.is_closed,
    }
    return Answer(document, list(_lines_of_many(document, own)), Exit.COUNTERPART if failed else Exit.DONE)


def _node_of(party: str) -> Source:
    from comity_cli.carrying import line_to
    from comity_node.wire.recovering import OverTheLine

    return OverTheLine(line_to(party))


def _lines_of_many(document: dict[str, Any], own: Log) -> Iterator[str]:
    for party, came in document["came_back"].items():
        yield (
            f"{party} gave back {came['own']} entries of ours, {came['theirs']} of others,"
            f" {came['receipts']} receipts"
        )
    yield from (f"{party}: {because}" for party, because in document["failed"].items())
    if document["waits_for"]:
        yield f"closed until these have answered: {', '.join(document['waits_for'])}"
    yield f"{own.origin} has {own.size} entries; ask the others by telephone whether they hold as many"
    yield "exhibits: comity doctor names those whose file is missing here"


def _lines(document: dict[str, object], own: Log, theirs: Log) -> Iterator[str]:
    yield (
        f"{document['own']} entries of ours came back, {document['theirs']} of {theirs.party},"
        f" {document['receipts']} receipts"
    )
    yield f"{own.origin} has {own.size} entries; ask {theirs.party} by telephone whether it holds as many"
    yield "not recovered: drafts, journals, accounts, and whatever never reached the counterpart"
    yield "exhibits: comity doctor names those whose file is missing here"


class Export:
    """A counterpart's export as a source of what was lost. Nothing in it is believed before it is judged."""

    def __init__(self, root: Path) -> None:
        """Take the directory ``root``."""
        from comity_cli.directory import Directory

        self._files = Directory(root)

    def part(self, log: Log, start: int, receipts: int, /) -> Bundle:
        """Everything of a log from ``start``, under its newest checkpoint."""
        from comity.channel.bundle import Bundle
        from comity.tlog.checkpoint import Checkpoint
        from comity.tlog.note import MAX_NOTE, parse_note

        other = self._other(log)
        if log.party not in self._files.names(""):
            return Bundle(channel=log.channel, sender=log.party, receiver=other, start=start)
        note = self._files.read(f"{log.party}/checkpoint", MAX_NOTE)
        size = Checkpoint.parse(parse_note(note).text).size
        leaves = tuple(islice(self._leaves(log.party, start, size), max(0, size - start)))
        return Bundle(
            channel=log.channel,
            sender=log.party,
            receiver=other,
            start=start,
            checkpoint=_by_its_author(note, log),
            consistency=self._proof(log.party, start, size),
            entries=leaves,
            payloads=tuple(self._payloads(leaves)),
            cosignatures=tuple(
                self._receipts_of(log.party, receipts)
                if log.many
                else self._receipts(other, log.party, receipts)
            ),
        )

    def _other(self, log: Log) -> str:
        from comity_node.register import queries

        return next(one.party for one in queries.channel_logs(log.channel) if one.party != log.party)

    def _leaves(self, party: str, start: int, size: int) -> Iterator[bytes]:
        from comity.tlog.tile import ENTRIES, MAX_ENTRY, TILE_WIDTH, Tile, decode_entries

        for index in range(start // TILE_WIDTH, -(-size // TILE_WIDTH)):
            width = min(TILE_WIDTH, size - index * TILE_WIDTH)
            path = f"{party}/{Tile(ENTRIES, index, width).path}"
            leaves = decode_entries(self._files.read(path, TILE_WIDTH * (MAX_ENTRY + 2)))
            yield from list(leaves)[max(0, start - index * TILE_WIDTH) :]

    def _proof(self, party: str, start: int, size: int) -> tuple[bytes, ...]:
        """The proof that what follows follows, or that it cannot: the tree is in the export."""
        from comity.tlog.encoding import HASH_SIZE
        from comity.tlog.tile import TILE_WIDTH, Tile
        from comity.tlog.tree import prove_fork

        def read(level: int, index: int, width: int) -> bytes:
            there = min(TILE_WIDTH, (size >> 8 * level) - index * TILE_WIDTH)
            path = f"{party}/{Tile(level, index, there).path}"
            return self._files.read(path, TILE_WIDTH * HASH_SIZE)[: width * HASH_SIZE]

        return prove_fork(read, start, size) if 0 < start < size else ()

    def _payloads(self, leaves: tuple[bytes, ...]) -> Iterator[bytes]:
        from comity.channel.export import PAYLOADS
        from comity.entries import decode

        there = set(self._files.names(PAYLOADS))
        for leaf in leaves:
            named = decode(leaf).payload
            if named is None:
                continue
            name = f"{named.sha256}.age"
            was_erased = there and name not in there  # an export without any was made without them
            size = min(named.size, _MOST_PAYLOAD)
            yield b"" if was_erased else self._files.read(f"{PAYLOADS}/{name}", size)

    def _receipts_of(self, log: str, passed: int) -> Iterator[bytes]:
        """In a channel of many: receipts for a log by whoever gave them, after so many."""
        from comity.channel.export import RECEIPTS, read_receipt_name, receipt_name
        from comity.tlog.note import MAX_NOTE

        named = sorted(read_receipt_name(name) for name in self._files.names(f"{log}/{RECEIPTS}"))
        for size, party in named[passed : passed + _MOST_RECEIPTS]:
            yield self._files.read(f"{log}/{RECEIPTS}/{receipt_name(size, party)}", MAX_NOTE)

    def _receipts(self, log: str, giver: str, beyond: int) -> Iterator[bytes]:
        from comity.channel.export import RECEIPTS, read_receipt_name, receipt_name
        from comity.tlog.note import MAX_NOTE

        named = [read_receipt_name(name) for name in self._files.names(f"{log}/{RECEIPTS}")]
        for size, party in sorted(named):
            if party == giver and size > beyond:
                yield self._files.read(f"{log}/{RECEIPTS}/{receipt_name(size, party)}", MAX_NOTE)


def _by_its_author(note: bytes, log: Log) -> bytes:
    """A checkpoint as its author signed it, by whatever keys, without the cosignatures of others."""
    from comity.tlog.note import Note, parse_note

    parsed = parse_note(note)
    lines = tuple(line for line in parsed.signatures if line.name == log.origin)
    return Note(parsed.text, lines).encode()
