"""Anna of aa, who is trained, and Boris of bb, who leads an exercise in the channel between them."""

from __future__ import annotations

import hashlib

import pytest

from comity.instruments import library
from comity_node.register import mirroring, queries
from tests.core.exercise.scripts import SHORT
from tests.node.counterpart import CHANNEL, open_channel

CHARTER = library()["charter"]
SCRIPT = SHORT.replace(b'"cc"', b'"bb"')
EXERCISE, ALERT = "bb-2026-0001", "bb-2026-0002"
HEAD = {"instrument": "charter", "table": CHARTER.digest, "requested": "aa"}


@pytest.fixture
def anna(hire):
    """Duty officer of aa."""
    return hire("anna", "duty officer")


@pytest.fixture
def boris(db):
    """The authority of bb, in an open channel with us."""
    return open_channel()


@pytest.fixture
def announced(boris):
    """An exercise of theirs, announced and begun with an alert that we acknowledged nothing of."""
    return announces(boris)


def announces(boris, *, speed="1", digest="", at=None):
    """Have Boris announce an exercise and raise its alert, which he may date."""
    stated = {**HEAD, "script": digest or hashlib.sha256(SCRIPT).hexdigest(), "minutes_a_minute": speed}
    boris.does("channel.exercise.announced", EXERCISE, stated=stated)
    boris.does(
        "alert.incident.raised",
        ALERT,
        stated={**HEAD, "severity": "5"},
        payload={"title": "Played", "language": "en", "fields": {"what_happens": "Encrypted."}},
        at=at,
    )
    receipted()
    return boris


def receipted():
    """Sign for what they wrote."""
    for log in queries.their_logs(CHANNEL):
        mirroring.give(log)


def ends(boris, script=SCRIPT):
    """Have Boris end it, with a script."""
    boris.does(
        "channel.exercise.ended",
        EXERCISE,
        stated={"outcome": "played"},
        payload={"text": script.decode(), "language": "en"},
    )
    receipted()
