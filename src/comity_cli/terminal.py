"""What somebody sent, as a terminal may show it: no letter of it moves the cursor, or the text around it."""

from __future__ import annotations

import unicodedata
from typing import Final

# Joiners and marks of direction stand in ordinary words; overrides and isolates turn what follows them.
_IN_WORDS: Final = frozenset("\n\t\u200c\u200d\u200e\u200f")
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def printable(text: str) -> str:
    """The text with a replacement character for each letter that is not seen as one."""
    return "".join(letter if _is_seen(letter) else "\ufffd" for letter in text)


def in_one_line(text: str) -> str:
    """The same for a name or a reason within a line: no line feed of it begins a line of ours."""
    return printable(text).replace("\n", "\ufffd")


def indented(text: str) -> str:
    """The same for words of several lines: those that follow are set in, so that none passes for ours."""
    return printable(text).replace("\n", "\n    ")


def _is_seen(letter: str) -> bool:
    return letter.isprintable() or letter in _IN_WORDS or unicodedata.category(letter) not in _UNSEEN
