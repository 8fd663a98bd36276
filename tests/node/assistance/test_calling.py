"""Calling back before anything is disclosed in haste."""

from __future__ import annotations

import pytest

from comity.instruments import library
from comity.keys.spoken import CodeWords
from comity_node.assistance import calling, filling
from comity_node.assistance.detail import detail
from comity_node.assistance.errors import NotFilledIn
from comity_node.register import payloads
from tests.node.counterpart import CHANNEL, open_channel

pytestmark = pytest.mark.django_db
REF = "bb-2026-0001"


@pytest.fixture
def asked(anna):
    """An emergency request of Borland's, just arrived."""
    borland = open_channel(instrument="ets-185")
    text = library()["ets-185"]
    kind = text.types_in("emergency")[0].id
    opening = {"instrument": text.id, "table": text.digest, "requested": "aa", "types": [kind]}
    borland.does(
        "emergency.request.asked", REF, stated=opening, payload={"title": "A hospital", "fields": {}}
    )
    return borland


def test_both_sides_draw_the_same_words_from_what_was_sealed_and_nobody_else_does():
    """Whoever only saw the wire must not be able to answer."""
    words, other = CodeWords.of(b"sealed to both"), CodeWords.of(b"something else")

    assert words == CodeWords.of(b"sealed to both")
    assert words != other
    assert 4 == len(words.to_say("en").split()) == len(words.to_answer("ru").split())
    assert words.heard(words.to_answer("en").upper())
    assert words.heard(f"  {words.to_answer('ru')}. ")
    for wrong in ("", words.to_say("en"), other.to_answer("en"), " ".join(words.to_answer("en").split()[:3])):
        assert not words.heard(wrong)


def test_the_caller_is_shown_what_to_say_and_not_what_it_has_to_hear(asked, anna, browser):
    """One who reads the answer off the page would confirm anybody."""
    found = detail(CHANNEL, REF)
    words = calling.words(found)
    page = browser(anna).get(f"/requests/{CHANNEL}/{REF}/").content.decode()

    assert words.to_say("en") in page
    assert words.to_answer("en") not in page


def test_an_irregular_entry_read_before_the_opening_changes_no_words(anna):
    """Or whoever asks could leave the called one without words, or with words of an entry nobody looks at."""
    borland = open_channel(instrument="ets-185")
    text = library()["ets-185"]
    kind = text.types_in("emergency")[0].id
    opening = {"instrument": text.id, "table": text.digest, "requested": "aa", "types": [kind]}
    borland.does("emergency.request.withdrawn", REF, payload={"text": "Nothing is open yet."})
    borland.does("emergency.request.asked", REF, stated=opening, payload={"title": "A ward", "fields": {}})
    found = detail(CHANNEL, REF)

    sealed = payloads.sealed_payload(found.entry_at(1).entry.payload.sha256)

    assert found.folded.judgements[0].because
    assert not found.folded.judgements[1].because
    assert calling.words(found) == CodeWords.of(payloads.opened(sealed))


def test_a_call_back_counts_only_with_the_words_that_had_to_be_heard(asked, anna, browser):
    """Nothing is disclosed to a voice that does not know what was sealed."""
    words = calling.words(detail(CHANNEL, REF))
    address = f"/requests/{CHANNEL}/{REF}/acts/called_back/"
    said = {"text": "", "language": "en"}

    refused = browser(anna).post(address, {**said, "heard": words.to_say("en")})
    shown = browser(anna).post(address, {**said, "heard": words.to_answer("fr")})

    assert (422, 200) == (refused.status_code, shown.status_code)
    assert "not the words of this request" in refused.content.decode()
    assert words.to_answer("fr") not in shown.context["act"].text
    with pytest.raises(NotFilledIn):
        filling.act(CHANNEL, REF, "called_back", {"heard": ["one two three four"]}, by=anna)
    assert "emergency.request.called_back" == (
        filling.act(CHANNEL, REF, "called_back", {"heard": [words.to_answer("en")]}, by=anna).kind
    )
