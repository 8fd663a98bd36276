"""An alert is raised from one page: four things said, the text read, one press."""

from __future__ import annotations

import pytest
from django.urls import reverse

from comity_node.alerts import raising
from comity_node.assistance.errors import NotFilledIn
from comity_node.assistance.models import Draft, Request
from comity_node.register import queries
from tests.node.counterpart import CHANNEL

SAID = {
    "channels": [CHANNEL],
    "severity": "5",
    "title": "Ransomware on a grid operator",
    "what_happens": "Encryption since 02:50 UTC.",
    "tlp": "AMBER",
    "pap": "RED",
    "language": "en",
}


@pytest.fixture(autouse=True)
def _open(boris):
    """Every test has the channel."""


@pytest.fixture
def page(browser, anna):
    """Anna's browser."""
    return browser(anna)


def raises(page, **said):
    """Fill in the form, read the text, sign: the last answer."""
    shown = page.post(reverse("alerts:raise"), {**SAID, **said})
    assert 302 == shown.status_code, shown.context["form"].errors
    text = page.get(shown.url)
    digests = {f"shown-{draft.pk}": digest for draft, _text, digest in text.context["texts"]}
    return page.post(shown.url, digests)


def test_two_pages_and_it_is_on_record(page):
    """Under a minute: what is filled in, and what is read before it is signed."""
    done = raises(page)

    row = Request.objects.get(kinds="alert.incident")
    assert done.url == reverse("alerts:alert", args=[CHANNEL, row.ref])
    assert (5, "raised", True) == (row.severity, row.state, row.ours)
    (entry,) = queries.entries(CHANNEL, ref=row.ref)
    assert "alert.incident.raised" == entry.entry.kind


def test_what_is_recognised_and_who_will_read_it_stand_above_the_button(page):
    """Before anything is signed."""
    shown = page.post(
        reverse("alerts:raise"), {**SAID, "indicators": "hxxp://evil[.]example[.]com\nzz-1234567"}
    )
    text = page.get(shown.url)

    assert [("url", "http://evil.example.com", "hxxp://evil[.]example[.]com")] == text.context["recognised"][
        "observables"
    ]
    assert ("zz-1234567",) == text.context["recognised"]["unknown"]
    assert ["bb"] == [one.party for one in text.context["recipients"]]
    assert 0 == Request.objects.filter(kinds="alert.incident").count()


@pytest.mark.parametrize("missing", ["channels", "severity", "title", "what_happens"])
def test_what_is_missing_is_said_and_nothing_is_lost(page, missing):
    """The rest stands in the form as it was written."""
    answer = page.post(
        reverse("alerts:raise"), {name: value for name, value in SAID.items() if name != missing}
    )

    assert 422 == answer.status_code
    assert [missing] == list(answer.context["form"].errors)
    assert 0 == Draft.objects.count()


def test_going_back_changes_the_draft_and_makes_no_second(page):
    """A browser that closes at the wrong moment loses nothing, and a correction leaves no leavings."""
    shown = page.post(reverse("alerts:raise"), {**SAID, "sector": ["energy"], "seeks": ["information"]})
    again = reverse("alerts:again", args=[Draft.objects.get().pk])

    assert "energy" in page.get(again).content.decode()
    page.post(again, {**SAID, "severity": "3", "title": "Another line"})

    draft = Draft.objects.get()
    assert ("Another line", {"severity": "3"}) == (draft.title, draft.stated)
    assert shown.url == reverse("alerts:confirm", args=[draft.pk])


def test_a_text_that_moved_is_not_signed(page):
    """Somebody else of the office changed the draft meanwhile."""
    shown = page.post(reverse("alerts:raise"), SAID)
    draft = Draft.objects.get()
    digests = {f"shown-{draft.pk}": page.get(shown.url).context["texts"][0][2]}
    draft.title = "Something else"
    draft.save()

    answer = page.post(shown.url, digests)

    assert answer.url == reverse("alerts:again", args=[draft.pk])
    assert 0 == Request.objects.filter(kinds="alert.incident").count()


def test_an_answer_is_of_use_until_a_minute_in_utc(page):
    """The period chosen counts from when it is written."""
    raises(page, reply_within="60")

    row = Request.objects.get(kinds="alert.incident")
    (entry,) = queries.entries(CHANNEL, ref=row.ref)
    assert entry.entry.stated["reply_by"].endswith("Z")


def test_the_time_that_was_set_is_kept_when_something_else_is_changed(page):
    """Whoever goes back to mend a word sets no clock anew, and loses none."""
    page.post(reverse("alerts:raise"), {**SAID, "reply_within": "60"})
    again = reverse("alerts:again", args=[Draft.objects.get().pk])
    until = Draft.objects.get().stated["reply_by"]
    form = page.get(again).context["form"]

    assert "kept" == form["reply_within"].value()
    assert until.partition("T")[2].removesuffix("Z") in str(form["reply_within"])
    page.post(again, {**SAID, "title": "Another line", "reply_within": "kept"})
    assert until == Draft.objects.get().stated["reply_by"]
    page.post(again, {**SAID, "reply_within": ""})
    assert "reply_by" not in Draft.objects.get().stated


def test_who_may_not_sign_an_alert_finds_no_form(browser, reader):
    """Reading is not raising."""
    assert 404 == browser(reader).get(reverse("alerts:raise")).status_code
    assert "Raise an alert" not in browser(reader).get(reverse("alerts:list")).content.decode()


def test_what_sort_of_incident_it_is_may_be_said_and_is_read_on_its_page(page):
    """By the classes that response teams share: those who receive it sort by them."""
    raises(page, **{"class": ["malicious_code", "availability"]})
    row = Request.objects.get(kinds="alert.incident")
    (entry,) = queries.entries(CHANNEL, ref=row.ref)

    assert ["availability", "malicious_code"] == sorted(entry.entry.stated["class"])
    assert "malicious code" in page.get(reverse("alerts:alert", args=[CHANNEL, row.ref])).content.decode()


def test_the_sort_that_was_chosen_is_kept_when_something_else_is_changed(page):
    """Going back shows it chosen; what is no class is refused."""
    page.post(reverse("alerts:raise"), {**SAID, "class": ["fraud"]})
    again = reverse("alerts:again", args=[Draft.objects.get().pk])

    assert ["fraud"] == page.get(again).context["form"]["class"].value()
    assert 422 == page.post(again, {**SAID, "class": ["weather"]}).status_code


def test_an_exercise_says_so_on_record(page):
    """And wherever it is shown."""
    raises(page, exercise="on")

    row = Request.objects.get(kinds="alert.incident")
    assert row.exercise
    assert "yes" == queries.entries(CHANNEL, ref=row.ref)[0].entry.stated["exercise"]


def test_without_a_page_the_same_is_asked(anna):
    """A command that says too little keeps nothing, and is told what is missing."""
    with pytest.raises(NotFilledIn, match="severity"):
        raising.filled({"channels": [CHANNEL], "title": ["x"], "what_happens": ["y"]}, by=anna)

    assert 0 == Draft.objects.count()


def test_a_channel_that_cannot_be_chosen_is_refused(anna):
    """Whatever is typed into an address."""
    with pytest.raises(NotFilledIn, match="channels"):
        raising.filled(
            {**{k: [v] if isinstance(v, str) else v for k, v in SAID.items()}, "channels": ["zzz"]}, by=anna
        )
