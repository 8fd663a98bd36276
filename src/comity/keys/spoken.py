"""Code words for a call-back: what one officer says on the telephone and the other answers.

They are drawn from what was sealed to both parties. Whoever could not open it cannot know them, and whoever
reads them once cannot use them for another request. Twice four words of 2,048: an impostor guesses the answer
once in 17 million million times.

Follows: docs/spec/requests.md, Code words.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Final

from comity.keys import fingerprint

_PURPOSE: Final = b"comity call-back code words 1\n"
_EACH: Final = 4
_BITS: Final = 11
_MOST_TYPED: Final = 500


@dataclass(frozen=True, slots=True)
class CodeWords:
    """The places of the words in every list: the same words in each language."""

    called: tuple[int, ...]
    answered: tuple[int, ...]

    @classmethod
    def of(cls, opened: bytes) -> CodeWords:
        """The words of a request, from what was sealed with it."""
        number = int.from_bytes(hashlib.sha256(_PURPOSE + opened).digest())
        places = tuple(number >> _BITS * place & 2047 for place in range(2 * _EACH))
        return cls(places[:_EACH], places[_EACH:])

    def to_say(self, language: str) -> str:
        """What the officer says who calls back."""
        return _said(self.called, language)

    def to_answer(self, language: str) -> str:
        """What the officer answers who is called."""
        return _said(self.answered, language)

    def heard(self, typed: str) -> bool:
        """Whether the words typed are those that had to be answered, in any language that has a list."""
        words = re.findall(r"[^\W\d_]+", fingerprint.folded(typed[:_MOST_TYPED]))
        return any(
            [fingerprint.places(code).get(word) for word in words] == list(self.answered)
            for code in fingerprint.LANGUAGES
        )


def _said(places: tuple[int, ...], language: str) -> str:
    words = fingerprint.words_of(language)
    return " ".join(words[place] for place in places)
