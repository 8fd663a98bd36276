"""The stream of an open page: told of calls without a word of them, and ended with its reader's session."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from comity_node.officials import people
from comity_node.register import calls, growth, news
from comity_node.register.calls import Call
from comity_node.web import live, readings
from tests.node.counterpart import CHANNEL, open_channel

pytestmark = pytest.mark.django_db


@pytest.fixture
def stream(browser, hire, monkeypatch):
    """Dora's stream, in a node that looks at once."""
    monkeypatch.setattr(live, "_HEARTBEAT", 0.01)
    monkeypatch.setattr(live.connection, "close", lambda: None)
    dora = hire("dora", "duty officer")
    opened = browser(dora).get("/live")
    yield dora, iter(opened)
    opened.close()


def until(events, name, most=20):
    """Read until an event of this name; it, or nothing."""
    return next((one for one in (next(events, b"") for _ in range(most)) if name in one), b"")


def test_a_page_is_told_that_its_official_is_called(stream):
    """And nothing else: it asks for the rest under their rights."""
    _dora, events = stream
    next(events)
    calls.call(Call(source="talk", key="1", channel="c" * 16, ref="bb-2026-0001"))

    assert b"event: call\ndata: {}\n\n" == until(events, b"call")


def test_a_page_hears_that_the_node_is_there(stream):
    """A machine that woke from sleep holds a connection nobody is at the other end of: silence tells it."""
    _dora, events = stream

    assert b"event: still" in until(events, b"still")


@pytest.mark.parametrize("ends", ["session", "suspended"])
def test_a_stream_ends_with_the_session_of_its_reader(stream, ends):
    """Whoever is signed out, or suspended, hears no more references pass by."""
    dora, events = stream
    next(events)
    if ends == "session":
        Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    else:
        people.suspend(dora.login)
        Session.objects.all().delete()

    assert b"event: ended" in until(events, b"ended")
    assert b"" == next(events, b"")
    assert not news.has_ended()


@pytest.fixture
def page(browser, hire, monkeypatch):
    """Dora's browser, and from where on its open page listens; in a node that looks at once."""
    monkeypatch.setattr(live, "_HEARTBEAT", 0.01)
    monkeypatch.setattr(live.connection, "close", lambda: None)
    client = browser(hire("dora", "duty officer"))

    def opened():
        said = client.get("/").content.decode()
        return said.split('data-live-url="')[1].split('"', maxsplit=1)[0]

    return client, opened


def test_what_comes_between_the_making_of_a_page_and_its_listening_is_told(page):
    """Nobody looks again at a page that says it is up to date."""
    client, opened = page
    boris = open_channel()
    time.sleep(0.3)  # what was stored while the page was made up is told as well
    listens_at = opened()
    boris.does("assistance.request.lodged", "bb-2026-0001")
    calls.call(Call(source="talk", key="1", channel=CHANNEL, ref="bb-2026-0001"))

    stream = client.get(listens_at)
    said = [next(iter(stream), b"") for _ in range(8)]
    stream.close()

    assert any(b"event: entry" in one and b"bb-2026-0001" in one for one in said)
    assert b"event: call\ndata: {}\n\n" in said
    assert not any(b"channel.accepted" in one for one in said)


@pytest.mark.parametrize("since", ["", "x", "1", "9" * 14, "9" * 5000, "-1"])
def test_a_page_that_says_nothing_sensible_listens_from_now_on(page, since):
    """A page kept for hours asks for everything anew; it is not told all that passed by."""
    client, _opened = page
    open_channel()

    stream = client.get(f"/live?since={since}")
    said = [next(iter(stream), b"") for _ in range(3)]
    stream.close()

    assert not any(b"event: entry" in one for one in said)


def test_one_word_has_the_record_read_once_for_all_pages(db, monkeypatch):
    """Two hundred pages wake at one word; each that read for itself would keep the others waiting."""
    asked = []
    monkeypatch.setattr(growth, "version", lambda: asked.append("version") or (7, 3))
    monkeypatch.setattr(growth, "between", lambda since, now: asked.append((since, now)) or [])
    monkeypatch.setattr(readings, "_last", None)

    for heard in (5, 5, 4):
        readings.read(heard, oldest=60).happened((6, 3))

    assert ["version", ((6, 3), (7, 3))] == asked
    readings.read(6, oldest=60)
    readings.read(6, oldest=-1)
    assert 3 == asked.count("version")


def test_a_page_that_knew_more_than_a_restored_node_hears_what_is_new(page):
    """Its browser says where it left off in a record that was since restored from a backup."""
    client, _opened = page
    boris = open_channel()

    stream = iter(client.get("/live", headers={"Last-Event-ID": f"{10**12}-{10**12}"}))
    next(stream)
    boris.does("assistance.request.lodged", "bb-2026-0001")

    assert b"bb-2026-0001" in until(stream, b"bb-2026-0001")
