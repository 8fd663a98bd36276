"""The Merkle tree as RFC 6962 defines it, word for word and slowly: what the fast code is held against."""

from __future__ import annotations

from typing import TYPE_CHECKING

from comity.tlog.merkle import EMPTY_ROOT, leaf_hash, node_hash
from comity.tlog.tile import TILE_WIDTH, tile_root

if TYPE_CHECKING:
    from comity.tlog.tree import TileReader


def leaves(count: int) -> list[bytes]:
    """Leaf hashes of as many different entries."""
    return [leaf_hash(b"entry %d" % index) for index in range(count)]


def mth(row: list[bytes]) -> bytes:
    """MTH(D[n]) of RFC 6962, section 2.1."""
    if not row:
        return EMPTY_ROOT
    if len(row) == 1:
        return row[0]
    k = _k(len(row))
    return node_hash(mth(row[:k]), mth(row[k:]))


def path(m: int, row: list[bytes]) -> list[bytes]:
    """PATH(m, D[n]) of RFC 6962, section 2.1.1."""
    if len(row) == 1:
        return []
    k = _k(len(row))
    if m < k:
        return [*path(m, row[:k]), mth(row[k:])]
    return [*path(m - k, row[k:]), mth(row[:k])]


def proof(m: int, row: list[bytes]) -> list[bytes]:
    """PROOF(m, D[n]) of RFC 6962, section 2.1.2."""
    return _subproof(m, row, whole=True)


def _subproof(m: int, row: list[bytes], *, whole: bool) -> list[bytes]:
    if m == len(row):
        return [] if whole else [mth(row)]
    k = _k(len(row))
    if m <= k:
        return [*_subproof(m, row[:k], whole=whole), mth(row[k:])]
    return [*_subproof(m - k, row[k:], whole=False), mth(row[:k])]


def _k(size: int) -> int:
    """The greatest power of two smaller than the size."""
    return 1 << (size - 1).bit_length() - 1


def reader_over(row: list[bytes]) -> TileReader:
    """Tiles over these leaf hashes, as a node keeps them: full tiles, and their roots a level up."""
    levels = [row]
    while len(levels[-1]) >= TILE_WIDTH:
        below = levels[-1]
        full = len(below) // TILE_WIDTH
        levels.append(
            [tile_root(b"".join(below[at * TILE_WIDTH : (at + 1) * TILE_WIDTH])) for at in range(full)]
        )

    def read(level: int, index: int, width: int) -> bytes:
        start = index * TILE_WIDTH
        return b"".join(levels[level][start : start + width])

    return read
