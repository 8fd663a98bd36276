"""Anna and Dora of aa, Clara outside the case, and Boris of bb, with a channel between."""

from __future__ import annotations

import pytest

from comity.instruments import library
from comity_node.assistance import services
from comity_node.officials import services as officials
from comity_node.register import mirroring, queries
from tests.node.counterpart import CHANNEL, INSTRUMENT, SECONDED, open_channel

THEIRS = "bb-2026-0001"
FILLED = {
    "requesting_authority": "Regional prosecution, Arland",
    "matter_nature": "Investigation of unauthorised access to a hospital's computers",
    "offences": "Penal code of Arland, section 12: up to eight years",
    "facts_summary": "On 3 May 2026 the records of a hospital were encrypted.",
    "assistance_sought": "Subscriber records of one account",
    "purpose": "To identify who rented the server",
}


@pytest.fixture
def anna(hire):
    """Case officer of aa: drafts, prepares, signs."""
    return hire("anna", "case officer")


@pytest.fixture
def dora(hire):
    """Coordinator of aa: seconds."""
    return hire("dora", "coordinator", office="prosecution")


@pytest.fixture
def clara(hire):
    """Administrator of aa, outside the case."""
    return hire("clara", "administrator")


@pytest.fixture
def boris(db):
    """The central authority of bb, in an open channel with us."""
    return open_channel()


@pytest.fixture
def draft(boris, anna):
    """A request of ours, complete but not submitted."""
    begun = services.draft(
        channel=CHANNEL, types=["documents_items"], title="Records of one account", by=anna
    )
    return services.save_draft(begun, fields=FILLED, by=anna)


@pytest.fixture
def lodged(draft, anna, dora, boris):
    """A request of ours on record, receipted by Boris: its reference."""
    officials.second(services.submit(draft, by=anna), by=dora)
    boris.receipts()
    return draft.ref


@pytest.fixture
def asked(boris):
    """A request of theirs, received and receipted by us: its reference."""
    lodges(boris, THEIRS)
    return THEIRS


def lodges(boris, ref, title="Statement of one witness", *, stated=None, **payload):
    """Have Boris lodge a request with us, and receipt it."""
    boris.does(
        "assistance.request.lodged",
        ref,
        stated={
            "instrument": INSTRUMENT,
            "table": library()[INSTRUMENT].digest,
            "requested": "aa",
            "types": ["testimony"],
            **(stated or {}),
        },
        payload={"title": title, "language": "en", "fields": {"purpose": "trial"}, **payload},
        by=SECONDED,
    )
    for log in queries.their_logs(CHANNEL):
        mirroring.give(log)
