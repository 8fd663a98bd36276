"""Other clocks as they were read off exchanges, and the word about our own before anything is signed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from comity.skew import Reading
from comity_node.counterparts import clocks, queries
from comity_node.counterparts.models import ClockSeen

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _afresh(monkeypatch):
    """Nothing was read before, and every reading is written."""
    monkeypatch.setattr(clocks, "_recent", {})
    monkeypatch.setattr(clocks, "_written", {})
    monkeypatch.setattr(clocks, "_EVERY", 0.0)


def test_one_slow_answer_does_not_move_what_is_said_of_a_clock() -> None:
    """An exchange that took ten seconds says little; the middle of many says much."""
    for ahead in (0.2, 0.1, 30.0, 0.3, 0.2):
        clocks.note("bb", Reading(ahead, 0.1))

    seen = clocks.clock("bb")
    assert (0.2, 0.2, False) == (seen.ahead, seen.typical, seen.is_off)


def test_what_was_read_is_known_after_the_node_was_started_again(monkeypatch) -> None:
    """A restart must not make one reading the whole truth."""
    for _ in range(5):
        clocks.note("bb", Reading(120.0, 0.1))
    monkeypatch.setattr(clocks, "_recent", {})
    clocks.note("bb", Reading(0.0, 0.1))

    assert (0.0, 120.0, True) == (
        clocks.clock("bb").ahead,
        clocks.clock("bb").typical,
        clocks.clock("bb").is_off,
    )


def test_no_more_is_kept_than_says_something_about_today() -> None:
    """A counterpart may be called every five seconds for years."""
    for place in range(100):
        clocks.note("bb", Reading(float(place), 0.1))

    assert (31, 69.0) == (len(ClockSeen.objects.get().recent), ClockSeen.objects.get().recent[0])


def test_our_clock_is_off_where_every_counterpart_and_witness_says_so() -> None:
    """Then it is ours, and officers are told before they sign; one that agrees with ours clears it."""
    clocks.note("bb", Reading(600.0, 0.1))
    clocks.note("x-witness.comity/witness", Reading(590.0, 0.5))
    assert 590.0 == clocks.ours_is_behind(clocks.clocks())

    clocks.note("cc", Reading(0.5, 0.1))
    assert clocks.ours_is_behind(clocks.clocks()) is None


def test_a_clock_not_read_for_a_day_says_nothing_of_ours() -> None:
    """Ours may have been set since."""
    clocks.note("bb", Reading(600.0, 0.1))
    ClockSeen.objects.update(read_at=timezone.now() - timedelta(days=2))

    assert (None, 1) == (clocks.ours_is_behind(clocks.clocks()), ClockSeen.objects.count())


def test_desk_and_confirmation_warn_of_our_clock_and_name_whose_else_is_off(hire, browser) -> None:
    """What is signed bears the time for good: who signs must know before."""
    from tests.node.counterpart import open_channel  # noqa: PLC0415 - Django is not set up earlier
    from tests.node.wire.posting import confirm  # noqa: PLC0415 - as above

    anna = hire("anna", "coordinator", "case officer")
    boris = open_channel()
    confirm(boris.keys, anna)
    clocks.note("bb", Reading(600.0, 0.1))

    page = browser(anna).get("/").content.decode()
    assert "10 minutes behind every other it knows" in page
    address = reverse("counterparts:passport", args=[queries.counterpart("bb").passport_id])
    assert "Their clock is 10 minutes ahead of ours" in browser(anna).get(address).content.decode()
