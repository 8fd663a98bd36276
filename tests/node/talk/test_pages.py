"""The pages of talks: to read, to say something, to agree on minutes; complete without script."""

from __future__ import annotations

from dataclasses import replace

import pytest

from comity_node.register import queries as register
from comity_node.talk import minutes, queries, services
from comity_node.talk.models import Line
from tests.node.counterpart import CHANNEL
from tests.node.talk.conftest import opened_by_them

pytestmark = pytest.mark.django_db


def shown(text: str) -> str:
    """The digest that a confirmation page carries on."""
    return text.split('name="shown" value="')[1].split('"', maxsplit=1)[0]


@pytest.fixture
def at(browser, anna, talk):
    """Anna's browser, and the address of the talk."""
    return browser(anna), f"/talks/{CHANNEL}/{talk().ref}/"


def test_a_talk_is_opened_after_its_text_was_read(boris, browser, anna):
    """Only messages are signed as they are sent."""
    page = browser(anna)
    form = {"title": "Grid outage", "about": "alert", "linked": f"bb.comity/{CHANNEL}#0"}
    text = page.post(f"/talks/{CHANNEL}/open/", form).content.decode()

    done = page.post(f"/talks/{CHANNEL}/open/", {**form, "shown": shown(text)}, follow=True)

    assert "Grid outage" in done.content.decode()
    (row,) = queries.talks()
    assert ("alert", [f"bb.comity/{CHANNEL}#0"], "open") == (row.about, row.linked, row.state)


def test_a_message_is_signed_as_it_is_sent_and_shown_with_its_marks(at, talk, boris):
    """Sent, received by their node, opened by their desk: three facts."""
    page, here = at
    page.post(f"{here}say/", {"text": "Are you there?", "language": "en"})
    sent = page.get(here).content.decode()
    boris.receipts()
    received = page.get(here).content.decode()
    last = queries.last_own(talk())

    boris.does("talk.room.read", talk().ref, stated={"up_to": [last.entry_name]})

    assert "sent, no receipt yet" in sent
    assert "sent, no receipt yet" not in received
    assert "opened by the desk" not in received
    assert "opened by the desk" in page.get(here).content.decode()


def test_the_same_words_sent_twice_in_a_moment_are_said_once(at, talk):
    """A page without script sends what is pressed, as often as it is pressed."""
    page, here = at
    for _ in range(2):
        page.post(f"{here}say/", {"text": "Yes"})

    assert 1 == talk().messages


def test_what_is_not_the_same_message_by_the_same_officer_is_said_as_well(at, talk, hire, browser):
    """Another translation is another message, and what a colleague says is not what one said oneself."""
    page, here = at
    page.post(f"{here}say/", {"text": "Да"})
    page.post(f"{here}say/", {"text": "Да", "translation": "Yes", "translation_language": "en"})
    browser(hire("dora", "duty officer")).post(
        f"{here}say/", {"text": "Да", "translation": "Yes", "translation_language": "en"}
    )

    assert 3 == talk().messages


def test_a_message_may_carry_a_translation_and_name_exhibits_on_record_only(at, talk):
    """What is named must be there for both."""
    page, here = at
    said = {"text": "Да", "language": "ru", "translation": "Yes", "translation_language": "en"}

    refused = page.post(f"{here}say/", {**said, "exhibits": "bb-2026-e0001"})
    page.post(f"{here}say/", said)

    assert 422 == refused.status_code
    assert "no exhibit on record" in refused.content.decode()
    line = queries.last_own(talk())
    assert ("Да", "ru", "Yes", "en") == (
        line.text,
        line.language,
        line.translation,
        line.translation_language,
    )
    assert 'lang="ru"' in page.get(here).content.decode()


def test_a_message_too_long_or_empty_is_refused_by_name(at, talk, settings):
    """A limit that is not named cannot be changed by whoever meets it."""
    page, here = at
    long = page.post(f"{here}say/", {"text": "x" * (settings.NODE.limits.message_characters + 1)})
    empty = page.post(f"{here}say/", {"text": " \n "})

    assert [422, 422] == [long.status_code, empty.status_code]
    assert 0 == talk().messages


def test_who_only_reads_is_offered_no_box_and_signs_nothing(talk, browser, hire):
    """An analyst reads the record and speaks for nobody."""
    page, here = browser(hire("nina", "analyst")), f"/talks/{CHANNEL}/{talk().ref}/"

    text = page.get(here).content.decode()

    assert "Sign and say it" not in text
    assert [404, 404] == [page.post(f"{here}{name}/", {"text": "x"}).status_code for name in ("say", "read")]


def test_a_page_that_asks_for_the_lines_alone_gets_them_alone(at, says):
    """What is brought up to date costs no frame around it."""
    page, here = at
    says("hello")

    part = page.get(here, headers={"HX-Request": "true", "HX-Target": "talk-lines"}).content.decode()

    assert "hello" in part
    assert "<html" not in part
    assert 'data-live="ref:aa-2026-t0001"' in part


def test_opening_the_page_signs_nothing_and_its_mark_is_posted_once(at, says, talk):
    """Looking is safe; what is signed is asked for by the page, once for a run of messages."""
    page, here = at
    says("one")
    says("two")
    before = register.own_log(CHANNEL).size
    looked = page.get(here).content.decode()
    still = register.own_log(CHANNEL).size

    for _ in range(2):
        page.post(f"{here}read/", headers={"HX-Request": "true"})

    assert before == still
    assert "hx-post" in looked
    assert before + 1 == register.own_log(CHANNEL).size
    assert "talk-opened" not in page.get(here, headers={"HX-Target": "talk-lines"}).content.decode()
    assert "not opened" not in page.get("/talks/").content.decode()


def test_earlier_messages_are_a_page_away_and_a_hit_is_shown_among_its_neighbours(at, says):
    """A page bears so many lines, however long two sides talk."""
    page, here = at
    says("needle")
    for number in range(queries.PAGE + 10):
        says(f"message number {number}")

    latest = page.get(here).content.decode()
    earlier = page.get(here + latest.split('rel="prev"')[0].rsplit('href="', 1)[1].split('"')[0])
    hits = page.get(f"{here}?words=needle").content.decode()
    hit = hits.split('<ol class="plain ruled">')[1].split('href="')[1].split('"')[0]
    around = page.get(here + hit).content.decode()

    assert f"message number {queries.PAGE + 9}" in latest
    assert "message number 9<" not in latest
    assert "message number 9<" in earlier.content.decode()
    assert "1 message found" in hits
    assert "The latest" in around


def test_minutes_are_proposed_agreed_and_the_same_on_both_sides(at, says, talk, boris):
    """The text follows from the record; whoever agrees sees that its own record gives it to the letter."""
    page, here = at
    page.post(f"{here}say/", {"text": "Are you there?", "language": "en"})
    says("Да", language="ru", translation={"language": "en", "text": "Yes"})
    text = page.get(f"{here}minutes/propose/").content.decode()
    page.post(f"{here}minutes/propose/", {"shown": shown(text)})
    (proposed,) = Line.objects.filter(act="minutes_proposed")
    one = f"{here}minutes/aa/{proposed.index}/"
    waits = page.get(one).content.decode()

    boris.does("talk.room.minutes_agreed", talk().ref, stated={"minutes": proposed.entry_name})

    assert "Are you there?" in waits
    assert "to the letter" in waits
    assert "Waits for BB" in waits
    assert "Agreed by all" in page.get(one).content.decode()
    again = page.get(f"{here}minutes/propose/", follow=True).content.decode()
    assert "agreed minutes do not cover" in again


def test_what_is_said_while_minutes_are_read_changes_nothing_in_them(at, says):
    """A talk goes on all night: its minutes could never be signed."""
    page, here = at
    says("One")
    read = page.get(f"{here}minutes/propose/")
    says("Two")

    page.post(f"{here}minutes/propose/", dict(_carried(read.context["hidden"])))

    (proposed,) = Line.objects.filter(act="minutes_proposed")
    said = page.get(f"{here}minutes/aa/{proposed.index}/").content.decode()
    assert "One" in said
    assert "Two" not in said
    assert "to the letter" in said


def _carried(hidden):
    fields = {}
    for name, value in hidden:
        fields.setdefault(name, []).append(value)
    return fields


def test_their_minutes_are_answered_with_a_statement_that_differs(at, says, talk, boris, anna):
    """Nothing is agreed by it, and both stand side by side."""
    page, here = at
    said = says("Then it is agreed")
    stated = {"covers": [str(said)]}
    proposal = boris.does("talk.room.minutes_proposed", talk().ref, stated=stated, payload={"text": "Theirs"})
    one = f"{here}minutes/bb/{proposal.index}/"
    differs = page.get(one).content.decode()
    form = {"text": "Nothing was agreed"}
    text = page.post(f"{one}minutes_diverged/", form).content.decode()

    page.post(f"{one}minutes_diverged/", {**form, "shown": shown(text)})

    assert "gives another text" in differs
    after = page.get(one).content.decode()
    assert "Nothing was agreed" in after
    assert "statement that differs" in after
    assert "Agree to the minutes" not in after


def test_a_translation_is_put_beside_a_message_and_the_original_stands(at, says, talk):
    """Entries are never translated in place."""
    page, here = at
    said = says("Да", language="ru")
    form = {"text": "Yes", "language": "en"}
    address = f"{here}translate/bb/{said.index}/"
    text = page.post(address, form).content.decode()

    page.post(address, {**form, "shown": shown(text)})

    after = page.get(here).content.decode()
    assert "Да" in after
    assert "Translation by" in after
    assert 1 == talk().messages


def test_a_closed_talk_is_opened_again_by_either_side(at, talk):
    """Nothing is said meanwhile."""
    page, here = at
    for act in ("closed", "reopened"):
        text = page.get(f"{here}acts/{act}/").content.decode()
        page.post(f"{here}acts/{act}/", {"shown": shown(text)})
        if act == "closed":
            refused = page.post(f"{here}say/", {"text": "x"})

    assert 422 == refused.status_code
    assert "open" == talk().state


def test_talks_are_found_on_the_desk_the_channel_and_by_search(at, says):
    """What nobody here has opened is the first thing an officer sees."""
    page, _here = at
    says("zebra crossing")

    desk, channel, found = (
        page.get(address).content.decode()
        for address in ("/", f"/channels/{CHANNEL}/", "/search/?words=zebra")
    )

    assert "Night shift" in desk
    assert "Night shift" in channel
    assert "zebra" in found


def test_a_closed_talk_is_found_as_closed_and_no_more_as_open(at, talk, boris):
    """Who filters by what is open seeks what still wants something."""
    page, _here = at

    def talks(standing):
        groups = page.get("/search/", {"words": "Night", "standing": standing}).context["groups"]
        return [one["total"] for one in groups if one["sort"] == "talk"]

    assert ([1], []) == (talks("open"), talks("closed"))
    boris.does("talk.room.closed", talk().ref)
    assert ([], [1]) == (talks("open"), talks("closed"))
    offered = dict(page.get("/search/").context["filters"].fields["standing"].choices)
    assert "Open" == offered["open"]


def test_no_message_writes_a_line_of_the_minutes(at, says, talk):
    """Both sides would agree to words of a speaker who said nothing."""
    forged = (
        "\n\n[AA 12] 2026-03-01 09:00:00 Foreign Ministry, desk officer (en)\nWe agree.\u2028-- translation"
    )
    says(f"Good night.{forged}", translation={"text": f"x{forged}"})

    text = minutes.text_of(talk(), services.coverage(talk()))

    ours = [one for one in text.splitlines() if one and not one.startswith("> ")]
    assert ["Minutes", "Channel", "[BB", "--"] == [one.split()[0] for one in ours]
    assert 2 == text.count("> [AA 12]")


def test_minutes_are_the_same_however_little_a_node_shows_of_a_message(at, says, talk, boris, settings):
    """Two nodes with other limits derived other minutes, and neither could agree."""
    settings.NODE = replace(settings.NODE, limits=replace(settings.NODE.limits, message_characters=50))
    message = says("x" * 60, translation={"text": "y" * 30_000})
    boris.does("talk.room.translated", talk().ref, stated={"of": str(message)}, payload={"text": "z" * 70})

    text = minutes.text_of(talk(), services.coverage(talk()) | {"covers": [f"{message.origin}#9999"]})

    assert f"> {'x' * 60}\n" in text
    assert f"> {'y' * 20_000}\n" in text
    assert f"> {'z' * 70}\n(the entry says more than is set out here)" in text


def test_the_list_of_talks_has_pages(at, boris, monkeypatch):
    """What stands behind the first of them could not be found."""
    monkeypatch.setattr(queries, "LISTED", 1)
    opened_by_them(boris)
    page, _here = at

    first, second = (page.get(f"/talks/?page={number}").content.decode() for number in (1, 2))

    assert "bb-2026-t0001" in first
    assert "aa-2026-t0001" not in first
    assert "aa-2026-t0001" in second
    assert 'rel="next"' in first
