"""The Merkle tree of a log, kept as full tiles; the ragged right edge is read from the entries themselves."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

from comity.errors import OurFault
from comity.tlog.merkle import CompactRange
from comity.tlog.tile import tile_root
from comity.tlog.tree import prove_consistency, prove_fork, prove_inclusion, tree_root
from comity_node.register import statements
from comity_node.register.models import Entry, Log, Tile

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH: Final = 256
_HASH: Final = 32


class BrokenTree(OurFault):
    """A part of the stored tree is missing."""

    code = "broken-tree"
    default_hint = "run `comity fsck`; restore the register from a backup or from the counterpart's mirror"


class StoredTree:
    """Reads a log's tiles: a :class:`comity.tlog.tree.TileReader` over the database."""

    def __init__(self, log: Log) -> None:
        self.log = log
        self._read: dict[tuple[int, int], bytes] = {}

    def __call__(self, level: int, index: int, width: int) -> bytes:
        """The first ``width`` hashes of a tile. The ragged edge is asked for at several widths: read once."""
        known = self._read.get((level, index), b"")
        if len(known) < width * _HASH:
            known = self._read[level, index] = self._hashes(level, index, width)
        return known[: width * _HASH]

    def _hashes(self, level: int, index: int, width: int) -> bytes:
        if width == WIDTH:
            hashes = self._full(level, index)
        elif level == 0:
            hashes = self._leaves(index * WIDTH, width)
        else:
            hashes = self._roots(level - 1, index * WIDTH, width)
        if len(hashes) != width * _HASH:
            raise BrokenTree(f"tile {level}/{index} of {self.log.origin} is not whole")
        return hashes

    def _full(self, level: int, index: int) -> bytes:
        return statements.tile(self.log, level, index)

    def _leaves(self, start: int, count: int) -> bytes:
        return statements.leaf_hashes(self.log, start, start + count)

    def _roots(self, level: int, start: int, count: int) -> bytes:
        return statements.tile_roots(self.log, level, start, start + count)

    def prove_entry(self, index: int, size: int) -> tuple[bytes, ...]:
        """Inclusion proof of one entry in the tree of ``size``."""
        return prove_inclusion(self, index, size)

    def prove_growth(self, old: int, new: int) -> tuple[bytes, ...]:
        """Consistency proof between two sizes; empty from nothing or to itself."""
        return prove_consistency(self, old, new) if 0 < old < new else ()

    def prove_prefix(self, old: int, new: int) -> tuple[bytes, ...]:
        """Consistency proof in the full form, from which both roots can be computed: what convicts a fork."""
        return prove_fork(self, old, new) if 0 < old < new else ()

    def root(self, size: int) -> bytes:
        """Root of the first ``size`` entries."""
        if size == self.log.size and self.log.peaks:
            return GrowingTree(self.log).range.root()
        return tree_root(self, size)

    def leaf(self, index: int) -> bytes:
        """Leaf hash of one stored entry."""
        return bytes(Entry.objects.values_list("leaf_hash", flat=True).get(log=self.log, index=index))


class GrowingTree:
    """A log's tree while entries are added: gives the new peaks and the tiles that have become full."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self.range = CompactRange.from_bytes(bytes(log.peaks)) if log.peaks else CompactRange()

    @cached_property
    def _stored(self) -> StoredTree:
        return StoredTree(self._log)

    def extend(self, leaf_hashes: Sequence[bytes]) -> list[Tile]:
        """Add leaf hashes; what comes back is to be stored with the entries."""
        start = self.range.size
        self.range.extend(leaf_hashes)
        return self._filled(0, start, leaf_hashes)

    def _filled(self, level: int, start: int, hashes: Sequence[bytes]) -> list[Tile]:
        """Tiles of one level that the new hashes complete, and of the levels above them."""
        first, last = start // WIDTH, (start + len(hashes)) // WIDTH
        if first == last:
            return []
        kept = self._stored(level, first, start % WIDTH) if start % WIDTH else b""
        edge = kept + b"".join(hashes)
        tiles = []
        for place, index in enumerate(range(first, last)):
            row = edge[place * WIDTH * _HASH : (place + 1) * WIDTH * _HASH]
            tiles.append(Tile(log=self._log, level=level, index=index, hashes=row, root=tile_root(row)))
        return tiles + self._filled(level + 1, first, [bytes(tile.root) for tile in tiles])
