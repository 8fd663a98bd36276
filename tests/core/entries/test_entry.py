"""Entries: one spelling, strict fields, and nothing that reads differently to the other side."""

from __future__ import annotations

import json

import pytest

from comity.entries import By, Capacity, Entry, PayloadDigest, decode, encode
from comity.entries.entry import MAX_ENTRY_BYTES
from comity.errors import MalformedEntry


def entry(**changed) -> Entry:
    """An ordinary entry, with some fields changed."""
    fields = {
        "v": 1,
        "kind": "assistance.request.acknowledged",
        "at": "2026-01-31T09:30:00Z",
        "by": By("Central Authority", "case officer"),
        "ref": "aa-2026-0001",
        "re": ["aa.comity/aaaaaaaaaaaaaaaa#0"],
        "seen": {"aa": 1},
        "stated": {"reasons": ["no_time_zone", "no_law_text"]},
        "payload": PayloadDigest("0" * 64, 100),
    }
    return Entry(**(fields | changed))


def test_an_entry_reads_back_as_it_was_written() -> None:
    """What an author signs is what the counterpart reads."""
    written = entry(by=By("Central Authority", "case officer", Capacity("Legal Department", "head")))

    assert written == decode(encode(written))


def test_fields_that_say_nothing_are_not_written() -> None:
    """There is one way to say nothing, so that a leaf has one spelling."""
    leaf = encode(entry(re=[], seen={}, stated={}, payload=None))

    assert {"v", "kind", "at", "by", "ref"} == set(json.loads(leaf))


@pytest.mark.parametrize(
    ("because", "altered"),
    [
        ("a space", lambda leaf: leaf.replace(b'"v":1', b'"v": 1')),
        ("a repeated key", lambda leaf: leaf.replace(b'"v":1', b'"v":1,"v":1')),
        ("another order", lambda leaf: b'{"kind":"a.b",' + leaf[1:]),
        ("an escaped letter", lambda leaf: leaf.replace(b"Central", b"\\u0043entral")),
        ("a number as a float", lambda leaf: leaf.replace(b'"v":1', b'"v":1.0')),
        ("an unknown field", lambda leaf: leaf[:-1] + b',"note":"x"}'),
        ("trailing bytes", lambda leaf: leaf + b" "),
        ("an empty list written out", lambda leaf: leaf.replace(b'["aa.comity/aaaaaaaaaaaaaaaa#0"]', b"[]")),
        ("a cut", lambda leaf: leaf[:-1]),
        ("bytes that are not UTF-8", lambda leaf: leaf.replace(b"Central", b"\xff\xfe")),
    ],
)
def test_a_leaf_has_one_spelling(because, altered) -> None:
    """Two spellings of one entry would be two leaves both sides take for one."""
    leaf = altered(encode(entry()))

    with pytest.raises(MalformedEntry):
        decode(leaf)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("v", 2),
        ("kind", "Refused"),
        ("kind", "a"),
        ("at", "2026-01-31T09:30:00+00:00"),
        ("at", "2026-02-30T09:30:00Z"),
        ("at", "2026-01-31T24:00:00Z"),
        ("at", "2026-01-31T09:30:00.5Z"),
        ("by", By("", "case officer")),
        ("by", By("Office\u202egnirts", "case officer")),
        ("by", By("Office\nof", "case officer")),
        ("by", By("x" * 121, "case officer")),
        ("by", By("Cafe\u0301", "case officer")),
        ("by", By("Office", "officer", Capacity(" Office", "head"))),
        ("ref", "AA-1"),
        ("ref", "-a"),
        ("re", ["aa.comity/aaaaaaaaaaaaaaaa#01"]),
        ("re", ["aa.comity/aaaaaaaaaaaaaaaa#0"] * 2),
        ("re", [f"aa.comity/aaaaaaaaaaaaaaaa#{i}" for i in range(33)]),
        ("seen", {"AA": 1}),
        ("seen", {f"x-{i}": 1 for i in range(51)}),
        ("stated", {"Ground": "x"}),
        ("stated", {"ground": []}),
        ("stated", {"requested": [f"x-{i}" for i in range(51)]}),
        ("stated", {"ground": "\u200b"}),
        ("stated", {f"c{i}": "x" for i in range(17)}),
        ("payload", PayloadDigest("A" * 64, 1)),
    ],
)
def test_a_field_out_of_its_form_is_refused(field, value) -> None:
    """A malformed entry is refused before it is signed, and when it arrives."""
    with pytest.raises(MalformedEntry):
        encode(entry(**{field: value}))


def test_an_act_may_name_every_party_of_the_largest_channel() -> None:
    """Who proposes a channel to all the others names them; fifty are in the largest."""
    invited = [f"x-{i}" for i in range(49)]

    assert invited == decode(encode(entry(stated={"requested": invited}))).stated["requested"]


def test_an_entry_over_the_limit_is_refused_before_it_is_parsed() -> None:
    """Sizes are capped first: an entry bundle gives each entry sixteen bits."""
    with pytest.raises(MalformedEntry, match="65,535"):
        decode(b" " * (MAX_ENTRY_BYTES + 1))


def test_names_of_offices_may_be_in_any_script() -> None:
    """The parties' own names are written in their own letters."""
    written = entry(by=By("Генеральная прокуратура", "старший прокурор"))

    assert "Генеральная прокуратура" == decode(encode(written)).by.office
