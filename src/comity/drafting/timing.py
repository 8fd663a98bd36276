"""Periods, urgency and what is kept meanwhile."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from comity.drafting import identifiers, times
from comity.drafting.reading import TITLE, TYPES, quoted, some
from comity.drafting.words import blanked, either, listed, pattern, says_nothing

if TYPE_CHECKING:
    from collections.abc import Iterable

    from comity.drafting.reading import Finding, Reading

_BETWEEN: Final = 48
_YEARS: Final = re.compile(
    r"(?<![\w.-])(?P<a>(?:19|20)\d{2})(?P<gap>\D{1,12})(?P<b>(?:19|20)\d{2})(?!\d)(?![.-]\d)"
)
_DASH: Final = frozenset({"-", "\u2013", "\u2014", "/", "..."})
_TRIM: Final = " \t\n,:;()[]."
_FIRST_WORD: Final = re.compile(r"\w+", re.UNICODE)


@dataclass(frozen=True, slots=True)
class Period:
    """A period as it was recognised."""

    first: date
    last: date
    written: str

    @property
    def days(self) -> int:
        """How many days it holds, both its first and its last."""
        return (self.last - self.first).days + 1


def periods(text: str) -> list[Period]:
    """The periods in a text: two days, or two years, that words or a dash make into one."""
    found = []
    read = times.days(text)
    for one, other in pairwise(read):
        if other.start - one.end <= _BETWEEN and _makes_period(text, one.start, text[one.end : other.start]):
            ends = _with_years(one, other)
            if ends is not None:
                found.append(Period(*ends, text[one.start : other.end]))
    found += [
        Period(date(int(match["a"]), 1, 1), date(int(match["b"]), 12, 31), match[0])
        for match in _YEARS.finditer(blanked(text, times.spans(read)))
        if _makes_period(text, match.start(), match["gap"])
    ]
    return found


def _makes_period(text: str, start: int, between: str) -> bool:
    """Whether what stands between two days says that they are the ends of one period."""
    gap = between
    for clock in reversed(times.clocks(gap)):
        gap = gap[: clock.start] + gap[clock.end :]
    gap = _between_ends().sub(" ", gap).strip(_TRIM).casefold()
    if gap in _DASH:
        return True
    words = _FIRST_WORD.findall(gap)
    if not words or len(words) > 3 or words[-1] not in _range_to() | _range_and():
        return False
    return words[-1] in _range_to() or _between_before().search(text[max(0, start - 24) : start]) is not None


def _with_years(one: times.Day, other: times.Day) -> tuple[date, date] | None:
    """Both ends with their years: one written without takes the other's, or the year before."""
    if one.has_year and other.has_year:
        return one.day, other.day
    if not one.has_year and other.has_year:
        year = other.day.year - ((one.day.month, one.day.day) > (other.day.month, other.day.day))
        try:
            return one.day.replace(year=year), other.day
        except ValueError:  # 29 February of another year
            return None
    return None


@cache
def _range_to() -> frozenset[str]:
    return frozenset(word.casefold().split()[-1] for word in listed("range_to"))


@cache
def _between_before() -> re.Pattern[str]:
    return pattern("range_between")


@cache
def _range_and() -> frozenset[str]:
    return frozenset(map(str.casefold, listed("range_and")))


@cache
def _between_ends() -> re.Pattern[str]:
    """What may stand between the two ends besides the word that joins them: zones, the word for a year."""
    zone = rf"(?:Z|UTC|GMT|{either('zones')})(?:\s?[+-]\s?\d{{1,2}}(?::?\d{{2}})?)?"
    return re.compile(rf"(?<!\w)(?:{zone}|{either('year_words')})(?!\w)\.?", re.IGNORECASE)


def breadth(reading: Reading) -> Iterable[Finding]:
    """Periods that have no end, end before they begin, or are long; measures that nothing bounds."""
    texts = reading.said("measure", "period", "addresses", "identifiers")
    is_of_accounts = reading.asks("account") or bool(
        reading.said("identifiers", "addresses") or identifiers.exact_in(reading.together("measure"))
    )
    bound = reading.catalogue.bound("longest_period_days" if is_of_accounts else "longest_documents_days")
    for name, text in texts.items():
        if open_end := pattern("open_end").search(text):
            yield from reading.found("period_too_broad", name, said=quoted(open_end[0]))
        for period in periods(text):
            if period.days < 1:
                yield from reading.found("period_reversed", name, said=quoted(period.written))
            elif period.days > bound:
                yield from reading.found(
                    "period_long", name, said=quoted(period.written), days=period.days, bound=bound
                )
    if any(times.days(text) or _YEARS.search(text) for text in texts.values()):
        return
    for name, text in reading.said("measure").items():
        if unbounded := pattern("unbounded").search(text):
            yield from reading.found("measure_unbounded", name, said=quoted(unbounded[0]))


def urgency(reading: Reading) -> Iterable[Finding]:
    """Urgency that is asked for and not explained."""
    if not reading.is_listed:
        return
    explained = any(_explains(text) for text in reading.said("urgency", "danger").values())
    if reading.request.procedure == "emergency":
        texts = reading.said("danger")
        if texts and not explained:
            name, text = next(iter(texts.items()))
            yield from reading.found("urgency_unexplained", name, said=quoted(text, 60))
        return
    texts = {TITLE: reading.title, **reading.said("measure", "purpose", "urgency", "asked_besides")}
    for name, text in texts.items():
        for line in text.splitlines():
            shown = pattern("not_urgent").sub(" ", line)
            asked = pattern("urgent").search(shown)
            if asked and not explained and not _explains(shown):
                yield from reading.found("urgency_unexplained", name, said=quoted(asked[0]))
                return
    if reading.request.stated.get("urgency") == "emergency" and not explained:
        where = reading.ids("urgency")
        yield from reading.found("urgency_unexplained", where[0] if where else TYPES, said="emergency")


def _explains(text: str) -> bool:
    return bool(pattern("urgent_reasons").search(text) or times.days(text))


def preservation(reading: Reading) -> Iterable[Finding]:
    """Data that will be gone, and preservations nobody connects with the request."""
    places = reading.ids("preservation")
    if not places:
        return
    place = places[0]
    said = reading.texts[place]
    on_record = reading.request.preservations
    if not says_nothing(said):
        if not times.days(said):
            yield from reading.found("preservation_without_expiry", place)
        return
    if on_record and not said.strip() and not any(ref in reading.everything for ref in on_record):
        yield from reading.found("no_preservation_reference", place, refs=some(on_record))
    elif not on_record and _is_volatile(reading):
        yield from reading.found("volatile_not_preserved", place)


def _is_volatile(reading: Reading) -> bool:
    texts = reading.said("volatile").values()
    return any(not _denies(text) for text in texts)


def _denies(text: str) -> bool:
    first = pattern("negative").match(text.strip())
    return first is not None
