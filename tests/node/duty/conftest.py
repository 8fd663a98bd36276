"""Dora, Anna and Clara of aa, on duty or not; Boris of bb raises alerts."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from comity.instruments import library
from comity_node.duty import outbox, services
from comity_node.duty.ways import WAYS
from comity_node.home import Duty, MailBy
from comity_node.register import mirroring, queries
from tests.node.counterpart import CHANNEL, open_channel

HOUR = timedelta(hours=1)
ALERT = "bb-2026-0911"


@pytest.fixture
def boris(db):
    """Borland, in an open channel with us."""
    return open_channel()


@pytest.fixture
def dora(hire):
    """Duty officer."""
    return hire("dora", "duty officer")


@pytest.fixture
def anna(hire):
    """Case officer."""
    return hire("anna", "case officer")


@pytest.fixture
def clara(hire):
    """Coordinator of another office, who keeps the roster."""
    return hire("clara", "coordinator", office="prosecution")


@pytest.fixture
def on_duty(dora, anna, clara):
    """Dora is first, Anna second, from an hour ago until tomorrow."""
    now = timezone.now()
    for order, official in ((1, dora), (2, anna)):
        services.add(official, begins=now - HOUR, ends=now + 24 * HOUR, order=order, by=clara)


@pytest.fixture
def node(settings):
    """Set what ``node.toml`` says of duty."""

    def says(**said):
        settings.NODE = replace(settings.NODE, duty=replace(settings.NODE.duty or Duty(), **said))

    return says


@pytest.fixture
def mail(node):
    """A node set up for mail, to a server nobody listens at."""
    node(mail=MailBy("127.0.0.1", 9, "none", "", "", "comity@aa.test", 2))


@pytest.fixture
def sent(monkeypatch):
    """What is sent by every way, in place of sending it."""
    taken = []
    for code, kind in list(WAYS.items()):
        fake = replace(
            kind, send=lambda one, way: taken.append((way.way, one.official.login, one.cause.source))
        )
        monkeypatch.setitem(WAYS, code, fake)
    return taken


def raises(boris, ref=ALERT, severity="5", **stated):
    """Have Boris raise an alert with us, and receipt it."""
    head = {"instrument": "charter", "table": library()["charter"].digest, "requested": "aa"}
    boris.does(
        "alert.incident.raised",
        ref,
        stated={**head, "severity": severity, **stated},
        payload={"title": "Secret title", "language": "en", "fields": {"what_happens": "secret words"}},
    )
    receipt()


def receipt():
    """Sign for what they sent."""
    for log in queries.their_logs(CHANNEL):
        mirroring.give(log)


def send_all(after=timedelta()):
    """Send what waits by every way, as the loop does."""
    for way in WAYS:
        while outbox.send(way, timezone.now() + after):
            pass
