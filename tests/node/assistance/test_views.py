"""The pages on requests: what Anna sees and signs, and what Clara does not."""

from __future__ import annotations

import html
import re
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.urls import reverse

from comity_node.assistance import services
from comity_node.assistance.detail import detail
from comity_node.assistance.errors import ChannelNotOpen, ContentTooLong
from comity_node.assistance.models import Draft, Request
from comity_node.assistance.offers import offers
from comity_node.assistance.pages import TABS
from comity_node.officials import services as officials
from comity_node.officials.models import PreparedAct
from comity_node.register import queries
from tests.node.assistance.conftest import FILLED, THEIRS, lodges
from tests.node.counterpart import CHANNEL, open_channel


def hidden(page):
    """What a confirmation page would send on."""
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page.content.decode())
    said = {}
    for name, value in found:
        said.setdefault(name, []).append(html.unescape(value))
    said.pop("csrfmiddlewaretoken", None)
    return said


def act_url(ref, name):
    """Where an act is done."""
    return reverse("assistance:act", args=[CHANNEL, ref, name])


@pytest.mark.parametrize("tab", TABS)
def test_every_tab_of_both_sides_requests_is_shown(tab, lodged, asked, boris, anna, browser):
    """The page is the same on both sides, and none of its tabs may fail on a real request."""
    boris.does("assistance.request.refused", lodged, payload={"text": "No."})

    for ref in (lodged, asked):
        page = browser(anna).get(reverse("assistance:tab", args=[CHANNEL, ref, tab]))

        assert 200 == page.status_code
        assert ref in page.content.decode()


def test_clara_without_power_finds_nothing(lodged, draft, clara, browser):
    """Who may not read a case is not told that it exists."""
    visitor = browser(clara)

    for url in (
        reverse("assistance:list"),
        reverse("assistance:export", args=["csv"]),
        reverse("assistance:drafts"),
        reverse("assistance:new"),
        reverse("assistance:draft", args=[draft.pk]),
        reverse("assistance:request", args=[CHANNEL, lodged]),
        act_url(lodged, "withdrawn"),
    ):
        assert 404 == visitor.get(url).status_code, url


def test_a_draft_of_another_office_is_not_found(draft, hire, browser):
    """A draft is its office's own until it is submitted."""
    other = hire("edda", "case officer", office="prosecution")

    assert 404 == browser(other).get(reverse("assistance:draft", args=[draft.pk])).status_code


def test_a_request_is_drafted_completed_read_and_submitted(boris, anna, browser):
    """The way every request goes: begin, write, see what is missing, read the exact text, hand over."""
    visitor = browser(anna)
    about = {"begins": "assistance us-ru-1999 lodged", "title": "Records of one account"}
    begun = visitor.post(reverse("assistance:new"), {"channel": CHANNEL, **about})
    draft = Draft.objects.get()
    whole = reverse("assistance:draft", args=[draft.pk])
    said = {
        "title": draft.title,
        "language": "en",
        "types": ["documents_items"],
        "translation_language": "fr",
    }

    assert reverse("assistance:step", args=[draft.pk, "basis"]) == begun.url
    refused = visitor.post(whole, {**said, "do": "confirm"}, follow=True)
    visitor.post(whole, {**said, **FILLED, "translated_purpose": "Identifier le locataire", "do": "confirm"})
    confirm = visitor.get(reverse("assistance:submit", args=[draft.pk]))
    done = visitor.post(reverse("assistance:submit", args=[draft.pk]), hidden(confirm))

    prepared = PreparedAct.objects.get()
    assert "it lacks" in refused.content.decode()
    assert html.escape(prepared.text, quote=False) in html.unescape(confirm.content.decode())
    assert done.url == reverse("officials:approval", args=[prepared.pk])
    assert {"fields": {"purpose": "Identifier le locataire"}, "language": "fr"} == prepared.act["payload"][
        "translation"
    ]


def test_an_act_is_filled_in_read_and_signed(asked, anna, browser):
    """Two steps: the form, then the exact text; only the second signs."""
    visitor = browser(anna)
    before = queries.own_log(CHANNEL).size

    form = visitor.get(act_url(asked, "returned"))
    confirm = visitor.post(
        act_url(asked, "returned"), {"reasons": ["offences", "no_time_zone"], "language": "en"}
    )
    between = queries.own_log(CHANNEL).size
    done = visitor.post(act_url(asked, "returned"), hidden(confirm), follow=True)

    entry = queries.entries(CHANNEL, last=1)[0].entry
    assert (200, 200, before) == (form.status_code, confirm.status_code, between)
    assert ["offences", "no_time_zone"] == entry.stated["reasons"]
    assert "returned" == Request.objects.get(ref=asked).state
    assert "Returned as incomplete" in done.content.decode()


def test_the_second_officer_is_asked_where_the_table_wants_two(asked, boris, anna, dora, browser):
    """A refusal is consulted on, reasoned, grounded, and signed by two; then it stands in both records."""
    visitor = browser(anna)
    for name, said in (
        ("consulted", {"text": "May we talk?", "language": "en"}),
        ("refused", {"ground": ["military_only"], "text": "It is.\r\nSee the act.", "language": "en"}),
    ):
        confirm = visitor.post(act_url(asked, name), said)
        visitor.post(act_url(asked, name), hidden(confirm))

    prepared = PreparedAct.objects.get()
    assert "in_consultation" == Request.objects.get(ref=asked).state
    assert "\r" not in prepared.text
    officials.second(prepared, by=dora)
    assert "refused" == Request.objects.get(ref=asked).state


def test_a_page_for_two_officers_sent_twice_waits_once(asked, draft, anna, browser):
    """A second click on an act or on a draft leads to the one approval that waits already."""
    visitor = browser(anna)
    services.act(channel=CHANNEL, ref=asked, act_name="acknowledged", by=anna)
    offered = {"conditions": ["confidential"], "text": "In confidence.", "language": "en"}
    act = hidden(visitor.post(act_url(asked, "conditions_offered"), offered))
    submit = reverse("assistance:submit", args=[draft.pk])

    for url, said in ((act_url(asked, "conditions_offered"), act), (submit, hidden(visitor.get(submit)))):
        first, second = (visitor.post(url, said) for _ in range(2))

        assert first.url == second.url

    assert 2 == PreparedAct.objects.count()


def test_a_form_without_what_the_table_demands_is_shown_again(asked, anna, browser):
    """The field is named, nothing is lost, nothing is signed."""
    page = browser(anna).post(act_url(asked, "returned"), {"language": "en", "text": "Please complete."})

    assert 422 == page.status_code
    assert "Please complete." in page.content.decode()


def test_an_act_not_open_now_is_refused_on_its_page_with_the_article(asked, anna, browser):
    """The page says what may be done instead, and by which provision."""
    page = browser(anna).post(act_url(asked, "executed"), {"extent": "in whole", "language": "en"})

    assert 409 == page.status_code
    assert "Art. 7(1)" in page.content.decode()


def test_an_act_of_the_other_side_has_no_page(asked, anna, browser):
    """Only the requesting Party withdraws; there is nothing to fill in."""
    assert 404 == browser(anna).get(act_url(asked, "withdrawn")).status_code
    assert 404 == browser(anna).get(act_url(asked, "invented")).status_code


def test_a_text_that_moved_between_reading_and_signing_is_shown_anew(asked, boris, anna, browser):
    """An official signs what they read, or nothing."""
    visitor = browser(anna)
    confirm = visitor.post(act_url(asked, "acknowledged"), {"language": "en"})
    boris.does("assistance.request.supplemented", asked, payload={"text": "One more name."})
    before = queries.own_log(CHANNEL).size

    page = visitor.post(act_url(asked, "acknowledged"), hidden(confirm))

    assert 409 == page.status_code
    assert "moved" in page.content.decode()
    assert before == queries.own_log(CHANNEL).size


def test_a_page_sent_twice_signs_once(asked, anna, browser):
    """An impatient second click must not put a second entry on record."""
    visitor = browser(anna)
    visitor.post(
        act_url(asked, "acknowledged"),
        hidden(visitor.post(act_url(asked, "acknowledged"), {"language": "en"})),
    )
    confirm = visitor.post(act_url(asked, "progressed"), {"text": "The bank was asked.", "language": "en"})

    first = visitor.post(act_url(asked, "progressed"), hidden(confirm))
    before = queries.own_log(CHANNEL).size
    second = visitor.post(act_url(asked, "progressed"), hidden(confirm))

    assert (302, 409) == (first.status_code, second.status_code)
    assert before == queries.own_log(CHANNEL).size


def test_a_draft_says_what_is_demanded_and_is_kept_without_it(draft, anna, browser):
    """A mark on the field, a link in the list, and no obstacle to going home."""
    visitor = browser(anna)

    kept = visitor.post(
        reverse("assistance:draft", args=[draft.pk]),
        {"language": "en", "title": "", "do": "save"},
        follow=True,
    ).content.decode()

    assert 'href="#id_title"' in kept
    assert 'href="#id_types"' in kept
    assert "" == Draft.objects.get().title


def test_a_returned_draft_shows_the_note_and_can_be_taken_up_again(draft, anna, dora, browser):
    """What the second officer asked for stands above the text that is to be changed."""
    visitor = browser(anna)
    confirm = visitor.get(reverse("assistance:submit", args=[draft.pk]))
    visitor.post(reverse("assistance:submit", args=[draft.pk]), hidden(confirm))
    officials.return_(PreparedAct.objects.get(), by=dora, note="Name the account.")

    page = visitor.get(reverse("assistance:draft", args=[draft.pk])).content.decode()
    visitor.post(reverse("assistance:reopen", args=[draft.pk]))

    assert "Name the account." in page
    assert Draft.objects.get().prepared is None


def test_a_draft_changed_after_it_was_read_is_not_submitted(draft, anna, browser):
    """A colleague saved meanwhile: the text shown is no longer the text that would be signed."""
    visitor = browser(anna)
    confirm = visitor.get(reverse("assistance:submit", args=[draft.pk]))
    services.save_draft(draft, by=anna, fields={"purpose": "Another purpose"})

    visitor.post(reverse("assistance:submit", args=[draft.pk]), hidden(confirm))

    assert 0 == PreparedAct.objects.count()


def test_a_draft_is_discarded_without_trace_on_record(draft, anna, browser):
    """Nothing of a draft was ever sent; throwing it away sends nothing either."""
    before = queries.own_log(CHANNEL).size

    browser(anna).post(reverse("assistance:discard", args=[draft.pk]))

    assert (0, before) == (Draft.objects.count(), queries.own_log(CHANNEL).size)


def test_a_postponement_names_its_reason_and_the_day_of_its_review(asked, anna, browser):
    """Article 7(4): execution may wait, for a stated reason; the day is given as a day."""
    services.act(channel=CHANNEL, ref=asked, act_name="acknowledged", by=anna)
    visitor = browser(anna)
    said = {
        "reason": "own_investigation",
        "review_on": "2027-01-31",
        "text": "A trial is near.",
        "language": "en",
    }

    confirm = visitor.post(act_url(asked, "postponed"), said)
    visitor.post(act_url(asked, "postponed"), hidden(confirm))

    row = Request.objects.get(ref=asked)
    assert ("postponed", "2027-01-31") == (row.state, row.due_at.date().isoformat())
    assert "31 January 2027" in visitor.get(f"/requests/{CHANNEL}/{asked}/deadlines/").content.decode()


def test_a_request_not_in_writing_cannot_be_recorded_as_lapsed_before_ten_days(boris, anna, browser):
    """Article 5 gives ten days for the confirmation; the page says until when, and offers no button."""
    lodges(boris, THEIRS, stated={"form": "other"})
    services.act(channel=CHANNEL, ref=THEIRS, act_name="form_accepted", by=anna)

    page = browser(anna).get(f"/requests/{CHANNEL}/{THEIRS}/").content.decode()

    assert "not before" in page
    assert act_url(THEIRS, "lapsed") not in page
    clocks = detail(CHANNEL, THEIRS).clocks
    assert ["target", "treaty"] == sorted(clock.kind for clock in clocks if clock.state == "running")


def test_a_reader_without_the_power_is_told_why_nothing_is_offered(asked, dora, browser):
    """A coordinator reads and seconds, but does not prepare: no grey button without a reason."""
    page = browser(dora).get(f"/requests/{CHANNEL}/{asked}/").content.decode()

    assert "your roles do not carry the power" in page
    assert act_url(asked, "acknowledged") not in page
    assert 404 == browser(dora).get(act_url(asked, "acknowledged")).status_code


def test_a_draft_can_be_lodged_in_another_form_than_writing(draft, anna, browser):
    """Article 5 knows urgent requests: what the opening act may state is asked for in the draft."""
    visitor = browser(anna)
    said = {"title": draft.title, "language": "en", "types": draft.types, "stated_form": "other", **FILLED}

    visitor.post(reverse("assistance:draft", args=[draft.pk]), {**said, "do": "save"})

    assert "other" == services.opening(Draft.objects.get()).stated["form"]


def test_a_request_is_not_drafted_in_a_channel_that_is_not_open(db, anna, browser):
    """Nothing is asked before both parties have agreed under which instrument."""
    open_channel(accepted=False)

    page = browser(anna).post(reverse("assistance:new"), {"channel": CHANNEL, "title": "Too early"})

    assert 422 == page.status_code
    with pytest.raises(ChannelNotOpen):
        services.draft(channel=CHANNEL, by=anna)


@pytest.mark.parametrize(("language", "direction"), [("ar", "rtl"), ("ru", "ltr"), ("vi", "ltr")])
def test_pages_stand_in_other_scripts_and_directions(language, direction, lodged, draft, anna, browser):
    """Officials work in their own language; the page turns with it."""
    visitor = browser(anna)
    visitor.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    other = services.draft(channel=CHANNEL, by=anna, title="Another")

    for url in (
        reverse("assistance:list"),
        reverse("assistance:request", args=[CHANNEL, lodged]),
        reverse("assistance:draft", args=[other.pk]),
        act_url(lodged, "withdrawn"),
    ):
        page = visitor.get(url)

        assert 200 == page.status_code
        assert f'dir="{direction}"' in page.content.decode()[:300]


def test_a_text_no_delivery_carries_is_refused_before_it_is_signed(asked, anna, browser):
    """Once on record it would hold up every entry behind it."""
    before = queries.own_log(CHANNEL).size

    with pytest.raises(ContentTooLong):
        services.act(
            channel=CHANNEL, ref=asked, act_name="consulted", by=anna, payload={"text": "x" * 1024 * 1024}
        )

    assert before == queries.own_log(CHANNEL).size


def test_going_back_from_the_text_loses_nothing(asked, anna, browser):
    """Whoever reads the exact text and sees a slip goes back to a full form; once signed, nothing is kept."""
    visitor = browser(anna)
    url = act_url(asked, "returned")
    confirm = visitor.post(url, {"reasons": ["offences"], "text": "Please ad the law.", "language": "en"})

    back = visitor.get(f"{url}?again=1").content.decode()
    visitor.post(url, hidden(confirm))

    assert f"{url}?again=1" in confirm.content.decode()
    assert "Please ad the law." in back
    assert "Please ad the law." not in str(dict(visitor.session))


def test_both_parties_head_their_column_by_name(asked, boris, anna, browser, monkeypatch):
    """A record in which only one side has a name would look like that side's own."""
    known = SimpleNamespace(names={"en": "Borland"})
    monkeypatch.setattr("comity_node.assistance.detail.trusted", lambda _party: known)

    page = browser(anna).get(f"/requests/{CHANNEL}/{asked}/correspondence/").content.decode()

    assert "<bdi>Borland</bdi>" in page
    assert f"<bdi>{settings.NODE.name}</bdi>" in page


def test_the_page_favours_no_answer_where_there_is_a_choice(lodged, boris, anna):
    """Declining takes one officer and accepting two: that makes neither of them the next step."""
    boris.does("assistance.request.acknowledged", lodged)
    stated = {"conditions": ["stated_purpose_only"]}
    boris.does("assistance.request.conditions_offered", lodged, stated=stated)

    offered = {one.label: one.weight for one in offers(detail(CHANNEL, lodged), anna)}

    assert {"plain"} == set(offered.values())
    assert any("Decline" in label for label in offered)
