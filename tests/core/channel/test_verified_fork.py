"""A proof of misconduct given alone: what it says, to whoever has a policy and nothing else."""

from __future__ import annotations

from copy import deepcopy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.channel.charter import policy_of
from comity.channel.verified_fork import ProvesNothing, is_fork_proof, verify_fork
from comity.errors import ComityError, NotSigned
from comity.mirror import ForkProof
from comity.tlog.merkle import leaf_hash
from comity.tlog.tree import prove_fork
from tests.core.channel.exported import CHANNEL, Author, conversation
from tests.core.tlog.trees import reader_over

BORIS = Author("bb")
POLICY = policy_of(CHANNEL, [Author("aa").keys(), BORIS.keys()])


def histories(common: int, first: int, second: int) -> tuple[Author, Author]:
    """Two histories of aa's log that part after so many entries, each with so many of its own."""
    one = Author("aa")
    for place in range(common):
        one.writes("a.b", "aa-1", stated={"text": f"fact {place}"})
    other = deepcopy(one)
    for name, author, more in (("one", one, first), ("other", other, second)):
        for place in range(more):
            author.writes("a.b", "aa-1", stated={"text": f"{name} {place}"})
    return one, other


def proof_of(one: Author, other: Author, *, receipted: bool = False) -> ForkProof:
    """What a mirror that saw both has: of the shorter, or the first, perhaps with a receipt."""
    earlier, later = sorted((one, other), key=lambda author: len(author.leaves))
    note = earlier.receipted_by(BORIS) if receipted else earlier.checkpoint()
    old, new = len(earlier.leaves), len(later.leaves)
    hashes = (
        prove_fork(reader_over([leaf_hash(leaf) for leaf in later.leaves]), old, new) if old < new else ()
    )
    return ForkProof(note, later.checkpoint(), hashes)


def codes(statements) -> list[str]:
    """Their codes."""
    return [one.code for one in statements]


@given(common=st.integers(0, 9), first=st.integers(1, 9), second=st.integers(1, 9))
def test_two_histories_of_any_sizes_are_explained_to_who_has_only_the_policy(common, first, second) -> None:
    """Whoever is shown the file is told what contradicts what, and what that leaves open."""
    one, other = histories(common, first, second)
    data = proof_of(one, other).encode()

    assert is_fork_proof(data)
    report = verify_fork(data, POLICY)

    assert (CHANNEL, {"aa": common + max(first, second)}) == (report.channel, report.logs)
    assert ["misconduct", "fork-of-one-size" if first == second else "fork-of-two-sizes"] == codes(
        report.proven
    )
    assert {"fork-which", "fork-why", "whose-keys-given"} < set(codes(report.not_proven))
    hashes = [value for name, value in report.proven[1].values.items() if name in ("first", "second")]
    assert hashes[0] != hashes[1]


def test_who_was_shown_which_history_is_said_by_its_own_receipt() -> None:
    """A receipt under one of the two shows who had been shown that one."""
    report = verify_fork(proof_of(*histories(2, 1, 3), receipted=True).encode(), POLICY)

    (shown,) = (one for one in report.proven if one.code == "fork-shown")
    assert ("bb", 3) == (shown.values["giver"], shown.values["size"])
    assert "this one it was shown" in shown.words()


@given(common=st.integers(1, 6), more=st.integers(0, 6))
def test_a_log_that_only_grew_convicts_nobody(common, more) -> None:
    """Two true signatures, honestly proven consistent, are no misconduct, however they are presented."""
    one, other = histories(common, 0, more)

    with pytest.raises(ProvesNothing):
        verify_fork(proof_of(one, other).encode(), POLICY)


def test_nobody_can_be_convicted_by_the_signatures_of_another() -> None:
    """Its own two pairs of signatures are the proof: those of others, under whatever name, are none."""
    one, other = histories(1, 1, 1)
    data = proof_of(one, other).encode()
    strangers = policy_of(CHANNEL, [Author("cc").keys(), BORIS.keys()])

    with pytest.raises(NotSigned):
        verify_fork(data, strangers)
    with pytest.raises(ComityError):
        verify_fork(data.replace(b"aa.comity", b"bb.comity"), POLICY)


@given(place=st.integers(0), bit=st.integers(0, 7))
def test_an_altered_proof_is_refused_or_says_the_same(place, bit) -> None:
    """One bit anywhere: what was signed by nobody must never be told of anybody."""
    one, other = histories(2, 1, 2)
    data = bytearray(proof_of(one, other).encode())
    data[place % len(data)] ^= 1 << bit

    with pytest.raises(ComityError):
        verify_fork(bytes(data), POLICY)


def test_an_export_is_none_and_neither_is_a_delivery() -> None:
    """What begins otherwise is read as what it is."""
    anna, boris, _ = conversation()

    assert not is_fork_proof(anna.receipted_by(boris))
