"""Anna of aa, who is on duty, and Boris of bb, with a channel between."""

from __future__ import annotations

import pytest

from comity.instruments import library
from comity_node.register import mirroring, queries
from tests.node.counterpart import CHANNEL, open_channel

CHARTER = library()["charter"]
THEIRS = "bb-2026-0007"


@pytest.fixture
def anna(hire):
    """Duty officer of aa."""
    return hire("anna", "duty officer")


@pytest.fixture
def reader(hire):
    """An analyst of aa: reads, and signs nothing."""
    return hire("rita", "analyst")


@pytest.fixture
def boris(db):
    """The authority of bb, in an open channel with us."""
    return open_channel()


@pytest.fixture
def theirs(boris):
    """An alert of theirs, of the worst, received and receipted by us: its reference."""
    return warns(boris)


def warns(boris, ref=THEIRS, *, title="Dispatch stopped", severity="5", fields=None, affected=(), **stated):
    """Have Boris raise an alert with us, and receipt it."""
    boris.does(
        "alert.incident.raised",
        ref,
        stated={
            "instrument": "charter",
            "table": CHARTER.digest,
            "requested": "aa",
            "severity": severity,
            **stated,
        },
        payload={
            "title": title,
            "language": "en",
            "fields": {"what_happens": "Encrypted.", **(fields or {})},
            "marking": {"tlp": "AMBER"},
            **({"affected": affected} if affected else {}),
        },
    )
    for log in queries.their_logs(CHANNEL):
        mirroring.give(log)
    return ref
