"""The forms a property of an object may have, in the words of ``objects.toml``.

Follows: STIX 2.1, 2 (common data types); RFC 3339.
"""

from __future__ import annotations

import binascii
import re
from datetime import datetime
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    Check = Callable[[Any], bool]

TYPE: Final = "[a-z0-9][a-z0-9-]{1,248}[a-z0-9]"
UUID: Final = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_TIME: Final = re.compile(r"\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):\d\d:\d\d(?:\.\d+)?Z", re.ASCII)
_HEX: Final = re.compile(r"(?:[0-9a-fA-F]{2})+", re.ASCII)
_KEY: Final = re.compile(r"[a-zA-Z0-9_-]{1,250}", re.ASCII)
_BETWEEN: Final = re.compile(r"(\d+)\.\.(\d+)", re.ASCII)
# In hexadecimal digits; of other algorithms nothing is known here, and nothing is refused.
_DIGITS: Final[Mapping[str, int]] = {
    "MD5": 32, "SHA-1": 40, "SHA-256": 64, "SHA-512": 128, "SHA3-256": 64, "SHA3-512": 128,
}  # fmt: skip


@cache
def holds(form: str) -> Check:
    """The check of a form, in the words of ``objects.toml``.

    Raises:
        KeyError: There is no such form.
    """
    if form.startswith("list of "):
        return _list_of(holds(form.removeprefix("list of ")))
    if form == "id" or form.startswith("id of "):
        return _matching(f"(?:{'|'.join(form.split()[2:]) or TYPE})--{UUID}")
    if form.startswith("code "):
        return _matching("|".join(map(re.escape, form.split()[1:])))
    if between := _BETWEEN.fullmatch(form):
        return _between(int(between[1]), int(between[2]))
    return _PLAIN[form]


@lru_cache(maxsize=4096)
def instant(text: str) -> datetime | None:
    """A time of STIX, in UTC; None where the text is none. What is made together bears the same times."""
    if not _TIME.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:  # a day that no month has
        return None


def _matching(pattern: str) -> Check:
    matches = re.compile(pattern, re.ASCII).fullmatch
    return lambda value: isinstance(value, str) and matches(value) is not None


def _list_of(check: Check) -> Check:
    return lambda value: isinstance(value, list) and bool(value) and all(map(check, value))


def _between(least: int, most: int) -> Check:
    return lambda value: _is_whole(value) and least <= value <= most


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_words(value: object) -> bool:
    return isinstance(value, dict) and bool(value) and all(map(_KEY.fullmatch, value))


def _is_base64(value: object) -> bool:
    try:
        return isinstance(value, str) and bool(binascii.a2b_base64(value, strict_mode=True))
    except binascii.Error:
        return False


def _are_hashes(value: object) -> bool:
    return isinstance(value, dict) and bool(value) and all(map(_is_hash, value.items()))


def _is_hash(named: tuple[str, object]) -> bool:
    name, value = named
    if not isinstance(value, str) or not value or not _KEY.fullmatch(name):
        return False
    digits = _DIGITS.get(name)
    return digits is None or (len(value) == digits and _HEX.fullmatch(value) is not None)


def _of_texts(*must: str, may: Iterable[str] = ()) -> Check:
    """An object of texts: these names, and these besides; ``hashes`` has its own form."""
    known = {*must, *may}

    def check(value: object) -> bool:
        if not isinstance(value, dict) or not all(name in value for name in must):
            return False
        return all(
            _are_hashes(said) if name == "hashes" else isinstance(said, str)
            for name, said in value.items()
            if name in known
        )

    return check


def _is_reference(value: object) -> bool:
    """An external reference: its source, and at least one thing more."""
    return _REFERENCE(value) and isinstance(value, dict) and bool(value.keys() & _REFERS)


def _is_granular(value: object) -> bool:
    """Which part of an object is marked otherwise: by a marking, or as being in a language."""
    if not isinstance(value, dict) or not holds("list of text")(value.get("selectors")):
        return False
    marks = value.get("marking_ref")
    return isinstance(value.get("lang"), str) if marks is None else holds("id of marking-definition")(marks)


_REFERS: Final = {"description", "url", "external_id"}
_REFERENCE: Final = _of_texts("source_name", may=("hashes", *_REFERS))
_PLAIN: Final[Mapping[str, Check]] = {
    "text": lambda value: isinstance(value, str),
    "time": lambda value: isinstance(value, str) and instant(value) is not None,
    "whole": _is_whole,
    "number": _is_number,
    "flag": lambda value: isinstance(value, bool),
    "hex": lambda value: isinstance(value, str) and _HEX.fullmatch(value) is not None,
    "base64": _is_base64,
    "words": _is_words,
    "hashes": _are_hashes,
    "phase": _of_texts("kill_chain_name", "phase_name"),
    "reference": _is_reference,
    "granular": _is_granular,
}
