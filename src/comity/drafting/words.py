"""Words the checks look for, by language, and how a text is made ready for looking."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from typing import Final

import msgspec
import tomli

from comity.forms import learnt
from comity.instruments import Mark

_NOTHING: Final = re.compile(r"(?!)")
_INVISIBLE: Final = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\ufeff\u202a-\u202e\u2066-\u2069]")
_WORD: Final = re.compile(r"[^\W\d_]+(?:[-'\u2019][^\W\d_]+)*")
_STEM: Final = 5
UPPER: Final = r"A-Z\u0401\u0410-\u042f"  # Latin and Cyrillic
LOWER: Final = r"a-z\u0451\u0430-\u044f"


@learnt
class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The lists of one language; see ``lists/en.toml``."""

    language: str
    script: str
    basis: str
    verified: Mark
    months: Mapping[str, int]
    reasons: tuple[str, ...]
    frequent: tuple[str, ...]
    provision: tuple[str, ...]
    penalty: tuple[str, ...]
    law_text: tuple[str, ...]
    dual: tuple[str, ...]
    grounds: tuple[str, ...]
    authority: tuple[str, ...]
    account: tuple[str, ...]
    subscriber: tuple[str, ...]
    open_end: tuple[str, ...]
    unbounded: tuple[str, ...]
    urgent: tuple[str, ...]
    not_urgent: tuple[str, ...]
    urgent_reasons: tuple[str, ...]
    negative: tuple[str, ...]
    filler: tuple[str, ...]
    placeholders: tuple[str, ...]
    enclosures: tuple[str, ...]
    not_an_address_after: tuple[str, ...]
    port: tuple[str, ...]
    zones: tuple[str, ...]
    double_zones: tuple[str, ...]
    range_to: tuple[str, ...]
    range_and: tuple[str, ...]
    range_between: tuple[str, ...]
    hours: tuple[str, ...]
    ordinals: tuple[str, ...]
    year_words: tuple[str, ...]
    patronymics: tuple[str, ...]
    honorifics: tuple[str, ...]
    personal: tuple[str, ...]
    given_names: tuple[str, ...]


@cache
def languages() -> Mapping[str, Words]:
    """The languages that have lists."""
    shelf = resources.files("comity.drafting") / "lists"
    files = sorted(
        (file for file in shelf.iterdir() if file.name.endswith(".toml")), key=lambda file: file.name
    )
    read = [msgspec.convert(tomli.loads(file.read_bytes().decode()), Words) for file in files]
    return {one.language: one for one in read}


def primary(language: str) -> str:
    """The language without script and region: ``en-GB`` is ``en``."""
    return language.partition("-")[0].casefold()


def listed(name: str) -> tuple[str, ...]:
    """One list, in all languages: texts mix them."""
    return tuple(word for words in languages().values() for word in getattr(words, name))


@cache
def pattern(name: str) -> re.Pattern[str]:
    """What finds any word of a list. Words in capitals alone are found as they are written."""
    return whole_words(listed(name))


def either(name: str) -> str:
    """The words of a list as a part of a pattern, the longest first; what never matches where it is empty."""
    words = sorted({plain(word) for word in listed(name)}, key=lambda word: (-len(word), word))
    return "|".join(map(re.escape, words)) or "(?!)"


def whole_words(phrases: tuple[str, ...]) -> re.Pattern[str]:
    """What finds any of these as whole words; a star stands for any ending, a space for any white space."""
    if not phrases:
        return _NOTHING
    longest_first = sorted(set(phrases), key=lambda phrase: (-len(phrase), phrase))
    either = "|".join(map(_source, longest_first))
    return re.compile(rf"(?<!\w)(?:{either})(?!\w)", re.IGNORECASE)


def _source(phrase: str) -> str:
    source = re.escape(plain(phrase)).replace(r"\*", r"\w{0,20}").replace(r"\ ", r"\s{1,4}")
    return f"(?-i:{source})" if phrase.isupper() and len(phrase) > 1 else source


@cache
def fillers() -> frozenset[str]:
    """Texts that stand in a field and say nothing."""
    return frozenset(plain(word).casefold() for word in listed("filler"))


@cache
def months() -> Mapping[str, int]:
    """Names of months, in all languages."""
    return {name: month for words in languages().values() for name, month in words.months.items()}


def plain(text: str) -> str:
    """The text with letters, digits and spaces in one form each, and without what nobody sees."""
    one_form = unicodedata.normalize("NFKC", text)
    if len(one_form) > 2 * len(text) + 100:  # signs that stand for whole phrases; nobody needs them spelt out
        one_form = text
    shown = _INVISIBLE.sub("", one_form)
    return shown.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ").replace("\u2212", "-")


def blanked(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """The text with spaces in place of what was read already, so that nothing is read twice."""
    parts, at = [], 0
    for start, end in spans:
        parts += [text[at:start], " " * (end - start)]
        at = end
    return "".join([*parts, text[at:]])


def says_nothing(text: str) -> bool:
    """Whether a text is empty, or only fills the field."""
    said = text.strip().casefold()
    return not said or said in fillers() or said.strip(" .!") in fillers()


def stems(text: str) -> frozenset[str]:
    """The beginnings of the words that carry meaning, the same in most forms of a word."""
    left = pattern("frequent").sub(" ", text)
    return frozenset(word[:_STEM].casefold() for word in _WORD.findall(left) if len(word) >= _STEM)


def letters(text: str) -> int:
    """How many letters a text has."""
    return sum(map(str.isalpha, text))


def share_of_script(text: str, script: str) -> float:
    """Which part of the letters belongs to a script; one where there are no letters."""
    written = [letter for letter in text if letter.isalpha()]
    if not written:
        return 1.0
    ours = sum(unicodedata.name(letter, "").startswith(script) for letter in written)
    return ours / len(written)
