"""To whom the entries of a log are sealed, read on entry by entry as they come."""

from __future__ import annotations

import pytest
from django.utils import timezone

from comity.channel.membership import Seats
from comity.entries import Entry, instant
from comity.instruments import library
from comity_node.register import membership, models
from tests.node.counterpart import CHANNEL, OFFICE

CHARTER = library()["charter"]


def entry(kind: str, stated: dict | None = None, **seen: int) -> Entry:
    """An entry on the channel itself."""
    at = instant(timezone.now())
    return Entry(
        v=1, kind=f"channel.{kind}", at=at, by=OFFICE, ref=CHANNEL, re=[], seen=seen, stated=stated or {}
    )


PROPOSED = {"requested": ["aa", "cc"], "instruments": ["charter"], "tables": [CHARTER.digest]}
INVITED = {"requested": "dd", "accession": "bb-none", "charter": "1" * 64}


@pytest.mark.django_db
def test_each_invitation_of_a_delivery_is_judged_once_however_many_follow(monkeypatch):
    """A member could otherwise keep a node at work for minutes with one delivery of a few hundred entries."""
    log = models.Log(origin=f"bb.comity/{CHANNEL}", channel=CHANNEL, party="bb", many=True)
    judged = []
    objection = Seats.objection
    monkeypatch.setattr(Seats, "objection", lambda seats, act: judged.append(act) or objection(seats, act))
    sealed = membership.sealing(log)

    assert {"aa", "bb", "cc"} == sealed(0, entry("proposed", PROPOSED))
    for index in range(1, 31):
        assert {"aa", "bb", "cc"} == sealed(index, entry("invited", INVITED))

    assert 30 == len(judged)
