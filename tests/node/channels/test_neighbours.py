"""A channel within another: followed only where it can be true, whatever a counterpart writes."""

from __future__ import annotations

import pytest
from django.urls import reverse

from comity_node.channels import neighbours
from comity_node.channels.errors import NotWithin
from comity_node.channels.models import Channel
from tests.node.counterpart import CHANNEL, Counterpart, open_channel

pytestmark = pytest.mark.django_db
PART = "bcdefghijklmnopq"


@pytest.fixture
def around():
    """A channel of three that we are in."""
    open_channel()
    found = Channel.objects.get(channel=CHANNEL)
    found.parties = [*found.parties, {"party": "cc", "place": "member"}]
    found.save()
    return found


def _propose(within, party="bb", channel=PART):
    open_channel(Counterpart(party, channel), states={"within": within} if within else {})
    return Channel.objects.get(channel=channel)


def test_a_sub_channel_and_the_channel_around_it_name_each_other(around, clara, browser):
    """Whoever works in one must find the other; each is a record of its own."""
    part = _propose(CHANNEL)
    reader = browser(clara)
    shown = {
        one: reader.get(reverse("channels:channel", args=[one])).content.decode() for one in (CHANNEL, PART)
    }

    assert (CHANNEL, [PART]) == (
        neighbours.whole(part).channel,
        [one.channel for one in neighbours.parts(around)],
    )
    assert reverse("channels:channel", args=[PART]) in shown[CHANNEL]
    assert reverse("channels:channel", args=[CHANNEL]) in shown[PART]


@pytest.mark.parametrize("said", ["../../etc", "<b>", "zzzzzzzzzzzzzzzz", PART, ""])
def test_a_channel_within_none_of_ours_links_to_nothing(around, said):
    """A counterpart may name any channel: none at all, or itself."""
    assert neighbours.whole(_propose(said)) is None
    assert [] == neighbours.parts(around)


def test_who_was_never_in_a_channel_places_nothing_within_it(around):
    """It would have our officers take its channel for part of a work it is not part of."""
    assert neighbours.whole(_propose(CHANNEL, party="dd", channel="cdefghijklmnopqr")) is None
    assert [] == neighbours.parts(around)


def test_nothing_is_within_a_channel_of_two():
    """There, between some is between all."""
    open_channel()
    assert neighbours.whole(_propose(CHANNEL)) is None


@pytest.mark.parametrize("parties", [{"bb", "cc"}, {"dd"}, {"bb", "dd"}])
def test_we_propose_a_sub_channel_to_some_members_and_to_nobody_else(around, parties):
    """To all of them it would be the same channel twice; to a stranger, a way in."""
    with pytest.raises(NotWithin):
        neighbours.must_belong(neighbours.Belongs(within=CHANNEL), parties)
    neighbours.must_belong(neighbours.Belongs(within=CHANNEL), {"bb"})


def test_what_may_be_around_a_new_channel_is_offered_to_whoever_proposes_it(around):
    """Nobody should have to copy an id."""
    assert [CHANNEL] == [channel for channel, _ in neighbours.to_be_within()]
