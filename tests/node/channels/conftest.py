"""Arland is ours; Borland's fingerprint has been compared, and it may propose channels."""

from __future__ import annotations

import pytest

from comity_node.counterparts import queries, services
from tests.node.counterpart import Counterpart, give_keys
from tests.node.counterparts.conftest import Borland


@pytest.fixture
def anna(hire):
    """Coordinator of aa."""
    return hire("anna", "coordinator")


@pytest.fixture
def dora(hire):
    """Coordinator of aa in another office, who seconds."""
    return hire("dora", "coordinator", office="prosecution")


@pytest.fixture
def clara(hire):
    """Analyst of aa, who reads the record and opens no channels."""
    return hire("clara", "analyst")


@pytest.fixture
def adam(hire):
    """Administrator of aa, for whom the record is not there."""
    return hire("adam", "administrator")


@pytest.fixture
def borland(anna):
    """A counterpart that was compared and is trusted."""
    give_keys()
    party = Borland()
    row = services.import_passport(party.passport())
    services.hold_ceremony(
        row,
        by=anna,
        fingerprint=queries.read(row).fingerprint.digits,
        path="telephone",
        with_whom="Boris of bb",
    )
    return party


@pytest.fixture
def logs_of(borland):
    """Borland's log in a channel, written with the keys its passport names."""

    def begin(channel):
        log = Counterpart("bb", channel)
        log.keys = borland.ring
        return log

    return begin
