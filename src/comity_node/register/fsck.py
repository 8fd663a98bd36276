"""Recompute the whole register: every hash, root, signature, receipt, payload and place in the order."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.conf import settings

from comity.entries import Entry, decode, depth
from comity.errors import ComityError
from comity.mirror import ForkProof, read_receipt, signed_checkpoint
from comity.names import Origin
from comity.tlog.merkle import CompactRange, leaf_hash
from comity.tlog.note import Signature, parse_note
from comity.tlog.tile import tile_root
from comity.tlog.vkey import VerifierKey
from comity_node.register import models, rotations, words_index
from comity_node.register.tree import WIDTH, StoredTree

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_CHUNK: Final = 2000


@dataclass(frozen=True, slots=True)
class Finding:
    """Something in the register that is not as it must be."""

    where: str
    what: str


@dataclass(slots=True)
class Tally:
    """How much was recomputed."""

    logs: int = 0
    entries: int = 0
    signatures: int = 0
    payloads: int = 0
    erased: int = 0


def check(progress: Callable[[int], None] = lambda _: None) -> tuple[list[Finding], Tally]:
    """Recompute everything.

    Args:
        progress: Told the number of entries done, now and then.
    """
    tally = Tally()
    findings: list[Finding] = []
    for log in models.Log.objects.order_by("origin"):
        tally.logs += 1
        findings += _LogCheck(log, tally, progress).run()
    findings += _payloads(tally)
    if not words_index.is_whole():
        findings.append(
            Finding("index of words", "is not what the passages say; `comity rebuild` makes it anew")
        )
    return findings, tally


class _LogCheck:
    """The check of one log."""

    def __init__(self, log: models.Log, tally: Tally, progress: Callable[[int], None]) -> None:
        self.log = log
        self.tally = tally
        self.progress = progress
        self.roots: dict[int, bytes] = {}

    def run(self) -> list[Finding]:
        """Everything that is wrong with this log."""
        wanted = set(models.Checkpoint.objects.filter(log=self.log).values_list("size", flat=True))
        wanted |= set(models.Receipt.objects.filter(log=self.log).values_list("size", flat=True))
        findings = list(self._entries(wanted | {self.log.size}))
        findings += self._tiles()
        findings += self._checkpoints()
        findings += self._receipts()
        findings += self._witness_marks()
        findings += self._misconduct()
        return findings

    def _finding(self, place: object, what: str) -> Finding:
        return Finding(
            f"{self.log.origin}#{place}" if isinstance(place, int) else f"{self.log.origin} {place}", what
        )

    def _entries(self, wanted: set[int]) -> Iterator[Finding]:
        tree = CompactRange()
        self.roots[0] = tree.root()
        seen: dict[str, int] = {}
        for row in self.log.entries.order_by("index").iterator(chunk_size=_CHUNK):
            if row.index != tree.size:
                yield self._finding(tree.size, "is missing")
                return
            leaf = bytes(row.leaf)
            digest = leaf_hash(leaf)
            if digest != bytes(row.leaf_hash):
                yield self._finding(row.index, "its stored hash is not the hash of its bytes")
            tree.append(digest)
            try:
                entry = decode(leaf)
            except ComityError as error:
                yield self._finding(row.index, f"cannot be read: {error}")
                return
            seen = entry.seen
            yield from self._columns(row, entry)
            if tree.size in wanted:
                self.roots[tree.size] = tree.root()
            self._count()
        if tree.size != self.log.size or tree.to_bytes() != bytes(
            self.log.peaks or CompactRange().to_bytes()
        ):
            yield self._finding(
                "head", f"says {self.log.size} entries; {tree.size} are stored, or their tree differs"
            )
        if self.log.seen != seen:
            yield self._finding("head", "its causal clock is not that of the last entry")

    def _columns(self, row: models.Entry, entry: Entry) -> Iterator[Finding]:
        """What is stored beside a leaf, held against the leaf."""
        if (row.depth, row.kind, row.ref) != (depth(row.index, entry.seen), entry.kind, entry.ref):
            yield self._finding(row.index, "its place in the order, kind or reference is stored wrongly")
        if row.payload != (entry.payload.sha256 if entry.payload else ""):
            yield self._finding(row.index, "its payload digest is stored wrongly")

    def _count(self) -> None:
        self.tally.entries += 1
        if self.tally.entries % _CHUNK == 0:
            self.progress(self.tally.entries)

    def _tiles(self) -> Iterator[Finding]:
        tree = StoredTree(self.log)
        for tile in self.log.tiles.order_by("level", "index").iterator(chunk_size=64):
            place = f"tile {tile.level}/{tile.index}"
            hashes = bytes(tile.hashes)
            below = (
                tree._leaves(tile.index * WIDTH, WIDTH)  # noqa: SLF001 - the check reads what the tree reads
                if tile.level == 0
                else tree._roots(tile.level - 1, tile.index * WIDTH, WIDTH)  # noqa: SLF001 - as above
            )
            if hashes != below or tile_root(hashes) != bytes(tile.root):
                yield self._finding(place, "does not hold the hashes it stands for")
        expected, count, level = self.log.size // WIDTH, 0, 0
        while expected:
            count = models.Tile.objects.filter(log=self.log, level=level).count()
            if count != expected:
                yield self._finding(f"tiles of level {level}", f"{count} are stored; {expected} are full")
            expected, level = expected // WIDTH, level + 1

    def _checkpoints(self) -> Iterator[Finding]:
        for row in self.log.checkpoints.order_by("size").iterator(chunk_size=_CHUNK):
            try:
                checkpoint = signed_checkpoint(bytes(row.note), rotations.log_generations(self.log))
            except ComityError as error:
                yield self._finding(f"checkpoint {row.size}", str(error))
                continue
            self.tally.signatures += 2
            if (checkpoint.origin, checkpoint.size, checkpoint.root) != (
                self.log.origin,
                row.size,
                self.roots.get(row.size),
            ):
                yield self._finding(f"checkpoint {row.size}", "is not the root of the entries stored")

        newest = self.log.checkpoints.order_by("-size").values_list("size", "note").first() or (0, b"")
        if (self.log.size, bytes(self.log.checkpoint)) != (newest[0], bytes(newest[1])):
            yield self._finding("head", "its checkpoint is not the newest one stored")

    def _witness_marks(self) -> Iterator[Finding]:
        """Each mark against the checkpoint it stands on, and against its key where we know that."""
        known = {key.name: key for key in (VerifierKey.parse(one.vkey) for one in settings.NODE.witnesses)}
        for row in self.log.witness_marks.order_by("size", "witness").iterator(chunk_size=_CHUNK):
            place = f"mark of {row.witness} for {row.size}"
            signed = self.log.checkpoints.filter(size=row.size).values_list("note", flat=True).first()
            try:
                lines = tuple(map(Signature.parse, row.lines.splitlines()))
                note = parse_note(bytes(signed or b"")).with_signatures(lines)
                at = note.cosigned_at(known[row.witness]) if row.witness in known else None
            except ComityError as error:
                yield self._finding(place, str(error))
                continue
            if not lines or any(line.name != row.witness for line in lines):
                yield self._finding(place, "does not hold the witness's lines")
            if at is not None:  # a witness that has renewed its key is not known by the old one any more
                self.tally.signatures += 1
                if at != row.given_at.timestamp():
                    yield self._finding(place, "was given at another time")

    def _misconduct(self) -> Iterator[Finding]:
        for row in self.log.misconduct.order_by("pk"):
            try:
                holds = ForkProof.parse(bytes(row.proof)).holds(rotations.log_generations(self.log))
            except ComityError:
                holds = False
            if not holds:
                yield self._finding(f"misconduct {row.pk}", "does not prove a fork")

    def _receipts(self) -> Iterator[Finding]:
        others = list(models.Log.objects.filter(channel=self.log.channel).exclude(pk=self.log.pk))
        keys = {other.party: rotations.mirror_generations(other) for other in others}
        origin = Origin.parse(self.log.origin)
        largest: dict[str, int] = {}
        for row in self.log.receipts.order_by("size").iterator(chunk_size=_CHUNK):
            place = f"receipt of {row.party} for {row.size}"
            largest[row.party] = row.size  # they come by size
            try:
                receipt = read_receipt(
                    bytes(row.note),
                    origin,
                    log_keys=rotations.log_generations(self.log),
                    mirror_keys=keys.get(row.party, ()),
                )
            except ComityError as error:
                yield self._finding(place, str(error))
                continue
            self.tally.signatures += 2
            # In a channel of many, others may have signed for what has not reached us yet.
            root = receipt.root if row.size > self.log.size and self.log.many else self.roots.get(row.size)
            if (receipt.size, receipt.root, receipt.at) != (row.size, root, row.given_at.timestamp()):
                yield self._finding(place, "is not a receipt for the entries stored")
        members = [one.party for one in others if one.place == models.Log.Place.MEMBER]
        by_all = min((largest.get(party, 0) for party in members), default=0)
        if self.log.receipted != min(by_all, self.log.size):
            yield self._finding("head", f"says {self.log.receipted} entries are receipted; {by_all} are")


def _payloads(tally: Tally) -> Iterator[Finding]:
    for row in models.Payload.objects.order_by("sha256").iterator(chunk_size=200):
        if row.sealed is None:
            tally.erased += 1
            if row.erased_at is None:
                yield Finding(f"payload {row.sha256}", "was not given back, and no act says it is erased")
            continue
        tally.payloads += 1
        if hashlib.sha256(bytes(row.sealed)).hexdigest() != row.sha256 or len(row.sealed) != row.size:
            yield Finding(f"payload {row.sha256}", "is not what its name says")
    held = models.Payload.objects.values("sha256")
    orphaned = models.Entry.objects.exclude(payload="").exclude(payload__in=held).select_related("log")
    for entry in orphaned[:1000]:
        yield Finding(str(entry), "its payload is missing")
