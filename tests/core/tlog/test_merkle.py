"""The tree's hashes and proofs, against the published vectors and the definitions of RFC 6962."""

from __future__ import annotations

from itertools import pairwise

import pytest

from comity.errors import MalformedProof, NotConsistent, NotIncluded
from comity.tlog.merkle import (
    EMPTY_ROOT,
    CompactRange,
    consistency_roots,
    full_form,
    leaf_hash,
    verify_consistency,
    verify_inclusion,
)
from tests.core.tlog.trees import leaves, mth, path, proof

# The tree of the Certificate Transparency reference code: eight entries, and its root at every size.
CT_ENTRIES = [
    bytes.fromhex(entry)
    for entry in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
CT_ROOTS = [
    bytes.fromhex(root)
    for root in (
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    )
]
N0 = "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
N1 = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
N4 = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"
N01 = "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"
N23 = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
N45 = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"
N67 = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
N03 = "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"
N47 = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"


@pytest.mark.parametrize("size", range(9))
def test_roots_are_those_of_the_certificate_transparency_tree(size):
    """A root another implementation published must be ours too, or no State's auditor can check us."""
    tree = CompactRange()

    tree.extend(map(leaf_hash, CT_ENTRIES[:size]))

    assert CT_ROOTS[size] == tree.root()


@pytest.mark.parametrize(
    ("index", "size", "hashes"),
    [(0, 1, []), (0, 8, [N1, N23, N47]), (5, 8, [N4, N67, N03]), (2, 3, [N01]), (1, 5, [N0, N23, N4])],
)
def test_published_inclusion_proofs_verify(index, size, hashes):
    """Proofs made by other implementations must convince ours."""
    verify_inclusion(
        leaf_hash(CT_ENTRIES[index]), index, size, [bytes.fromhex(node) for node in hashes], CT_ROOTS[size]
    )


@pytest.mark.parametrize(
    ("old", "new", "hashes"), [(1, 1, []), (1, 8, [N1, N23, N47]), (6, 8, [N45, N67, N03]), (2, 5, [N23, N4])]
)
def test_published_consistency_proofs_verify(old, new, hashes):
    """Proofs made by other implementations must convince ours."""
    verify_consistency(old, CT_ROOTS[old], new, CT_ROOTS[new], [bytes.fromhex(node) for node in hashes])


def test_every_proof_of_every_small_tree_verifies_and_leads_to_its_roots():
    """The arithmetic of proofs errs at odd sizes, so all of them are tried against the definition."""
    row = leaves(70)
    roots = [mth(row[:size]) for size in range(71)]

    for size in range(1, 71):
        for index in range(size):
            verify_inclusion(row[index], index, size, path(index, row[:size]), roots[size])
        for old in range(1, size):
            hashes = proof(old, row[:size])
            verify_consistency(old, roots[old], size, roots[size], hashes)
            assert (roots[old], roots[size]) == consistency_roots(
                old, size, full_form(old, roots[old], hashes)
            )


def test_a_proof_longer_or_shorter_by_a_hash_is_malformed():
    """The length of a proof follows from its sizes; anything else is room for an argument."""
    row = leaves(11)
    inclusion, consistency = path(6, row), proof(6, row)

    for wrong in (inclusion[:-1], [*inclusion, row[0]], [*inclusion[:-1], b"short"]):
        with pytest.raises(MalformedProof):
            verify_inclusion(row[6], 6, 11, wrong, mth(row))
    for wrong in (consistency[:-1], [*consistency, row[0]]):
        with pytest.raises(MalformedProof):
            verify_consistency(6, mth(row[:6]), 11, mth(row), wrong)


@pytest.mark.parametrize(("index", "size"), [(-1, 4), (4, 4), (0, 0), (0, 2**63)])
def test_an_entry_outside_the_tree_has_no_proof(index, size):
    """An index the signed size does not reach says nothing about the log."""
    with pytest.raises(MalformedProof):
        verify_inclusion(EMPTY_ROOT, index, size, [], EMPTY_ROOT)


@pytest.mark.parametrize(("old", "new"), [(0, 5), (5, 5), (6, 5), (-1, 5), (1, 2**63)])
def test_sizes_that_prove_nothing_lead_to_no_roots(old, new):
    """Misconduct is only proven between two sizes of which the smaller has entries."""
    with pytest.raises(MalformedProof):
        consistency_roots(old, new, [EMPTY_ROOT])


def test_a_log_that_shrinks_is_refused():
    """An append-only log that lost entries is not the log that was signed."""
    with pytest.raises(MalformedProof):
        verify_consistency(5, EMPTY_ROOT, 4, EMPTY_ROOT, [])


def test_the_empty_tree_is_extended_by_any_tree_without_proof():
    """The first receipt has nothing to be consistent with but the empty tree itself."""
    row = leaves(3)

    verify_consistency(0, EMPTY_ROOT, 3, mth(row), [])
    verify_consistency(0, EMPTY_ROOT, 0, EMPTY_ROOT, [])

    with pytest.raises(MalformedProof):
        verify_consistency(0, EMPTY_ROOT, 3, mth(row), [row[0]])
    with pytest.raises(NotConsistent):
        verify_consistency(0, row[0], 3, mth(row), [])
    with pytest.raises(NotConsistent):
        verify_consistency(0, EMPTY_ROOT, 0, row[0], [])


def test_two_roots_of_one_size_are_not_consistent():
    """A fork at one size is the plainest misconduct there is."""
    first, second = leaves(2)

    with pytest.raises(NotConsistent):
        verify_consistency(1, first, 1, second, [])


@pytest.mark.parametrize("old", [4, 5])
def test_a_rewritten_past_is_proven_by_the_proof_itself(old):
    """With two signed roots and this proof a third party sees the fork without our word for it."""
    honest = leaves(9)
    rewritten = [leaf_hash(b"another entry"), *honest[1:]]
    their_proof = full_form(old, mth(rewritten[:old]), proof(old, rewritten))

    found_old, found_new = consistency_roots(old, 9, their_proof)

    assert mth(rewritten) == found_new
    assert mth(honest[:old]) != found_old


def test_an_entry_changed_by_one_byte_is_not_included():
    """Otherwise the proof would prove nothing."""
    row = leaves(9)

    with pytest.raises(NotIncluded):
        verify_inclusion(leaf_hash(b"entry 5."), 5, 9, path(5, row), mth(row))


def test_a_tree_resumed_from_its_stored_state_goes_on_as_before():
    """A node restarts; its next checkpoint must be the one it would have signed anyway."""
    row = leaves(70)
    tree = CompactRange()

    for index, leaf in enumerate(row):
        tree = CompactRange.from_bytes(tree.to_bytes())
        tree.append(leaf)
        assert (index + 1, mth(row[: index + 1])) == (tree.size, tree.root())


def test_a_state_that_does_not_fit_its_own_size_is_refused():
    """A torn write must stop the node, not give it another root."""
    tree = CompactRange()
    tree.extend(leaves(5))
    state = tree.to_bytes()

    for wrong in (b"", state[:-1], state + b"\x00" * 32, bytes(7), b"\xff" * (8 + 64 * 32)):
        with pytest.raises(MalformedProof):
            CompactRange.from_bytes(wrong)


def test_the_state_of_a_tree_stays_small_however_it_grows():
    """A log of any size is verified in constant memory."""
    row = leaves(65)
    tree = CompactRange()

    sizes = []
    for leaf in row:
        tree.append(leaf)
        sizes.append(len(tree.to_bytes()))

    assert 8 + 32 * 6 == max(sizes)
    assert all(later <= earlier + 32 for earlier, later in pairwise(sizes))
