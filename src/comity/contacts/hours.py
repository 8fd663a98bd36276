"""When somebody is there: hours of the week, by the clock on the wall of the point's own zone.

``24/7``, or rules with semicolons between: ``Mo-Fr 08:00-18:00; Sa 22:00-06:00``. A rule may name several
days and several spells: ``Mo,We 09:00-12:00,13:00-17:00``. A spell that ends no later than it begins goes
over midnight. What the wall clock of a zone shows at an instant is for the caller to know.

Follows: docs/spec/contacts.md, Hours.
"""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from comity.contacts.errors import MalformedPoint

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

ALWAYS: Final = "24/7"
MOST_TEXT: Final = 300
MOST_SPELLS: Final = 70
DAYS: Final = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
_DAY: Final = "(?:" + "|".join(DAYS) + ")"
_RULE: Final = re.compile(rf"({_DAY}(?:-{_DAY})?(?:,{_DAY}(?:-{_DAY})?)*) (\S+)", re.ASCII)
_SPELL: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-(?:([01]\d|2[0-3]):([0-5]\d)|(24):(00))", re.ASCII)
_WHOLE_DAY: Final = 24 * 60


class Spell(NamedTuple):
    """A time of the week in which somebody is there.

    Attributes:
        day: The day it begins on, Monday being 0.
        opens: Minutes from midnight.
        lasts: Minutes.
    """

    day: int
    opens: int
    lasts: int


class Hours(NamedTuple):
    """Hours of the week; none where it is round the clock."""

    spells: tuple[Spell, ...]

    @property
    def always(self) -> bool:
        """Whether somebody is there at any time."""
        return not self.spells

    def around(self, today: date) -> Iterator[tuple[datetime, datetime]]:
        """The spells from the day before to the week after a day, as its wall clock shows their ends."""
        for offset in range(-1, 8):
            day = today + timedelta(days=offset)
            for one in self.spells:
                if one.day == day.weekday():
                    opens = datetime.combine(day, time()) + timedelta(minutes=one.opens)
                    yield opens, opens + timedelta(minutes=one.lasts)


def read_hours(text: str) -> Hours:
    """Read hours as they are written.

    Raises:
        MalformedPoint: They are not in this form; the message says which rule is not.
    """
    if text == ALWAYS:
        return Hours(())
    if len(text) > MOST_TEXT:
        raise MalformedPoint(f"hours have {len(text)} characters; at most {MOST_TEXT} are read")
    spells = [spell for rule in text.split("; ") for spell in _rule(rule)]
    if len(spells) > MOST_SPELLS:
        raise MalformedPoint(f"hours have {len(spells)} spells a week; at most {MOST_SPELLS} are read")
    return Hours(tuple(sorted(set(spells))))


def _rule(text: str) -> Iterator[Spell]:
    rule = _RULE.fullmatch(text)
    spells = [_SPELL.fullmatch(one) for one in rule[2].split(",")] if rule else []
    if rule is None or not all(spells):
        raise MalformedPoint(
            f"these hours cannot be read: {text[:60]!r}", hint=f"write them as {ALWAYS} or Mo-Fr 08:00-18:00"
        )
    for day in _days(rule[1]):
        for one in filter(None, spells):
            opens, closes = (int(one[at] or 0) * 60 + int(one[at + 1] or 0) for at in (1, 3))
            closes = _WHOLE_DAY if one[5] else closes
            yield Spell(day, opens, closes - opens if closes > opens else closes - opens + _WHOLE_DAY)


def _days(text: str) -> Iterator[int]:
    for part in text.split(","):
        first, _, last = part.partition("-")
        begin, end = DAYS.index(first), DAYS.index(last or first)
        yield from ((begin + step) % 7 for step in range((end - begin) % 7 + 1))
