"""What our entries are dated by, and what is said of dates that cannot be right."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from comity_node.register import dating, queries, services
from comity_node.register.acts import Act, Capacity
from comity_node.register.describing import describe
from tests.node.counterpart import CHANNEL, open_channel

pytestmark = pytest.mark.django_db


def says(ref: str):
    """Put an entry on our log; when it says it was made."""
    act = Act(channel=CHANNEL, kind="note.sent", ref=ref)
    written = services.append(act, by=Capacity("ministry", "case officer"))
    return queries.entry(written).entry.authored_at


@pytest.fixture
def boris(monkeypatch):
    """A counterpart; notes are judged by no table here."""
    monkeypatch.setattr(services.rooms, "verdicts", lambda acts, party: [])
    return open_channel()


def test_an_answer_is_not_dated_before_what_it_follows(boris) -> None:
    """Two honest clocks differ by seconds: in court, an answer before its question reads like a lie."""
    at = (timezone.now() + timedelta(seconds=30)).replace(microsecond=0)
    boris.does("note.sent", "bb-1", at=at)

    assert at == says("aa-1")


@pytest.mark.parametrize("ahead", [timedelta(minutes=2), timedelta(days=400)])
def test_nobody_drags_our_dates_along(boris, ahead) -> None:
    """A counterpart that lies about time must not make us lie with it."""
    boris.does("note.sent", "bb-1", at=timezone.now() + ahead)

    assert abs(says("aa-1") - timezone.now()) < timedelta(seconds=5)


def test_our_own_clock_set_back_a_little_does_not_turn_our_record_round(boris, monkeypatch) -> None:
    """A time service steps a clock: what we sign next must not be dated before what we signed last."""
    before = says("aa-1")
    now = timezone.now()
    monkeypatch.setattr(services.timezone, "now", lambda: now - timedelta(seconds=20))

    assert says("aa-2") >= before


def test_an_entry_dated_ahead_is_received_receipted_and_shown_as_such(boris) -> None:
    """It was sent, and nothing of it is lost; its reader must see that the date cannot be right."""
    boris.does("note.sent", "bb-1", at=timezone.now() + timedelta(days=3, hours=1))
    boris.does("note.sent", "bb-2", at=timezone.now() + timedelta(hours=23))

    remarks = [one.remark for one in describe(CHANNEL, queries.entries(CHANNEL, prefix="note."))]

    assert "dated 3 days after it came here" in remarks[0]
    assert not remarks[1]
    assert 0 == len(dating.counted())
