"""Text of one direction in a line of the other is set apart, so that what follows it stays in its place."""

from __future__ import annotations

from typing import Final

from django.utils.translation import get_language_bidi

_FIRST_STRONG: Final = "\u2068"  # UAX 9: FSI, PDI
_POP: Final = "\u2069"


def isolated(text: str) -> str:
    """A text that does not lend its direction to its neighbours, for readers from right to left.

    Dates and numbers after an Arabic word would otherwise be read in the wrong order.
    """
    return f"{_FIRST_STRONG}{text}{_POP}" if get_language_bidi() else text
