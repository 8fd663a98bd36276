"""Lines to counterparts call officers: refused and silent are two things, and each calls once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from comity_node.duty import looking
from comity_node.duty.models import Sending
from comity_node.wire import reports
from comity_node.wire.models import LineReport
from comity_node.wire.queries import last_words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("on_duty")]


@pytest.fixture(autouse=True)
def reported_at_once(monkeypatch):
    """Every word about a line is noted, however short the time."""
    monkeypatch.setattr(reports, "_EVERY", 0.0)
    looking.look(timezone.now(), [])


def called(minutes):
    """Look after so many minutes; the sources of all that officers were called for up to then."""
    looking.look(timezone.now() + timedelta(minutes=minutes), last_words())
    return list(Sending.objects.filter(by_way="page").order_by("pk").values_list("cause__source", flat=True))


def test_a_silent_line_calls_once():
    """Until it is heard again: then its next silence is another."""
    reports.report("bb", answered=True, because="")
    first = [called(minutes) for minutes in (14, 16, 17, 18)]
    reports.report("bb", answered=True, because="")

    assert [[], ["silent"], ["silent"], ["silent"]] == first
    assert ["silent", "silent"] == called(40)


def test_a_counterpart_that_varies_its_words_calls_once_a_day():
    """The words of a refusal are the counterpart's own: with each new one it could wake an officer."""
    for minute in range(1, 6):
        reports.report("bb", answered=True, because=f"bb refused it (400): reason {minute}")
        called(minute)
    reports.report("cc", answered=True, because="cc refused it (400): reason 1")

    assert ["refused", "refused"] == called(6)


def test_a_counterpart_that_does_not_answer_has_refused_nothing():
    """Whoever is told of a refusal looks for a delivery that was refused; here the line is down."""
    reports.report("bb", answered=True, because="bb refused it (400): no reason given")
    reports.report("bb", answered=False, because="bb did not answer at http://bb.test: TimeoutError")

    assert [[], ["silent"]] == [called(minutes) for minutes in (5, 16)]


def test_a_line_that_never_worked_is_silent_since_it_was_first_tried():
    """Whom we never reach we send nothing: an officer hears of that once, not of every trial."""
    reports.report("bb", answered=False, because="bb did not answer at http://bb.test: TimeoutError")
    LineReport.objects.update(first_tried_at=timezone.now())
    looks = [called(minutes) for minutes in (14, 16)]
    reports.report("bb", answered=False, because="bb did not answer at http://bb.test: OSError")

    assert [[], ["silent"]] == looks
    assert ["silent"] == called(60)
