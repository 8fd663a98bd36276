"""What a verification says, in words: complete, fillable, and readable in every direction."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from comity.channel.statements import ENGLISH, REFUSALS, refusal, said
from tests.house.source import files

_CODE = re.compile(r'said\(\s*"([a-z-]+)"')


def test_every_statement_a_verification_can_make_has_words() -> None:
    """A code without words would end a court's verification in an error."""
    made = {
        code
        for path in files("src/comity/channel", ending=".py")
        for code in _CODE.findall(path.read_text(encoding="utf-8"))
    }

    assert made
    assert set() == made - ENGLISH.keys()


def test_a_statement_is_worded_from_its_values() -> None:
    """Numbers are grouped and times are in UTC, so that nobody misreads them."""
    one = said(
        "received", giver="bb", party="aa", size=1234567, receipts=2, at=datetime(2026, 1, 2, tzinfo=UTC)
    )

    assert "Entries: 1,234,567. Receipts: 2, the last at 2026-01-02 00:00:00 UTC" in one.words()
    assert "no stated time" in said("received", giver="bb", party="aa", size=1, receipts=1, at=None).words()


def test_names_keep_their_direction_in_text_from_right_to_left() -> None:
    """A party code or a time with its parts exchanged would be another one."""
    one = said("text-is-stated", text="us-ru-1999").words(language="ar")

    assert "\N{FIRST STRONG ISOLATE}us-ru-1999\N{POP DIRECTIONAL ISOLATE}" in one


def test_a_value_is_not_read_as_a_placeholder() -> None:
    """An office may be called anything; its name must not fill itself in."""
    one = said("entry-seconded", office="%(capacity)s 100%", capacity="clerk")

    assert "by %(capacity)s 100% (clerk)" in one.words()


@pytest.mark.parametrize("code", ["malformed-note", "bad-signature", "never-heard-of"])
def test_every_refusal_has_a_sentence(code: str) -> None:
    """Whatever does not hold, the reader is told in words of their language."""
    assert refusal(code) in REFUSALS.values()
