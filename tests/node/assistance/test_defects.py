"""What sends requests back, found before they are sent: on pages, for the second officer, by the services."""

from __future__ import annotations

import html

import pytest
from django.urls import reverse
from django.utils import translation

from comity.instruments import library
from comity_node.assistance import defects, services
from comity_node.assistance.models import Draft, Request
from comity_node.officials.models import PreparedAct
from comity_node.register import rooms
from comity_node.register.acts import Act
from tests.node.counterpart import CHANNEL, INSTRUMENT

MENDED = {
    "facts_summary": "On 3 May 2026 the records of a hospital were encrypted. "
    "The ransom note named the mail account ransom7@mail.example.",
    "assistance_sought": "Subscriber records of the account ransom7@mail.example named in the ransom note",
    "account_identifiers": "ransom7@mail.example",
    "ip_port_time": "192.0.2.7, source port 40112, on 3 May 2026 at 14:05:33 UTC",
}
FROM_NO_LOG = {"ip_port_time": "192[.]0[.]2[.]7, source port 40112, on 3 May 2026 at 14:05"}


def said(draft):
    """What is found in a draft, by field."""
    return {one.id: one.field for one in services.defects(draft)}


@pytest.fixture
def mended(draft, anna):
    """A draft that nothing would send back."""
    return services.save_draft(draft, by=anna, fields=MENDED)


@pytest.fixture
def unzoned(mended, anna):
    """A draft with a time that has no zone."""
    return services.save_draft(mended, by=anna, fields=FROM_NO_LOG)


def page(found):
    """A page as a reader reads it."""
    return html.unescape(found.content.decode())


def test_a_complete_draft_may_still_be_one_that_is_sent_back(draft):
    """Every field is filled in, and the account is not named: no list of missing fields can tell."""
    assert [] == [gap.field for gap in services.check(draft) if gap.demanded]
    assert "account_identifiers" == said(draft)["no_identifier"]


def test_a_mended_draft_is_sent_back_for_nothing(mended):
    """What is still said of it weakens it at most."""
    assert [] == [one.id for one in services.defects(mended) if one.severity == "returns"]


def test_the_draft_page_says_what_why_and_what_to_do_and_leads_to_the_field(unzoned, anna, browser):
    """A finding nobody can act on is noise."""
    shown = page(browser(anna).get(reverse("assistance:draft", args=[unzoned.pk])))

    (found,) = [one for one in services.defects(unzoned) if one.id == "no_time_zone"]
    assert "What sends such requests back" in shown
    assert all(text in shown for text in (found.what, found.why, found.todo, "14:05"))
    assert '<a href="#id_ip_port_time">' in shown
    assert 'id="id_ip_port_time"' in shown


def test_the_second_officer_sees_for_what_it_would_be_sent_back(unzoned, anna, dora, browser):
    """Two officers sign so that the second sees what the first did not."""
    first = page(browser(anna).get(reverse("assistance:submit", args=[unzoned.pk])))
    services.submit(unzoned, by=anna)
    prepared = PreparedAct.objects.get()

    second = page(browser(dora).get(reverse("officials:approval", args=[prepared.pk])))

    for shown in (first, second):
        assert "A time of day without a time zone: 14:05." in shown
        assert "no reason is given" not in shown


def test_a_whole_request_shows_the_second_officer_nothing(mended, anna, dora, browser):
    """A box that is always there is not read."""
    services.submit(mended, by=anna)
    prepared = PreparedAct.objects.get()

    second = page(browser(dora).get(reverse("officials:approval", args=[prepared.pk])))

    assert "What sends such requests back" not in second


def test_nothing_found_stops_a_request(unzoned, anna):
    """Whoever signs decides; software that refuses is worked around."""
    assert "no_time_zone" in said(unzoned)

    assert services.submit(unzoned, by=anna)


def test_the_act_is_judged_by_the_very_text_that_is_signed(unzoned):
    """The second officer is told of the text before them, not of a draft that may have moved."""
    act = services.opening(unzoned)

    assert {"no_time_zone"} <= {one.id for one in defects.of_act(act, services.table(unzoned))}
    assert said(unzoned).keys() == {one.id for one in defects.of_act(act, services.table(unzoned))}


def test_only_what_opens_a_request_is_looked_at(asked):
    """An answer is not a request, and a payload may be anything."""
    for kind, payload in (
        ("acknowledged", {"text": "at 14:05"}),
        ("lodged", None),
        ("lodged", {"fields": 7}),
    ):
        act = Act(channel=CHANNEL, kind=f"assistance.request.{kind}", ref=asked, payload=payload)
        assert [] == list(rooms.doubts(act))
    assert [] == list(rooms.doubts(Act(channel=CHANNEL, kind="nothing.known", ref=asked)))


def test_a_preservation_on_record_is_to_be_named(mended, anna):
    """Data preserved under another reference are deleted when nobody connects them with the request."""
    Request.objects.create(**_preservation("aa-2026-0900"))
    Request.objects.create(**{**_preservation("aa-2026-0901"), "final": True})

    before = [one for one in services.defects(mended) if one.id == "no_preservation_reference"]
    named = services.save_draft(
        mended, by=anna, fields={"preservation_reference": "aa-2026-0900, until 1 December 2026"}
    )

    assert ["aa-2026-0900"] == [one.values["refs"] for one in before]
    assert "no_preservation_reference" not in said(named)


def test_a_draft_may_hold_anything(draft, anna, browser):
    """A draft is saved half written; its page is the one place where that can be mended."""
    Draft.objects.filter(pk=draft.pk).update(
        fields={"purpose": None, "ip_port_time": "%s %(x)s 192.0.2.7"}, types="documents_items", language=""
    )

    assert 200 == browser(anna).get(reverse("assistance:draft", args=[draft.pk])).status_code


def test_findings_are_put_into_the_readers_language(unzoned):
    """What is filled in stays as it was written, whatever stands around it."""
    found = services.defects(unzoned)

    with translation.override("ru"):
        shown = defects.shown(found, library()[INSTRUMENT])

    assert all("%(" not in one.what for one in shown)
    assert any("14:05" in one.what for one in shown)


def _preservation(ref):
    """A row as projected, for a preservation of ours that stands."""
    now = "2026-05-04T00:00:00Z"
    empty = {
        field.name: []
        if field.get_internal_type() == "JSONField"
        else 0
        if "Integer" in field.get_internal_type()
        else ""
        for field in Request._meta.fields
        if field.get_internal_type() not in {"DateTimeField", "BooleanField", "BigAutoField", "AutoField"}
    }
    return {
        **empty,
        "channel": CHANNEL,
        "ref": ref,
        "kinds": "preservation.request",
        "procedure": "preservation",
        "ours": True,
        "final": False,
        "exercise": False,
        "lodged_at": now,
        "last_at": now,
    }
