"""Channels are proposed to us, answered, and read, whatever the counterpart writes."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest

from comity.errors import UnknownOrigin
from comity.instruments import library
from comity_node.channels import services
from comity_node.channels.errors import TooManyProposals
from comity_node.channels.models import Channel
from comity_node.register import queries, standings

pytestmark = pytest.mark.django_db
FIRST, SECOND = "aaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbb"


def proposal(channel, **change):
    """What the opening entry of a proposal to us states in the open."""
    names = ["charter", "us-ru-1999"]
    stated = {"requested": "aa", "instruments": names, "tables": [library()[one].digest for one in names]}
    return {"kind": "channel.proposed", "ref": channel, "stated": stated | change}


def first_delivery(log, **said):
    """The head of a delivery that begins a channel, as the wire hands it to the room."""
    log.writes(**said)
    payloads = tuple(one for one in log.payloads if one is not None)
    return SimpleNamespace(
        sender=log.party, channel=log.channel, start=0, entries=log.leaves, payloads=payloads
    )


def test_a_proposal_of_a_confirmed_counterpart_sets_up_both_logs(logs_of):
    """From then on the delivery is judged like any other."""
    log = logs_of(FIRST)

    services.recognise(first_delivery(log, **proposal(FIRST)))
    log.delivers()

    assert ["aa", "bb"] == [one.party for one in queries.channel_logs(FIRST)]
    assert "proposed" == Channel.objects.get(channel=FIRST).state


@pytest.mark.parametrize(
    "said",
    [
        {"kind": "channel.accepted", "ref": FIRST},
        {"kind": "channel.proposed", "ref": "another-one", "stated": {"requested": "aa"}},
        {"kind": "channel.proposed", "ref": FIRST, "stated": {"requested": "cc"}},
    ],
)
def test_what_does_not_begin_with_a_proposal_to_us_sets_up_nothing(logs_of, said):
    """A channel begins with its proposal, or a counterpart could fill our tables without asking."""
    delivery = first_delivery(logs_of(FIRST), **said)

    with pytest.raises(UnknownOrigin):
        services.recognise(delivery)

    assert [] == queries.channel_logs(FIRST)


def test_a_stranger_sets_up_nothing(logs_of):
    """Nothing crosses before the ceremony."""
    delivery = first_delivery(logs_of(FIRST), **proposal(FIRST))
    delivery.sender = "cc"

    with pytest.raises(UnknownOrigin):
        services.recognise(delivery)

    assert [] == queries.channel_logs(FIRST)


def test_channels_nobody_opened_are_kept_up_to_a_limit(logs_of, settings):
    """One counterpart must not fill every list of this node."""
    settings.NODE = replace(settings.NODE, limits=replace(settings.NODE.limits, unopened_channels=1))
    services.recognise(first_delivery(logs_of(FIRST), **proposal(FIRST)))

    with pytest.raises(TooManyProposals):
        services.recognise(first_delivery(logs_of(SECOND), **proposal(SECOND)))

    assert [] == queries.channel_logs(SECOND)


@pytest.mark.parametrize(
    "charter",
    [
        {"purpose": "cut \x00 off", "coordinators": {"bb": "not a table"}},
        {"coordinators": {"bb": {"office": "x", "capacity": ["\x00"]}}, "languages": 7},
        {"purpose": {"deep": [[[[]]]]}},
    ],
)
def test_a_charter_that_cannot_be_read_leaves_the_channel_readable(logs_of, charter):
    """What a counterpart seals must not stop a projection, nor reach a database that holds no NUL."""
    log = logs_of(FIRST)
    services.recognise(first_delivery(log, **proposal(FIRST), payload=charter))
    log.delivers()

    found = Channel.objects.get(channel=FIRST)

    assert ("proposed", "", {}) == (found.state, found.purpose, found.charter)


def test_requests_rest_on_the_instruments_of_the_proposal_that_counts(logs_of):
    """An irregular proposal that sorts before ours would otherwise choose the law we apply."""
    services.recognise(first_delivery(logs_of(FIRST), **proposal(FIRST)))
    log = logs_of(FIRST)
    log.writes(**proposal(FIRST, requested="bb", instruments=["charter"], tables=["0" * 64]))
    log.writes(**proposal(FIRST))
    log.delivers()

    assert ["us-ru-1999", "charter"] == [text.id for text in standings.texts_of(FIRST)]
