"""Anna and Dora of aa, Boris of bb, and what each side says of its points."""

from __future__ import annotations

import pytest

from comity.entries import By
from comity.instruments import library
from comity_node.contact_point import services
from comity_node.officials import services as officials
from tests.node.counterpart import CHANNEL, OFFICE, SECONDED, open_channel

DESK = {
    "authority": "Cyber Centre of Arland",
    "role": "Duty desk",
    "languages": ["en"],
    "hours": "24/7",
    "zone": "Europe/Zurich",
    "telephones": ["+41446681800"],
}
THEIRS = {
    "v": 1,
    "authority": "Cyber Centre of Borland",
    "role": "Technical desk",
    "languages": ["en", "fr"],
    "hours": "Mo-Fr 08:00-18:00",
    "zone": "Europe/Paris",
    "telephones": ["+33123456789"],
}
NODE = By("node", "node")


@pytest.fixture
def anna(hire):
    """Coordinator of aa: lists and checks."""
    return hire("anna", "coordinator")


@pytest.fixture
def dora(hire):
    """Case officer of aa: seconds."""
    return hire("dora", "case officer", office="prosecution")


@pytest.fixture
def boris(db):
    """The central authority of bb, in an open channel with us."""
    return open_channel()


@pytest.fixture
def sign(anna, dora):
    """Sign acts of ours, with the second officer where one is needed; the entries."""

    def both(acts):
        done = [officials.prepare(act, by=anna) for act in acts]
        return [officials.second(one, by=dora) if hasattr(one, "digest") else one for one in done]

    return both


@pytest.fixture
def listed(boris, sign):
    """A point of ours, listed in the channel."""
    sign(services.listing(services.point(DESK), kind="always_on", channels=[CHANNEL]))
    return "aa-point-1"


def opens(**stated):
    """What an opening under the charter states."""
    return {"instrument": "charter", "table": library()["charter"].digest, "requested": "aa", **stated}


def lists(boris, ref="bb-point-1", *, kind="technical", by=SECONDED, said=THEIRS, **more):
    """Have Boris list a point of his."""
    stated = opens(kind=kind, as_of="2026-11-27", confirm_by="2027-05-01")
    return boris.does("contact.point.listed", ref, stated=stated, payload={"point": said}, by=by, **more)


def amends(boris, said, ref="bb-point-1", *, by=OFFICE, **stated):
    """Have Boris change a point of his, with whatever he says of the change."""
    days = {"as_of": "2026-11-27", "confirm_by": "2027-05-01"}
    return boris.does("contact.point.amended", ref, stated={**days, **stated}, payload={"point": said}, by=by)


def asks(boris, ref="bb-check-1", *, sort="automatic", **more):
    """Have Boris ask a check."""
    stated = opens(sort=sort, announced="no", at_kind="technical")
    return boris.does("contact.check.asked", ref, stated=stated, **more)
