"""Trees kept in tiles: proofs read from them, and tiles that lie."""

from __future__ import annotations

import pytest

from comity.errors import MalformedTile, OutsideTree, TreeMismatch
from comity.tlog.merkle import consistency_roots, leaf_hash
from comity.tlog.tile import encode_entries, new_tiles, tile_root
from comity.tlog.tree import (
    prove_consistency,
    prove_fork,
    prove_inclusion,
    tree_root,
    verify_bundle,
    verify_tiles,
)
from tests.core.tlog.trees import leaves, mth, path, proof, reader_over


@pytest.fixture(scope="module")
def row():
    """Leaves enough for three levels of tiles."""
    return leaves(66_000)


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 511, 512, 513, 700, 65_536, 65_537])
def test_proofs_from_tiles_are_those_of_the_definition(row, size):
    """Where tiles fill and levels begin is where such code goes wrong."""
    reader, tree = reader_over(row[:size]), row[:size]
    places = {place for place in (0, 255, 256, 65_535, size - 1) if place < size}

    assert mth(tree) == tree_root(reader, size)
    for place in places:
        assert path(place, tree) == list(prove_inclusion(reader, place, size))
        assert proof(place + 1, tree) == list(prove_consistency(reader, place + 1, size))


def test_proofs_from_tiles_are_those_of_the_definition_for_every_small_tree():
    """Every pair of sizes that fits in a test."""
    row = leaves(70)
    reader = reader_over(row)

    for size in range(1, 71):
        for place in range(size):
            assert path(place, row[:size]) == list(prove_inclusion(reader, place, size))
            assert proof(place + 1, row[:size]) == list(prove_consistency(reader, place + 1, size))
        assert () == prove_consistency(reader, 0, size)


def test_a_proof_reads_few_tiles_however_large_the_log(row):
    """The cost of a proof must not grow with the log, but with its logarithm."""
    reader, reads = reader_over(row), []

    def counting(level, index, width):
        reads.append((level, index))
        return reader(level, index, width)

    prove_inclusion(counting, 12_345, 66_000)
    prove_consistency(counting, 12_345, 66_000)

    assert len(reads) <= 12


@pytest.mark.parametrize(("index", "size"), [(5, 5), (-1, 5), (0, 0)])
def test_nothing_is_proven_about_an_entry_the_tree_does_not_have(index, size):
    """Asking for such a proof is our own mistake."""
    with pytest.raises(OutsideTree):
        prove_inclusion(reader_over(leaves(5)), index, size)


@pytest.mark.parametrize("old", [1, 4, 5, 8, 10])
def test_a_fork_is_proven_at_any_size_even_a_power_of_two(old):
    """The root of a perfect tree is left out of an ordinary proof, and is the very thing in dispute."""
    row = leaves(11)

    found = consistency_roots(old, 11, prove_fork(reader_over(row), old, 11))

    assert (mth(row[:old]), mth(row)) == found


@pytest.mark.parametrize("old", [0, 5, 6])
def test_no_fork_is_proven_between_sizes_that_leave_nothing_to_compare(old):
    """Two roots of one size need no proof, and the empty tree has no history."""
    with pytest.raises(OutsideTree):
        prove_fork(reader_over(leaves(5)), old, 5)


@pytest.mark.parametrize("old", [-1, 6])
def test_nothing_is_proven_about_a_tree_that_shrank(old):
    """Asking for such a proof is our own mistake."""
    with pytest.raises(OutsideTree):
        prove_consistency(reader_over(leaves(5)), old, 5)


def test_a_reader_that_returns_too_little_is_not_believed():
    """A truncated tile on disk must be named, not hashed."""
    with pytest.raises(MalformedTile):
        prove_inclusion(lambda _level, _index, _width: b"\x00" * 31, 0, 5)


@pytest.mark.parametrize("size", [0, 1, 256, 700, 66_000])
def test_tiles_that_agree_with_the_signed_root_pass(row, size):
    """An export is checked whole before anybody relies on it."""
    verify_tiles(reader_over(row[:size]), size, mth(row[:size]))


def test_one_changed_hash_anywhere_is_found(row):
    """Every tile must be bound to the signed root, the ones no proof happens to read included."""
    size = 66_000
    reader, root = reader_over(row), mth(row)
    tiles = [tile for tile in new_tiles(0, size) if tile.level or tile.index in {0, 256}]

    for liar in tiles:

        def lying(level, index, width, liar=liar):
            data = reader(level, index, width)
            return bytes([data[0] ^ 1]) + data[1:] if (level, index) == (liar.level, liar.index) else data

        with pytest.raises(TreeMismatch):
            verify_tiles(lying, size, root)


def test_entries_are_read_only_if_they_hash_to_their_tile():
    """An entry shown to a court must be the one that was signed for."""
    entries = [b"first", b"second"]
    tile = b"".join(map(leaf_hash, entries))

    assert entries == verify_bundle(encode_entries(entries), tile)
    with pytest.raises(TreeMismatch):
        verify_bundle(encode_entries([b"first", b"forged"]), tile)
    with pytest.raises(MalformedTile):
        verify_bundle(encode_entries([b"first"]), tile)


def test_the_root_of_a_full_tile_is_the_hash_above_it(row):
    """A node keeps it beside the tile, so that higher tiles need no hashing."""
    assert mth(row[:256]) == tile_root(b"".join(row[:256]))
