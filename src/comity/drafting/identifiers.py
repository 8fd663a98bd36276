"""What singles out an account, a line, a device, a file or a person in a text."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from comity.drafting.addresses import addresses, refanged, without_addresses
from comity.drafting.words import LOWER, UPPER, either, listed, pattern, whole_words

_EMAIL: Final = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}")
_HANDLE: Final = re.compile(r"(?<![\w@.])@[A-Za-z0-9_][\w.]{1,40}")
_LINK: Final = re.compile(r"(?<!\w)h(?:tt|xx)ps?://[^\s<>\"]{3,300}", re.IGNORECASE)
_DOMAIN: Final = re.compile(
    r"(?<![\w@.-])(?:[A-Za-z0-9][A-Za-z0-9-]{0,62}\.){1,5}[A-Za-z]{2,24}(?![\w-])(?!\.\w)"
)
_PHONE: Final = re.compile(r"(?<![\w.+-])\+?\d[\d \-()]{8,20}\d(?!\w)", re.ASCII)
_LONG_NUMBER: Final = re.compile(r"(?<![\w.,-])\d{6,24}(?!\w)(?![.,-]\d)", re.ASCII)
_CODE: Final = re.compile(
    r"(?<![\w-])(?=[A-Za-z0-9_-]{0,40}\d)(?=[A-Za-z0-9_-]{0,40}[A-Za-z])[A-Za-z0-9_-]{6,128}(?![\w-])",
    re.ASCII,
)
_HASH: Final = re.compile(r"(?<!\w)[0-9a-fA-F]{32,128}(?!\w)", re.ASCII)
_NAME: Final = rf"[{UPPER}][{LOWER}]{{1,30}}(?:-[{UPPER}][{LOWER}]{{1,30}})?"
_INITIALS: Final = re.compile(
    rf"(?<!\w)(?:{_NAME}\s?[{UPPER}]\.\s?[{UPPER}]\.|[{UPPER}]\.\s?(?:[{UPPER}]\.\s?){{0,2}}{_NAME}(?!\w))"
)


def exact_in(text: str) -> frozenset[str]:
    """What must stand in a translation letter for letter: addresses, accounts, links, hash values."""
    found: set[str] = set()
    for line in refanged(text).splitlines():
        here = addresses(line)
        found |= {str(one) for one in here}
        rest = without_addresses(line, here)
        for what in (_EMAIL, _HASH, _LINK):
            found |= {match[0].rstrip(".,;:)").casefold() for match in what.finditer(rest)}
    return frozenset(found)


def all_in(text: str) -> frozenset[str]:
    """Everything by which something could be found."""
    found = set(exact_in(text))
    for what in (_HANDLE, _DOMAIN, _CODE, _LONG_NUMBER):
        found |= {match[0].casefold() for match in what.finditer(refanged(text))}
    found |= {"".join(filter(str.isdigit, match[0])) for match in _PHONE.finditer(text)}
    return frozenset(found)


def personal(text: str) -> str:
    """The first passage that looks like data of a person; empty where none does."""
    for what in (
        _EMAIL,
        _patronymic(),
        _INITIALS,
        _with_honorific(),
        _with_given_name(),
        pattern("personal"),
    ):
        if match := what.search(text):
            return match[0]
    if match := _PHONE.search(text):
        digits = sum(map(str.isdigit, match[0]))
        return match[0] if match[0].startswith("+") and digits >= 10 else ""
    return ""


@cache
def _patronymic() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)[{UPPER}][{LOWER}]{{2,20}}(?:{either('patronymics')})[{LOWER}]{{0,2}}(?!\w)")


@cache
def _with_honorific() -> re.Pattern[str]:
    words = whole_words(listed("honorifics")).pattern
    return re.compile(rf"(?i:{words})\.?\s{{1,3}}{_NAME}(?!\w)")


@cache
def _with_given_name() -> re.Pattern[str]:
    names = either("given_names")
    return re.compile(rf"(?<!\w)(?:(?:{names})\s{{1,3}}{_NAME}|{_NAME}\s{{1,3}}(?:{names}))(?!\w)")
