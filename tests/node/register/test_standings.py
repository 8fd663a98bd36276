"""Where procedures stand, read from no more of the record than is needed."""

from __future__ import annotations

import pytest

from comity.instruments import library
from comity_node.register import queries, standings
from tests.node.counterpart import CHANNEL, INSTRUMENT, open_channel

pytestmark = pytest.mark.django_db
REF = "bb-2026-0001"
LODGED = {
    "instrument": INSTRUMENT,
    "table": library()[INSTRUMENT].digest,
    "requested": "aa",
    "types": ["testimony"],
}


@pytest.fixture
def meant():
    """A channel that is no exercise."""
    return open_channel(meant=True)


@pytest.fixture
def read(monkeypatch):
    """What is read of the record."""
    entries = []
    received = queries.received

    def noting(rows, logs):
        for one in received(rows, logs):
            entries.append(one.ref)
            yield one

    monkeypatch.setattr(queries, "received", noting)
    return entries


def test_whether_one_entry_is_meant_is_read_from_what_opened_its_procedure(meant, read):
    """Hooks ask it of every entry: a long procedure costs no more than one that was just opened."""
    meant.does("assistance.request.lodged", REF, stated=LODGED | {"exercise": "yes"})
    read.clear()
    assert standings.exercised(CHANNEL, REF)
    few = len(read)
    for _ in range(10):
        meant.does("note.sent", REF)
        meant.does("channel.declined", CHANNEL)
    read.clear()

    assert standings.exercised(CHANNEL, REF)
    assert (few, 1) == (len(read), few)


def test_what_another_writes_under_a_reference_makes_nothing_an_exercise(meant):
    """Only whoever opened the procedure says so, and only when it did."""
    meant.does("note.sent", "aa-2026-0001", stated={"exercise": "yes"})
    meant.does("assistance.request.lodged", REF, stated=LODGED)
    meant.does("note.sent", REF, stated={"exercise": "yes"})

    assert not standings.exercised(CHANNEL, "aa-2026-0001")
    assert not standings.exercised(CHANNEL, REF)
    assert standings.exercised(CHANNEL, REF, {"exercise": "yes"})


def test_a_channel_that_was_proposed_as_an_exercise_is_one_whoever_says_what_later(db):
    """The proposal that opened it says so; a second one opens nothing."""
    boris = open_channel()
    boris.does("channel.proposed", CHANNEL, stated={"requested": "aa", "instruments": ["charter"]})

    assert standings.exercised(CHANNEL)
