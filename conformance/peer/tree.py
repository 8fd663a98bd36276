"""The Merkle tree, by its definition. Follows: RFC 6962, section 2.1; docs/spec/tlog.md, Proof of a fork."""

from __future__ import annotations

import hashlib


def leaf(entry: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + entry).digest()


def root(hashes: list[bytes]) -> bytes:
    """The root over leaf hashes."""
    if not hashes:
        return hashlib.sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    middle = _split(len(hashes))
    return hashlib.sha256(b"\x01" + root(hashes[:middle]) + root(hashes[middle:])).digest()


def inclusion(hashes: list[bytes], index: int) -> list[bytes]:
    """PATH of RFC 6962, from the leaf up."""
    if len(hashes) == 1:
        return []
    middle = _split(len(hashes))
    if index < middle:
        return [*inclusion(hashes[:middle], index), root(hashes[middle:])]
    return [*inclusion(hashes[middle:], index - middle), root(hashes[:middle])]


def consistency(hashes: list[bytes], old: int) -> list[bytes]:
    """A consistency proof in full form: its first hash is there also where the old size is a power of two."""
    if not 0 < old < len(hashes):
        return []
    proof = _subproof(hashes, old, whole=True)
    return [root(hashes[:old]), *proof] if old & (old - 1) == 0 else proof


def _subproof(hashes: list[bytes], old: int, *, whole: bool) -> list[bytes]:
    if old == len(hashes):
        return [] if whole else [root(hashes)]
    middle = _split(len(hashes))
    if old <= middle:
        return [*_subproof(hashes[:middle], old, whole=whole), root(hashes[middle:])]
    return [*_subproof(hashes[middle:], old - middle, whole=False), root(hashes[:middle])]


def _split(size: int) -> int:
    return 1 << (size - 1).bit_length() - 1
