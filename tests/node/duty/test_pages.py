"""Pages on the roster and on calls: whole without script, closed to whom they do not concern."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from comity_node.duty import services
from comity_node.duty.models import HandOver, Sending, Shift, Watch, Way, Wishes
from comity_node.register import calls, rooms
from comity_node.register.calls import Call
from tests.node.counterpart import CHANNEL
from tests.node.duty.conftest import ALERT, HOUR, raises
from tools.make_bell import BELL, bell

pytestmark = pytest.mark.django_db


def text(answer):
    """What a page says."""
    return answer.content.decode()


def test_the_roster_is_kept_by_a_form(clara, dora, browser):
    """In the node's hours; what does not fit is said beside the form, and what was typed is kept."""
    keeper = browser(clara)
    day = timezone.now().date() + timedelta(days=2)
    said = {"official": "dora", "begins": f"{day}T08:00", "ends": f"{day}T16:00", "order": "1"}

    kept = keeper.post("/duty/", said, follow=True)
    again = keeper.post("/duty/", said)

    assert "The shift stands in the roster." in text(kept)
    assert f"{day:%Y-%m-%d} 08:00" in text(kept)
    assert 422 == again.status_code
    assert "dora is on duty then already" in text(again)
    assert 1 == Shift.objects.count()


def test_hours_are_those_of_the_nodes_zone(clara, dora, browser, node):
    """An officer in Vienna writes eight and means eight in Vienna."""
    node(time_zone="Europe/Vienna")
    day = timezone.now().date() + timedelta(days=2)
    said = {"official": "dora", "begins": f"{day}T08:00", "ends": f"{day}T16:00", "order": "1"}
    page = text(browser(clara).post("/duty/", said, follow=True))

    assert 8 != Shift.objects.get().begins.hour
    assert "08:00" in page
    assert "Europe/Vienna" in page


@pytest.mark.parametrize(
    "week",
    ["", "2026-W10", "2026-W99", "x-W", "9999-W53", "9999-W52", "0001-W01", "-W-1", "2026-W1" + "9" * 50],
)
@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_any_week_can_be_asked_for(dora, on_duty, browser, node, week, zone):
    """What is none is this week, and beside the first and the last there are lies none: never a failure."""
    node(time_zone=zone)

    assert 200 == browser(dora).get("/duty/", {"week": week}).status_code


def test_officers_take_over_swap_and_hand_over_by_forms(dora, anna, on_duty, browser):
    """Everything of a night, without script."""
    officer = browser(anna)
    taken = officer.post("/duty/take-over/", {"order": "1"}, follow=True)
    handed = officer.post("/duty/notes/", {"text": "All is quiet.", "to": "dora"}, follow=True)
    note = HandOver.objects.get()
    read = browser(dora).post(f"/duty/notes/{note.pk}/read/", follow=True)
    wrong = [
        text(officer.post("/duty/shifts/999999/swap/", {"with": other}, follow=True))
        for other in ("-1", "9" * 5_000)
    ]

    assert "You are on duty from now on" in text(taken)
    assert "Handed over." in text(handed)
    assert "read by" in text(read)
    assert all("There is no such shift" in page for page in wrong)


def test_an_administrator_keeps_the_roster_and_is_called_for_nothing(hire, browser, dora, on_duty):
    """They do not read the record; their pages hold no call, and ask for none."""
    adam = browser(hire("adam", "administrator"))

    assert [200, 404, 404] == [adam.get(f"/duty/{path}").status_code for path in ("", "ways/", "calls/")]
    assert 'id="calls"' not in text(adam.get("/duty/"))


def test_the_desk_says_who_is_on_duty_and_what_failed(dora, on_duty, browser, boris):
    """Whoever comes on in the morning reads it first."""
    Way.objects.create(
        official=dora, way="mail", address="d@x.test", failures=2, last_error="550", failed_at=timezone.now()
    )
    raises(boris)
    page = text(browser(dora).get("/"))

    assert "On duty now" in page
    assert "Not reached:" in page
    assert "A new alert to us" in page
    assert "EXERCISE" in page


def test_an_alert_past_its_time_is_said_on_the_desk_and_its_next_steps_are_ready(
    boris, on_duty, dora, browser
):
    """Somebody has to telephone; what is put on record about it is filled in, and signed by nobody yet."""
    raises(boris)
    Watch.objects.update(begins=timezone.now() - HOUR, due_at=timezone.now() - timedelta(minutes=1))
    officer = browser(dora)
    page = text(officer.get(f"/alerts/{CHANNEL}/{ALERT}/"))
    form = officer.get(f"/requests/{CHANNEL}/{ALERT}/acts/passed_on/?level=coordinator")

    assert "telephone whoever should" in text(officer.get("/"))
    assert f"/requests/{CHANNEL}/{ALERT}/acts/passed_on/?level=coordinator" in page
    assert f"/duty/alerts/{CHANNEL}/{ALERT}/" in page
    assert 'value="coordinator" selected' in text(form) or 'value="coordinator"' in text(form)
    assert 200 == officer.get(f"/duty/alerts/{CHANNEL}/{ALERT}/").status_code
    assert 404 == officer.get(f"/duty/alerts/{CHANNEL}/nothing/").status_code


def test_nothing_is_suggested_of_what_nobody_watches(boris):
    """A request that is no alert has no such steps."""
    assert [] == rooms.suggestions(CHANNEL, "bb-2026-0001")


@pytest.mark.loopback
def test_how_one_is_called_is_kept_by_forms(dora, on_duty, mail, browser):
    """Quiet hours, sound, a mailbox and its threshold; what does not fit is said beside its form."""
    officer = browser(dora)
    kept = officer.post(
        "/duty/ways/wishes/", {"quiet_from": "22:00", "quiet_until": "07:00", "sound": "on"}, follow=True
    )
    half = officer.post("/duty/ways/wishes/", {"quiet_from": "22:00", "quiet_until": ""})
    added = officer.post(
        "/duty/ways/add/mail/", {"mail-address": "d@aa.test", "mail-least_severity": "4"}, follow=True
    )
    wrong = officer.post(
        "/duty/ways/add/webhook/", {"webhook-address": "https://10.0.0.1/", "webhook-least_severity": "4"}
    )
    none = officer.post("/duty/ways/add/pigeon/", {})
    tested = officer.post(f"/duty/ways/{Way.objects.get().pk}/test/", follow=True)

    assert "Kept." in text(kept)
    assert Wishes.objects.get().sound
    assert (422, 422, 404) == (half.status_code, wrong.status_code, none.status_code)
    assert "not public" in text(wrong)
    assert "d@aa.test" in text(added)
    assert "The mail server did not take it" in text(tested)
    officer.post(f"/duty/ways/{Way.objects.get().pk}/remove/")
    assert not Way.objects.exists()


def test_ways_of_others_are_not_there(dora, anna, mail, browser):
    """Nobody tests, or removes, how a colleague is called."""
    way = services.add_way(dora, "mail", address="d@aa.test")

    assert [404, 404] == [
        browser(anna).post(f"/duty/ways/{way.pk}/{does}/").status_code for does in ("test", "remove")
    ]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("", 400),
        ("[1]", 400),
        ('{"endpoint": 1}', 400),
        ('{"endpoint": "https://x.example/", "keys": {}}', 409),
        ("[" * 5000, 400),
    ],
)
def test_a_subscription_that_is_none_is_answered_clearly(dora, browser, body, status):
    """A browser writes it, and so can anybody signed in."""
    answer = browser(dora).post("/duty/ways/push/", body, content_type="application/json")

    assert status == answer.status_code
    assert answer.json()["error"]


def test_what_one_is_called_for_is_shown_until_it_was_seen(dora, on_duty, browser):
    """As far as it was shown; a hostile address to go back to leads to the desk."""
    officer = browser(dora)
    calls.call(Call(source="silent", key="s", party="bb"))
    part = text(officer.get("/duty/calls/"))
    back = officer.post(
        "/duty/calls/seen/",
        {"up_to": str(Sending.objects.get().pk)},
        headers={"referer": "https://evil.example//evil.example/x"},
    )
    officer.post("/duty/calls/seen/", {"up_to": "9" * 40})

    assert 'data-count="1"' in part
    assert "A channel is silent" in part
    assert "/" == back["Location"]
    assert 'data-count="0"' in text(officer.get("/duty/calls/"))


def test_a_test_of_the_page_shows_there(dora, browser):
    """It says plainly that nothing has happened."""
    officer = browser(dora)
    officer.post("/duty/ways/page/test/")

    assert "A test: nothing has happened" in text(officer.get("/duty/calls/"))


def test_of_one_alert_the_page_shows_the_last(dora, on_duty, browser):
    """Six lines of one alert push the second alert off the page."""
    for n in range(6):
        calls.call(Call(source="escalated", key=f"e{n}", channel=CHANNEL, ref=ALERT, severity=5))

    assert 'data-count="1"' in text(browser(dora).get("/duty/calls/"))


def test_the_worker_reaches_nothing(dora, browser):
    """It runs while no page is open, under a policy of its own, and is told what to show."""
    answer = browser(dora).get("/static/duty/worker.js")

    assert "default-src 'none'; img-src 'self'" == answer["Content-Security-Policy"]
    assert b"fetch(" not in b"".join(answer)


def test_the_sound_is_the_one_that_is_made():
    """Nobody puts a file into a node of which nobody can say what it is."""
    assert bell() == BELL.read_bytes()
    assert len(bell()) < 8_000
