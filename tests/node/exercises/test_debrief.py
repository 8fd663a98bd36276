"""What became of an exercise is read from the record; what was expected only once the script is on it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse

from comity_node.assistance import services
from comity_node.assistance.models import Request
from comity_node.exercises import gathering, page
from comity_node.register import standings
from comity_node.register.rebuilding import rebuild
from tests.node.counterpart import CHANNEL, open_channel
from tests.node.exercises.conftest import ALERT, EXERCISE, HEAD, SCRIPT, announces, ends, receipted

NEVER = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)


@pytest.fixture
def here():
    """The address of the debrief."""
    return reverse("exercises:debrief", args=[CHANNEL])


def test_before_the_end_there_is_a_line_of_time_and_nothing_of_what_is_expected(
    browser, anna, announced, here
):
    """Who is trained does not read what is expected."""
    page = browser(anna).get(here)

    assert 200 == page.status_code
    assert page.context["exercise"]["expectations"] is None
    assert ["Alert raised"] == [one["what"] for one in page.context["exercise"]["timeline"]]
    assert "A short alert" not in page.content.decode()


def test_after_the_end_each_expectation_is_met_late_or_missed(browser, anna, announced, here):
    """And each line leads to its entry."""
    services.act(channel=CHANNEL, ref=ALERT, act_name="acknowledged", by=anna)
    ends(announced)
    page = browser(anna).get(here)
    (expected,) = page.context["exercise"]["expectations"]

    assert page.context["exercise"]["holds"]
    assert "met" == str(expected["standing"])
    assert expected["href"] in page.content.decode()
    assert ["grows", "grows-again", "told"] == page.context["exercise"]["not_played"]


def test_another_script_than_the_one_announced_is_said_to_be_another(browser, anna, announced, here):
    """Nobody can fit what was expected to what happened."""
    ends(announced, SCRIPT.replace(b"Acknowledge in time", b"Acknowledge at all "))
    page = browser(anna).get(here)

    assert page.context["exercise"]["holds"] is False
    assert page.context["exercise"]["expectations"] is None
    assert "its digest is another" in page.content.decode()


@pytest.mark.parametrize("speed", ["0", "-3", "nan", "inf", "1e999", "fast", "3601", "1e-300", "0.009"])
def test_a_speed_that_makes_no_sense_is_read_as_one(boris, speed):
    """A counterpart writes what it likes there."""
    announces(boris, speed=speed)

    assert 1 == gathering.gathered(CHANNEL).speed


@pytest.mark.parametrize("speed", ["1e-300", "0.01", "3600"])
def test_whatever_speed_and_day_its_leader_writes_it_can_be_read(browser, anna, boris, here, speed):
    """A speed next to none and an act of the last day there is keep nobody from the debrief."""
    announces(boris, speed=speed, at=NEVER)
    services.act(channel=CHANNEL, ref=ALERT, act_name="acknowledged", by=anna)
    ends(boris)
    page = browser(anna).get(here)
    files = browser(anna).get(reverse("exercises:export", args=[CHANNEL, "json"]))

    assert (200, 200) == (page.status_code, files.status_code)
    assert 1 == len(page.context["exercise"]["expectations"])
    assert b"9999-12-31" in b"".join(files.streaming_content)


def test_an_answer_dated_the_last_day_there_is_is_late_by_as_much_as_can_be_said():
    """In the time of a fast script it would be later than any span of time can say."""
    assert timedelta.max - timedelta(days=1) < page._of_the_script(251_000_000_000, 3_600.0)


def test_an_export_says_the_same_row_by_row(browser, anna, announced):
    """For a spreadsheet, and for a program."""
    ends(announced)
    address = reverse("exercises:export", args=[CHANNEL, "json"])
    found = json.loads(b"".join(browser(anna).get(address).streaming_content))
    (rows,) = found.values()

    assert {"act", "expectation", "clock"} == {one["sort"] for one in rows}
    assert 404 == browser(anna).get(reverse("exercises:export", args=[CHANNEL, "xml"])).status_code


def test_where_no_exercise_was_announced_there_is_no_page(browser, anna, boris, here):
    """As for whoever may not read."""
    assert 404 == browser(anna).get(here).status_code


def test_in_a_channel_where_all_is_meant_no_exercise_is_announced_nor_read(browser, hire, db, here):
    """What a counterpart announces there makes nothing of it practice."""
    announces(open_channel(meant=True))
    ways = [one.table.procedure.id for one in services.ways(CHANNEL)]

    assert "exercise" not in ways
    assert "alert" in ways
    assert 404 == browser(hire("anna", "duty officer")).get(here).status_code


def test_exercises_are_listed_and_who_may_not_read_finds_none(browser, anna, announced, hire):
    """The list leads to the debrief."""
    address = reverse("exercises:list")

    assert EXERCISE in browser(anna).get(address).content.decode()
    assert 404 == browser(hire("adam", "administrator")).get(address).status_code


def test_a_flagged_alert_says_exercise_on_every_page_and_is_rebuilt_so(browser, anna, db):
    """In a channel where everything else is meant."""
    boris = open_channel(meant=True)
    boris.does("alert.incident.raised", ALERT, stated={**HEAD, "severity": "5", "exercise": "yes"})
    boris.does("alert.incident.raised", "bb-2026-0003", stated={**HEAD, "severity": "5"})
    receipted()
    assert Request.objects.get(ref=ALERT).exercise
    before, after = rebuild()

    assert before == after
    for ref, flagged in ((ALERT, True), ("bb-2026-0003", False)):
        pages = [
            reverse("alerts:alert", args=[CHANNEL, ref]),
            reverse("assistance:request", args=[CHANNEL, ref]),
            reverse("assistance:act", args=[CHANNEL, ref, "acknowledged"]),
            reverse("web:entry", args=["bb", CHANNEL, 1 if flagged else 2]),
            reverse("assistance:chronology", args=[CHANNEL, ref]),
        ]
        for address in pages:
            said = 'class="exercise"' in browser(anna).get(address, follow=True).content.decode()
            assert flagged is said, address


def test_what_a_counterpart_writes_under_our_reference_makes_no_exercise_of_it(anna, db):
    """Nor does anything but the act that opened it."""
    boris = open_channel(meant=True)
    boris.does("alert.incident.raised", "aa-2026-0009", stated={**HEAD, "severity": "5", "exercise": "yes"})

    assert not standings.exercised(CHANNEL, "aa-2026-0009")
