"""Proofs that a party signed two histories of its log: found, heard of, and kept for good.

Two histories that were shown to two members meet in the receipts these gave: each bears the author's own
signature under a root, and each mirror has a tree to hold it against.

Follows: docs/spec/mirror.md, Comparing notes.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone

from comity.errors import BadCheckpoint
from comity.mirror import ForkProof, Receipt
from comity.tlog.checkpoint import Checkpoint
from comity.tlog.note import parse_note
from comity_node.register import models, news, rotations
from comity_node.register.tree import StoredTree

if TYPE_CHECKING:
    from collections.abc import Sequence


def keep(log: models.Log, proof: ForkProof) -> models.Misconduct:
    """Keep a fork proof for good: the first of a log.

    One convicts its author; under one more invented root it could sign another, and another, without an end.
    """
    if (first := models.Misconduct.objects.filter(log=log).order_by("pk").first()) is not None:
        return first
    data = proof.encode()
    kept, _ = models.Misconduct.objects.get_or_create(
        sha256=hashlib.sha256(data).hexdigest(),
        defaults={"log": log, "proof": data, "found_at": timezone.now()},
    )
    news.ring()
    return kept


def hear_of(log: models.Log, proof: bytes) -> None:
    """Keep a proof that somebody else shows of a log's author, if it is one.

    Raises:
        CounterpartBreach: It is none: nothing was signed twice.
    """
    found = ForkProof.parse(proof)
    origin = parse_note(found.earlier).text.partition("\n")[0]
    if origin != log.origin or not found.holds(rotations.log_generations(log)):
        raise BadCheckpoint(
            f"what was shown of {log.origin} does not prove that its author signed two histories"
        )
    keep(log, found)


def compare_notes(log: models.Log, receipts: Sequence[Receipt]) -> list[Receipt]:
    """Hold what others signed for of a third party's log against what that party has shown to us.

    Each receipt bears the author's own signature. Where it stands under other entries than ours, the author
    has shown one history to them and another to us, and both signatures are kept as proof.

    Returns:
        The receipts that are of the entries here, as far as they are here.
    """
    proofs = _contradictions(log, receipts)
    for proof in proofs.values():
        keep(log, proof)
    return [one for one in receipts if one.note not in proofs]


def _contradictions(log: models.Log, receipts: Sequence[Receipt]) -> dict[bytes, ForkProof]:
    """By its note, what each receipt proves that stands under other entries than are held here."""
    tree = StoredTree(log)
    return {
        one.note: ForkProof(one.note, bytes(log.checkpoint), tree.prove_prefix(one.size, log.size))
        for one in receipts
        if one.size <= log.size and tree.root(one.size) != one.root
    }


class AnotherHistory(Exception):
    """Others signed for other entries in the place of those that came. Caught here, never shown."""

    def __init__(self, proof: ForkProof) -> None:
        """``proof``: both signatures."""
        super().__init__()
        self.proof = proof


def compare_with_others(log: models.Log, before: int) -> None:
    """What others had signed for before it reached us can be compared now that it has.

    Raises:
        AnotherHistory: They signed for other entries. These must not be kept: receipts would stand under them
            that were never given for them.
    """
    found = models.Receipt.objects.filter(log=log, size__gt=before, size__lte=log.size)
    notes = [bytes(one.note) for one in found.exclude(party=settings.NODE.party)]
    heads = [Checkpoint.parse(parse_note(note).text) for note in notes]
    given = [Receipt(head.size, head.root, 0, note) for head, note in zip(heads, notes, strict=True)]
    for proof in _contradictions(log, given).values():
        raise AnotherHistory(proof)
