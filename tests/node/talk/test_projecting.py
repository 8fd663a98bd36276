"""A talk as both records give it: what was said, in the one order, whatever came first."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from comity.instruments import library
from comity_node.duty.models import Cause
from comity_node.register.erasing import erase
from comity_node.talk import queries, services
from comity_node.talk.models import Line, Opening
from tests.node.counterpart import CHANNEL, SECONDED
from tests.node.talk.conftest import opened_by_them

pytestmark = pytest.mark.django_db


def test_what_either_side_says_stands_in_the_talk(talk, says, anna, same_again):
    """The original is kept, and a translation stands beside it."""
    services.say(talk(), "Are you there?", by=anna, language="en")
    says("Да", language="ru", translation={"language": "en", "text": "Yes"})

    lines = queries.window(talk()).lines

    assert [("opened", ""), ("said", "Are you there?"), ("said", "Да")] == [
        (one.act, one.text) for one in lines
    ]
    assert ("ru", "en", "Yes") == (lines[2].language, lines[2].translation_language, lines[2].translation)
    assert "" == "".join(one.irregular for one in lines)
    assert same_again()


def test_what_the_other_side_opened_is_talked_in_too(boris, anna, same_again):
    """A talk belongs to neither side."""
    opened_by_them(boris)

    services.say(queries.talk(CHANNEL, "bb-2026-t0001"), "Here", by=anna)

    row = queries.talk(CHANNEL, "bb-2026-t0001")
    assert ("Their hotline", "open", 1, ["aa", "bb"]) == (row.title, row.state, row.messages, row.parties)
    assert same_again()


def test_what_is_said_where_nothing_regular_opened_a_talk_calls_nobody(boris, anna):
    """There is no page that whoever is called could open."""
    boris.does("talk.room.said", "bb-2026-t0009", payload={"text": "Wake up"})
    assert not Cause.objects.exists()

    opened_by_them(boris)
    boris.does("talk.room.said", "bb-2026-t0001", payload={"text": "Wake up"})
    assert ["bb-2026-t0001"] == [one.ref for one in Cause.objects.all()]


def test_messages_that_cross_stand_in_the_one_order(talk, says, anna, same_again):
    """Whichever came first here, both read the same order, and that they crossed."""
    services.say(talk(), "one", by=anna)
    seen = queries.last_own(talk()).index + 1
    services.say(talk(), "two", by=anna)
    says("three", seen=seen)
    says("four", seen=seen)

    assert ["one", "two", "three", "four"] == [one.text for one in queries.window(talk()).lines[1:]]
    assert same_again()


def test_what_crosses_the_closing_was_said_and_what_comes_after_was_not(talk, says, anna, boris, same_again):
    """The other side cannot know of the closing before it has it."""
    seen = queries.last_own(talk())
    assert seen is None
    act = services.moving(talk(), "closed")
    services.sign(act, shown=act.digest(), by=anna)
    own = Line.objects.get(act="closed")

    says("crossed", seen=own.index)
    says("after")

    assert ["", "said"] == [
        "" if not one.irregular else one.act for one in Line.objects.filter(act="said").order_by("index")
    ]
    assert "closed" == talk().state
    assert same_again()


def test_a_closing_that_comes_late_makes_irregular_only_what_knew_of_it(talk, says, anna, boris, same_again):
    """What was written in ignorance of it stands; it is judged anew when the closing comes."""
    seen = boris_saw = Line.objects.get(act="opened").index + 1
    services.say(talk(), "first", by=anna)
    services.say(talk(), "second", by=anna)
    boris.does("talk.room.closed", talk().ref, seen=boris_saw)
    services.sign(act := services.moving(talk(), "reopened"), shown=act.digest(), by=anna)

    assert seen == boris_saw
    assert not Line.objects.exclude(irregular="").exists()
    assert "open" == talk().state
    assert same_again()


def test_a_desk_that_opened_messages_says_so_once(talk, says, anna, boris, same_again):
    """One mark for a run of messages, however many there were."""
    says("one")
    says("two")
    before = queries.unread(talk())

    noted = services.note_opened(talk(), by=anna)
    again = services.note_opened(talk(), by=anna)

    assert (2, 0) == (before, queries.unread(talk()))
    assert noted is not None
    assert again is None
    assert 1 == Opening.objects.count()
    assert same_again()


def test_their_desk_is_believed_only_about_what_its_node_had(talk, anna, boris, same_again):
    """Nobody opened what it did not hold."""
    entry = services.say(talk(), "one", by=anna)
    ahead = f"{entry.origin}#{entry.index + 5}"

    boris.does("talk.room.read", talk().ref, stated={"up_to": [ahead]})
    boris.does("talk.room.read", talk().ref, stated={"up_to": [str(entry)]})

    assert {"bb": {"aa": entry.index}} == talk().opened
    assert [entry.index] == [one.upto for one in Opening.objects.all()]
    assert same_again()


@pytest.mark.parametrize(
    "payload",
    [
        b"no json",
        {"text": 7, "language": ["en"], "translation": "x", "exhibits": {"a": 1}},
        {"text": "a\u0000b\u202e", "language": "e" * 99, "exhibits": [None, 3, {"entry": {}}]},
        {"text": "\ud800", "translation": {"text": None, "by": 4}},
        {"text": "<script>alert(1)</script>", "exhibits": ["x"] * 500},
        {"text": "long " * 20_000},
    ],
)
def test_hostile_content_is_a_line_like_any_other(talk, boris, payload, anna, browser, same_again):
    """It is received, shown as far as it can be read, and stops nothing."""
    sealed = payload if isinstance(payload, bytes) else None
    boris.does("talk.room.said", talk().ref, payload=sealed or json.dumps(payload).encode())

    page = browser(anna).get(f"/talks/{CHANNEL}/{talk().ref}/")

    assert 200 == page.status_code
    assert b"<script>alert" not in page.content
    assert 1 == Line.objects.filter(act="said").count()
    assert same_again()


def test_an_act_before_the_opening_is_irregular_and_the_opening_counts(boris, same_again):
    """A talk that nothing opened is no talk; once it is opened it is one from there."""
    boris.does("talk.room.said", "bb-2026-t0009", payload={"text": "early"})
    before = queries.talk(CHANNEL, "bb-2026-t0009")

    opened_by_them(boris, ref="bb-2026-t0009")

    assert before is None
    assert "open" == queries.talk(CHANNEL, "bb-2026-t0009").state
    assert "" != Line.objects.get(act="said").irregular
    assert same_again()


def test_what_is_lodged_in_a_suspension_counts_once_its_author_confirms_it(talk, says, boris, same_again):
    """Both nodes read the same of it, before and after."""
    charter = {"instrument": "charter", "table": library()["charter"].digest, "requested": "aa"}
    how = {"topics": ["talk"], "legal_basis": "none"}
    rest = {"pending": "stand_as_they_are", "material": "kept_under_its_limits"}
    ref, kind = "bb-2026-0007", "channel.suspension"
    boris.does(
        f"{kind}.declared", ref, stated={**charter, **how, **rest}, payload={"title": "x"}, by=SECONDED
    )
    entry = says("lodged")
    waits = Line.objects.get(act="said")
    boris.does(f"{kind}.lifted", ref, by=SECONDED)
    boris.does(f"{kind}.confirmed", ref, stated={"entries": [str(entry)]}, by=SECONDED)
    line = Line.objects.get(act="said")

    assert (True, "") == (waits.lodged, waits.irregular)
    assert (False, "", False) == (line.lodged, line.irregular, line.taken_back)
    assert same_again()


def test_what_is_erased_is_shown_and_found_no_more(talk, says, boris, browser, anna, same_again):
    """Content is erased wherever it was derived to, also where somebody copied it into a talk."""
    entry = says("zebra")
    by = queries.ref_of(Line.objects.get(act="opened"))

    erase([entry], by=by)

    line = Line.objects.get(act="said")
    assert ("erased", "") == (line.content, line.text)
    assert b"zebra" not in browser(anna).get(f"/talks/{CHANNEL}/{talk().ref}/").content
    assert same_again()


def test_a_talk_opened_once_more_is_not_read_anew(talk, says, boris, same_again):
    """One entry of the other side cost as much as all that was ever said, as often as it liked."""
    says("one")
    kept = set(Line.objects.values_list("pk", flat=True)), talk().pk, talk().weight
    for _ in range(2):
        opened_by_them(boris, ref=talk().ref)

    again = Line.objects.filter(act="opened", party="bb")
    assert kept[0] < set(Line.objects.values_list("pk", flat=True))
    assert kept[1:] == (talk().pk, talk().weight)
    assert all(again.values_list("irregular", flat=True))
    assert 2 == again.count()
    assert same_again()


def test_a_talk_of_theirs_opened_once_more_keeps_what_its_first_opening_made_of_it(boris, anna, same_again):
    """Nobody takes back who opened a talk, nor what is said in it later."""
    opened_by_them(boris)
    kept = Line.objects.get(party="bb", act="opened").pk
    opened_by_them(boris, about="alert")
    boris.does("talk.room.closed", "bb-2026-t0001")
    opened_by_them(boris)
    services.sign(
        act := services.moving(queries.talk(CHANNEL, "bb-2026-t0001"), "reopened"),
        shown=act.digest(),
        by=anna,
    )
    boris.does("talk.room.said", "bb-2026-t0001", payload={"text": "Here"})

    row = queries.talk(CHANNEL, "bb-2026-t0001")
    assert ("hotline", "open", 3) == (row.about, row.state, len(row.weight))
    assert "" == Line.objects.get(act="said").irregular
    assert Line.objects.filter(pk=kept).exists()
    assert same_again()


def test_what_was_said_is_news_when_it_comes_whatever_day_it_bears(talk, says, boris, same_again):
    """A message dated back called nobody, and one dated ahead stood above all others."""
    opened_by_them(boris)
    boris.does(
        "talk.room.said",
        "bb-2026-t0001",
        payload={"text": "First"},
        at=timezone.now() + timedelta(minutes=4),
    )
    says("Wake up", at=timezone.now() - timedelta(minutes=61))

    assert [talk().ref, "bb-2026-t0001"] == [row.ref for row in queries.talks()]
    assert {talk().ref, "bb-2026-t0001"} == {one.ref for one in Cause.objects.all()}
    assert [talk().ref] == [row.ref for row, _ in queries.awaiting(1)]
    assert same_again()


def test_what_waits_for_our_desk_is_found_behind_any_number_of_talks(talk, says, boris):
    """Talks nobody speaks in, opened afterwards, hid those in which somebody did."""
    says("Are you there?")
    for number in range(1, 12):
        opened_by_them(boris, ref=f"bb-2026-t{number:04}")

    assert [talk().ref] == [row.ref for row, _ in queries.awaiting(1)]


def test_no_reference_of_theirs_uses_up_our_numbers(boris, anna):
    """One entry under a number of ours, however high, made our next one no reference, or one in use."""
    for ref in ("aa-2026-t999999999", "aa-2026-t0001"):
        opened_by_them(boris, ref=ref)
    boris.does("talk.room.said", "aa-2026-t0002", payload={"text": "Here"})

    assert "aa-2026-t0003" == queries.next_reference("aa", 2026)
