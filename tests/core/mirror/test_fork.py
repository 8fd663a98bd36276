"""Two histories of one log: proven at any sizes, from our own tree or theirs, to whoever has the keys."""

from __future__ import annotations

from dataclasses import replace

import pytest

from comity.errors import ComityError, EntriesDoNotMatch, MalformedBundle
from comity.mirror import ForkProof, SendFrom
from tests.core.mirror.parties import Author, Store, padded

SIZES = [1, 2, 3, 4, 5, 7, 8, 9]


def histories(size: int, parts_at: int, other_size: int):
    """Two histories of bb's log that part at ``parts_at``, and a mirror that holds the first."""
    first = Author()
    for place in range(size):
        first.writes(f"fact {place}")
    other = first.forked_at(parts_at)
    for place in range(parts_at, other_size):
        other.writes(f"other {place}")
    store = Store(first)
    store.takes(first.offer())
    return first, other, store


@pytest.mark.parametrize("size", SIZES)
def test_another_history_of_the_same_size_is_proven(size) -> None:
    """The two signatures are the proof: no hash is needed."""
    first, other, store = histories(size, size - 1, size)

    proof = store.takes(other.offer())

    assert isinstance(proof, ForkProof)
    assert proof.holds(first.vkeys)
    assert first.leaves == store.leaves


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("longer", [1, 2, 4])
def test_a_longer_other_history_is_proven_by_the_offer_itself(size, longer) -> None:
    """Sizes that are powers of two included: there an ordinary proof leaves out the disputed hash."""
    first, other, store = histories(size, size - 1, size + longer)

    proof = store.takes(other.offer(size))

    assert isinstance(proof, ForkProof)
    assert proof.holds(first.vkeys)
    assert first.leaves == store.leaves


@pytest.mark.parametrize("size", SIZES[1:])
def test_a_shorter_other_history_is_proven_by_our_own_tree(size) -> None:
    """They sign a smaller size than before, with another root: our prefix of that size convicts them."""
    for other_size in range(1, size):
        first, other, store = histories(size, other_size - 1, other_size)

        proof = store.takes(other.offer())

        assert isinstance(proof, ForkProof)
        assert proof.holds(first.vkeys)


@pytest.mark.parametrize("size", SIZES)
def test_a_fork_shown_with_overlap_is_proven_at_the_second_asking(size) -> None:
    """We answer with our end; whatever they send from there carries the proof."""
    first, other, store = histories(size, size - 1, size + 2)

    assert SendFrom(size) == store.takes(other.offer(size - 1))
    assert store.takes(other.offer(size)).holds(first.vkeys)


@pytest.mark.parametrize(
    "consistency", [(), (b"\x01" * 32,), (b"\x01" * 32,) * 64], ids=["none", "false", "too long"]
)
def test_without_a_proof_a_longer_history_is_refused_but_nobody_is_accused(consistency) -> None:
    """What cannot be shown to a third party is not kept as proof."""
    _, other, store = histories(5, 4, 7)

    with pytest.raises(EntriesDoNotMatch):
        store.takes(other.offer(5, consistency=consistency))


def test_an_honest_growth_is_no_fork() -> None:
    """A proof made of two honest checkpoints must not hold, or anybody could be accused."""
    first, _, _ = histories(8, 7, 8)

    for old in range(1, 8):
        honest = ForkProof(first.checkpoint(old), first.checkpoint(8), first.proof(old, 8))
        assert not honest.holds(first.vkeys)
    assert not ForkProof(first.checkpoint(8), first.checkpoint(8)).holds(first.vkeys)


def test_a_proof_made_up_by_others_does_not_hold() -> None:
    """Only the log's own keys can convict it."""
    first, other, store = histories(4, 3, 4)
    proof = store.takes(other.offer())
    forged = Author(seed=64)
    forged.writes("forged")

    with pytest.raises(ComityError):
        proof.holds(forged.vkeys)
    with pytest.raises(ComityError):
        replace(proof, later=forged.checkpoint()).holds(first.vkeys)


def test_a_proof_reads_back_as_it_was_written() -> None:
    """It is kept for as long as the register exists, and shown to third parties as a file."""
    _, other, store = histories(5, 4, 8)
    proof = store.takes(other.offer(5))

    assert proof == ForkProof.parse(proof.encode())


def test_a_forger_cannot_make_the_proof_too_large_to_be_read() -> None:
    """Whatever is put under the signatures: what convicts is two texts and the log's own lines."""
    first, other, store = histories(5, 4, 8)

    proof = store.takes(other.offer(5, checkpoint=padded(other.checkpoint())))

    assert proof == ForkProof.parse(proof.encode())
    assert proof.holds(first.vkeys)


@pytest.mark.parametrize(
    "alter",
    [
        lambda data: data + b" ",
        lambda data: data[:-1],
        lambda data: data.replace(b'"v":1', b'"v":2'),
        lambda data: data.replace(b'"proof":[', b'"proof":["AAAA",'),
        lambda data: data.replace(b'"proof":[', b'"proof":["\xc3\xa9",'),
        lambda data: data.replace(b'"earlier":"', b'"earlier":"\\ud800'),
        lambda data: b" " * 300_000,
        lambda data: b"\xff" + data,
        lambda data: b"[" * 10_000,
    ],
)
def test_a_proof_file_in_another_form_is_refused(alter) -> None:
    """One spelling, sizes capped, and nothing but a named error."""
    _, other, store = histories(5, 4, 8)
    data = store.takes(other.offer(5)).encode()

    with pytest.raises(MalformedBundle):
        ForkProof.parse(alter(data))
