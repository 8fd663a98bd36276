"""Which script a letter belongs to, and which package of Debian brings fonts that have it."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

_CORE: Final = "fonts-noto-core"
_CJK: Final = "fonts-noto-cjk"
# Scripts by the first words of their letters' names, where the name is not the script's own first word.
_NAMED: Final = {
    "CJK": ("Han (Chinese)", _CJK),
    "KANGXI": ("Han (Chinese)", _CJK),
    "IDEOGRAPHIC": ("Han (Chinese)", _CJK),
    "FULLWIDTH": ("fullwidth forms", _CJK),
    "HALFWIDTH": ("halfwidth forms", _CJK),
    "HIRAGANA": ("Hiragana (Japanese)", _CJK),
    "KATAKANA": ("Katakana (Japanese)", _CJK),
    "BOPOMOFO": ("Bopomofo", _CJK),
    "HANGUL": ("Hangul (Korean)", _CJK),
    "EMOJI": ("emoji and pictures", "fonts-noto-color-emoji"),
}
_PICTURES: Final = frozenset({"So", "Sk"})


def script(letter: str) -> tuple[str, str]:
    """The script of a letter, in words, and the package that brings it."""
    name = unicodedata.name(letter, "")
    first = name.partition(" ")[0].partition("-")[0]
    if first in _NAMED:
        return _NAMED[first]
    if unicodedata.category(letter) in _PICTURES:
        return _NAMED["EMOJI"] if ord(letter) > 0xFFFF else ("symbols", "fonts-noto-core, fonts-dejavu-core")
    if not unicodedata.category(letter).startswith(("L", "M")):
        return ("signs and punctuation", _CORE)
    return (first.capitalize() or "letters without a name", _CORE)


def by_script(text: Iterable[str]) -> dict[tuple[str, str], str]:
    """The distinct letters of a text, by script."""
    found: dict[tuple[str, str], str] = {}
    for letter in sorted(set("".join(text))):
        if not letter.isspace():
            found[script(letter)] = found.get(script(letter), "") + letter
    return found
