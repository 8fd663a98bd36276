"""A tree kept in tiles: its root, its proofs, and the check that the tiles agree with one another.

Every proof reads O(log n) tiles. The reader is asked for tiles as wide as the tree's size makes them; from a
full tile it may return the first ``width`` hashes, and a partial tile above level 0 it may put together
from the roots of the full tiles below.

Follows: C2SP tlog-tiles, Merkle Tree; RFC 6962, sections 2.1.1 and 2.1.2.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from comity.errors import MalformedTile, OutsideTree, TreeMismatch
from comity.tlog.encoding import HASH_SIZE
from comity.tlog.merkle import fold, full_form, leaf_hash
from comity.tlog.tile import TILE_HEIGHT, TILE_WIDTH, decode_entries, tile_in, tile_root

if TYPE_CHECKING:
    from collections.abc import Iterator


class TileReader(Protocol):
    """Where tiles come from: a database, a directory, another node."""

    def __call__(self, level: int, index: int, width: int) -> bytes:
        """Return the ``width`` hashes of this tile, 32 bytes each."""
        ...


class _Tree:
    """The nodes of a tree of one size, each tile read once."""

    def __init__(self, reader: TileReader, size: int) -> None:
        self._reader = reader
        self._size = size
        self._read: dict[tuple[int, int], bytes] = {}

    def tile(self, level: int, index: int) -> bytes:
        """One tile, as wide as this tree has it."""
        if (level, index) not in self._read:
            self._read[level, index] = read_tile(self._reader, level, index, self._size)
        return self._read[level, index]

    def perfect(self, height: int, index: int) -> bytes:
        """The root of the perfect subtree of 2**height leaves that is the index-th of its kind."""
        level, within = divmod(height, TILE_HEIGHT)
        tile_index, offset = divmod(index << within, TILE_WIDTH)
        data = self.tile(level, tile_index)
        return tile_root(data[offset * HASH_SIZE : (offset + (1 << within)) * HASH_SIZE])

    def root(self, start: int, end: int) -> bytes:
        """The root over the leaves from start to end, where start is where RFC 6962 would split."""
        peaks: list[bytes] = []
        while start < end:
            height = (end - start).bit_length() - 1
            peaks.append(self.perfect(height, start >> height))
            start += 1 << height
        return fold(peaks)


def read_tile(reader: TileReader, level: int, index: int, size: int) -> bytes:
    """Read one tile of a tree of this size.

    Raises:
        OutsideTree: A tree of this size has no such tile.
        MalformedTile: The reader returned another number of bytes than the tile has.
    """
    tile = tile_in(level, index, size)
    data = reader(level, index, tile.width)
    if len(data) != tile.width * HASH_SIZE:
        raise MalformedTile(f"{tile.path} has {len(data)} bytes where {tile.width * HASH_SIZE} belong")
    return data


def tree_root(reader: TileReader, size: int) -> bytes:
    """The root of the tree of this size."""
    return _Tree(reader, size).root(0, size)


def prove_inclusion(reader: TileReader, index: int, size: int) -> tuple[bytes, ...]:
    """Prove that the entry at this index is in the tree of this size: PATH of RFC 6962, 2.1.1.

    Raises:
        OutsideTree: The tree has no such entry.
    """
    if not 0 <= index < size:
        raise OutsideTree(f"there is no entry {index} in a tree of size {size}")
    tree, start, end = _Tree(reader, size), 0, size
    proof: list[bytes] = []
    while end - start > 1:
        middle = _split(start, end)
        if index < middle:
            proof.append(tree.root(middle, end))
            end = middle
        else:
            proof.append(tree.root(start, middle))
            start = middle
    return tuple(reversed(proof))


def prove_consistency(reader: TileReader, old_size: int, size: int) -> tuple[bytes, ...]:
    """Prove that the tree of this size extends the older one: PROOF of RFC 6962, 2.1.2.

    The proof from size 0, and from a size to itself, is empty.

    Raises:
        OutsideTree: The old size is greater than the new.
    """
    if not 0 <= old_size <= size:
        raise OutsideTree(f"a tree of size {size} does not extend one of size {old_size}")
    tree, start, end = _Tree(reader, size), 0, size
    proof: list[bytes] = []
    while start < old_size < end:
        middle = _split(start, end)
        if old_size <= middle:
            proof.append(tree.root(middle, end))
            end = middle
        else:
            proof.append(tree.root(start, middle))
            start = middle
    if start > 0:  # otherwise what is left is the old tree itself, whose root the verifier has
        proof.append(tree.root(start, end))
    return tuple(reversed(proof))


def prove_fork(reader: TileReader, old_size: int, size: int) -> tuple[bytes, ...]:
    """Prove which root the older size had in this tree, to hold against another that was signed for it.

    The same hashes as ``prove_consistency``, but in the full form that ``consistency_roots`` reads: RFC 6962
    leaves out the first of them where the old size is a power of two, and then nothing says what it was.

    Raises:
        OutsideTree: The old size is zero, or not smaller than the new.
    """
    if not 0 < old_size < size:
        raise OutsideTree(f"nothing is proven between a tree of size {old_size} and one of size {size}")
    return full_form(old_size, tree_root(reader, old_size), prove_consistency(reader, old_size, size))


def verify_tiles(reader: TileReader, size: int, root: bytes) -> None:
    """Satisfy ourselves that the tiles of a tree hash to one another and to the root that was signed.

    Reads every tile at most twice, and holds few at a time.

    Raises:
        MalformedTile: A tile has not the width it must have.
        TreeMismatch: A hash is not the root of the tile below it, or the whole leads to another root.
    """
    level = 1
    while above := size >> TILE_HEIGHT * level:
        for index in range(-(-above // TILE_WIDTH)):
            data = read_tile(reader, level, index, size)
            for child, stated in enumerate(_hashes(data), start=index * TILE_WIDTH):
                if tile_root(read_tile(reader, level - 1, child, size)) != stated:
                    raise TreeMismatch(
                        f"tile {child} of level {level - 1} does not hash to what stands above it"
                    )
        level += 1
    if tree_root(reader, size) != root:
        raise TreeMismatch(f"the tiles do not lead to the root signed for size {size}")


def verify_bundle(bundle: bytes, leaves: bytes) -> list[bytes]:
    """Read the entries of a bundle and satisfy ourselves that they hash to their level 0 tile.

    Raises:
        MalformedTile: The bundle has another form or another number of entries.
        TreeMismatch: An entry does not hash to its leaf.
    """
    entries = decode_entries(bundle, len(leaves) // HASH_SIZE)
    if b"".join(map(leaf_hash, entries)) != leaves:
        raise TreeMismatch("an entry does not hash to its place in the tree")
    return entries


def _split(start: int, end: int) -> int:
    """Where RFC 6962 splits these leaves: after the greatest power of two smaller than their number."""
    return start + (1 << (end - start - 1).bit_length() - 1)


def _hashes(data: bytes) -> Iterator[bytes]:
    """The hashes of a tile, one by one."""
    return (data[at : at + HASH_SIZE] for at in range(0, len(data), HASH_SIZE))
