"""Committing to a list without showing it: a Merkle tree over salted objects.

Each object is hashed with a secret salt of its own, so that nobody who guesses an object can find out whether
it is on the list. The leaves stand in the order of their hashes: neither the order of the list nor what is
listed beside an object can be read off a proof. Padding is leaves of random bytes, which nobody can tell from
an object, and nobody can reveal.

Follows: docs/spec/protected-objects.md, Commitment; RFC 6962, section 2.1.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

from comity.protected.errors import BadObject
from comity.protected.objects import canonical
from comity.tlog.encoding import HASH_SIZE
from comity.tlog.merkle import CompactRange, leaf_hash
from comity.tlog.tile import TILE_HEIGHT, TILE_WIDTH, tile_root
from comity.tlog.tree import prove_inclusion

if TYPE_CHECKING:
    from collections.abc import Iterable

    from comity.protected.objects import ProtectedObject

SALT_SIZE: Final = 32
LABEL: Final = b"comity protected object v1\n"
LEAST_PADDED: Final = 16


class Salted(NamedTuple):
    """An object with the salt that was drawn for it."""

    object: ProtectedObject
    salt: bytes

    @property
    def leaf(self) -> bytes:
        """Its leaf hash."""
        return leaf_hash(LABEL + self.salt + canonical(self.object))


class Commitment(NamedTuple):
    """What is stated of a list: the root over its leaves, and how many those are."""

    root: bytes
    size: int


@dataclass(frozen=True)
class Tree:
    """The leaves of a list in their order, from which its root and proofs follow."""

    leaves: tuple[bytes, ...]

    @classmethod
    def over(cls, salted: Iterable[Salted], padding: Iterable[bytes] = ()) -> Tree:
        """Build the tree over a list.

        Args:
            salted: The objects, in any order.
            padding: Random leaves, 32 bytes each.

        Raises:
            BadObject: The list is empty, a salt or a leaf of padding has another size, or two leaves are one.
        """
        objects = list(salted)
        if any(len(one.salt) != SALT_SIZE for one in objects):
            raise BadObject(f"a salt has {SALT_SIZE} bytes")
        leaves = sorted([*(one.leaf for one in objects), *padding])
        if not objects or any(len(leaf) != HASH_SIZE for leaf in leaves):
            raise BadObject("a list has at least one object, and its padding is hashes")
        if len(set(leaves)) != len(leaves):
            raise BadObject("two leaves of a list are one and the same")
        return cls(tuple(leaves))

    @cached_property
    def commitment(self) -> Commitment:
        """What is stated of it."""
        grown = CompactRange()
        grown.extend(self.leaves)
        return Commitment(grown.root(), len(self.leaves))

    def prove(self, leaf: bytes) -> tuple[int, tuple[bytes, ...]]:
        """Where a leaf stands, and the hashes that lead from it to the root.

        Raises:
            BadObject: The list has no such leaf.
        """
        index = bisect_left(self.leaves, leaf)
        if self.leaves[index : index + 1] != (leaf,):
            raise BadObject("the list has no such object")
        return index, prove_inclusion(self._tile, index, len(self.leaves))

    def _tile(self, level: int, index: int, width: int) -> bytes:
        start = index * TILE_WIDTH
        return b"".join(self._levels[level][start : start + width])

    @cached_property
    def _levels(self) -> list[tuple[bytes, ...]]:
        """The hashes of each level of tiles, from the leaves up."""
        levels = [self.leaves]
        while len(levels[-1]) >> TILE_HEIGHT:
            below = levels[-1]
            full = range(0, len(below) - TILE_WIDTH + 1, TILE_WIDTH)
            levels.append(tuple(tile_root(b"".join(below[at : at + TILE_WIDTH])) for at in full))
        return levels


def padding_for(count: int) -> int:
    """How many random leaves hide the number of a list's objects: up to a power of two, sixteen at least."""
    return max(LEAST_PADDED, 1 << (count - 1).bit_length()) - count
