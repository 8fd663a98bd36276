"""Trees of any shape: the fast code and the definition agree, and nothing altered gets past a proof."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.errors import ComityError
from comity.tlog.checkpoint import Checkpoint
from comity.tlog.merkle import CompactRange, leaf_hash, verify_consistency, verify_inclusion
from comity.tlog.note import sign_note
from comity.tlog.policy import Policy
from comity.tlog.proof import TlogProof
from comity.tlog.tile import new_tiles
from comity.tlog.tree import prove_consistency, prove_inclusion, tree_root, verify_tiles
from tests.core.tlog.keys import LOG, ORIGIN, RECEIPT
from tests.core.tlog.trees import leaves, mth, path, proof, reader_over

ROW = leaves(2_000)
READER = reader_over(ROW)
POLICY = Policy.parse(f"log {LOG.vkey}\nwitness b {RECEIPT.vkey}\nquorum b\n".encode())
SIGNED_PROOF = TlogProof(
    700,
    prove_inclusion(READER, 700, 2_000),
    sign_note(Checkpoint(ORIGIN, 2_000, mth(ROW)).text(), LOG, RECEIPT),
).encode()
SIZES = st.integers(1, 2_000)


@given(st.lists(st.integers(0, 300), max_size=8))
def test_a_tree_is_the_same_however_its_entries_were_batched(batches):
    """Two mirrors that received in different pieces must sign one root."""
    tree, start = CompactRange(), 0

    for batch in batches:
        tree.extend(ROW[start : start + batch])
        start = min(start + batch, len(ROW))

    assert mth(ROW[: tree.size]) == tree.root()


@given(size=SIZES, data=st.data())
def test_proofs_from_tiles_are_those_of_the_definition(size, data):
    """At any size and any place."""
    place = data.draw(st.integers(0, size - 1))
    tree = ROW[:size]

    inclusion = prove_inclusion(READER, place, size)
    consistency = prove_consistency(READER, place + 1, size)

    assert path(place, tree) == list(inclusion)
    assert proof(place + 1, tree) == list(consistency)
    verify_inclusion(ROW[place], place, size, inclusion, tree_root(READER, size))
    verify_consistency(place + 1, mth(ROW[: place + 1]), size, mth(tree), consistency)


@given(size=st.integers(2, 2_000), data=st.data())
def test_one_changed_bit_of_a_proof_convinces_nobody(size, data):
    """Every hash of a proof bears on its result, and so does every hash it is held against."""
    place = data.draw(st.integers(0, size - 2))
    inclusion = [ROW[place], mth(ROW[:size]), *prove_inclusion(READER, place, size)]
    old = [mth(ROW[: place + 1]), mth(ROW[:size]), *prove_consistency(READER, place + 1, size)]

    for parts, verify in (
        (inclusion, lambda leaf, root, *hashes: verify_inclusion(leaf, place, size, hashes, root)),
        (old, lambda old, new, *hashes: verify_consistency(place + 1, old, size, new, hashes)),
    ):
        verify(*parts)
        which = data.draw(st.integers(0, len(parts) - 1))
        bit = data.draw(st.integers(0, 255))
        flipped = (int.from_bytes(parts[which], "big") ^ 1 << bit).to_bytes(32, "big")
        with pytest.raises(ComityError):
            verify(*parts[:which], flipped, *parts[which + 1 :])


@given(at=st.integers(0, len(SIGNED_PROOF) - 1), bit=st.integers(0, 7))
def test_one_changed_bit_of_a_proof_file_convinces_nobody(at, bit):
    """A proof file has no byte that could be changed unnoticed, where its signers are all known."""
    changed = bytearray(SIGNED_PROOF)
    changed[at] ^= 1 << bit

    with pytest.raises(ComityError):
        TlogProof.parse(bytes(changed)).verify(ROW[700], POLICY)


@given(old=st.integers(0, 70_000), grown=st.integers(0, 70_000))
def test_a_growing_log_publishes_every_tile_once_at_its_final_width(old, grown):
    """The full tiles of two steps are those of one, and none is announced twice."""
    step = [tile for tile in (*new_tiles(0, old), *new_tiles(old, old + grown)) if tile.is_full]

    assert sorted(step) == sorted(tile for tile in new_tiles(0, old + grown) if tile.is_full)


@given(size=st.integers(257, 2_000), data=st.data())
def test_a_tile_that_lies_is_found_wherever_it_is(size, data):
    """Every tile is bound to the signed root."""
    liar = data.draw(st.sampled_from(list(new_tiles(0, size))))
    at = data.draw(st.integers(0, liar.width * 32 - 1))

    def lying(level, index, width):
        tile = bytearray(READER(level, index, width))
        if (level, index) == (liar.level, liar.index):
            tile[at] ^= 1
        return bytes(tile)

    with pytest.raises(ComityError):
        verify_tiles(lying, size, mth(ROW[:size]))


@given(st.binary(max_size=100), st.binary(max_size=100))
def test_different_entries_have_different_leaves(first, second):
    """And a leaf is never the hash of two nodes, which the first byte sees to."""
    assert (first == second) == (leaf_hash(first) == leaf_hash(second))
