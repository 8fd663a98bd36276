"""A counterpart that floods fills no mailbox, and takes nothing from what is grave, or of another party."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

from comity_node.duty import outbox, queries, services
from comity_node.duty.models import Sending
from comity_node.register import calls
from comity_node.register.calls import Call
from tests.node.counterpart import CHANNEL
from tests.node.duty.conftest import ALERT, send_all

pytestmark = pytest.mark.django_db
OFTEN = 9


@pytest.fixture(autouse=True)
def mailbox(on_duty, dora, mail, sent):
    """Dora, who is on duty, wants everything by mail."""
    services.add_way(dora, "mail", address="dora@aa.test", least_severity=0)


@pytest.fixture
def come():
    """Have so many things come from a party, and what waits sent; says how many mails that made."""
    numbers = iter(range(1000))

    def of(party, count=OFTEN, source="silent", **said):
        before = Sending.objects.filter(by_way="mail", state="sent").count()
        for _ in range(count):
            calls.call(Call(source=source, key=f"{next(numbers)}", party=party, **said))
        send_all()
        return Sending.objects.filter(by_way="mail", state="sent").count() - before

    return of


@pytest.fixture
def grave(come):
    """Have so many alerts of severity 4 come from a party."""
    return partial(come, source="alert", severity=4)


def test_too_many_in_an_hour_are_held_back(node, come):
    """The mailbox of an officer is not filled; the page shows them all."""
    node(hourly=3)

    assert [1, 1, 1, 0, 0] == [come(party, count=1) for party in ("bb", "cc", "dd", "ee", "ff")]
    assert 2 == Sending.objects.filter(state="held back").count()
    assert 5 == Sending.objects.filter(by_way="page").count()


def test_a_party_that_floods_leaves_the_hour_to_others(node, come):
    """Behind forty refusals of one counterpart the silence of another is heard of."""
    node(hourly=6)

    assert 2 == come("bb")
    assert 1 == come("cc", count=1)


def test_what_is_grave_passes_a_full_hour(node, come, grave):
    """An alert of the worst kind is not held back because a line was silent often."""
    node(hourly=3)
    full = [come(party, count=1) for party in ("bb", "cc", "dd", "ee")]

    assert [1, 1, 1, 0] == full
    assert 1 == grave("bb", count=1)
    assert 1 == come("bb", count=1, source="emergency")


def test_what_is_grave_takes_nothing_of_the_hour(node, come, grave):
    """A night of alerts hides no silent line."""
    node(hourly=3)
    grave("bb", count=4)

    assert 1 == come("bb", count=1)


def test_a_party_that_calls_everything_grave_is_held_back_too(node, grave):
    """It grades as it likes: beyond a larger bound its alerts stand on the page alone, as the desk says."""
    node(hourly=3)

    assert 6 == grave("bb")
    assert 3 == queries.given_up(timezone.now())
    assert OFTEN == Sending.objects.filter(by_way="page").count()
    assert 1 == grave("cc", count=1)


def test_what_was_held_back_takes_nothing_of_the_next_hour(node, come):
    """Nobody was sent it: an hour after the last message the next one goes."""
    node(hourly=3)
    come("bb")
    an_hour_ago = timezone.now() - timedelta(minutes=61)
    Sending.objects.filter(by_way="mail", state="sent").update(done_at=an_hour_ago, at=an_hour_ago)

    assert 1 == come("bb", count=1)


def test_what_was_overtaken_before_it_went_takes_nothing_of_the_hour(node, come):
    """Somebody saw to it first, and nobody was sent it."""
    node(hourly=3)
    for n in range(3):
        calls.call(Call(source="alert", key=f"a{n}", severity=3, channel=CHANNEL, ref=ALERT, party="bb"))
        outbox.overtake(CHANNEL, ALERT)

    assert {"overtaken"} == set(Sending.objects.filter(by_way="mail").values_list("state", flat=True))
    assert 1 == come("bb", count=1)


def test_what_waits_for_the_end_of_quiet_hours_is_counted(node, come, dora):
    """Or a whole night of it would come at seven, all at once."""
    node(hourly=6)
    now = timezone.now()
    around = [(now + timedelta(hours=hours)).time() for hours in (-1, 1)]
    services.wish(dora, quiet_from=around[0], quiet_until=around[1], sound=False)
    come("bb")
    Sending.objects.update(at=now - timedelta(hours=3))
    come("bb")

    assert 2 == Sending.objects.filter(state="waiting").count()
