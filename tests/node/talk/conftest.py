"""Talks with a counterpart in memory: opened by either side, said in by both."""

from __future__ import annotations

import pytest

from comity.instruments import library
from comity_node.register.rebuilding import digest, rebuild
from comity_node.talk import queries, services
from tests.node.counterpart import CHANNEL, open_channel

OURS = "aa-2026-t0001"


@pytest.fixture
def boris(db):
    """The counterpart, in a channel both have accepted."""
    return open_channel()


@pytest.fixture
def anna(hire):
    """Our duty officer."""
    return hire("anna", "duty officer")


@pytest.fixture
def talk(boris, anna):
    """A hotline that we opened, and what its row says now."""
    act = services.opening(CHANNEL, title="Night shift", about="hotline", language="en")
    services.sign(act, shown=act.digest(), by=anna)
    return lambda: queries.talk(CHANNEL, act.ref)


@pytest.fixture
def says(boris, talk):
    """Have the counterpart say something in our talk."""

    def say(text, **said):
        payload = {
            "text": text,
            **{name: said.pop(name) for name in ("language", "translation") if name in said},
        }
        return boris.does("talk.room.said", talk().ref, payload=payload, **said)

    return say


@pytest.fixture
def same_again(db):
    """Whether everything derived anew is equal to the byte."""

    def check():
        before = digest()
        return rebuild() == (before, before)

    return check


def opened_by_them(boris, ref="bb-2026-t0001", **states):
    """A talk that the counterpart opened."""
    charter = library()["charter"]
    stated = {
        "instrument": "charter",
        "table": charter.digest,
        "requested": "aa",
        "about": "hotline",
        **states,
    }
    return boris.does("talk.room.opened", ref, stated=stated, payload={"title": "Their hotline"})
