"""The roster: who keeps it, who takes over, what is handed over, and when nobody is there."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from comity_node.duty import queries, services
from comity_node.duty.errors import NoSuchShift, UnfitShift, UnfitWay
from comity_node.duty.models import HandOver, ReadNote, Shift
from comity_node.officials.errors import NotEmpowered
from comity_node.officials.models import Journal
from tests.node.duty.conftest import HOUR

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    """The present."""
    return timezone.now()


def served(order=1):
    """Who is on duty now in an order."""
    return [one.official.login for one in queries.on_duty(timezone.now()) if one.order == order]


def test_coordinators_and_administrators_keep_the_roster(dora, clara, hire, now):
    """And the operator at the console; nobody else."""
    keepers = [clara, hire("adam", "administrator"), None]
    for n, by in enumerate(keepers):
        services.add(dora, begins=now + n * HOUR, ends=now + (n + 1) * HOUR, order=1, by=by)

    with pytest.raises(NotEmpowered):
        services.add(dora, begins=now + 9 * HOUR, ends=now + 10 * HOUR, order=1, by=dora)
    with pytest.raises(NotEmpowered):
        services.remove(Shift.objects.first().pk, by=dora)
    assert 3 == Journal.objects.filter(did="roster.added").count()


@pytest.mark.parametrize(
    ("begins", "ends", "because"),
    [
        (2, 1, "ends before it begins"),
        (-3, -2, "over already"),
        (1, 24 * 15, "longer than 14 days"),
        (24 * 401, 24 * 401 + 1, "more than 400 days ahead"),
    ],
)
def test_a_shift_that_cannot_be_served_is_refused(dora, now, begins, ends, because):
    """A date mistyped by a year would be a gap that nobody sees."""
    with pytest.raises(UnfitShift, match=because):
        services.add(dora, begins=now + begins * HOUR, ends=now + ends * HOUR, order=1)


def test_nobody_is_on_duty_twice_and_no_order_is_held_by_two(dora, anna, hire, now):
    """Whoever reads the roster must see one name at a time."""
    services.add(dora, begins=now, ends=now + 8 * HOUR, order=1)

    for official, order, because in (
        (dora, 2, "dora is on duty then already"),
        (anna, 1, "somebody else"),
        (hire("otto", "analyst"), 3, "otto does not serve"),
    ):
        with pytest.raises(UnfitShift, match=because):
            services.add(official, begins=now + HOUR, ends=now + 2 * HOUR, order=order)


def test_taking_over_leaves_no_gap_and_no_second(dora, anna, now):
    """At three in the morning nobody can be asked first; what was served stays in the roster."""
    services.add(dora, begins=now - HOUR, ends=now + 5 * HOUR, order=1)
    taken = services.take_over(by=anna)

    assert ["anna"] == served()
    assert abs(taken.ends - now - 5 * HOUR) < timedelta(seconds=5)
    assert Shift.objects.get(official=dora).ends <= timezone.now()
    with pytest.raises(UnfitShift, match="on duty already"):
        services.take_over(by=anna)


def test_taking_over_an_empty_roster_lasts_until_the_next_shift(dora, anna, hire, now):
    """Or eight hours; an analyst takes over nothing."""
    services.add(dora, begins=now + 2 * HOUR, ends=now + 5 * HOUR, order=1)
    taken = services.take_over(by=anna)

    assert now + 2 * HOUR == taken.ends
    with pytest.raises(NotEmpowered):
        services.take_over(by=hire("otto", "analyst"))


def test_two_officers_swap_their_shifts(dora, anna, hire, now):
    """One of them is enough to do it; a third is not."""
    one = services.add(dora, begins=now, ends=now + HOUR, order=1)
    other = services.add(anna, begins=now + 8 * HOUR, ends=now + 9 * HOUR, order=2)
    with pytest.raises(NotEmpowered):
        services.swap(one.pk, other.pk, by=hire("emil", "case officer"))
    services.swap(one.pk, other.pk, by=dora)

    assert [("anna", 1), ("dora", 2)] == [(one.official.login, one.order) for one in Shift.objects.all()]
    with pytest.raises(NoSuchShift):
        services.swap(one.pk, other.pk, by=dora)


def test_a_swap_that_would_double_somebody_changes_nothing(dora, anna, now):
    """All of it, or none."""
    one = services.add(dora, begins=now, ends=now + 2 * HOUR, order=1)
    services.add(anna, begins=now + HOUR, ends=now + 3 * HOUR, order=2)
    later = services.add(anna, begins=now + 8 * HOUR, ends=now + 9 * HOUR, order=1)
    with pytest.raises(UnfitShift), transaction.atomic():
        services.swap(one.pk, later.pk, by=dora)

    assert 3 == Shift.objects.count()
    assert ["dora"] == served()


def test_gaps_show_only_where_a_roster_is_kept(dora, now):
    """A node without one says that everybody is called; it does not list a week of gaps."""
    assert [] == queries.open_gaps(now, now + 24 * HOUR)
    services.add(dora, begins=now + HOUR, ends=now + 2 * HOUR, order=3)

    found = [(one.begins, one.ends) for one in queries.open_gaps(now, now + 4 * HOUR)]
    assert [(now, now + HOUR), (now + 2 * HOUR, now + 4 * HOUR)] == found


def test_what_was_handed_over_stays_as_it_was_written(dora, anna):
    """Afterwards somebody will ask what the incoming officer was told."""
    note = services.hand_over("The line to bb was silent twice.", by=dora, to=anna)
    services.read(note, by=anna)
    services.read(note, by=anna)
    services.hand_over("Nobody has read this.", by=dora)

    for change in (
        lambda: HandOver.objects.update(text="nothing happened"),
        lambda: HandOver.objects.filter(readings=None).delete(),
        lambda: ReadNote.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()
    assert 1 == ReadNote.objects.count()


def test_a_note_waits_for_whom_it_is_meant(dora, anna, hire):
    """Whoever comes next: until one of them has read it. A named officer: until they have."""
    emil = hire("emil", "case officer")
    anybody = services.hand_over("To whoever comes next", by=dora)
    services.hand_over("To Emil", by=dora, to=emil)
    before = [len(queries.unread(one)) for one in (dora, anna, emil)]
    services.read(anybody, by=anna)

    assert [0, 1, 2] == before
    assert [0, 0, 1] == [len(queries.unread(one)) for one in (dora, anna, emil)]


@pytest.mark.parametrize("text", ["", "  \n", "x" * (services.LONGEST_NOTE + 1)])
def test_a_note_says_something_and_not_too_much(dora, text):
    """An empty one would be marked as read, and prove nothing."""
    with pytest.raises(UnfitShift, match="1 to 4000 characters"):
        services.hand_over(text, by=dora)


def test_quiet_hours_have_a_beginning_and_an_end(dora, now):
    """With one of them they would last for ever, or never be."""
    with pytest.raises(UnfitWay, match="a beginning and an end"):
        services.wish(dora, quiet_from=now.time(), quiet_until=None, sound=True)
