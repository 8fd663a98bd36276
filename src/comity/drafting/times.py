"""Days, times of day and time zones in a line, as people write them in two languages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Final

from comity.drafting.words import blanked, either, listed, months, whole_words

_YEARS: Final = range(1970, 2100)
_ISO: Final = re.compile(r"(?<![\d.-])(?P<y>\d{4})([-/.])(?P<m>\d{1,2})\2(?P<d>\d{1,2})(?!\d)", re.ASCII)
_NUMBERS: Final = re.compile(
    r"(?<![\d./-])(?P<a>\d{1,2})(?P<sep>[./-])(?P<b>\d{1,2})(?P=sep)(?P<y>\d{4}|\d{2})(?!\d)(?![./-]\d)",
    re.ASCII,
)
_EPOCH: Final = re.compile(
    r"(?:unix|epoch|timestamp)\D{0,20}(?<!\d)1\d{9}(?:\d{3})?(?!\d)", re.IGNORECASE | re.ASCII
)
_CLOCK: Final = re.compile(
    r"(?<![\d:.])(?:[01]?\d|2[0-3]):[0-5]\d(?::(?:[0-5]\d|60)(?:[.,]\d{1,9})?)?(?![\d:])"
    r"(?P<zone>\s?[+-]\d{2}:?\d{2}(?!\d)|\s?Z(?!\w))?",
    re.ASCII,
)
_MILITARY: Final = re.compile(r"(?<![\d:.-])(?:[01]\d|2[0-3])[0-5]\d\s?(?:Z|UTC|GMT|hrs)(?!\w)", re.ASCII)
_OFFSET: Final = re.compile(
    r"(?<!\w)(?:UTC|GMT)(?:\s?[+-]\s?\d{1,2}(?::?\d{2})?)?(?!\w)", re.IGNORECASE | re.ASCII
)
_OF_DATABASE: Final = re.compile(
    r"(?<!\w)(?:Africa|America|Antarctica|Asia|Atlantic|Australia|Etc|Europe|Indian|Pacific)/[A-Z][A-Za-z_+-]{1,30}"
)


@dataclass(frozen=True, slots=True)
class Day:
    """A day as it was recognised.

    Attributes:
        written: As it stands in the text.
        day: The day; of one written without its year, in year one until its year is known.
        has_year: Whether the year is written.
        two_meanings: Day and month could be exchanged.
    """

    start: int
    end: int
    written: str
    day: date
    has_year: bool = True
    two_meanings: bool = False


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day, and whether a zone is written directly after it."""

    start: int
    end: int
    written: str
    has_zone: bool


def days(text: str) -> list[Day]:
    """The days in a text, in order, none read twice."""
    found = [*_iso(text), *_numbers(text), *_named(text)]
    found.sort(key=lambda one: (one.start, -one.end))
    kept: list[Day] = []
    for one in found:
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return kept


def clocks(text: str) -> list[Clock]:
    """The times of day in a text."""
    plain = [
        Clock(match.start(), match.end(), match[0].strip(), match["zone"] is not None)
        for match in _CLOCK.finditer(text)
    ]
    other = [
        Clock(match.start(), match.end(), match[0], has_zone=False) for match in _other_clock().finditer(text)
    ]
    rest = blanked(text, spans(days(text))) if _MILITARY.search(text) else ""  # a year before UTC is no hour
    zoned = [
        Clock(match.start(), match.end(), match[0], has_zone=not match[0].endswith("hrs"))
        for match in _MILITARY.finditer(rest)
    ]
    return sorted([*plain, *other, *zoned], key=lambda one: one.start)


def spans(read: list[Day]) -> list[tuple[int, int]]:
    """Where they stand."""
    return [(one.start, one.end) for one in read]


def has_epoch(text: str) -> bool:
    """Whether seconds since 1970 are given and named as such: day, time and zone in one number."""
    return _EPOCH.search(text) is not None


def has_zone(text: str) -> bool:
    """Whether a time zone is named, or stands directly after a time of day."""
    return bool(
        _OFFSET.search(text)
        or _OF_DATABASE.search(text)
        or _zones().search(text)
        or any(one.has_zone for one in clocks(text))
    )


def zones_with_two_meanings(text: str) -> list[str]:
    """Names of zones that mean another zone elsewhere."""
    return _double_zones().findall(text)


def _iso(text: str) -> list[Day]:
    return [
        Day(match.start(), match.end(), match[0], day)
        for match in _ISO.finditer(text)
        if (day := _day(int(match["y"]), int(match["m"]), int(match["d"]))) is not None
    ]


def _numbers(text: str) -> list[Day]:
    found = []
    for match in _NUMBERS.finditer(text):
        year = int(match["y"]) if len(match["y"]) == 4 else 2000 + int(match["y"])
        first, second = int(match["a"]), int(match["b"])
        day, turned = _day(year, second, first), _day(year, first, second)
        if day or turned:
            both = bool(day and turned and day != turned and match["sep"] != ".")
            found.append(Day(match.start(), match.end(), match[0], day or turned, two_meanings=both))  # type: ignore[arg-type]  # one of them is a day
    return found


def _named(text: str) -> list[Day]:
    read = []
    for match in (*_day_first().finditer(text), *_month_first().finditer(text)):
        number, day = months()[match["m"].casefold()], int(match["d"])
        known = _day(int(match["y"]), number, day) if match["y"] else _day_without_year(number, day)
        if known is not None:
            read.append(Day(match.start(), match.end(), match[0], known, has_year=bool(match["y"])))
    return read


def _day(year: int, month: int, day: int) -> date | None:
    if year not in _YEARS:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _day_without_year(month: int, day: int) -> date | None:
    try:
        return date(4, month, day)  # a leap year: 29 February is a day of some year
    except ValueError:
        return None


@cache
def _other_clock() -> re.Pattern[str]:
    """With the word for the hour, or with a.m. and p.m."""
    return re.compile(
        rf"(?<![\d:.,])(?:(?:[01]?\d|2[0-3])\s?(?:{either('hours')})\.?\s?[0-5]\d(?!\d)|(?:0?\d|1[0-2])\s?[ap]\.?m(?!\w))",
        re.IGNORECASE,
    )


@cache
def _month() -> str:
    return "|".join(sorted(map(re.escape, months()), key=lambda name: (-len(name), name)))


@cache
def _day_first() -> re.Pattern[str]:
    return re.compile(
        rf"(?<![\w.:/-])(?P<d>[0-3]?[0-9])(?:{either('ordinals')})?\.?\s{{1,3}}(?:of\s{{1,3}})?(?P<m>{_month()})(?!\w)\.?"
        rf"(?:,?\s{{1,3}}(?P<y>[12][0-9]{{3}})(?!\d))?",
        re.IGNORECASE,
    )


@cache
def _month_first() -> re.Pattern[str]:
    return re.compile(
        rf"(?<!\w)(?P<m>{_month()})(?!\w)\.?\s{{1,3}}(?P<d>[0-3]?[0-9])(?:{either('ordinals')})?(?![\w:])"
        rf"(?:,?\s{{1,3}}(?P<y>[12][0-9]{{3}})(?!\d))?",
        re.IGNORECASE,
    )


@cache
def _zones() -> re.Pattern[str]:
    return whole_words((*listed("zones"), *listed("double_zones")))


@cache
def _double_zones() -> re.Pattern[str]:
    return whole_words(listed("double_zones"))
