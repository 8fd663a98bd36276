"""Carl of aa, who may talk and add exhibits, Dora, who may only talk, and a hotline with Boris of bb."""

from __future__ import annotations

from dataclasses import replace

import pytest

from comity_node.talk import queries, services
from tests.node.counterpart import CHANNEL, open_channel


@pytest.fixture(autouse=True)
def disk(settings, tmp_path):
    """An exhibits directory for each test."""
    settings.NODE = replace(settings.NODE, exhibits=tmp_path / "exhibits")
    return settings.NODE.exhibits


@pytest.fixture
def boris(db):
    """The counterpart, in a channel both have accepted."""
    return open_channel()


@pytest.fixture
def carl(hire):
    """Case officer of aa."""
    return hire("carl", "case officer")


@pytest.fixture
def dora(hire):
    """Coordinator of aa."""
    return hire("dora", "coordinator")


@pytest.fixture
def talk(boris, carl):
    """A hotline that we opened."""
    act = services.opening(CHANNEL, title="Night shift", about="hotline", language="en")
    services.sign(act, shown=act.digest(), by=carl)
    return queries.talk(CHANNEL, act.ref)
