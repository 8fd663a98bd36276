"""What a member brings another of a third party's log: once it is cut off, also who signed for it since."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from comity_node.register import models, queries
from comity_node.register.bringing import has_been_brought, is_lacking, relayed
from comity_node.register.services import open_log
from tests.node.counterpart import Counterpart
from tests.node.register.histories import mirror

pytestmark = pytest.mark.django_db


@pytest.fixture
def corland(boris) -> models.Log:
    """The log of a third party that is cut off from bb; bb's has two entries, and it has signed for both."""
    open_log(replace(Counterpart("cc", boris.channel).seat(), many=True))
    boris.does("note.sent", "bb-2")
    models.Log.objects.filter(channel=boris.channel).update(many=True, place=models.Log.Place.MEMBER)
    signs(boris, "cc", 2)
    return queries.log_of(boris.channel, "cc")


def signs(boris, giver: str, size: int, *, ago: timedelta = timedelta(0)) -> None:
    """Keep a receipt for bb's log; what stands in it is for others to judge."""
    at = timezone.now() - ago
    models.Receipt.objects.create(
        log=mirror(boris), party=giver, size=size, given_at=at, note=f"{giver} {size}".encode(), stored_at=at
    )


def again(log: models.Log) -> models.Log:
    """It, as it is kept."""
    return queries.log_of(log.channel, log.party)


def carried(boris, corland) -> list[bytes]:
    """The receipts that would be brought along."""
    return list(relayed(mirror(boris), again(corland), 2)[0].cosignatures)


def test_who_is_not_cut_off_is_left_to_the_author(boris, corland) -> None:
    """In a channel of fifty nobody could bear to be told everything by everybody."""
    signs(boris, "dd", 2)

    assert not is_lacking(mirror(boris), corland)


def test_whoever_is_brought_a_log_is_told_who_signs_for_it_later(boris, corland) -> None:
    """Clocks start at receipts: without them the member cut off would read another course than all others."""
    has_been_brought(corland, mirror(boris), 2)
    assert not is_lacking(mirror(boris), again(corland))
    signs(boris, "dd", 2)

    assert is_lacking(mirror(boris), again(corland))
    bundle, number = relayed(mirror(boris), again(corland), 2)
    assert (b"dd 2",) == bundle.cosignatures
    has_been_brought(again(corland), mirror(boris), bundle.end, number)

    assert not is_lacking(mirror(boris), again(corland))
    signs(boris, "ee", 2)
    assert [b"ee 2"] == carried(boris, corland)


def test_what_the_member_and_we_ourselves_signed_is_not_brought(boris, corland) -> None:
    """It knows its own, and is told ours as ever."""
    has_been_brought(corland, mirror(boris), 2)
    signs(boris, "aa", 1)

    assert not is_lacking(mirror(boris), again(corland))


def test_whoever_got_more_than_we_brought_is_cut_off_no_longer(boris, corland) -> None:
    """The author reaches it again, or another brings it everything: nobody tells it twice for good."""
    has_been_brought(corland, mirror(boris), 1)
    signs(boris, "dd", 2)

    assert not is_lacking(mirror(boris), again(corland))


def test_what_was_signed_long_before_it_was_cut_off_is_not_brought_again(boris, corland) -> None:
    """The author told it while it could; a day too many is brought, and not the whole of years."""
    signs(boris, "dd", 1, ago=timedelta(days=3))
    signs(boris, "ee", 1, ago=timedelta(hours=3))

    assert [b"ee 1"] == carried(boris, corland)
