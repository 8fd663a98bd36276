"""Whom our officers have stopped dealing with is neither called nor heard, until they deal with it again."""

from __future__ import annotations

from dataclasses import replace
from io import StringIO

import pytest

from comity_node.channels.errors import NotTrusted
from comity_node.counterparts import queries as counterparts
from comity_node.counterparts import services as trust
from comity_node.register import models
from comity_node.register.services import open_log
from comity_node.wire import carrying, courier
from comity_node.wire.receiving import receive
from tests.node.counterpart import CHANNEL, Counterpart
from tests.node.register.histories import stored
from tests.node.wire.posting import bundle

pytestmark = pytest.mark.django_db


class Carrier:
    """Stands for the thread that carries everything between this node and one counterpart."""

    def __init__(self, other) -> None:
        self.other = other
        self.runs = False

    def start(self) -> None:
        """Begin."""
        self.runs = True

    def stop(self) -> None:
        """End."""
        self.runs = False


def test_who_is_stopped_is_called_no_more_and_called_again_once_restored(boris, anna, monkeypatch) -> None:
    """At once, as the officer was told, and not when the process happens to start anew."""
    engaged = []
    monkeypatch.setattr(courier, "Carrier", lambda other: engaged.append(Carrier(other)) or engaged[-1])
    ours = courier.Courier(StringIO())

    for change in (lambda *_, **__: None, trust.stop, trust.stop, trust.restore, trust.restore):
        change("bb", by=anna)
        ours._engage(counterparts.all_trusted())

    assert [("bb", False), ("bb", True)] == [(one.other.party, one.runs) for one in engaged]


def test_a_stick_of_who_is_stopped_is_refused_and_taken_once_it_is_restored(boris, anna, tmp_path) -> None:
    """Nothing of theirs is accepted, whatever way it comes; officers see that something came."""
    boris.writes("note.sent", "bb-2")
    stick = tmp_path / "one.tar"
    stick.write_bytes(bundle(boris, 1).encode())
    trust.stop("bb", by=anna)

    (foreseen,), (refused,) = carrying.preview([stick]), carrying.take([stick])

    assert [("refused", "not-trusted")] * 2 == [(one.state, one.code) for one in (foreseen, refused)]
    assert "comity counterpart restore" in refused.hint
    assert ["not-trusted"] == list(models.Delivery.objects.values_list("code", flat=True))
    assert boris.leaves[:1] == stored(boris)

    trust.restore("bb", by=anna)
    assert ["new"] == [one.state for one in carrying.take([stick])]


def test_what_who_is_stopped_wrote_is_taken_from_another_member(boris, anna) -> None:
    """In a channel of many the carrier counts: all members hold the same logs, whomever they deal with."""
    open_log(replace(Counterpart("cc").seat(), many=True))
    models.Log.objects.filter(channel=CHANNEL).update(many=True, place=models.Log.Place.MEMBER)
    boris.writes("note.sent", "bb-2")
    brought = bundle(boris, 1, cosignatures=())
    trust.stop("bb", by=anna)

    with pytest.raises(NotTrusted):
        receive(brought)

    assert 1 == receive(brought, "cc").entries
