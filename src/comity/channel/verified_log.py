"""One log of an export: its tiles, its checkpoint, the receipts for it, read once from front to back.

The tree is recomputed from the entries while they are handed on, so that a log of any length is verified in
the memory of a few tiles.

Follows: docs/spec/export.md, Verifying; C2SP tlog-tiles.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from typing import TYPE_CHECKING, Final

from comity.channel.export import RECEIPTS, WITNESSED, read_receipt_name
from comity.errors import ComityError, ExportDoesNotHold
from comity.mirror import Generation, Receipt, read_receipt, signed_checkpoint, stated_at
from comity.mirror.generations import signed_by
from comity.names import Origin
from comity.tlog.checkpoint import Checkpoint
from comity.tlog.encoding import HASH_SIZE
from comity.tlog.merkle import EMPTY_ROOT, CompactRange, leaf_hash
from comity.tlog.note import MAX_NOTE, Note, parse_note
from comity.tlog.tile import ENTRIES, MAX_ENTRY, TILE_WIDTH, Tile, decode_entries, tile_in, tile_root

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from comity.channel.export import Files
    from comity.tlog.vkey import VerifierKey

_PAIR: Final = 2
_MAX_BUNDLE: Final = TILE_WIDTH * (MAX_ENTRY + 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """The keys a policy gives for one log and those who may sign for it.

    Attributes:
        log: The log's own, each pair it had.
        own_mirror: Its author's mirror: what it signs is no receipt for this log.
        mirrors: The other parties' mirrors, by party, each pair they had.
        witnesses: Neutral witnesses, by their name in the policy.
    """

    log: tuple[Generation, ...]
    own_mirror: tuple[VerifierKey, ...]
    mirrors: Mapping[str, tuple[Generation, ...]]
    witnesses: Mapping[str, VerifierKey]


@dataclass(frozen=True, slots=True)
class _Given:
    """A receipt and whose it is."""

    party: str
    receipt: Receipt


class ExportedLog:
    """A log as its directory gives it. Signatures are verified on opening, entries while they are read."""

    def __init__(self, files: Files, party: str, keys: Keys) -> None:
        """Read and verify every signature over the log.

        Raises:
            ComityError: A signature, a checkpoint or a key file is not what it must be.
        """
        self._files, self._folder, self._keys = files, party, keys
        self.signatures = 0
        self.receipts: dict[str, list[Receipt]] = {giver: [] for giver in keys.mirrors}
        self.seen_by_witness: dict[str, list[tuple[int, datetime | None]]] = {}
        self.notes: list[Note] = []
        self._by_retired: dict[int, list[_Given]] = {}
        self._wanted: dict[int, list[tuple[bytes, str]]] = {}
        self.checkpoint = self._checkpoint()
        self._read_receipts()
        self._read_witnessed()
        self._covered = {
            giver: sorted((receipt.size, receipt.at) for receipt in receipts)
            for giver, receipts in self.receipts.items()
        }
        self._covered[""] = sorted(chain.from_iterable(self._covered.values()))

    @property
    def size(self) -> int:
        """How many entries the checkpoint covers."""
        return self.checkpoint.size

    def receipted_at(self, index: int, by: str = "") -> datetime | None:
        """When another party first signed for an entry, by its clock: the one named, or whoever was first."""
        covered = self._covered.get(by, [])
        place = bisect_right(covered, index, key=lambda one: one[0])
        return datetime.fromtimestamp(covered[place][1], UTC) if place < len(covered) else None

    def must_not_rest_on_retired_keys(self, size: int, seen: Mapping[str, int]) -> None:
        """Hold the receipts for the first ``size`` entries against what the last of them had seen.

        Raises:
            ExportDoesNotHold: One is signed by keys that its giver had retired, and the author knew it.
        """
        for giver in self._by_retired.get(size, ()):
            if giver.receipt.is_by_retired_keys(seen.get(giver.party, 0)):
                raise ExportDoesNotHold(
                    f"a receipt of {giver.party} for {size:,} entries is signed by keys it had retired before"
                )

    def blocks(self) -> Iterator[tuple[int, list[bytes]]]:
        """Every entry in order, up to 256 at a time, each proven to hash to its place.

        Only when the last block has been taken is the whole proven to lead to the signed root.

        Raises:
            ExportDoesNotHold: A hash leads elsewhere than it must.
        """
        tree = _Tiles(self._files, self._folder, self.size)
        wanted = sorted(size for size in self._wanted if size)
        place = 0
        for index in range(-(-self.size // TILE_WIDTH)):
            entries, hashes = tree.bottom(index)
            end = index * TILE_WIDTH + len(entries)
            while place < len(wanted) and wanted[place] <= end:
                self._compare(wanted[place], tree.root_at(wanted[place], hashes))
                place += 1
            tree.add(hashes)
            yield index * TILE_WIDTH, entries
        tree.finish()
        self._compare(0, EMPTY_ROOT)

    def _compare(self, size: int, root: bytes) -> None:
        for signed, where in self._wanted.get(size, ()):
            if signed != root:
                raise ExportDoesNotHold(
                    f"{where} is signed for other entries than the {size:,} that are here"
                )

    def _path(self, name: str) -> str:
        return f"{self._folder}/{name}"

    def must_lead_to(self, size: int, root: bytes, where: str) -> None:
        """Have the root over the first ``size`` entries compared while they are read.

        Args:
            size: How many.
            root: What they must lead to.
            where: What says so, for the message.

        Raises:
            ExportDoesNotHold: So many are not here.
        """
        if size > self.size:
            raise ExportDoesNotHold(
                f"{where} covers {size:,} entries, {self.size:,} are here: entries are missing"
            )
        self._wanted.setdefault(size, []).append((root, where))

    def _want(self, checkpoint: Checkpoint, where: str) -> None:
        self.must_lead_to(checkpoint.size, checkpoint.root, where)

    def _check_key_files(self, signed: Generation) -> None:
        """The key files are for readers who use no policy; they must not say anything else."""
        every = "".join(f"{key}\n" for key in signed.keys).encode()
        self._must_be("vkey", every.split(b"\n", 1)[0] + b"\n")
        self._must_be("vkeys", every)

    def _must_be(self, name: str, expected: bytes) -> None:
        if self._files.read(self._path(name), MAX_NOTE) != expected:
            raise ExportDoesNotHold(f"{self._path(name)} does not hold the keys of the policy")

    def _checkpoint(self) -> Checkpoint:
        data = self._files.read(self._path("checkpoint"), MAX_NOTE)
        checkpoint = signed_checkpoint(data, self._keys.log)
        note = parse_note(data)
        self._check_key_files(signed_by(note, self._keys.log))
        self.signatures += _PAIR
        self._refuse_own_receipt(note, "checkpoint")
        self._wanted[checkpoint.size] = [(checkpoint.root, self._path("checkpoint"))]
        pairs = [pair.keys for each in self._keys.mirrors.values() for pair in each if pair.keys]
        cosigned = [keys[0] for keys in pairs if set(note.signed_by(keys)) == set(keys)]
        self.signatures += sum(len(note.signed_by(keys)) for keys in pairs)
        if "mirrors" in self._files.names(self._folder):
            self._must_be("mirrors", "".join(f"{key}\n" for key in cosigned).encode())
        self._note_witnesses(note, checkpoint)
        self.notes.append(note)
        return checkpoint

    def _refuse_own_receipt(self, note: Note, where: str) -> None:
        """Nobody can receipt what they send."""
        if any(line.is_by(key) for line in note.signatures for key in self._keys.own_mirror):
            raise ExportDoesNotHold(
                f"{self._path(where)} carries a cosignature of its author's own mirror, which is no receipt"
            )

    def _read_receipts(self) -> None:
        for name in self._files.names(self._path(RECEIPTS)):
            where = f"{RECEIPTS}/{name}"
            size, giver = read_receipt_name(name)
            if giver not in self._keys.mirrors:
                raise ExportDoesNotHold(f"{self._path(where)}: {giver} cannot give a receipt for this log")
            data = self._files.read(self._path(where), MAX_NOTE)
            try:
                receipt = read_receipt(
                    data, self.origin, log_keys=self._keys.log, mirror_keys=self._keys.mirrors[giver]
                )
            except ComityError as fault:
                raise ExportDoesNotHold(f"{self._path(where)} is not a receipt: {fault}") from fault
            note = parse_note(data)
            self._refuse_own_receipt(note, where)
            if receipt.size != size:
                raise ExportDoesNotHold(
                    f"{self._path(where)} is a receipt for {receipt.size} entries, not {size}"
                )
            self._want(Checkpoint.parse(note.text), self._path(where))
            self.signatures += _PAIR + _PAIR
            self.receipts[giver].append(receipt)
            if receipt.retired_at is not None:
                self._by_retired.setdefault(receipt.size, []).append(_Given(giver, receipt))
            self.notes.append(note)

    def _read_witnessed(self) -> None:
        for name in self._files.names(self._path(WITNESSED)):
            where = self._path(f"{WITNESSED}/{name}")
            data = self._files.read(where, MAX_NOTE)
            checkpoint = signed_checkpoint(data, self._keys.log)
            note = parse_note(data)
            self._want(checkpoint, where)
            self.signatures += _PAIR
            self._note_witnesses(note, checkpoint)
            self.notes.append(note)

    def _note_witnesses(self, note: Note, checkpoint: Checkpoint) -> None:
        for name, key in self._keys.witnesses.items():
            at = note.cosigned_at(key)
            if at is not None:
                self.signatures += 1
                seen = self.seen_by_witness.setdefault(name, [])
                seen.append((checkpoint.size, stated_at(at)))

    @property
    def origin(self) -> Origin:
        """The name of the log, by the policy."""
        return Origin.parse(self._keys.log[0].keys[0].name)


class _Tiles:
    """The tree as the entries build it, held against the tiles as each row is complete."""

    def __init__(self, files: Files, folder: str, size: int) -> None:
        self._files, self._folder, self._size = files, folder, size
        self._full = CompactRange()  # over the roots of full level 0 tiles
        self._rows: list[list[bytes]] = []  # hashes of the tile being filled, from level 1 up
        self._index: list[int] = []

    def bottom(self, index: int) -> tuple[list[bytes], bytes]:
        """The entries of one bundle, and their level 0 tile."""
        tile = tile_in(0, index, self._size)
        bundle = self._files.read(self._path(Tile(ENTRIES, index, tile.width)), _MAX_BUNDLE)
        hashes = self._read(tile)
        entries = decode_entries(bundle, tile.width)
        if b"".join(map(leaf_hash, entries)) != hashes:
            raise ExportDoesNotHold(f"an entry in {self._path(tile)} does not hash to its place in the tree")
        return entries, hashes

    def root_at(self, size: int, hashes: bytes) -> bytes:
        """The root over the first ``size`` entries, the last of which stand in this level 0 tile."""
        full, inside = CompactRange.from_bytes(self._full.to_bytes()), CompactRange()
        last = size - full.size * TILE_WIDTH
        if last == TILE_WIDTH:  # the tile is itself a leaf of what stands above it
            full.append(tile_root(hashes))
        else:
            inside.extend(hashes[at : at + HASH_SIZE] for at in range(0, last * HASH_SIZE, HASH_SIZE))
        peaks = full.to_bytes()[8:] + inside.to_bytes()[8:]
        return CompactRange.from_bytes(size.to_bytes(8, "big") + peaks).root()

    def add(self, hashes: bytes) -> None:
        """Go on above a level 0 tile."""
        if len(hashes) == TILE_WIDTH * HASH_SIZE:
            root = tile_root(hashes)
            self._full.append(root)
            self._push(0, root)

    def finish(self) -> None:
        """Hold the last, partial tile of each level against what was computed."""
        for level, row in enumerate(self._rows, start=1):
            if row:
                self._same(level, row)

    def _push(self, level: int, root: bytes) -> None:
        if level == len(self._rows):
            self._rows.append([])
            self._index.append(0)
        row = self._rows[level]
        row.append(root)
        if len(row) == TILE_WIDTH:
            self._same(level + 1, row)
            self._push(level + 1, tile_root(b"".join(row)))
            self._rows[level] = []
            self._index[level] += 1

    def _same(self, level: int, row: list[bytes]) -> None:
        tile = Tile(level, self._index[level - 1], len(row))
        if self._read(tile) != b"".join(row):
            raise ExportDoesNotHold(f"{self._path(tile)} does not hash to what stands below it")

    def _read(self, tile: Tile) -> bytes:
        data = self._files.read(self._path(tile), TILE_WIDTH * HASH_SIZE)
        if len(data) != tile.width * HASH_SIZE:
            raise ExportDoesNotHold(f"{self._path(tile)} has {len(data)} bytes, not {tile.width * HASH_SIZE}")
        return data

    def _path(self, tile: Tile) -> str:
        return f"{self._folder}/{tile.path}"
