"""Triage and assignment: internal, told apart from what crosses, and reported only by an act."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from comity_node.assistance import queries, services
from comity_node.assistance.models import Handling, Note, Request
from comity_node.officials.models import Journal
from comity_node.register import queries as register
from tests.node.counterpart import CHANNEL

ASSIGNED = {"priority": "urgent", "authority": "Prosecution of Arland", "stage": "order_of_a_court_sought"}


def address(ref):
    """The internal part of a request's page."""
    return f"/requests/{CHANNEL}/{ref}/handling/"


def test_assigning_is_kept_noted_and_not_sent(asked, anna, browser):
    """Whoever takes over reads who decided what; the other side learns nothing of it."""
    seated, before = browser(anna), register.own_log(CHANNEL).size
    assert "Nobody has looked at this request yet" in seated.get(address(asked)).content.decode()

    sent = seated.post(address(asked), {**ASSIGNED, "officer": anna.pk, "due_on": "2099-01-31"})

    page = seated.get(address(asked)).content.decode()
    assert 302 == sent.status_code
    assert ("urgent", anna) == (Handling.objects.get().priority, Handling.objects.get().officer)
    assert "Prosecution of Arland" in page
    assert "Order of a court sought" in page
    assert Note.objects.get().is_change
    assert Journal.objects.filter(did="request.handled", about=asked).exists()
    assert before == register.own_log(CHANNEL).size


def test_a_note_stays_as_written(asked, anna, browser):
    """A note that can be rewritten afterwards is worth nothing when somebody asks who knew what."""
    browser(anna).post(address(asked), {"text": "Called the prosecution."})

    with pytest.raises(IntegrityError), transaction.atomic():
        Note.objects.update(text="Did not call.")

    assert "Called the prosecution." == Note.objects.get().text


def test_the_stage_is_told_by_an_act_that_is_read_and_signed(asked, boris, anna, browser):
    """The other side sees the stage our authority reports, and none that it only noted."""
    seated = browser(anna)
    seated.post(address(asked), ASSIGNED)
    services.act(channel=CHANNEL, ref=asked, act_name="acknowledged", by=anna)
    assert "" == Request.objects.get(ref=asked).stage

    page = seated.get(address(asked)).content.decode()
    telling = f"/requests/{CHANNEL}/{asked}/acts/progressed/?stage=order_of_a_court_sought&text=Arland"
    form = seated.get(telling)
    services.act(
        channel=CHANNEL, ref=asked, act_name="progressed", by=anna,
        stated={"stage": "order_of_a_court_sought"}, payload={"text": "Before the court."},
    )  # fmt: skip

    assert "acts/progressed/?stage=order_of_a_court_sought" in page
    assert b">Arland</textarea>" in form.content.replace(b"\n", b"")
    assert "order_of_a_court_sought" == Request.objects.get(ref=asked).stage
    assert "Order of a court sought" in seated.get(f"/requests/{CHANNEL}/{asked}/").content.decode()


def test_the_list_finds_what_nobody_has_and_what_is_mine(asked, anna, browser):
    """A request falls between two desks where nobody sees that it lies on neither."""
    seated = browser(anna)
    assert 1 == queries.unhandled()
    assert asked in seated.get("/requests/?handling=nobody").content.decode()
    assert "assigned to nobody yet" in seated.get("/").content.decode()

    seated.post(address(asked), {**ASSIGNED, "officer": anna.pk})

    assert 0 == queries.unhandled()
    assert asked not in seated.get("/requests/?handling=nobody").content.decode()
    assert asked in seated.get("/requests/?handling=mine").content.decode()


@pytest.mark.parametrize("role", ["auditor", "analyst"])
def test_a_reader_reads_and_changes_nothing(asked, hire, browser, role):
    """An auditor must see who handled what, and must not be able to have handled it."""
    seated = browser(hire("rita", role))

    assert "Add the note" not in seated.get(address(asked)).content.decode()
    assert 403 == seated.post(address(asked), ASSIGNED).status_code
    assert 403 == seated.post(address(asked), {"text": "x"}).status_code
    assert not Note.objects.exists()


WRONG = [{"priority": "now"}, {"stage": "soon"}, {"due_on": "never"}, {"authority": "x" * 201}]


@pytest.mark.parametrize("wrong", WRONG)
def test_a_wrong_form_keeps_nothing_and_says_why(asked, anna, browser, wrong):
    """Hostile and mistaken values alike."""
    sent = browser(anna).post(address(asked), {**ASSIGNED, **wrong})

    assert 422 == sent.status_code
    assert not Handling.objects.exists()


def test_several_are_taken_over_at_once(asked, boris, anna, hire, browser):
    """Whoever comes on duty takes what lies there; what was decided before stays, and stands in the notes."""
    seated = browser(anna)
    seated.post(address(asked), ASSIGNED)
    dan = hire("dan", "case officer")

    sent = browser(dan).post("/requests/selected/", {"do": "mine", "one": f"{CHANNEL}/{asked}"}, follow=True)

    kept = Handling.objects.get()
    assert "You answer for 1 more requests now." in sent.content.decode()
    assert (dan, "urgent", "Prosecution of Arland") == (kept.officer, kept.priority, kept.authority)
    assert 2 == Note.objects.filter(is_change=True).count()
    assert "Handling changed" in seated.get(f"/requests/{CHANNEL}/{asked}/chronology/").content.decode()
    on_record = seated.get(f"/requests/{CHANNEL}/{asked}/chronology/?on_record=1").content.decode()
    assert "Handling changed" not in on_record


def test_a_reader_takes_nothing_over(asked, hire, browser):
    """Least privilege, in bulk as one by one."""
    rita = browser(hire("rita", "auditor"))

    rita.post("/requests/selected/", {"do": "mine", "one": f"{CHANNEL}/{asked}"})

    assert not Handling.objects.exists()
