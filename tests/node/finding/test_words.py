"""Words that compare equal in every script, and searches that no input can break."""

from __future__ import annotations

import unicodedata
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity_node.finding import excerpt as excerpts
from comity_node.finding import words
from comity_node.finding.excerpt import excerpt
from comity_node.finding.words import LONGEST, MOST_TERMS, fold, terms, tokens

TEXT = (
    "Subscriber of ivan.petrov@mail.example.ru, reference bb-2026-000123, from 192.0.2.17. "
    "Запрос: учётная запись. الجُمهوريّةُ العَرَبيّة، رقم ٠٤٥. "
    "北京市公安局请求保存数据。 Đường dây nóng Việt Nam. ΑΘΗΝΑ straße "
    "3fa9c1d20b77e5aa000011112222333344445555666677778888999900001111"
)


@pytest.mark.parametrize(
    "sought",
    [
        "subscriber",
        "SUBSCR",
        "bb-2026-000123",
        "2026-0001",
        "000123",
        "123",
        "petrov@mail",
        "example.ru",
        "192.0.2",
        "запрос",
        "ЗАПРОС",
        "учетная",
        "учётн",
        "الجمهورية",
        "العربيه",
        "045",
        "٠٤٥",
        "公安",
        "局",
        "保存数据",
        "duong",
        "Đường",
        "viet nam",
        "Αθήνα",
        "STRASSE",
        "3fa9c1",
        "3FA9 C1D2 0B77",
        "n\u200bóng",
    ],
)
def test_a_text_is_found_by_what_readers_type(sought):
    """Case, accents, vowel signs and scripts without spaces stand in nobody's way."""
    held = tokens(TEXT)

    assert terms(sought)
    assert [] == [term for term in terms(sought) if not any(word.startswith(term) for word in held)]


@pytest.mark.parametrize("sought", ["bb-2025", "公局", "petrov@other", "26-000123", "quiet"])
def test_what_does_not_stand_there_is_not_found(sought):
    """A search that finds everything finds nothing."""
    held = tokens(TEXT)

    assert [] != [term for term in terms(sought) if not any(word.startswith(term) for word in held)]


@given(st.text(max_size=400))
def test_terms_are_words_whatever_is_typed(typed):
    """No sign of any query language survives: what is sought goes between quotes of two databases."""
    found = terms(typed)

    assert len(found) <= MOST_TERMS
    for term in found:
        assert 0 < len(term) <= LONGEST
        assert not {*term} & {*"\"'\\ *:^()&|!<>-\x00"}
        assert term == term.strip()
        assert not term.startswith("_")


@given(st.text(max_size=300))
def test_every_text_is_found_by_each_of_its_own_words(text):
    """What a text holds, a search for it finds."""
    held = tokens(text)

    for word in text.split()[:5]:
        for term in terms(word):
            assert any(one.startswith(term) for one in held)


@given(st.text(max_size=300), st.text(max_size=40))
def test_an_excerpt_is_a_part_of_its_text(text, sought):
    """Whatever is sought in whatever text: nothing is added but the signs of what was left out."""
    plain = "".join(letter if letter.isprintable() else " " for letter in text)
    shown = "".join(piece.text for piece in excerpt(text, terms(sought)))

    assert shown.removeprefix("… ").removesuffix(" …") in plain


def test_what_was_sought_is_marked_where_it_stands():
    """A hit deep in a text is shown with what stands around it, and the hit alone is marked."""
    text = "x " * 400 + "the records of a hospital, see bb-2026-0001, 北京市公安局" + " y" * 400

    pieces = excerpt(text, terms("hospit 2026-00 公安"))

    assert ["hospital", "2026-0001", "公安"] == [piece.text for piece in pieces if piece.marked]
    assert pieces[0].text.startswith("… ")
    assert pieces[-1].text.endswith("…")


def test_a_number_is_marked_without_its_zeros():
    """Who types 123 means 000123; whoever wrote a word with a zero in front meant the word."""
    assert ["000123"] == [piece.text for piece in excerpt("no 000123, 0x12", terms("123")) if piece.marked]


def test_accents_do_not_move_what_is_marked():
    """A mark covers the letters as written, whatever they are compared as."""
    (marked,) = [piece for piece in excerpt("e\u0301tat civil", terms("etat")) if piece.marked]

    assert "e\u0301tat" == marked.text
    assert "etat" == fold(marked.text)


def test_an_excerpt_looks_at_so_much_of_a_text_and_at_each_word_once(monkeypatch):
    """A counterpart may seal megabytes, and twelve words may be sought in them on a page of hits."""
    read, taken_apart = [], []
    monkeypatch.setattr(excerpts, "parts", lambda run: read.append(run) or words.parts(run))
    monkeypatch.setattr(excerpts, "of_part", lambda part: taken_apart.append(part) or words.of_part(part))

    pieces = excerpt("ж-b " * 500_000, [f"w{number}" for number in range(200)])

    assert sum(map(len, read)) <= excerpts.LOOKED_AT
    assert len(taken_apart) == len(read)
    assert " …" == pieces[-1].text


def test_a_heap_of_marks_on_one_letter_is_not_put_in_order(monkeypatch):
    """Ten thousand accents on a letter take seconds to sort, once for every reader."""
    asked = []

    def normalize(form, text):
        asked.append(len(text))
        return unicodedata.normalize(form, text)

    watched = SimpleNamespace(**{**vars(unicodedata), "normalize": normalize})
    monkeypatch.setattr(words, "unicodedata", watched)

    assert "a" == fold("a" + "\u0327\u0301" * 10_000)
    assert max(asked) < 100
