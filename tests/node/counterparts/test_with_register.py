"""From a passport to a signed entry: the rooms of trust and of officials over the real register."""

from __future__ import annotations

import pytest

from comity.channel.charter import Coordinator
from comity_node.channels import services as channels
from comity_node.counterparts import services as counterparts
from comity_node.officials import services as officials
from comity_node.officials.errors import AlreadyDecided, NotEmpowered
from comity_node.officials.models import Journal, PreparedAct
from comity_node.register import queries

pytestmark = pytest.mark.django_db
OURS = Coordinator(office="ministry", capacity="coordinator")


def drafted():
    return channels.draft_charter(
        counterparts=["bb"],
        instruments=["us-ru-1999"],
        purpose="Mutual legal assistance",
        languages=["en"],
        coordinator=OURS,
        exercise=True,  # no treaty binds States that do not exist
    )


def test_no_channel_before_the_ceremony(stored):
    """Nothing crosses to a party whose fingerprint nobody compared."""
    with pytest.raises(channels.NotTrusted):
        drafted()


def test_two_officers_put_one_entry_on_our_log(stored, confirm, anna, hire):
    """What two officers signed is on the log once, in the names of both offices and of no person."""
    confirm(stored)
    other = hire("dora", "coordinator", office="prosecution")
    prepared = channels.propose(drafted(), by=anna)
    channel = prepared.act["channel"]
    assert queries.entries(channel) == []

    entry = officials.second(prepared, by=other)

    received = queries.entries(channel)
    assert [one.ref for one in received] == [entry]
    by = received[0].entry.by
    assert (by.office, by.second.office) == ("Ministry", "Prosecution")
    with pytest.raises(AlreadyDecided):
        officials.second(prepared, by=other)
    assert len(queries.entries(channel)) == 1
    assert Journal.objects.filter(entry=str(entry)).count() == 1


def test_officer_without_the_power_proposes_nothing(stored, confirm, boris):
    """A case officer does not open channels."""
    confirm(stored)

    with pytest.raises(NotEmpowered):
        channels.propose(drafted(), by=boris)

    assert not PreparedAct.objects.exists()


def test_stopped_counterpart_is_proposed_nothing(stored, confirm, anna):
    """Stopping a counterpart reaches the rooms at once."""
    confirm(stored)
    counterparts.stop("bb", by=anna)

    with pytest.raises(channels.NotTrusted):
        drafted()
