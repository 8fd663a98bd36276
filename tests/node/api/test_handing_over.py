"""A case system prepares; officials sign. Nothing gets on record by a token alone."""

from __future__ import annotations

import re

import pytest

from comity_node.api.models import HandedOver
from comity_node.assistance import services as assistance
from comity_node.assistance.models import Draft, Request
from comity_node.officials import services as officials
from comity_node.officials.models import Journal, PreparedAct
from comity_node.register import queries
from tests.node.api.conftest import FILLED, System
from tests.node.api.test_tokens import code
from tests.node.counterpart import CHANNEL

NEW = {"channel": CHANNEL, "title": "Records of one account", "types": ["documents_items"], "fields": FILLED}


def size():
    """How many entries we have signed."""
    return queries.own_log(CHANNEL).size


def shown(page):
    """The digest of the text that a confirmation page carries on."""
    return re.search(r'name="shown" value="([0-9a-f]+)"', page.content.decode())[1]


def test_a_draft_is_written_checked_and_handed_over(system, boris, anna):
    """A case file's facts reach the request without being typed anew, and wait for a person."""
    before = size()
    begun = system("POST", "/drafts", {**NEW, "fields": {**FILLED, "purpose": ""}})
    assert 201 == begun.status_code, begun.content
    path = begun["Location"].removeprefix("/api/v1")
    lacking = system.get(f"{path}/check")

    refused = system("PUT", f"{path}/hand-over", {})
    system("PATCH", path, {"fields": {"purpose": FILLED["purpose"]}})
    handed = system("PUT", f"{path}/hand-over", {"note": "File 12/2026"})

    assert ["purpose"] == [one["field"] for one in lacking["missing"] if one["demanded"]]
    assert not lacking["complete"]
    assert (422, "draft-incomplete") == code(refused)
    assert 200 == handed.status_code
    assert FILLED["purpose"] in handed.json()["text"]
    assert "handed over" == system.get(path)["state"]
    assert before == size()
    assert not PreparedAct.objects.exists()


def test_a_draft_names_of_whom_it_is_asked(system, boris, anna):
    """In a channel of many nobody can guess that; who is not in the channel is asked nothing."""
    begun = system("POST", "/drafts", {**NEW, "requested": "bb"})
    refused = system("POST", "/drafts", {**NEW, "requested": "cc"})

    assert (201, "bb") == (begun.status_code, Draft.objects.get().requested)
    assert "wrong-address" == code(refused)[1]


def test_what_was_handed_over_is_signed_by_people_only(system, boris, anna, dora, browser):
    """The machine is neither the first officer nor the second: each is a person who read the text."""
    ref = system("POST", "/drafts", NEW).json()["ref"]
    system("PUT", f"/drafts/{ref}/hand-over", {})
    office = browser(anna)

    desk = office.get("/")
    page = office.get(f"/systems/handed-over/{HandedOver.objects.get().pk}/")
    submit = re.search(r'href="(/requests/drafts/[^"]*submit/)"', page.content.decode())[1]
    office.post(submit, {"shown": shown(office.get(submit))})
    waits = system.get(f"/drafts/{ref}")["state"]
    officials.second(PreparedAct.objects.get(), by=dora)

    assert ref in desk.content.decode()
    assert "waits for a second officer" == waits
    found = system.get(f"/drafts/{ref}")
    assert "on record" == found["state"]
    assert "lodged" == system.get(found["request_href"].removeprefix("/api/v1"))["request"]["state"]


def test_what_an_official_reads_is_not_changed_under_their_eyes(system, boris):
    """Whoever wants to change it takes it back first, and it is no longer there to be signed."""
    ref = system("POST", "/drafts", NEW).json()["ref"]
    system("PUT", f"/drafts/{ref}/hand-over", {})

    refused = [system("PATCH", f"/drafts/{ref}", {"title": "Other"}), system("DELETE", f"/drafts/{ref}")]
    back = system("DELETE", f"/drafts/{ref}/hand-over")

    assert [(409, "handed-over-already")] * 2 == [code(one) for one in refused]
    assert 204 == back.status_code
    assert 200 == system("PATCH", f"/drafts/{ref}", {"title": "Other"}).status_code
    assert (409, "not-handed-over") == code(system("DELETE", f"/drafts/{ref}/hand-over"))


def test_what_is_sent_back_says_why(system, boris, anna, browser):
    """A system that never learns what was wrong sends the same again."""
    ref = system("POST", "/drafts", NEW).json()["ref"]
    system("PUT", f"/drafts/{ref}/hand-over", {})

    pk = HandedOver.objects.get().pk
    browser(anna).post(f"/systems/handed-over/{pk}/back/", {"reason": "The period is too long."})
    found = system.get(f"/drafts/{ref}")

    assert ("sent back", "The period is too long.") == (found["state"], found["because"])
    assert 200 == system("PATCH", f"/drafts/{ref}", {"title": "Shorter"}).status_code
    assert 200 == system("PUT", f"/drafts/{ref}/hand-over", {}).status_code
    assert "handed over" == system.get(f"/drafts/{ref}")["state"]


def test_a_draft_a_second_officer_returned_can_be_taken_up_again(system, draft, anna, dora):
    """What people sent back to the author goes on where it was begun."""
    officials.return_(assistance.submit(draft, by=anna), by=dora, note="Name the offence")
    found = system.get(f"/drafts/{draft.ref}")

    back = system("DELETE", f"/drafts/{draft.ref}/hand-over")

    assert ("sent back", "Name the offence") == (found["state"], found["because"])
    assert 204 == back.status_code
    assert "open" == system.get(f"/drafts/{draft.ref}")["state"]


def test_a_draft_under_approval_or_on_record_is_out_of_reach(system, draft, anna):
    """What a person signed, no program changes."""
    assistance.submit(draft, by=anna)

    for method, path, said in (
        ("PATCH", "", {"title": "x"}),
        ("DELETE", "", None),
        ("DELETE", "/hand-over", None),
    ):
        assert 409 == system(method, f"/drafts/{draft.ref}{path}", said).status_code


def test_an_answer_is_filled_in_and_signed_by_an_official(system, asked, anna, browser):
    """One officer's signature suffices for it; even so, it is an officer's."""
    path = f"/requests/{CHANNEL}/{asked}/acts/acknowledged"
    before = size()

    filled = system("PUT", path, {"note": "Registered as 7/2026"})
    unsigned = size()
    page = browser(anna).get(f"/systems/handed-over/{HandedOver.objects.get().pk}/")
    browser(anna).post(page.request["PATH_INFO"], {"shown": shown(page)})

    assert 200 == filled.status_code, filled.content
    assert before == unsigned
    assert "Registered as 7/2026" in page.content.decode()
    assert "acknowledged" == Request.objects.get(ref=asked).state
    assert 404 == system("GET", path).status_code


def test_an_act_the_table_does_not_allow_is_not_even_prepared(system, asked):
    """A system learns at once what the official would have been told."""
    answer = system("PUT", f"/requests/{CHANNEL}/{asked}/acts/completed", {})

    assert 422 == answer.status_code
    assert not HandedOver.objects.exists()


def test_whoever_may_not_sign_has_nothing_prepared_for_them(token, hire, asked):
    """A token acts as its official: what they could not sign, they cannot have prepared."""
    adviser = System(token(hire("lea", "legal adviser")))

    answer = adviser("PUT", f"/requests/{CHANNEL}/{asked}/acts/acknowledged", {})

    assert (403, "not-empowered") == code(answer)


def test_nobody_outside_the_office_reads_what_waits(system, boris, hire, browser):
    """Drafts are local to their office, whoever wrote them."""
    ref = system("POST", "/drafts", NEW).json()["ref"]
    system("PUT", f"/drafts/{ref}/hand-over", {})
    page = f"/systems/handed-over/{HandedOver.objects.get().pk}/"

    for one in (hire("emil", "case officer", office="prosecution"), hire("ida", "analyst")):
        assert 404 == browser(one).get(page).status_code
        assert 404 == browser(one).post(page, {"shown": "x"}).status_code
        assert ref not in browser(one).get("/").content.decode()


def test_a_discarded_draft_leaves_nothing_behind(system, boris):
    """Neither the draft nor what was handed over of it."""
    ref = system("POST", "/drafts", NEW).json()["ref"]
    system("PUT", f"/drafts/{ref}/hand-over", {})
    HandedOver.objects.update(returned="Not like this.")
    gone = system("DELETE", f"/drafts/{ref}")

    assert 204 == gone.status_code
    assert 404 == system("GET", f"/drafts/{ref}").status_code
    assert not Draft.objects.exists()
    assert not HandedOver.objects.exists()


def test_a_number_given_again_does_not_carry_on_what_was_thrown_away(system, boris, anna):
    """A colleague discarded what a system had handed over: the next draft of that number is another."""
    ref = system("POST", "/drafts", NEW).json()["ref"]
    system("PUT", f"/drafts/{ref}/hand-over", {})
    assistance.discard(Draft.objects.get(), by=anna)
    assert not HandedOver.objects.exists()
    again = system("POST", "/drafts", NEW).json()["ref"]

    assert ref == again
    assert "open" == system.get(f"/drafts/{ref}")["state"]
    assert 200 == system("PUT", f"/drafts/{ref}/hand-over", {}).status_code
    assert "handed over" == system.get(f"/drafts/{ref}")["state"]


def test_what_a_draft_cannot_say_is_refused_whole(system, boris):
    """Half of a call kept would be a draft nobody wrote."""
    ref = system("POST", "/drafts", NEW).json()["ref"]

    answers = [
        system("PATCH", f"/drafts/{ref}", {"title": "New", "fields": {"no_such_field": "x"}}),
        system("PATCH", f"/drafts/{ref}", {"title": "New", "types": ["no_such_type"]}),
        system("PATCH", f"/drafts/{ref}", {"title": "New", "marking": {"tlp": "PURPLE"}}),
        system("POST", "/drafts", {**NEW, "language": "tlh"}),
    ]

    assert [(422, "not-filled-in")] * 4 == [code(one) for one in answers]
    assert "Records of one account" == Draft.objects.get().title


@pytest.mark.parametrize("did", ["token.draft-begun", "token.handed-over"])
def test_what_a_system_did_is_in_the_journal_under_its_official(system, boris, anna, did):
    """Whoever reads the journal sees that it was the machine, and for whom."""
    ref = system("POST", "/drafts", NEW).json()["ref"]
    system("PUT", f"/drafts/{ref}/hand-over", {})

    noted = Journal.objects.get(did=did)

    assert anna == noted.official
    assert ref in noted.about
