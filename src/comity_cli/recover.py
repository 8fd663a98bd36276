"""``comity recover``: take back what an old backup lacks, from the counterpart's node or an export of it."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from comity_cli.verb import Answer, node_verb

if TYPE_CHECKING:
    from collections.abc import Iterator

    from comity.channel.bundle import Bundle
    from comity_node.register.models import Log

_MOST_PAYLOAD: Final = 2**28


@click.command("recover")
@click.argument("channel")
@click.option(
    "--from",
    "directory",
    metavar="DIR",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="The counterpart's export of the channel, made with its payloads; without it, its node is asked.",
)
@node_verb
def recover(channel: str, directory: Path | None) -> Answer:
    """Take back what this node has lost of CHANNEL after an old backup was restored.

    Only what this node signed itself is put back on its log, all of it or nothing. Exit 4 if less came
    back than was signed for: then the channel stays closed.
    """
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
            cosignatures=tuple(self._receipts(other, log.party, receipts)),
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

    def _receipts(self, log: str, giver: str, beyond: int) -> Iterator[bytes]:
        from comity.channel.export import RECEIPTS, read_receipt_name, receipt_name
        from comity.tlog.note import MAX_NOTE

        named = [read_receipt_name(name) for name in self._files.names(f"{log}/{RECEIPTS}")]
        for size, party in sorted(named):
            if party == giver and size > beyond:
                yield self._files.read(f"{log}/{RECEIPTS}/{receipt_name(size, party)}", MAX_NOTE)


def _by_its_author(note: bytes, log: Log) -> bytes:
    """A checkpoint as its author signed it, without the cosignatures of others."""
    from comity.tlog.note import Note, parse_note
    from comity_node.register.mirroring import vkeys

    parsed = parse_note(note)
    keys = vkeys(log.log_keys)
    lines = tuple(line for line in parsed.signatures if any(line.is_by(key) for key in keys))
    return Note(parsed.text, lines).encode()
