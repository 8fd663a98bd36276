"""A table that is not in its form is refused, with the place."""

from __future__ import annotations

import pytest

from comity.errors import MalformedInstrument
from comity.instruments import parse_instrument, texts

FILES = texts()["charter"]
PATTERN = "pattern-mutual-assistance.toml"


def changed(old: str, new: str, *, file: str = "channel.toml") -> dict[str, bytes]:
    """The charter with one passage replaced."""
    text = FILES[file].decode()
    assert old in text
    return {**FILES, file: text.replace(old, new, 1).encode()}


@pytest.mark.parametrize(
    ("files", "because"),
    [
        ({}, "an instrument is instrument.toml"),
        ({**FILES, "../x.toml": b""}, "is not the name of an instrument's file"),
        ({**FILES, "channel.toml": b"#" * 200_000}, "the limit is 131,072"),
        ({**FILES, "channel.toml": b"#" * 2_000}, "a line of more than 1000 characters"),
        ({**FILES, "channel.toml": b"="}, "channel.toml is not TOML"),
        ({**FILES, "channel.toml": b"\xff"}, "channel.toml is not TOML"),
        ({**FILES, "channel.toml": b"a = " + b"[" * 900}, "channel.toml"),
        ({**FILES, "other.toml": FILES["channel.toml"]}, "its file must be named after it"),
        (changed('id         = "charter"', 'colour = "red"', file="instrument.toml"), "instrument.toml"),
        (changed('basis    = "practice: channel charter"\n', ""), "missing required field `basis`"),
        (changed('verified = "?"', 'verified = "certain"'), "Invalid enum value 'certain'"),
        (changed('to       = "proposed"', 'to       = "elsewhere"'), "'elsewhere' is not a state"),
        (changed('from     = ["proposed"]', 'from     = ["nowhere"]'), "'nowhere' is not a state"),
        (changed('act      = "accepted"', 'act      = "toasted"'), "'toasted' is not an act"),
        (changed('must_state = ["requested", ', 'must_state = ["colour", '), "'colour' is not a statement"),
        (changed("requesting = ", "asking = "), "asking"),
        (
            changed(
                'act      = "accepted"',
                'act      = "accepted"\nnot_before = [{ after = "proposed", days = 1 }]',
            ),
            "need not have gone before",
        ),
        (changed('requesting = "proposing Party", ', ""), "words for both sides"),
    ],
)
def test_a_table_out_of_form_is_refused_with_the_place(files: dict[str, bytes], because: str):
    """Guessing what a rule meant would be legislating."""
    with pytest.raises(MalformedInstrument) as refused:
        parse_instrument(files)

    assert because in str(refused.value)


def test_the_row_at_fault_is_given_by_line():
    """A lawyer finds the row by its line, not by counting tables."""
    text = FILES["channel.toml"].decode()
    line = text.splitlines().index("[[step]]") + 1
    files = changed('act      = "proposed"', 'act      = "proposed"\ncolour   = "red"')

    with pytest.raises(MalformedInstrument, match=f"unknown field `colour`.*begins on line {line}"):
        parse_instrument(files)


@pytest.mark.parametrize(
    ("was", "becomes", "because"),
    [
        (
            'due_on_stated = "review_on"',
            'due_on_stated = "requested"',
            "is due when 'postponed' does not say",
        ),
        (
            'after      = ["form_accepted"]',
            "after      = []",
            "'form_accepted', which need not have gone before",
        ),
    ],
)
def test_a_table_that_reads_what_need_not_be_there_is_refused(was: str, becomes: str, because: str):
    """It may come from a stranger in an export, and the fold must not stumble over it."""
    files = texts()["us-ru-1999"]
    text = files[PATTERN].decode()
    assert was in text

    with pytest.raises(MalformedInstrument) as refused:
        parse_instrument({**files, PATTERN: text.replace(was, becomes, 1).encode()})

    assert because in str(refused.value)


def test_a_later_day_is_asked_for_of_clocks_there_are():
    """A clock misspelt in the list would be one no later day can ever be asked for."""
    files, pattern = texts()["us-ru-1999"], "pattern-preservation.toml"
    text = files[pattern].decode()
    assert '"extension_answer"]' in text
    misspelt = text.replace('"extension_answer"]', '"extention_answer"]').encode()

    with pytest.raises(MalformedInstrument, match="'extention_answer' is not a clock"):
        parse_instrument({**files, pattern: misspelt})
