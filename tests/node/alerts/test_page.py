"""An officer woken at three finds what happened, what is asked and what to press."""

from __future__ import annotations

import pytest
from django.urls import reverse

from comity.names import EntryRef
from comity_node.alerts import page as pages
from comity_node.alerts import queries as alerts
from comity_node.alerts import ripening
from comity_node.assistance import queries as requests
from comity_node.assistance import services
from comity_node.assistance.models import Draft, Request
from comity_node.register import queries
from comity_node.register.rebuilding import rebuild
from tests.node.alerts.conftest import CHARTER, THEIRS, warns
from tests.node.counterpart import CHANNEL


@pytest.fixture
def here(theirs):
    """The address of their alert."""
    return reverse("alerts:alert", args=[CHANNEL, theirs])


def shown(official, ref=THEIRS):
    """What the page of an alert knows."""
    return pages.one_alert(Request.objects.get(channel=CHANNEL, ref=ref), official=official)


def test_the_one_thing_to_press_is_to_acknowledge_it(browser, anna, here):
    """Two presses from the alert to the record: the button, and the signature under the text."""
    found = browser(anna).get(here)

    assert "acknowledged" == found.context["first"].act
    assert found.context["at_once"]
    text = browser(anna).post(found.context["first"].href, {"language": "en"})
    assert 200 == text.status_code
    assert "This Party has read the alert" not in found.content.decode()
    assert "alert.incident.acknowledged" in text.content.decode()


def test_opening_it_is_noted_once_by_whoever_may_sign(browser, anna, reader, here, theirs):
    """It says that a desk has it, and agrees to nothing; whoever only reads says nothing by reading."""
    assert not shown(reader)["opens"]
    assert shown(anna)["opens"]

    for _ in range(2):
        browser(anna).post(reverse("alerts:opened", args=[CHANNEL, theirs]), headers={"hx-request": "true"})

    assert not shown(anna)["opens"]
    kinds = [one.entry.act for one in queries.entries(CHANNEL, ref=theirs)]
    assert ["raised", "opened"] == kinds
    assert 404 == browser(reader).post(reverse("alerts:opened", args=[CHANNEL, theirs])).status_code


def test_reading_the_page_signs_nothing(browser, anna, here, theirs):
    """A link somebody follows, or a program that fetches ahead, must not sign for the office."""
    browser(anna).get(here)

    assert 1 == len(queries.entries(CHANNEL, ref=theirs))


def test_who_has_it_is_three_facts_of_three_sorts(anna, theirs):
    """Received by a node, opened by a desk, answered for by an official."""
    services.act(channel=CHANNEL, ref=theirs, act_name="opened", by=anna)
    services.act(channel=CHANNEL, ref=theirs, act_name="acknowledged", by=anna, stated={"severity_here": "4"})

    (ours,) = shown(anna)["has_it"]
    assert ("aa", True, "4") == (ours.party, ours.ours, ours.severity_here)
    assert ours.received_at <= ours.opened_at <= ours.acknowledged_at
    row = Request.objects.get(ref=theirs)
    assert (5, 4) == (row.severity, row.severity_here)


def test_who_acknowledges_unopened_has_opened_it(anna, theirs):
    """Nobody answers for what they have not before them."""
    services.act(channel=CHANNEL, ref=theirs, act_name="acknowledged", by=anna)

    assert shown(anna)["has_it"][0].opened_at is not None


def test_alerts_stand_at_the_head_of_the_desk_and_nowhere_else_on_it(browser, anna, theirs):
    """Shown twice, one of them is answered twice."""
    desk = browser(anna).get("/")

    assert [theirs] == [one.ref for one in desk.context["alerts"]]
    assert theirs not in [one["ref"] if isinstance(one, dict) else one.ref for one in desk.context["needs"]]
    assert 0 == desk.context["unhandled"]


def test_what_waits_for_us_comes_first_then_the_gravest(boris, anna):
    """A lesser alert that nobody answered is nearer than a graver one that somebody did."""
    for number, severity in enumerate(("3", "5", "4"), 1):
        warns(boris, f"bb-2026-000{number}", severity=severity)
    services.act(channel=CHANNEL, ref="bb-2026-0002", act_name="acknowledged", by=anna)

    refs = [one.ref for one in alerts.for_the_desk()]
    assert ["bb-2026-0003", "bb-2026-0001", "bb-2026-0002"] == refs
    assert refs == [one.ref for one in alerts.listed(ended=False, number=1).rows]
    assert 2 == alerts.waiting()


def test_what_has_ended_leaves_the_desk_and_stays_in_the_list(boris, anna, theirs):
    """Stood down by who raised it."""
    boris.does("alert.incident.stood_down", theirs, stated={"outcome": "over"})

    assert [] == alerts.for_the_desk()
    assert [theirs] == [one.ref for one in alerts.listed(ended=True, number=1).rows]


def test_its_address_among_requests_leads_to_its_own_page(browser, anna, here, theirs):
    """Links of the record and the search lead where it is read; the whole of it stays a step further."""
    answer = browser(anna).get(reverse("assistance:request", args=[CHANNEL, theirs]))

    assert here == answer.url
    whole = browser(anna).get(reverse("assistance:tab", args=[CHANNEL, theirs, "overview"]))
    assert 200 == whole.status_code


def test_a_request_is_drafted_from_what_it_says_in_one_press(browser, anna, here, theirs, hire):
    """Nothing is sent; the draft is filled in, and each page leads to the other."""
    case = hire("carl", "case officer")
    answer = browser(case).post(reverse("alerts:ripen", args=[CHANNEL, theirs]), {"procedure": "assistance"})

    draft = Draft.objects.get()
    assert answer.url == reverse("assistance:draft", args=[draft.pk])
    assert ("Dispatch stopped", "Encrypted.") == (draft.title, draft.fields["facts_summary"])
    (led,) = shown(case)["led_to"]
    assert (draft.ref, "") == (led.ref, led.standing)
    assert theirs == browser(case).get(answer.url).context["source"]["ref"]


def test_what_an_alert_led_to_names_it_by_its_entry(hire, browser, here, theirs):
    """The act that opens it is the link: no second one can be forgotten, and both sides hold it."""
    coordinator = hire("cora", "coordinator")
    row = Request.objects.get(ref=theirs)
    begun = ripening.draft(row, "question", by=coordinator)
    entry = services.submit(begun, by=coordinator)

    assert (EntryRef.parse(row.said_by[0]),) == queries.entry(entry).entry.answers
    (led,) = shown(coordinator)["led_to"]
    assert (begun.ref, True, reverse("assistance:request", args=[CHANNEL, begun.ref])) == (
        led.ref,
        led.ours,
        led.href,
    )
    page = browser(coordinator).get(led.href)
    assert here == browser(coordinator).get(page.context["source"]["href"]).url
    before = list(Request.objects.values("ref", "arose_from"))
    rebuild()
    assert before == list(Request.objects.values("ref", "arose_from"))


def test_what_they_begin_because_of_an_alert_is_shown_to_us(boris, anna, theirs):
    """Their node wrote the link; ours reads it. What names no opening is linked with nothing."""
    source = EntryRef.parse(Request.objects.get(ref=theirs).said_by[0])
    for number, named in ((8, source), (9, EntryRef(source.origin, 0))):
        boris.does(
            "origin.question.asked",
            f"bb-2026-000{number}",
            stated={"instrument": "charter", "table": CHARTER.digest, "requested": "aa"},
            payload={"title": "Which of yours"},
            answers=(named,),
        )

    assert ["bb-2026-0008"] == [one.ref for one in shown(anna)["led_to"]]
    other = Request.objects.get(ref="bb-2026-0009")
    assert requests.source(other.channel, other.arose_from) is None


def test_a_draft_is_shown_to_the_office_that_writes_it_and_to_no_other(browser, hire, here, theirs):
    """What another office has not sent yet is its own."""
    case, other = hire("carl", "case officer"), hire("petra", "case officer", office="prosecution")
    browser(case).post(reverse("alerts:ripen", args=[CHANNEL, theirs]), {"procedure": "assistance"})

    assert [Draft.objects.get().ref] == [one.ref for one in shown(case)["led_to"]]
    assert [] == shown(other)["led_to"]


def test_nothing_is_drafted_from_what_is_no_way(browser, anna, here, theirs):
    """Whatever a form says."""
    browser(anna).post(reverse("alerts:ripen", args=[CHANNEL, theirs]), {"procedure": "suspension"})

    assert 0 == Draft.objects.count()


def test_an_alert_leads_to_the_question_whether_it_is_theirs(browser, hire, here, theirs):
    """It is drafted about the entry that raised the alert, so that both read what it is asked of."""
    coordinator = hire("cora", "coordinator")
    officer = browser(coordinator)
    assert ("question", "Ask whether it is theirs") in officer.get(here).context["ways"]
    officer.post(reverse("alerts:ripen", args=[CHANNEL, theirs]), {"procedure": "question"})

    draft = Draft.objects.get()
    assert ("question", f"bb.comity/{CHANNEL}#1") == (draft.procedure, draft.stated["about"])
    assert {"what_is_seen": "Encrypted."} == draft.fields


def test_severities_are_derived_anew_to_the_byte(anna, theirs):
    """From the record alone."""
    services.act(channel=CHANNEL, ref=theirs, act_name="acknowledged", by=anna, stated={"severity_here": "2"})
    before = list(Request.objects.values("ref", "severity", "severity_here", "exercise"))

    rebuild()

    assert before == list(Request.objects.values("ref", "severity", "severity_here", "exercise"))


def test_a_request_is_no_alert(browser, anna, boris, theirs):
    """The address of another procedure under this page finds nothing."""
    assert 404 == browser(anna).get(reverse("alerts:alert", args=[CHANNEL, "bb-2026-9999"])).status_code


@pytest.mark.parametrize(
    "hostile",
    ["<img src=x onerror=alert(1)>", "\u202egpj.exe", "A" * 300, "{{ 7 }}", "=cmd|'/c calc'!A1", "\u0000"],
)
def test_hostile_titles_and_texts_are_only_text(browser, anna, boris, hostile):
    """A counterpart writes what it likes."""
    warns(boris, title=hostile, fields={"indicators": hostile, "what_is_asked": hostile})

    answer = browser(anna).get(reverse("alerts:alert", args=[CHANNEL, THEIRS]))

    assert 200 == answer.status_code
    assert "<img src=x" not in answer.content.decode()
    assert 200 == browser(anna).get("/").status_code


def test_what_no_table_allows_opens_no_alert(browser, anna, boris):
    """A severity that is none: received, receipted, irregular, and nobody is woken."""
    warns(boris, severity="9")

    assert [] == alerts.for_the_desk()
    answer = browser(anna).get(reverse("alerts:alert", args=[CHANNEL, THEIRS]))
    assert 200 == answer.status_code
    assert "Irregular" in answer.content.decode()


def test_very_many_alerts_at_once_leave_the_desk_usable(boris, anna, browser, django_assert_max_num_queries):
    """They are received and receipted, since silence would be worse; the desk shows a handful."""
    for number in range(60):
        boris.writes(
            "alert.incident.raised",
            f"bb-2026-{number:04}",
            stated={"instrument": "charter", "table": CHARTER.digest, "requested": "aa", "severity": "5"},
            payload={"title": f"Alert {number}", "fields": {"what_happens": "x"}},
        )
    boris.delivers()

    with django_assert_max_num_queries(66):
        desk = browser(anna).get("/")

    assert alerts.ON_THE_DESK == len(desk.context["alerts"])
    assert (60, alerts.PAGE) == (alerts.waiting(), len(alerts.listed(ended=False, number=1).rows))
