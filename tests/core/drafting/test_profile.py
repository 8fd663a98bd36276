"""What an authority requires beyond the treaty: read with suspicion, and held against a draft."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.drafting import Severity, profile_document, read_profile, received_profile, unmet
from comity.errors import MalformedProfile
from tests.core.drafting.vectors import request

WRITTEN = """
v           = 1
party       = "us"
authority   = "Office of International Affairs"
as_of       = 2026-01-01
instruments = ["us-ru-1999"]
languages   = ["en"]
law_text    = "verbatim"

[[need]]
field   = "provider"
types   = ["documents_items"]
because = "The order is addressed to the company."

[[need]]
field   = "questions"
types   = ["testimony"]
because = "Nobody here knows the case."

[[longest_period]]
days  = 30
types = ["documents_items"]
"""
AS_JSON = {
    "v": 1,
    "party": "us",
    "authority": "Office of International Affairs",
    "as_of": "2026-01-01",
    "instruments": ["us-ru-1999"],
    "languages": ["en"],
    "law_text": "verbatim",
    "need": [
        {
            "field": "provider",
            "types": ["documents_items"],
            "because": "The order is addressed to the company.",
        },
        {"field": "questions", "types": ["testimony"], "because": "Nobody here knows the case."},
    ],
    "longest_period": [{"days": 30, "types": ["documents_items"]}],
}
PROFILE = read_profile(WRITTEN.encode())
SHORT = "Log-ins of the mail account ransom7@mail.example from 1 May 2026 to 5 May 2026."


def found(**fields: str) -> list[str]:
    """Return what a draft with these fields lacks."""
    said = {"fields": {"assistance_sought": SHORT, **fields}}
    return [one.id for one in unmet(request(said), PROFILE)]


def test_both_ways_of_writing_it_say_the_same() -> None:
    """People write TOML, programs send JSON."""
    assert read_profile(json.dumps(AS_JSON).encode()) == PROFILE


def test_a_draft_that_meets_it_lacks_nothing() -> None:
    """The same request that practice finds whole."""
    assert [] == found()


def test_a_required_field_is_named_with_the_authoritys_own_reason() -> None:
    """What an authority says of itself weighs more than what we say of it."""
    said = {"fields": {"assistance_sought": SHORT, "provider": ""}}

    (one,) = unmet(request(said), PROFILE)

    assert ("required_field_missing", "provider", Severity.RETURNS) == (one.id, one.field, one.severity)
    assert "The order is addressed to the company." in one.what
    assert "source: requirement profile of Office of International Affairs, 2026-01-01" == one.basis


def test_a_field_required_for_another_type_is_not_asked_for() -> None:
    """Questions are for witnesses."""
    assert ["required_field_missing"] == [
        one.id
        for one in unmet(
            request({"in": {"types": ["testimony"]}, "fields": {"questions": "see above"}}), PROFILE
        )
    ]
    assert [] == found(questions="")


def test_a_longer_period_is_told() -> None:
    """The bound is the authority's own, not ours."""
    assert ["required_period"] == found(assistance_sought=SHORT.replace("5 May", "31 May"))


def test_law_that_is_only_cited_is_told() -> None:
    """Where the authority wants the text, a citation is not enough."""
    assert ["required_law_text"] == found(offences="Penal code, section 12: up to eight years")


def test_another_language_is_told() -> None:
    """A translation is asked for by those who need it."""
    said = {"in": {"language": "ru"}, "fields": {"assistance_sought": SHORT}}

    assert ["required_language"] == [one.id for one in unmet(request(said), PROFILE)]


@pytest.mark.parametrize(
    "other", [{"instrument": "minsk-1993"}, {"instrument": "ets-185", "procedure": "emergency"}]
)
def test_it_says_nothing_of_other_instruments_and_procedures(other: dict[str, str]) -> None:
    """An authority may have other needs under another treaty, and has not said which."""
    assert [] == unmet(request({"whole": False, "in": {**other, "language": "fr"}}), PROFILE)


@pytest.mark.parametrize(
    ("is_", "becomes", "says"),
    [
        ("v           = 1", "v = 2", "2"),
        ("as_of", "asof", "unknown field"),
        ("days  = 30", "days = 0", ">= 1"),
        ('"verbatim"', '"whole"', "whole"),
        ('["en"]', '["English please"]', "regex"),
        ('"us"', '"../us"', "regex"),
        ('field   = "provider"', 'field = "Provider!"', "regex"),
        ("The order is", "The \\u202eorder is", "nobody can see"),
        ("[[longest_period]]", "[[longest_period", "not read"),
        ('because = "The order is addressed to the company."', "", "because"),
    ],
)
def test_what_is_out_of_form_is_refused_with_its_reason(is_: str, becomes: str, says: str) -> None:
    """A requirement that is misspelt would be silently without effect."""
    assert is_ in WRITTEN

    with pytest.raises(MalformedProfile, match=says):
        read_profile(WRITTEN.replace(is_, becomes, 1).encode())


@pytest.mark.parametrize(
    "raw",
    [
        b"#" * 33_000,
        b"a" + b".a" * 2_000 + b" = 1",
        b"{" + b'"a":' * 3_000,
        b"[" * 30_000,
        b'{"v": ' + b"1" * 20_000 + b"}",
        json.dumps(AS_JSON).replace('"v": 1', '"v": 1, "v": 1').encode(),
        b"x = " + b"[" * 900,
        b"\xff\xfe",
        WRITTEN.encode() + b'\n[[need]]\nfield = "purpose"\nbecause = "x"' * 201,
    ],
)
def test_a_profile_made_to_cost_is_refused(raw: bytes) -> None:
    """It comes from outside, and is read by every draft."""
    with pytest.raises(MalformedProfile):
        read_profile(raw)


@given(
    st.binary(max_size=200) | st.text(max_size=200).map(lambda text: ("{" + text).encode(errors="replace"))
)
def test_only_our_error_comes_out(raw: bytes) -> None:
    """A foreign exception would take the page of a draft down with it."""
    with pytest.raises(MalformedProfile):
        read_profile(raw)


def test_it_demands_what_practice_only_recommends() -> None:
    """Where an authority finds nobody without the port, its word stands beside the general advice."""
    written = WRITTEN.replace("30", "90").replace('law_text    = "verbatim"', 'network = ["port", "time"]')
    strict = read_profile(written.encode())
    said = {"fields": {"ip_port_time": "192.0.2.7"}}

    assert ["required_time", "required_port"] == [one.id for one in unmet(request(said), strict)]
    assert [] == unmet(request(), strict)


@pytest.mark.parametrize(("wanted", "lacks"), [("certified", True), ("checked", False)])
def test_it_says_what_a_translation_must_be(wanted: str, lacks: bool) -> None:
    """An uncertified translation is returned by those who take certified ones only."""
    strict = read_profile(WRITTEN.replace('"verbatim"', f'"cited"\ntranslation = "{wanted}"').encode())
    said = {"in": {"translation_language": "fr"}, "translation": {"purpose": "Identifier le titulaire."}}

    assert lacks == (f"required_translation_{wanted}" in [one.id for one in unmet(request(said), strict)])


def test_findings_cite_the_version() -> None:
    """Both sides can tell by which words of which day it was measured."""
    (one,) = unmet(
        request({"fields": {"provider": "", "assistance_sought": SHORT}}), PROFILE, version="us-profile-2"
    )

    assert one.basis.endswith("2026-01-01, us-profile-2")


def test_what_was_received_says_the_same_as_its_entry() -> None:
    """A profile in another's name, or of another day than its entry states, is nobody's."""
    document = profile_document(PROFILE)

    assert received_profile(document, party="us", as_of="2026-01-01") == PROFILE
    for party, as_of in (("ru", "2026-01-01"), ("us", "2026-01-02"), ("us", "x" * 5000)):
        with pytest.raises(MalformedProfile):
            received_profile(document, party=party, as_of=as_of)


def _deep(depth: int) -> object:
    nested: object = []
    for _ in range(depth):
        nested = [nested]
    return nested


@pytest.mark.parametrize(
    "document",
    [
        None,
        [],
        "x",
        7,
        {},
        {"v": 1},
        {"need": _deep(50_000)},
        _deep(50_000),
        {"authority": "\ud800"},
        {"v": 1e999},
    ],
)
def test_whatever_was_received_is_read_or_refused(document: object) -> None:
    """A counterpart writes what it likes into its payload."""
    with pytest.raises(MalformedProfile):
        received_profile(document, party="us", as_of="2026-01-01")
