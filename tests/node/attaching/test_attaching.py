"""A file given in a talk: one page, one signature, two entries, of which the message names the other."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from comity.keys.sealing import open_sealed
from comity_node.attaching.services import GivenFile
from comity_node.evidence import services as evidence
from comity_node.evidence.models import Exhibit, Intake
from comity_node.officials.errors import TextMoved
from comity_node.register import queries
from comity_node.talk import services
from comity_node.talk.errors import MessageTooLong, TalkNotAllowed
from comity_node.talk.models import Line
from tests.node.counterpart import CHANNEL

CONTENT = b"203.0.113.9\n" * 1000


@pytest.fixture
def here(talk):
    """Where a file is attached."""
    return reverse("attaching:attach", args=[CHANNEL, talk.ref])


def gives(seated, here, **said):
    """Fill in the form as a browser does."""
    form = {"file": SimpleUploadedFile("addresses.txt", CONTENT), "description": "Addresses seen", **said}
    return seated.post(here, {"text": "These are they", "tlp": "AMBER", **form})


def signs(seated, address):
    """Read the text, and sign what was read."""
    shown = dict(seated.get(address).context["hidden"])["shown"]
    return seated.post(address, {"shown": shown})


@pytest.fixture
def taken(talk, carl, tmp_path):
    """A file sealed by command, not announced."""
    file = tmp_path / "addresses.txt"
    file.write_bytes(CONTENT)
    return evidence.take_in_file(file, channel=CHANNEL, facts={"media_type": "text/plain"}, by=carl)


def test_a_file_is_sealed_read_and_said_in_one_signature(browser, boris, carl, here, talk):
    """The message names the entry of the exhibit, so that both sides open it from there."""
    seated = browser(carl)
    text = gives(seated, here)["Location"]
    read = seated.get(text).content.decode()
    before = queries.own_log(CHANNEL).size

    answer = signs(seated, text)

    exhibit, line = Exhibit.objects.get(), Line.objects.get(text="These are they")
    assert before + 2 == queries.own_log(CHANNEL).size
    assert answer["Location"].startswith(reverse("talk:talk", args=[CHANNEL, talk.ref]))
    assert ("addresses.txt", "AMBER", len(CONTENT)) == (exhibit.name, exhibit.tlp, exhibit.size)
    assert [exhibit.entry] == [one["entry"] for one in line.exhibits]
    assert CONTENT == open_sealed(evidence.here(exhibit).read_bytes(), boris.keys.opening)
    for said in ("evidence.exhibit.added", "talk.room.said", exhibit.sha256, "These are they"):
        assert said in read


def test_the_talk_shows_the_file_with_its_size_and_how_far_it_came(browser, carl, here, talk):
    """By its name, not by the number of an entry; its page is one press away."""
    seated = browser(carl)
    signs(seated, gives(seated, here)["Location"])
    page = seated.get(reverse("talk:talk", args=[CHANNEL, talk.ref])).content.decode()
    exhibit = Exhibit.objects.get()

    assert f'<a href="/evidence/{CHANNEL}/{exhibit.ref}/"><bdi>addresses.txt</bdi></a>' in page
    assert "Announced, not yet arrived whole" in page
    assert f"ref:{exhibit.ref}" in page  # what is heard of it brings the line up to date


def test_an_exhibit_named_that_nobody_announced_is_shown_as_sent(boris, browser, carl, talk):
    """A counterpart may name anything; the page leads nowhere it should not."""
    named = [{"entry": f"aa.comity/{CHANNEL}#0", "title": "<b>x"}, {"title": "Seen"}, {"entry": "no entry"}]
    boris.does("talk.room.said", talk.ref, payload={"text": "Look", "exhibits": named})

    page = browser(carl).get(reverse("talk:talk", args=[CHANNEL, talk.ref])).content.decode()

    assert "&lt;b&gt;x" in page
    assert "Announced" not in page


def test_what_stands_in_the_box_goes_along_to_the_form(browser, carl, here):
    """Whoever wrote first and thought of the file then has not written in vain; nothing is signed by it."""
    seated = browser(carl)

    by_script = seated.post(here, "text=Half+written", content_type=FORM, headers={"hx-request": "true"})
    plainly = seated.post(here, "text=Half+written", content_type=FORM)

    assert (204, here) == (by_script.status_code, by_script["HX-Redirect"])
    assert here == plainly["Location"]
    assert "Half written" == seated.get(here).context["form"]["text"].value()
    assert 0 == Intake.objects.count()


FORM = "application/x-www-form-urlencoded"


def test_a_form_that_is_wrong_keeps_no_seal(browser, carl, disk, here):
    """A file nobody has taken must not stay on the disk."""
    answer = gives(browser(carl), here, text="")

    assert 422 == answer.status_code
    assert [] == [one for one in disk.rglob("*") if one.is_file() and not one.name.startswith(".")]


def test_another_site_can_neither_give_a_file_nor_begin_to(carl, here):
    """The form is read only after its token."""
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(carl)

    assert 403 == gives(strict, here).status_code
    assert 403 == strict.post(here, "text=x", content_type=FORM).status_code
    assert 0 == Intake.objects.count()


def test_who_may_talk_and_not_add_exhibits_is_offered_no_file(browser, carl, dora, here, talk):
    """A coordinator talks; what is evidence is for others to say."""
    page = reverse("talk:talk", args=[CHANNEL, talk.ref])

    assert 403 == browser(dora).get(here).status_code
    assert here not in browser(dora).get(page).content.decode()
    assert here in browser(carl).get(page).content.decode()


def test_both_are_recorded_or_neither(carl, talk, taken):
    """A file without the words that name it would be found by nobody who reads the talk."""
    closing = services.moving(talk, "closed")
    one = GivenFile(taken=taken, row=talk, text="Too late")
    shown = one.digest()
    services.sign(closing, shown=closing.digest(), by=carl)

    with pytest.raises(TalkNotAllowed):
        one.sign(shown=shown, by=carl)

    assert 0 == Exhibit.objects.count()
    assert "" == Intake.objects.get().entry


def test_nothing_is_signed_but_what_was_read(carl, talk, taken):
    """Other words under the same signature would be other words."""
    read = GivenFile(taken=taken, row=talk, text="These")

    with pytest.raises(TextMoved):
        GivenFile(taken=taken, row=talk, text="Those").sign(shown=read.digest(), by=carl)


def test_a_message_sent_meanwhile_moves_nothing(carl, talk, taken):
    """In a talk that goes on, somebody always says something while a text is read."""
    one = GivenFile(taken=taken, row=talk, text="These are they")
    shown = one.digest()
    services.say(talk, "One moment", by=carl)

    entry = one.sign(shown=shown, by=carl)

    assert [str(entry)] == [one.entry_name for one in Line.objects.filter(text="These are they")]


def test_a_page_sent_twice_signs_once(browser, carl, here, talk):
    """Two presses are one wish."""
    seated = browser(carl)
    text = gives(seated, here)["Location"]
    shown = dict(seated.get(text).context["hidden"])["shown"]

    answers = [seated.post(text, {"shown": shown}) for _ in range(2)]

    assert [302, 302] == [one.status_code for one in answers]
    assert 1 == Line.objects.filter(text="These are they").count()


def test_a_file_whose_words_are_lost_waits_to_be_announced_alone(browser, carl, talk, taken):
    """A session ends; what was sealed is not lost with it."""
    answer = browser(carl).get(reverse("attaching:confirm", args=[CHANNEL, talk.ref, taken.ref]))

    assert reverse("evidence:taken-in", args=[taken.ref]) == answer["Location"]


def test_words_that_are_too_long_are_refused_before_anything_is_recorded(carl, talk, taken, settings):
    """By command nothing counts the letters before."""
    most = settings.NODE.limits.message_characters
    one = GivenFile(taken=taken, row=talk, text="x" * (most + 1))

    with pytest.raises(MessageTooLong):
        one.sign(shown=one.digest(), by=carl)

    assert 0 == Exhibit.objects.count()
