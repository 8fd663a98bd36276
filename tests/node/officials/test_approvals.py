"""The approvals pages: Anna prepares, Boris seconds, Clara sees nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.urls import reverse

from comity_node.officials import services
from comity_node.officials.errors import AlreadyDecided
from comity_node.officials.models import PreparedAct

pytestmark = pytest.mark.django_db


def address(name, prepared):
    return reverse(f"officials:{name}", args=[prepared.pk])


def test_list_shows_boris_what_waits_for_him(prepared, boris, browser):
    """An act that waits unseen waits for ever."""
    page = browser(boris).get(reverse("officials:approvals"))

    assert [row["href"] for row in page.context["waiting"]] == [address("approval", prepared)]
    assert prepared.sentence in page.text


def test_list_shows_anna_her_own_act_as_waiting_for_others(prepared, anna, browser):
    """The author follows what became of it, and is not asked to second it."""
    page = browser(anna).get(reverse("officials:approvals"))

    assert page.context["waiting"] == []
    assert [row["ref"] for row in page.context["others"]] == ["aa-2026-0001"]


def test_list_hides_it_from_clara(prepared, clara, browser):
    """Outside the case, an act must not even be known to exist."""
    page = browser(clara).get(reverse("officials:approvals"))

    assert "aa-2026-0001" not in page.text


@pytest.mark.parametrize("rows", [1, 8])
def test_list_costs_the_same_however_long(
    register, anna, boris, browser, act, django_assert_num_queries, rows
):
    """A page that asks once more for every row grows slow unnoticed."""
    for number in range(rows):
        services.prepare(replace(act, ref=f"aa-2026-{number:04}"), by=anna)
    client = browser(boris)

    with django_assert_num_queries(8):
        client.get(reverse("officials:approvals"))


def test_page_shows_the_exact_text(prepared, boris, browser, act):
    """What is approved is what is read."""
    page = browser(boris).get(address("approval", prepared))

    assert page.context["prepared"].text == act.text()
    assert "records of one account" in page.text
    assert prepared.digest in page.text
    assert page.templates[0].name == "officials/second.html"


def test_page_of_an_approval_leads_to_the_rule_it_rests_on(
    register, prepared, anna, boris, browser, monkeypatch
):
    """Who seconds must be able to read the rule that is cited to them."""
    judged = replace(register.verdict(None, "aa"), href="/instruments/x/#row-y")
    monkeypatch.setattr("comity_node.register.rooms.verdict", lambda act, party: judged)

    for officer in (anna, boris):
        assert 'href="/instruments/x/#row-y"' in browser(officer).get(address("approval", prepared)).text


def test_page_of_an_approval_nothing_allows_any_more_still_opens(register, prepared, anna, browser):
    """What was overtaken by events is read to find out why."""
    register.forbidden = AlreadyDecided("it was withdrawn meanwhile")

    assert prepared.basis in browser(anna).get(address("approval", prepared)).text.replace("\xa0", " ")


def test_page_offers_anna_no_second(prepared, anna, browser):
    """A button that would be refused must not be shown."""
    page = browser(anna).get(address("approval", prepared))

    assert page.templates[0].name == "officials/approval.html"
    assert page.context["may_return"]


@pytest.mark.parametrize("name", ["approval", "second", "return"])
def test_every_page_of_it_is_absent_for_clara(register, prepared, clara, browser, name):
    """Without a right to read there is nothing there: 404, not 403."""
    client = browser(clara)

    answer = (client.get if name == "approval" else client.post)(address(name, prepared))

    assert answer.status_code == 404
    assert register.signed == []


def test_boris_seconds(register, prepared, boris, browser, act):
    """The form of the page records the act."""
    answer = browser(boris).post(address("second", prepared), {"digest": prepared.digest}, follow=True)

    assert [signed[0] for signed in register.signed] == [act]
    assert "Signed and recorded: entry AA 0." in answer.text


@pytest.mark.parametrize("digest", ["", "0" * 64])
def test_form_of_another_text_is_refused(register, prepared, boris, browser, digest):
    """An approval without the digest of this text approves nothing."""
    answer = browser(boris).post(address("second", prepared), {"digest": digest}, follow=True)

    assert register.signed == []
    assert "not the text that waits" in answer.text


def test_anna_cannot_second_by_hand(register, prepared, anna, browser):
    """Hiding the button is not the check."""
    answer = browser(anna).post(address("second", prepared), {"digest": prepared.digest}, follow=True)

    assert register.signed == []
    assert "cannot also second it" in answer.text


def test_boris_returns_it_with_a_note(prepared, boris, browser):
    """The author must be told what to change."""
    client = browser(boris)

    without = client.post(address("return", prepared), {"note": ""})
    client.post(address("return", prepared), {"note": "name the account"})

    assert without.status_code == 422
    prepared.refresh_from_db()
    assert (prepared.state, prepared.reason) == (PreparedAct.State.RETURNED, "name the account")


def test_returning_twice_changes_nothing(prepared, boris, browser):
    """The first decision stands."""
    client = browser(boris)
    client.post(address("return", prepared), {"note": "first"})

    answer = client.post(address("return", prepared), {"note": "second"}, follow=True)

    prepared.refresh_from_db()
    assert prepared.reason == "first"
    assert "no longer waits" in answer.text


def test_approvals_are_behind_the_log_in(prepared, client):
    """Deny by default."""
    answer = client.get(reverse("officials:approvals"))

    assert answer.status_code == 302
    assert answer.url.startswith(reverse("officials:login"))


def test_journal_is_for_the_auditor(prepared, hire, boris, browser):
    """Who did what is private, and read by those whose office it is."""
    auditor = hire("eva", "auditor")

    page = browser(auditor).get(reverse("officials:journal"))

    assert "act.prepared" in page.text
    assert browser(boris).get(reverse("officials:journal")).status_code == 404


def test_roster_names_colleagues_and_what_their_roles_may_do(anna, clara, browser, django_assert_num_queries):
    """Whoever needs a second must be able to see whom to ask."""
    client = browser(clara)

    with django_assert_num_queries(9):
        page = client.get(reverse("officials:list"))

    assert [row["roles"] for row in page.context["rows"]] == ["Case officer", "Analyst"]
    assert "second acts on requests" in page.text
