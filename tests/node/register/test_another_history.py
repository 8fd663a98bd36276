"""Entries that come after others signed for other ones in their place: they are proof, and are not kept."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.utils import timezone

from comity.mirror import Accepted, ForkProof, give_receipt
from comity_node.register import mirroring, models
from comity_node.register.services import open_log
from tests.node.counterpart import Counterpart
from tests.node.register.histories import mirror, offer, stored, until

pytestmark = pytest.mark.django_db


@pytest.fixture
def corland(boris) -> Counterpart:
    """A third party in the channel."""
    third = Counterpart("cc", boris.channel)
    open_log(replace(third.seat(), many=True))
    models.Log.objects.filter(channel=boris.channel).update(many=True, place=models.Log.Place.MEMBER)
    return third


def has_signed(third: Counterpart, author: Counterpart) -> None:
    """We were told that a third party holds all that an author showed it, before we held it ourselves."""
    at = timezone.now()
    models.Receipt.objects.create(
        log=mirror(author), party=third.party, size=len(author.leaves), given_at=at, stored_at=at,
        note=give_receipt(author.checkpoint(), third.mirror_signers(int(at.timestamp()))),
    )  # fmt: skip


def test_what_contradicts_what_others_signed_for_is_proof_and_is_not_kept(boris, corland) -> None:
    """Else their receipts would stand here under entries for which they never were given."""
    before, other = stored(boris), until(boris, len(boris.leaves))
    other.writes("note.sent", "bb-9")
    has_signed(corland, other)
    boris.writes("note.sent", "bb-2")

    judgement = mirroring.take(mirror(boris), offer(boris, len(before)))

    assert isinstance(judgement, ForkProof)
    assert [judgement.encode()] == [bytes(one.proof) for one in models.Misconduct.objects.all()]
    assert before == stored(boris)
    assert not models.Receipt.objects.filter(log=mirror(boris), size__lte=len(before), party="cc").exists()


def test_what_others_signed_for_alike_is_taken(boris, corland) -> None:
    """Hearing of a receipt before the entries is the rule where one is slower than another."""
    start = len(boris.leaves)
    boris.writes("note.sent", "bb-2")
    has_signed(corland, boris)

    assert isinstance(mirroring.take(mirror(boris), offer(boris, start)), Accepted)

    assert boris.leaves == stored(boris)
    assert not models.Misconduct.objects.exists()
