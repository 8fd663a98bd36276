"""What a counterpart sent moves no cursor and turns no text."""

from __future__ import annotations

import pytest

from comity_cli.terminal import printable


@pytest.mark.parametrize(
    "hostile", ["\x1b[2J", "\x07", "\r", "\x9b31m", "\u202e", "\u2066", "\u2028", "\x00", "\ud800"]
)
def test_what_is_no_letter_is_shown_as_none(hostile):
    """An escape could write over what stands above it; an override turns what follows."""
    assert f"a\ufffd{hostile[1:]}b" == printable(f"a{hostile}b")


@pytest.mark.parametrize(
    "words", ["line\nline\tend", "می‌خواهم", "שלום\u200f!", "1\u202f000\u00a0€", "你好", "đ"]
)
def test_words_of_any_language_stay_as_they_are(words):
    """Joiners, marks of direction and thin spaces stand in ordinary text."""
    assert words == printable(words)
