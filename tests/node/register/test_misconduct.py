"""Proofs that a party signed two histories: kept where they prove it, whoever shows them, and never else."""

from __future__ import annotations

import pytest
from django.utils import timezone

from comity.entries import decode
from comity.errors import CounterpartBreach
from comity.mirror import ForkProof, Receipt
from comity.tlog.checkpoint import Checkpoint
from comity.tlog.merkle import leaf_hash
from comity.tlog.note import parse_note
from comity_node.register import misconduct, models, services, statements
from comity_node.register.tree import GrowingTree
from tests.core.mirror.parties import CHANNEL, Author

pytestmark = pytest.mark.django_db


def log_of(author: Author, *, ours: bool = False) -> models.Log:
    """Our mirror of a log of a channel of many, with all that is on it."""
    log = models.Log.objects.create(
        origin=str(author.origin), channel=CHANNEL, party=author.party, ours=ours, recipients="", many=True,
        log_keys="\n".join(map(str, author.vkeys)), mirror_keys="\n".join(map(str, author.mirror_vkeys)),
        place=models.Log.Place.MEMBER,
    )  # fmt: skip
    extended(log, author)
    return statements.heads(CHANNEL)[-1]


def extended(log: models.Log, author: Author) -> None:
    """Store what is on the log, with no question asked."""
    hashes = [leaf_hash(leaf) for leaf in author.leaves]
    rows = [
        services.row(index, decode(leaf), leaf, digest)
        for index, (leaf, digest) in enumerate(zip(author.leaves, hashes, strict=True))
    ]
    tree = GrowingTree(log)
    tiles = tree.extend(hashes)
    services.advance(log, tree, rows, tiles, seen={}, checkpoint=author.checkpoint(), now=timezone.now())


@pytest.fixture
def corin() -> Author:
    """cc, with three entries."""
    author = Author("cc")
    for place in range(3):
        author.writes(f"fact {place}")
    return author


@pytest.fixture
def other(corin) -> Author:
    """The same author with another third entry."""
    other = corin.forked_at(2)
    other.writes("another fact")
    return other


def receipt_of(author: Author, size: int) -> Receipt:
    """What somebody signed for, as far as comparing notes reads it."""
    note = author.checkpoint(size)
    head = Checkpoint.parse(parse_note(note).text)
    return Receipt(head.size, head.root, 0, note)


def test_what_proves_it_is_kept_whoever_shows_it(corin, other) -> None:
    """Both signatures are the author's own."""
    log = log_of(corin)
    proof = ForkProof(corin.checkpoint(), other.checkpoint()).encode()

    misconduct.hear_of(log, proof)
    misconduct.hear_of(log, proof)

    assert [proof] == [bytes(one.proof) for one in models.Misconduct.objects.all()]
    assert {"cc"} == statements.forked(CHANNEL)


@pytest.mark.parametrize(
    "shown",
    [
        lambda corin, _other: ForkProof(corin.checkpoint(2), corin.checkpoint(3), corin.proof(2, 3)).encode(),
        lambda corin, _other: ForkProof(corin.checkpoint(), corin.checkpoint()).encode(),
        lambda _corin, _other: b"{",
        lambda _corin, _other: rb'{"v":1,"earlier":"\ud800","later":"\udfff","proof":[]}',
        lambda _corin, _other: ForkProof(b"", b"").encode(),
        lambda corin, other: ForkProof(
            *(one.checkpoint(signers=Author("cc", seed=64).signers) for one in (corin, other))
        ).encode(),
        lambda corin, other: ForkProof(
            corin.checkpoint(signers=corin.signers[:1]), other.checkpoint(signers=corin.signers[:1])
        ).encode(),
        lambda corin, other: ForkProof(corin.checkpoint(), other.checkpoint(2)).encode(),
        lambda _corin, _other: ForkProof(
            Author("bb").checkpoint(1, root=b"1" * 32), Author("bb").checkpoint(1, root=b"2" * 32)
        ).encode(),
    ],
    ids=[
        "an honest growth", "one checkpoint twice", "cut", "surrogates", "no notes", "signed by another",
        "one signature", "the longer first", "of another log",
    ],
)  # fmt: skip
def test_what_proves_nothing_is_refused_and_not_kept(corin, other, shown) -> None:
    """Whom it names is as it was before."""
    log = log_of(corin)

    with pytest.raises(CounterpartBreach):
        misconduct.hear_of(log, shown(corin, other))

    assert not models.Misconduct.objects.exists()


def test_notes_are_compared_at_every_size_that_is_held(corin, other) -> None:
    """Where another's signature stands under other entries, the author's two signatures are the proof."""
    log = log_of(corin)
    same, apart, beyond = receipt_of(corin, 2), receipt_of(other, 3), receipt_of(corin, 3)
    other.writes("a fourth")
    longer = receipt_of(other, 4)

    assert [same, beyond, longer] == misconduct.compare_notes(log, [same, apart, beyond, longer])

    (kept,) = models.Misconduct.objects.all()
    assert ForkProof.parse(bytes(kept.proof)).holds(corin.vkeys)


def test_of_a_log_that_is_convicted_no_further_proof_is_kept(corin, other) -> None:
    """Its author can sign for invented entries without an end: that is dropped, and fills nothing."""
    log = log_of(corin)
    third = corin.forked_at(1)
    third.writes("a third history")
    false = [receipt_of(other, 3), receipt_of(third, 2)]

    for _ in range(2):
        assert [] == misconduct.compare_notes(log, false)
    misconduct.hear_of(log, ForkProof(third.checkpoint(), corin.checkpoint(), corin.proof(2, 3)).encode())

    assert 1 == models.Misconduct.objects.count()
    assert {"cc"} == statements.forked(CHANNEL)


def test_of_a_log_with_two_histories_we_say_as_much_as_whatever_we_hold_had_seen() -> None:
    """Or our answer would stand before what it answers."""
    held = {"bb": (1, {"cc": 2}), "cc": (3, {"bb": 5, "aa": 9}), "dd": (0, {})}
    logs = [models.Log(party=party, size=size, seen=seen) for party, (size, seen) in held.items()]

    assert {"bb": 5, "cc": 3} == services._seen(logs)
