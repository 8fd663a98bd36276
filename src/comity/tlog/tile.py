"""Tiles: where a log keeps its tree and its entries, and how they are written.

A tile is a row of up to 256 hashes. Level 0 holds leaf hashes; each hash above is the root of one full tile
below. A full tile never changes; only the last of each level is partial.

Follows: C2SP tlog-tiles, Merkle Tree, Partial Tiles and Log entries.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from comity.errors import EntryTooLong, MalformedTile, OutsideTree
from comity.tlog.encoding import HASH_SIZE, MAX_SIZE
from comity.tlog.merkle import CompactRange

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

TILE_WIDTH: Final = 256
TILE_HEIGHT: Final = 8
MAX_LEVEL: Final = 63
ENTRIES: Final = -1
MAX_ENTRY: Final = 65_535
MAX_PATH: Final = 64

_PATH: Final = re.compile(
    r"tile/(entries|[0-9]|[1-5][0-9]|6[0-3])/((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?", re.ASCII
)


@dataclass(frozen=True, slots=True, order=True)
class Tile:
    """Where one tile stands: its level (``ENTRIES`` for a bundle of entries), its index there, its width."""

    level: int
    index: int
    width: int = TILE_WIDTH

    def __post_init__(self) -> None:
        """Refuse coordinates no tree has.

        Raises:
            MalformedTile: The level, the index or the width is out of range.
        """
        if not (ENTRIES <= self.level <= MAX_LEVEL and 0 <= self.index <= MAX_SIZE):
            raise MalformedTile(f"no tree has a tile {self.index} at level {self.level}")
        if not 0 < self.width <= TILE_WIDTH:
            raise MalformedTile(f"a tile is 1 to {TILE_WIDTH} wide, not {self.width}")

    @property
    def is_full(self) -> bool:
        """Whether the tile has all its hashes, and so will never change."""
        return self.width == TILE_WIDTH

    @property
    def path(self) -> str:
        """The path below the log's prefix, such as ``tile/0/x001/067.p/8``."""
        level = "entries" if self.level == ENTRIES else str(self.level)
        digits = str(self.index)
        digits = digits.zfill(-(-len(digits) // 3) * 3)
        groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
        index = "/".join([*(f"x{group}" for group in groups[:-1]), groups[-1]])
        return f"tile/{level}/{index}" + ("" if self.is_full else f".p/{self.width}")

    @classmethod
    def parse(cls, path: str) -> Tile:
        """Read a path; only the one spelling of each tile is read.

        Raises:
            MalformedTile: The path has another form.
        """
        found = _PATH.fullmatch(path) if len(path) <= MAX_PATH else None
        if found is None:
            raise MalformedTile(f"{path[:MAX_PATH]!r} is not the path of a tile")
        level, index, width = found.groups()
        tile = cls(
            ENTRIES if level == "entries" else int(level),
            int(index.replace("x", "").replace("/", "")),
            int(width or TILE_WIDTH),
        )
        if tile.path != path:
            raise MalformedTile(f"{path!r} is not how the path of a tile is written")
        return tile


def tile_in(level: int, index: int, size: int) -> Tile:
    """The tile at this level and index of a tree of this size, as wide as the size makes it.

    Raises:
        OutsideTree: A tree of this size has no such tile.
    """
    width = (size >> TILE_HEIGHT * max(level, 0)) - TILE_WIDTH * index
    if width <= 0 or index < 0:
        raise OutsideTree(f"a tree of size {size} has no tile {index} at level {level}")
    return Tile(level, index, min(width, TILE_WIDTH))


def new_tiles(old_size: int, new_size: int) -> Iterator[Tile]:
    """Every tile of the new tree that the old one did not have, or had less wide: lowest level first.

    In this order each full tile comes before the hash of its root is needed above. A caller that keeps only
    full tiles skips those that are not ``is_full``.
    """
    level = 0
    while has := new_size >> TILE_HEIGHT * level:
        had = old_size >> TILE_HEIGHT * level
        if had < has:
            for index in range(had // TILE_WIDTH, -(-has // TILE_WIDTH)):
                yield tile_in(level, index, new_size)
        level += 1


def tile_root(data: bytes) -> bytes:
    """The root over the hashes of a tile; of a full tile it is the hash the level above holds."""
    tree = CompactRange()
    tree.extend(data[at : at + HASH_SIZE] for at in range(0, len(data), HASH_SIZE))
    return tree.root()


def encode_entries(entries: Iterable[bytes]) -> bytes:
    """Write entries as a bundle: each with its length in two bytes before it.

    Raises:
        EntryTooLong: An entry is over 65,535 bytes.
    """
    parts: list[bytes] = []
    for entry in entries:
        if len(entry) > MAX_ENTRY:
            raise EntryTooLong(f"an entry of {len(entry)} bytes does not fit a log; {MAX_ENTRY} do")
        parts += (len(entry).to_bytes(2, "big"), entry)
    return b"".join(parts)


def decode_entries(data: bytes, width: int | None = None, *, most: int | None = None) -> list[bytes]:
    """Read the entries of a bundle.

    Args:
        data: The bundle; of a delivery it may hold more than one tile's entries.
        width: How many entries it must hold, if that is known.
        most: Read no more than these, whatever follows: two bytes make an entry, so a few MiB make millions.

    Raises:
        MalformedTile: The lengths do not add up, or the bundle holds another number of entries.
    """
    entries: list[bytes] = []
    at, end = 0, len(data)
    while at + 2 <= end and len(entries) != most:
        start = at + 2
        at = start + (data[at] << 8 | data[at + 1])
        entries.append(data[start:at])
    if at != end and (at > end or len(entries) != most):
        raise MalformedTile("the entry bundle ends inside an entry")
    if width is not None and len(entries) != width:
        raise MalformedTile(f"the entry bundle holds {len(entries)} entries, not {width}")
    return entries
