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


def _is_seen(letter: str) -> bool:
    return letter.isprintable() or letter in _IN_WORDS or unicodedata.category(letter) not in _UNSEEN
