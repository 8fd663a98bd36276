"""What a counterpart wishes for instead of taking a delivery is met once: its wishes may have no end."""

from __future__ import annotations

from dataclasses import replace

import pytest

from comity.channel.bundle import Bundle, read_bundle
from comity_node.register import models, queries
from comity_node.register.services import open_log
from comity_node.wire.exchange import _relay, exchange
from comity_node.wire.line import RefusedByCounterpart
from tests.node.counterpart import CHANNEL, Counterpart
from tests.node.wire.posting import bundle

pytestmark = pytest.mark.django_db
_MANY = 12


class Wishing:
    """Boris's node: takes what cc wrote where it wished for it, and otherwise wishes for the same again."""

    def __init__(self, boris, **wish) -> None:
        self.boris = boris
        self.wish = {"send_from": None} | wish
        self.got: list[Bundle] = []

    def deliver(self, body: bytes) -> bytes:
        """Take a delivery, or refuse it."""
        self.got.append(read_bundle(body))
        assert len(self.got) < _MANY, "it is followed without an end"
        if "awaits" in self.wish and self.got[-1].sender == "cc":
            return bundle(self.boris, len(self.boris.leaves), cosignatures=()).encode()
        raise RefusedByCounterpart("not yet", hint="", code="wishes", **self.wish)


@pytest.fixture
def corin(boris) -> Counterpart:
    """Party cc, which is in the channel too, and has written something."""
    third = Counterpart("cc")
    open_log(replace(third.seat(), many=True))
    models.Log.objects.filter(channel=CHANNEL).update(many=True, place=models.Log.Place.MEMBER)
    third.does("note.sent", "cc-1", seen=0)
    return third


def log_of(party: str) -> models.Log:
    """Our log of the channel, or our mirror of a party's."""
    return next(log for log in queries.channel_logs(CHANNEL) if log.party == party)


def test_who_awaits_the_same_log_again_after_it_was_shown_is_not_shown_it_again(boris, corin) -> None:
    """It took what it awaited; whoever awaits it all the same keeps us packing and sending."""
    desk = Wishing(boris, awaits=("cc", 0))

    with pytest.raises(RefusedByCounterpart):
        exchange(CHANNEL, desk, "bb")

    assert ["aa", "cc", "aa"] == [one.sender for one in desk.got]
    assert ["refused-by-counterpart"] == list(models.Delivery.objects.values_list("code", flat=True))


def test_what_another_wrote_is_not_brought_again_from_where_it_was_just_sent_from(boris, corin) -> None:
    """A start that is wished for and was had does not move anything forward."""
    desk = Wishing(boris, send_from=0)

    assert not _relay(log_of("cc"), log_of("bb"), desk, start=0)

    assert 1 == len(desk.got)


def test_what_another_wrote_is_brought_from_another_start_once(boris, corin) -> None:
    """What we believe it to hold may be wrong; what it says it holds is tried, and not over and over."""
    desk = Wishing(boris, send_from=0)

    assert not _relay(log_of("cc"), log_of("bb"), desk, start=1)

    assert [1, 0] == [one.start for one in desk.got]
