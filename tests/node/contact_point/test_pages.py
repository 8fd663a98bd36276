"""The directory, one point, and checks, as officials see them: complete without script, and by whom."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from comity_node.contact_point import checking, pages, services
from comity_node.contact_point.models import ContactCheck
from comity_node.officials import services as officials
from comity_node.officials.models import PreparedAct
from tests.node.contact_point.conftest import DESK, THEIRS, amends, asks, lists
from tests.node.counterpart import CHANNEL, open_channel

pytestmark = pytest.mark.django_db

FILLED = {
    "kind": "technical",
    "authority": "Cyber Centre",
    "role": "Desk",
    "telephones": "+41 44 668 18 00",
    "languages": "en, ru",
    "hours": "24/7",
    "zone": "UTC",
    "confirm_by": "2027-05-01",
    "channels": [CHANNEL],
}


def read(page, name, *args, **said):
    """A page as its reader gets it."""
    return page.get(reverse(name, args=args), said).content.decode()


def test_the_directory_says_who_is_reached_how_and_what_to_be_wary_of(listed, boris, anna, browser):
    """Their point with its number, what was changed by one alone, and ours below."""
    lists(boris)
    amends(boris, {**THEIRS, "telephones": ["+33123456780"]})

    page = read(browser(anna), "web:contacts")
    assert 'href="tel:+33123456780"' in page
    assert "+33 1 23 45 67 80" in page
    assert "One officer alone signed for how it is reached" in page
    assert "No point is listed that answers at all hours." in page or "Open now" in page
    assert 'href="tel:+41446681800"' in page


def test_the_directory_is_filtered_and_exported_as_filtered(listed, boris, anna, browser):
    """As other lists are; no cell of the file is a formula."""
    lists(boris)
    page = browser(anna)

    assert "tel:+33123456789" not in read(page, "web:contacts", kind="diplomatic")
    assert "tel:+33123456789" in read(page, "web:contacts", words="borland", sort="backlog", only="bogus")
    export = page.get(reverse("web:contacts-export", args=["csv"]), {"words": "borland"})
    told = b"".join(export).decode()
    assert "'+33123456789" in told
    assert "aa-point-1" not in told
    rows = json.loads(b"".join(page.get(reverse("web:contacts-export", args=["json"]))))["contacts"]
    assert ["aa-point-1", "bb-point-1"] == [one["reference"] for one in rows]


def test_a_point_is_written_read_and_sent_for_the_second_signature(boris, anna, browser):
    """Nothing is signed that was not shown; a number that cannot be one is named at its field."""
    page = browser(anna)
    address = reverse("contact_point:add")

    wrong = page.post(address, {**FILLED, "telephones": "12"})
    assert (422, True) == (
        wrong.status_code,
        "This cannot be a telephone number: 12" in wrong.content.decode(),
    )
    shown = page.post(address, FILLED)
    assert "+41446681800" in shown.content.decode()
    assert 0 == PreparedAct.objects.count()
    carried: dict[str, list[str]] = {}
    for name, value in shown.context["hidden"]:
        carried.setdefault(name, []).append(value)
    assert 409 == page.post(address, {**carried, "role": "Another desk"}).status_code
    assert 409 == page.post(address, {**carried, "shown": []} | {"shown": ["x", "y"]}).status_code
    assert 302 == page.post(address, carried).status_code
    assert "Desk" == PreparedAct.objects.get().act["payload"]["point"]["role"]


def test_pages_of_a_point_offer_what_their_reader_may_do(listed, boris, anna, dora, browser, hire):
    """Its owner's coordinator changes it; whoever is on duty says of another's that it does not answer."""
    lists(boris)

    assert "Confirm it" in read(browser(anna), "contact_point:point", CHANNEL, listed)
    assert "Confirm it" not in read(browser(dora), "contact_point:point", CHANNEL, listed)
    assert "Say that it does not answer" in read(browser(dora), "contact_point:point", CHANNEL, "bb-point-1")
    adam = browser(hire("adam", "administrator"))
    assert 404 == adam.get(reverse("contact_point:point", args=[CHANNEL, listed])).status_code
    assert 403 == browser(dora).get(reverse("contact_point:change", args=[CHANNEL, listed])).status_code
    assert 404 == browser(anna).get(reverse("contact_point:change", args=[CHANNEL, "bb-point-1"])).status_code
    assert 404 == browser(anna).get(reverse("contact_point:doubt", args=[CHANNEL, listed])).status_code


def test_a_change_a_confirmation_and_a_withdrawal_by_page(listed, anna, browser):
    """Each is read before it is signed; only other numbers wait for another officer."""
    page = browser(anna)
    for name, said, waits in (
        ("change", {**FILLED, "telephones": DESK["telephones"][0]}, 0),
        ("change", {**FILLED, "telephones": "+41446681801"}, 1),
        ("confirm", {"channels": [CHANNEL], "confirm_by": "2027-05-01"}, 1),
        ("withdraw", {"channels": [CHANNEL]}, 1),
    ):
        address = reverse(f"contact_point:{name}", args=[CHANNEL, listed])
        assert 200 == page.get(address).status_code
        shown = page.post(address, said)
        assert (
            302 == page.post(address, {**said, "shown": dict(shown.context["hidden"])["shown"]}).status_code
        )
        assert waits == PreparedAct.objects.filter(state="awaiting").count()
    assert "It is not to be used." in read(page, "contact_point:point", CHANNEL, listed)


def test_a_check_is_on_the_desk_apart_from_what_is_meant_and_answered_there(boris, anna, browser):
    """It says that it is no incident before anything else."""
    asks(boris, sort="human")
    page = browser(anna)

    desk = page.get(reverse("web:desk"))
    assert [] == desk.context["needs"]
    assert "It is no incident." in desk.content.decode()
    assert "Answer the communication check" in read(page, "contact_point:check", CHANNEL, "bb-check-1")
    address = reverse("contact_point:act-on-check", args=[CHANNEL, "bb-check-1", "answered"])
    shown = page.post(address, {"filled": "yes"})
    assert 302 == page.post(address, {"filled": "yes", **dict(shown.context["hidden"])}).status_code
    assert "answered" == ContactCheck.objects.get().state
    assert (
        404
        == page.get(reverse("contact_point:act-on-check", args=[CHANNEL, "bb-check-1", "missed"])).status_code
    )


def test_a_check_nobody_answers_becomes_a_matter_of_the_other_points(listed, boris, anna):
    """First of the point that was checked; a day after its time, of those that could see to it too."""
    asks(boris, sort="human")
    now = timezone.now()

    said = [pages.desk(now + timedelta(days=days), anna)[0].why for days in (0, 1.5, 3)]
    assert ["It is no incident. An official at that point answers it."] == said[:1]
    assert "See to the point, then answer or explain." == said[1]
    assert "It is now a matter of our other points too: At all hours." in said[2]


def test_a_check_that_is_due_is_a_task_on_the_desk_until_it_is_asked(db, anna, browser, hire):
    """A word on a page nobody opens asks nothing of anybody: here it leads to where it is asked."""
    open_channel(meant=True)
    page = browser(anna)
    human, formal = page.get(reverse("web:desk")).context["contacts"]
    form = page.get(formal.href).context["form"]

    assert "Ask a communication check of BB (Human)" == human.title
    assert ("formal", ["bb"]) == (form["sort"].value(), form["parties"].value())
    for sort in ("human", "formal"):
        officials.prepare(services.asking(CHANNEL, sort=sort, at_kind="technical"), by=anna)
    assert [] == pages.desk(timezone.now(), anna)
    ContactCheck.objects.update(final=True)
    month = timezone.now() + timedelta(days=32)
    assert ["The last of this sort is long ago."] == [one.why for one in pages.desk(month, anna)]
    assert [] == pages.desk(month, hire("rita", "analyst"))


def test_a_channel_for_exercises_is_no_reason_to_ask_a_check(boris, anna):
    """What is practised with a party says nothing of whether it is reached."""
    assert [] == pages.desk(timezone.now(), anna)


def test_checks_are_listed_with_how_long_answers_took(boris, anna, browser):
    """The measures of both sides, and a file of them."""
    asks(boris)
    checking.answer(timezone.now())
    boris.receipts()
    officials.prepare(services.asking(CHANNEL, sort="human", at_kind="technical"), by=anna)
    page = browser(anna)

    listing = read(page, "contact_point:checks")
    assert "bb-check-1" in listing
    assert "under a second" in listing or "second" in listing
    assert "bb-check-1" not in read(page, "contact_point:checks", sort="human")
    rows = json.loads(b"".join(page.get(reverse("contact_point:export-checks", args=["json"]))))
    assert {"yes", ""} == {one["answered_by_node"] for one in rows["communication-checks"]}
    ask = reverse("contact_point:ask", args=[CHANNEL])
    shown = page.post(ask, {"sort": "formal", "at_kind": "legal", "parties": ["bb"]})
    assert "Nothing has happened" not in shown.content.decode()  # what is declared stands in the table
    assert 302 == page.post(ask, dict(shown.context["hidden"])).status_code
    assert 404 == page.get(reverse("contact_point:ask", args=["elsewhere"])).status_code


def test_the_directory_asks_no_more_questions_for_more_points(
    boris, anna, browser, django_assert_max_num_queries
):
    """Fifty parties with four points each are one page."""
    for number in range(1, 9):
        lists(boris, f"bb-point-{number}")
    page = browser(anna)
    page.get(reverse("web:contacts"))

    with django_assert_max_num_queries(40):
        page.get(reverse("web:contacts"))
