"""Texts of strangers made fit for paper: every letter is seen, and none moves or hides another."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

# Joiners and directional marks without which Arabic, Persian and Hindi are misspelled; they move nothing.
_KEPT: Final = frozenset("\u200c\u200d\u200e\u200f\u061c")
# Categories nobody sees, or that a font of this machine cannot have by agreement.
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
_WORD: Final = r"[^\s\u00ad\u2010-\u2015\u3000-\u9fff\uac00-\ud7a3-]"
_LONG_WORD: Final = re.compile(_WORD + "{25,}")
_LONGER_THAN_A_HASH: Final = re.compile(_WORD + "{65,}")
_MOST_MARKS: Final = 8
_PIECE: Final = 16
_MAY_BREAK: Final = "\u200b"


def seen(text: str) -> str:
    """The text with everything that cannot be seen written out, as ``[U+202E]``; line ends and tabs stay.

    So is a pile of marks on one letter, which hides its neighbours, and over which typesetters fall.
    """
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n\n")
    written, pile = [], 0
    for letter in plain:
        pile = pile + 1 if unicodedata.combining(letter) else 0
        written.append(_seen(letter) if pile <= _MOST_MARKS else _named(letter))
    return "".join(written)


def _seen(letter: str) -> str:
    if letter == "\n" or letter in _KEPT:
        return letter
    if letter == "\t":
        return "    "
    return _named(letter) if unicodedata.category(letter) in _UNSEEN else letter


def _named(letter: str) -> str:
    return f"[U+{ord(letter):04X}]"


def breakable(text: str, *, code: bool = False) -> str:
    """The text with places to break in words that no line can hold; hashes and references stay whole."""
    return (_LONGER_THAN_A_HASH if code else _LONG_WORD).sub(_pieces, text)


def _pieces(word: re.Match[str]) -> str:
    """The word in pieces; a mark that belongs to the letter before it is not parted from it."""
    letters, pieces, start = word.group(), [], 0
    for at in range(len(letters)):
        if at - start >= _PIECE and not unicodedata.combining(letters[at]) and letters[at] not in _KEPT:
            pieces.append(letters[start:at])
            start = at
    return _MAY_BREAK.join([*pieces, letters[start:]])


def direction(text: str) -> str:
    """Where a text begins, by its first letter that has a direction."""
    for letter in text:
        if (way := unicodedata.bidirectional(letter)) in ("L", "R", "AL"):
            return "ltr" if way == "L" else "rtl"
    return "ltr"


def grouped(digits: str, *, groups: int, size: int = 4) -> str:
    """The first digits of a hash, as they are read aloud."""
    upper = digits.upper()
    return " ".join(upper[start : start + size] for start in range(0, groups * size, size))
