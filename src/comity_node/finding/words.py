"""Texts taken apart into words that compare equal, and what somebody seeks taken apart in the same way.

Case, accents, vowel signs and invisible letters make no difference. Scripts written without spaces are taken
apart into pairs of letters. A reference, an address or a hash is found by any beginning of any of its parts.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST: Final = 64  # of one word: a SHA-256 in hexadecimal
MOST_TERMS: Final = 12
LONGEST_SOUGHT: Final = 200
MOST_PARTS: Final = 8
_LINKS: Final = r"[-\u2010-\u2013./_@:'\u2019\\+&]"
_INVISIBLE: Final = "\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff"


def _marks() -> str:
    """Every combining mark below the ideographs of the second plane, as ranges of a character class."""
    codes = [code for code in range(0x300, 0x1F000) if unicodedata.category(chr(code))[0] == "M"]
    ranges: list[list[int]] = []
    for code in codes:
        if ranges and code == ranges[-1][1] + 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in ranges)


_MARKS: Final = _marks()
_WORD: Final = rf"(?:[^\W_]|[{_MARKS}{_INVISIBLE}])+"
_PART: Final = re.compile(_WORD)
RUN: Final = re.compile(rf"{_WORD}(?:{_LINKS}{_WORD})*")
_UNSPACED: Final = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    "\U00020000-\U0003ffff"
)
UNSPACED: Final = re.compile(f"[{_UNSPACED}]")
_PIECE: Final = re.compile(rf"(?P<unspaced>[{_UNSPACED}]+)|[^{_UNSPACED}]+")
# A hash as it is read aloud, in fours; a year and a number are two groups, and have no letter.
_READ_ALOUD: Final = re.compile(
    r"(?<![^\W_])(?=[0-9 :]*[a-f])[0-9a-f]{4}(?:[ :][0-9a-f]{4}){2,15}(?![^\W_])", re.IGNORECASE
)
# Letters that no decomposition takes to what readers type for them.
_ALIKE: Final = str.maketrans(
    {"đ": "d", "ø": "o", "ł": "l", "ı": "i", "ى": "ي", "ی": "ي", "ة": "ه", "ک": "ك", "ـ": None}  # noqa: RUF001
)
# Nobody writes more marks on one letter; to put thousands in order takes as long as somebody likes (UAX #15).
_HEAP: Final = re.compile(rf"([{_MARKS}]{{30}})[{_MARKS}]+")
_SPELLING: Final = frozenset({0, 7, 8, 9})  # vowel signs of Indic scripts, nukta, kana voicing, virama: kept


def fold(word: str) -> str:
    """A word as it is compared: without case, accents, optional vowels, and letters that cannot be seen."""
    if word.isascii() and word.isalnum():  # most words of most texts, and what follows leaves them so
        return word.lower()
    apart = unicodedata.normalize("NFKD", _HEAP.sub(r"\1", word)).casefold()
    kept = "".join(
        _digit(letter)
        for letter in unicodedata.normalize("NFKD", apart)
        if unicodedata.combining(letter) in _SPELLING and unicodedata.category(letter) != "Cf"
    )
    joined = unicodedata.normalize("NFC", kept).translate(_ALIKE)
    return "".join(letter for letter in joined if letter.isalnum() or unicodedata.category(letter)[0] == "M")


def _digit(letter: str) -> str:
    return str(unicodedata.digit(letter)) if unicodedata.category(letter) == "Nd" else letter


def parts(run: str) -> list[tuple[int, int, str]]:
    """The parts of a run that stand between its signs: from, to, and as they are compared."""
    found = [(one.start(), one.end(), fold(one.group())) for one in _PART.finditer(run)]
    return [one for one in found if one[2]]


def tokens(text: str, most: int = sys.maxsize) -> list[str]:
    """The distinct words of a text, sorted; no more than so many, the first that stand in it.

    Nothing in one is anything but a letter, a digit, a mark or, between parts, a low line.
    """
    found: dict[str, None] = {}
    for run in RUN.finditer(text):
        for token in _of_run([one for _, _, one in parts(run.group())]):
            found[token] = None
        if len(found) >= most:
            break
    return sorted([*found][:most])


def _of_run(run: list[str]) -> Iterator[str]:
    for part in run:
        yield from of_part(part)
    for first in range(min(len(run), MOST_PARTS) - 1):
        yield "_".join(run[first : first + MOST_PARTS])[:LONGEST]


def of_part(part: str) -> Iterator[str]:
    """The words of a part, as they are compared already."""
    for piece in _PIECE.finditer(part):
        word = piece.group()[:LONGEST]
        if piece["unspaced"]:
            yield from pairs(piece.group())
            yield word[-1]
        else:
            yield word
            if word.isdecimal() and word.startswith("0") and (number := word.lstrip("0")):
                yield number


def pairs(unspaced: str) -> list[str]:
    """Each letter of a text without spaces with the one after it."""
    return [unspaced[at : at + 2] for at in range(len(unspaced) - 1)]


def terms(sought: str) -> list[str]:
    """What somebody seeks, as beginnings of words that must all be there; none if nothing can be sought."""
    plain = _READ_ALOUD.sub(lambda groups: re.sub("[ :]", "", groups.group()), sought[:LONGEST_SOUGHT])
    found: dict[str, None] = {}
    for run in RUN.finditer(plain):
        of_run = [one for _, _, one in parts(run.group())]
        if len(of_run) > 1:
            found["_".join(of_run[:MOST_PARTS])[:LONGEST]] = None
        else:
            found |= dict.fromkeys(term for part in of_run for term in _sought_in(part))
    return [*found][:MOST_TERMS]


def _sought_in(part: str) -> Iterator[str]:
    for piece in _PIECE.finditer(part):
        if piece["unspaced"] and len(piece.group()) > 1:
            yield from pairs(piece.group())
        else:
            yield piece.group()[:LONGEST]
