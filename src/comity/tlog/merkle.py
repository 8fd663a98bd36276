"""The Merkle tree: hashes, roots in constant memory, and proofs.

Sizes and indexes are those of the tree's leaves. Proofs are sequences of 32-byte hashes in the order
the RFCs give, from the leaves up.

Follows: RFC 6962, section 2.1; RFC 9162, sections 2.1.3 and 2.1.4.
"""

from __future__ import annotations

from hashlib import sha256
from itertools import islice
from typing import TYPE_CHECKING, Final

from comity.errors import MalformedProof, NotConsistent, NotIncluded
from comity.tlog.encoding import HASH_SIZE, MAX_SIZE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

EMPTY_ROOT: Final = sha256(b"").digest()
MAX_PROOF: Final = 63


def leaf_hash(entry: bytes) -> bytes:
    """Hash one entry as a leaf."""
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Hash two neighbouring subtrees into their parent."""
    return sha256(b"\x01" + left + right).digest()


class CompactRange:
    """The root of a growing tree, from at most 63 hashes: the perfect subtrees its size is made of."""

    __slots__ = ("_peaks", "_size")

    def __init__(self) -> None:
        self._size = 0
        self._peaks: list[bytes] = []

    @property
    def size(self) -> int:
        """How many leaves have been appended."""
        return self._size

    def append(self, leaf: bytes) -> None:
        """Append one leaf hash."""
        self.extend((leaf,))

    def extend(self, leaves: Iterable[bytes]) -> None:
        """Append leaf hashes in order.

        The loop is written out, names bound first: it runs once per entry of every log we verify.
        """
        size, peaks, digest = self._size, self._peaks, sha256
        push, pop = peaks.append, peaks.pop
        for leaf in leaves:
            node, carry = leaf, size
            while carry & 1:
                node = digest(b"\x01" + pop() + node).digest()
                carry >>= 1
            push(node)
            size += 1
        self._size = size

    def root(self) -> bytes:
        """The root of the tree as it stands."""
        return fold(self._peaks)

    def to_bytes(self) -> bytes:
        """Write the state to be resumed from: the size as 8 bytes, then the subtree roots, widest first."""
        return self._size.to_bytes(8, "big") + b"".join(self._peaks)

    @classmethod
    def from_bytes(cls, data: bytes) -> CompactRange:
        """Resume from a stored state.

        Raises:
            MalformedProof: The bytes are not a state; nothing says yet that the state is true.
        """
        size = int.from_bytes(data[:8], "big")
        if len(data) != 8 + HASH_SIZE * size.bit_count() or size > MAX_SIZE:
            raise MalformedProof(f"a tree state of {len(data)} bytes does not fit its own size")
        resumed = cls()
        resumed._size = size
        resumed._peaks = [data[at : at + HASH_SIZE] for at in range(8, len(data), HASH_SIZE)]
        return resumed


def fold(peaks: Sequence[bytes]) -> bytes:
    """The root over adjacent perfect subtrees, widest first; the empty tree's root for none."""
    if not peaks:
        return EMPTY_ROOT
    root = peaks[-1]
    for peak in reversed(peaks[:-1]):
        root = node_hash(peak, root)
    return root


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Satisfy ourselves that the leaf hash stands at this index of the tree that was signed.

    Raises:
        MalformedProof: The proof has not the length this index and size demand.
        NotIncluded: The proof leads to another root.

    Follows: RFC 9162, section 2.1.3.2.
    """
    if not 0 <= index < size <= MAX_SIZE:
        raise MalformedProof(f"there is no entry {index} in a tree of size {size}")
    inner = (index ^ (size - 1)).bit_length()
    border = (index >> inner).bit_count()
    _demand(proof, inner + border)
    found = leaf
    for height, sibling in enumerate(proof):
        is_right = height >= inner or index >> height & 1
        found = node_hash(sibling, found) if is_right else node_hash(found, sibling)
    if found != root:
        raise NotIncluded(f"the proof does not show entry {index} in the tree of size {size} with this root")


def consistency_roots(old_size: int, new_size: int, proof: Sequence[bytes]) -> tuple[bytes, bytes]:
    """The old and the new root that a consistency proof itself leads to.

    The proof is taken in its full form: where the old size is a power of two, RFC 6962 leaves out the
    first hash because it is the old root; here it must be there. If the new root found is the one that
    was signed and the old root found is not the one signed before, the proof and the two signed
    checkpoints together prove a fork to anybody.

    Raises:
        MalformedProof: The sizes admit no such proof, or it has not the length they demand.

    Follows: RFC 9162, section 2.1.4.2, without its step 3.
    """
    if not 0 < old_size < new_size <= MAX_SIZE:
        raise MalformedProof(f"no consistency proof leads from size {old_size} to size {new_size}")
    # The walk starts at the root of the last perfect subtree of the old tree, not at its last leaf.
    start = (old_size & -old_size).bit_length() - 1
    index, last = (old_size - 1) >> start, (new_size - 1) >> start
    inner = (index ^ last).bit_length()
    _demand(proof, 1 + inner + (index >> inner).bit_count())
    seed, *path = proof
    old = new = seed
    for height, sibling in enumerate(path):
        if height >= inner or index >> height & 1:
            old, new = node_hash(sibling, old), node_hash(sibling, new)
        else:
            new = node_hash(new, sibling)
    return old, new


def verify_consistency(
    old_size: int, old_root: bytes, new_size: int, new_root: bytes, proof: Sequence[bytes]
) -> None:
    """Satisfy ourselves that the new tree holds every entry of the old one, unchanged and in place.

    Raises:
        MalformedProof: The sizes shrink, or the proof has not the length they demand.
        NotConsistent: The proof does not lead to both roots.

    Follows: RFC 9162, section 2.1.4.2; C2SP tlog-witness for sizes that are zero or equal.
    """
    if not 0 <= old_size <= new_size <= MAX_SIZE:
        raise MalformedProof(f"a log does not go from size {old_size} to size {new_size}")
    if old_size in (0, new_size):
        _demand(proof, 0)
        roots = (EMPTY_ROOT if old_size == 0 else new_root, EMPTY_ROOT if new_size == 0 else new_root)
    else:
        roots = consistency_roots(old_size, new_size, full_form(old_size, old_root, proof))
    if roots != (old_root, new_root):
        raise NotConsistent(f"the tree of size {new_size} is not shown to extend the tree of size {old_size}")


def full_form(old_size: int, old_root: bytes, proof: Sequence[bytes]) -> tuple[bytes, ...]:
    """A consistency proof with the old root in front where RFC 6962 leaves it out."""
    is_perfect = old_size.bit_count() == 1
    return (old_root, *proof) if is_perfect else tuple(proof)


def _demand(proof: Sequence[bytes], length: int) -> None:
    """Refuse a proof that is longer or shorter than its sizes allow, or is not made of hashes."""
    if len(proof) != length:
        raise MalformedProof(f"the proof has {len(proof)} hashes where its sizes demand {length}")
    if any(len(node) != HASH_SIZE for node in islice(proof, MAX_PROOF + 1)):
        raise MalformedProof("a proof is made of hashes of 32 bytes")
