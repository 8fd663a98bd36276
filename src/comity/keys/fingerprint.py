"""The fingerprint of a passport, to be read aloud over another path: as words or as digits.

Both say the same 192 bits of the SHA-256 hash, with a check in them: a word misheard or a digit mistyped is
noticed even before anything is compared. 192 bits leave a forger 2^192 attempts against one passport, and
2^160 against the passports of all authorities there are.

Words: BIP 39, 18 words of a list of 2,048 in the reader's language. Digits: the 192 bits as 58 decimal
digits and two check digits (ISO/IEC 7064, MOD 97-10), in 12 groups of five.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final, Self

from comity.errors import BadFingerprint

# The lists lie in wordlists/ and never change. Where a language has none, its readers use English or digits.
LANGUAGES: Final = ("en", "ru", "fr", "es")

_SIZE: Final = 24
_WORDS: Final = 18
_WORD_BITS: Final = 11
_CHECK_BITS: Final = 6
_DIGITS: Final = 60
_GROUP: Final = 5
_MODULUS: Final = 97
_MAX_TYPED: Final = 1000


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """A fingerprint, however it was read or typed."""

    value: bytes

    @classmethod
    def of(cls, data: bytes) -> Self:
        """Take the fingerprint of ``data``."""
        return cls(hashlib.sha256(data).digest()[:_SIZE])

    @property
    def digits(self) -> str:
        """Twelve groups of five digits."""
        number = int.from_bytes(self.value) * 100
        checked = f"{number + 98 - number % _MODULUS:0{_DIGITS}d}"
        return " ".join(checked[start : start + _GROUP] for start in range(0, _DIGITS, _GROUP))

    def words(self, language: str = "en") -> str:
        """Eighteen words of ``language`` (a BCP 47 code), or of English where it has no list."""
        words = words_of(language)
        number = int.from_bytes(self.value) << _CHECK_BITS | _check(self.value)
        return " ".join(words[number >> _WORD_BITS * place & 2047] for place in reversed(range(_WORDS)))

    @classmethod
    def parse(cls, typed: str) -> Self:
        """Read digits, or words of any language that has a list; case and spacing do not matter.

        Raises:
            BadFingerprint: It is neither, or its check does not fit.
        """
        if len(typed) > _MAX_TYPED:
            raise BadFingerprint("the fingerprint was not read: it is too long to be one")
        digits = "".join(re.findall(r"[0-9]", typed))
        words = re.findall(r"[^\W\d_]+", folded(typed))
        if digits and not words:
            return cls(_from_digits(digits))
        return cls(_from_words(words))

    def matches(self, typed: str) -> bool:
        """Say whether somebody typed this very fingerprint, as digits or as words."""
        try:
            return self.parse(typed) == self
        except BadFingerprint:
            return False


def _from_digits(digits: str) -> bytes:
    if len(digits) != _DIGITS:
        raise BadFingerprint(
            f"the fingerprint was not read: it has {len(digits)} digits in place of {_DIGITS}"
        )
    number = int(digits)
    if number % _MODULUS != 1 or number // 100 >= 1 << 8 * _SIZE:
        raise BadFingerprint("the fingerprint was not read: its check digits do not fit, so a digit is wrong")
    return (number // 100).to_bytes(_SIZE)


def _from_words(words: list[str]) -> bytes:
    if len(words) != _WORDS:
        raise BadFingerprint(f"the fingerprint was not read: it has {len(words)} words in place of {_WORDS}")
    unknown = {code: [word for word in words if word not in places(code)] for code in LANGUAGES}
    nearest = min(unknown.values(), key=len)
    if nearest:
        number = words.index(nearest[0]) + 1
        raise BadFingerprint(f"the fingerprint was not read: word {number}, {nearest[0]!r}, is in no list")
    for code in (code for code, missing in unknown.items() if not missing):
        number = sum(places(code)[word] << _WORD_BITS * at for at, word in enumerate(reversed(words)))
        value = (number >> _CHECK_BITS).to_bytes(_SIZE)
        if number & (1 << _CHECK_BITS) - 1 == _check(value):
            return value
    raise BadFingerprint("the fingerprint was not read: its last word does not fit, so one of them is wrong")


def _check(value: bytes) -> int:
    return hashlib.sha256(value).digest()[0] >> 8 - _CHECK_BITS


def words_of(language: str) -> tuple[str, ...]:
    """The list of a language (a BCP 47 code), or of English where it has none."""
    code = language.partition("-")[0].lower()
    return _words(code if code in LANGUAGES else "en")


@cache
def _words(code: str) -> tuple[str, ...]:
    shelf = resources.files("comity.keys") / "wordlists"
    return tuple((shelf / f"{code}.words").read_text(encoding="utf-8").split())


@cache
def places(code: str) -> dict[str, int]:
    """The places of the words in a list, by how they are looked up."""
    return {folded(word): place for place, word in enumerate(_words(code))}


def folded(text: str) -> str:
    """Fold away what nobody hears or keyboards lack: case and accents."""
    bare = "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    return bare.casefold()
