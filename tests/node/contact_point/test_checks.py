"""Checks of both sides: the node answers for itself and for nobody else, and none of it is a case."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from comity.entries import decode
from comity.errors import MalformedEntry
from comity_node.api import noticing
from comity_node.assistance.models import Request
from comity_node.contact_point import checking, queries, services
from comity_node.contact_point.models import ContactCheck
from comity_node.officials import services as officials
from comity_node.register import mirroring, rebuilding
from comity_node.register import queries as register
from tests.node.contact_point.conftest import NODE, asks, lists, opens
from tests.node.counterpart import CHANNEL

pytestmark = pytest.mark.django_db


@pytest.fixture
def weekly(settings):
    """A node that asks by itself once a week."""
    settings.NODE = replace(settings.NODE, check_days=7)


def we_receipt():
    """Sign for what we hold of Boris's log, as the wire does with every delivery."""
    (theirs,) = register.their_logs(CHANNEL)
    mirroring.give(theirs)


def entries(kind):
    """The entries of a kind on our log."""
    return [one.entry for one in register.entries(CHANNEL, kinds=[kind]) if one.ours]


def test_the_node_answers_for_itself_and_says_that_it_did(boris):
    """No official has read it, and the entry does not pretend that one has."""
    asks(boris)

    assert 1 == checking.answer(timezone.now())
    assert 0 == checking.answer(timezone.now())
    (said,) = entries("contact.check.answered_by_node")
    assert ("node", "node", None) == (said.by.office, said.by.capacity, said.by.second)
    found = ContactCheck.objects.get(ref="bb-check-1")
    assert ("answered", True, True) == (found.state, found.by_node, found.final)
    assert found.seconds is None
    boris.receipts()
    assert 0 <= ContactCheck.objects.get(ref="bb-check-1").seconds < 60


@pytest.mark.parametrize("sort", ["human", "formal"])
def test_what_is_asked_of_people_waits_for_people(boris, anna, sort):
    """Their node answering for them would measure nothing."""
    asks(boris, sort=sort)

    assert 0 == checking.answer(timezone.now())
    assert ["bb-check-1"] == [one.ref for one in queries.of_us(now=timezone.now())]
    officials.prepare(services.on_check(CHANNEL, "bb-check-1", "answered"), by=anna)
    assert "answered" == ContactCheck.objects.get(ref="bb-check-1").state
    assert [] == queries.of_us(now=timezone.now())


def test_a_node_that_claims_to_answer_for_people_has_no_effect(boris, anna):
    """The table says so, on both sides."""
    officials.prepare(services.asking(CHANNEL, sort="human", at_kind="technical"), by=anna)
    boris.does("contact.check.answered_by_node", "aa-check-1", by=NODE)

    assert "asked" == ContactCheck.objects.get(ref="aa-check-1").state


def test_who_asks_without_end_is_answered_so_often_a_day(boris, settings):
    """Each answer is an entry of ours for good: a flood does not fill our log."""
    settings.NODE = replace(settings.NODE, limits=replace(settings.NODE.limits, contact_checks=3))
    for number in range(1, 6):
        asks(boris, f"bb-check-{number}")

    assert 3 == checking.answer(timezone.now())
    assert 0 == checking.answer(timezone.now())
    assert (0, 2) == (checking.left(timezone.now()), checking.left(timezone.now() + timedelta(hours=1)))


def test_the_node_asks_once_a_week_and_never_two_at_once(boris, weekly):
    """A check under way is waited for, answered or missed."""
    now = timezone.now()

    assert [1, 0, 0] == [checking.ask(now + timedelta(days=days)) for days in (0, 1, 8)]
    boris.does("contact.check.answered_by_node", "aa-check-1", by=NODE)
    assert [0, 1] == [checking.ask(now + timedelta(days=days)) for days in (6, 8)]


def test_a_node_asks_nothing_by_itself_unless_it_is_told_to(boris):
    """Exercises, demonstrations and tests hold what their people wrote."""
    assert 0 == checking.ask(timezone.now())


def test_the_answer_is_measured_by_our_clock_on_both_ends(boris, anna):
    """From our entry's time to our receipt for the answer: the other side's clock is not asked."""
    officials.prepare(services.asking(CHANNEL, sort="human", at_kind="always_on"), by=anna)
    wrong = timezone.now() + timedelta(hours=5)
    boris.does("contact.check.answered", "aa-check-1", at=wrong)
    we_receipt()

    found = ContactCheck.objects.get(ref="aa-check-1")
    assert 0 <= found.seconds < 60
    assert found.answered_at > timezone.now() + timedelta(hours=4)


def test_what_nobody_answers_is_missed_after_its_time_and_its_owner_sees_it(boris):
    """Asked two days ago in their log, and still open: a task of ours, which the record names."""
    asks(boris, sort="human", at=timezone.now() - timedelta(days=3))
    we_receipt()
    boris.does("contact.check.missed", "bb-check-1", stated={"sort": "human"}, by=NODE)
    early = ContactCheck.objects.get(ref="bb-check-1")

    # Our receipt is what starts their clock: what reached us just now was not missed, whatever they date it.
    assert "asked" == early.state


def test_our_node_says_what_was_missed_and_only_when_its_time_is_over(boris, anna, monkeypatch):
    """It holds no answer, and says so; whoever owns the point explains or answers."""
    officials.prepare(services.asking(CHANNEL, sort="human", at_kind="technical"), by=anna)
    boris.receipts()
    later = timezone.now() + timedelta(days=2)

    assert 0 == checking.miss(timezone.now())
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert 1 == checking.miss(later)
    assert "missed" == ContactCheck.objects.get(ref="aa-check-1").state
    boris.does(
        "contact.check.explained", "aa-check-1", stated={"cause": "line_down"}, payload={"text": "Storm."}
    )
    found = ContactCheck.objects.get(ref="aa-check-1")
    assert ("explained", "line_down", None) == (found.state, found.cause, found.seconds)


def test_a_check_is_no_request_and_is_counted_with_none(boris, anna):
    """Neither in the list of requests, nor on the desk among them, nor in the figures."""
    from comity.reciprocity.figures import Extent  # noqa: PLC0415 - for this test alone
    from comity_node.register import reckoning  # noqa: PLC0415 - as above

    asks(boris, sort="human")
    officials.prepare(services.asking(CHANNEL, sort="human", at_kind="technical"), by=anna)

    assert 0 == Request.objects.count()
    assert () == reckoning.counted(CHANNEL, Extent(as_of=timezone.now())).lines


def test_case_systems_are_not_told_of_checks_as_of_something_received(boris):
    """What wakes people elsewhere must not be woken by a check."""
    asks(boris, sort="human")
    boris.does("contact.point.doubted", "aa-point-9", stated={"tried": "email"}, payload={"text": "x"})
    (theirs,) = register.their_logs(CHANNEL)

    told = {one.entry.kind: event for event, one in noticing._of_log(theirs)}
    assert ("", "entry.received") == (told["contact.check.asked"], told["contact.point.doubted"])


def test_a_hostile_check_is_kept_and_has_no_effect(boris):
    """Whatever it states: the entry stands, marked, and nothing is projected of it."""
    boris.does(
        "contact.check.asked", "bb-check-1", stated=opens(sort="urgent", announced="no", at_kind="technical")
    )
    boris.does("contact.check.asked", "bb-check-2", stated={"sort": "automatic"})
    boris.does("contact.check.answered", "bb-check-9")

    assert 0 == ContactCheck.objects.count()
    assert 0 == checking.answer(timezone.now())
    assert "bb-check-1" == decode(boris.leaves[1]).ref


def test_rebuilding_gives_the_same_checks_to_the_byte(boris, anna):
    """They are projections of the record and of nothing else."""
    asks(boris)
    checking.answer(timezone.now())
    officials.prepare(services.asking(CHANNEL, sort="human", at_kind="technical"), by=anna)
    boris.does("contact.check.answered", "aa-check-1")
    boris.receipts()

    before, after = rebuilding.rebuild()
    assert before == after


def test_no_reference_of_theirs_ends_the_checks_of_our_node(boris, weekly):
    """One check of theirs under a number of ours made the next of ours no reference, for good."""
    for ref in (f"aa-check-{'9' * 55}", "aa-check-1", "aa-check-999999999"):
        asks(boris, ref)
    lists(boris, "aa-point-1")

    assert 1 == checking.ask(timezone.now())
    assert ["aa-check-2"] == [one.ref for one in ContactCheck.objects.filter(asker="aa")]
    assert "aa-point-2" == queries.next_number("point")
    assert "aa-point-3" == queries.next_number("point", besides={"aa-point-2"})


def test_a_check_that_cannot_be_written_holds_up_no_other(boris, weekly, monkeypatch):
    """Whatever one channel makes of it, the others are checked."""

    def refused(*_args, **_named):
        raise MalformedEntry("nothing was written")

    monkeypatch.setattr(checking.register, "append", refused)

    assert 0 == checking.ask(timezone.now())
