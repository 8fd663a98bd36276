"""A talk in a channel of many: with everybody who is in it, each with marks of its own."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest

from comity_node.register import models
from comity_node.register.services import open_log
from comity_node.talk import pages, queries, services
from tests.node.counterpart import CHANNEL, Counterpart

pytestmark = pytest.mark.django_db


def test_a_message_of_a_talk_of_many_has_the_marks_of_each(boris, anna, same_again):
    """Received by one and opened there says nothing of another."""
    third = Counterpart("cc", CHANNEL)
    open_log(replace(third.seat(), many=True))
    models.Log.objects.filter(channel=CHANNEL).update(many=True, place=models.Log.Place.MEMBER)
    act = services.opening(CHANNEL, title="All of us", about="operation")
    services.sign(act, shown=act.digest(), by=anna)
    row = queries.talk(CHANNEL, act.ref)
    entry = services.say(row, "Is everybody there?", by=anna)

    boris.receipts()
    boris.does("talk.room.read", act.ref, stated={"up_to": [str(entry)]})
    boris.does("talk.room.said", act.ref, payload={"text": "Here"})

    row = queries.talk(CHANNEL, act.ref)
    shown = pages.shown(row, queries.window(row).lines)
    assert ["aa", "bb", "cc"] == row.parties
    assert ["Is everybody there?", "Here"] == [one.line.text for one in shown[1:]]
    marks = {one.party: one for one in shown[1].marks}
    assert marks["bb"].received_at
    assert marks["bb"].opened_at
    assert (None, None) == (marks["cc"].received_at, marks["cc"].opened_at)
    assert same_again()


@pytest.mark.parametrize(
    ("between", "waits"), [(("aa", "bb"), True), (("aa", "cc"), True), (("bb", "cc"), False)]
)
def test_a_talk_is_said_to_wait_where_it_is_between_those_who_suspended(
    boris, anna, monkeypatch, between, waits
):
    """What two others suspended between them keeps nobody here from being heard."""
    act = services.opening(CHANNEL, title="All of us", about="operation")
    services.sign(act, shown=act.digest(), by=anna)
    row = queries.talk(CHANNEL, act.ref)
    row.parties = ["aa", "bb", "cc"]
    one = SimpleNamespace(topics=frozenset({"talk"}), parties=frozenset(between))
    life = SimpleNamespace(suspensions=SimpleNamespace(in_force=lambda: (one,)))
    monkeypatch.setattr(pages.standings, "life", lambda _channel: life)

    assert waits is pages.page(row, anna, {})["suspended"]
