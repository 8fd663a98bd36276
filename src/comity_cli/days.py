"""Days on the command line, as instants in UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from comity.errors import OurFault
from comity.reciprocity import at_the_end_of


class NotADay(OurFault):
    """What was given is not a day."""

    code = "not-a-day"
    default_hint = "write it as 2026-01-31"


def begin_of(day: str) -> datetime | None:
    """The first instant of a day; None where none is given."""
    return datetime.combine(_day(day), time.min, tzinfo=UTC) if day else None


def end_of(day: str) -> datetime | None:
    """The last second of a day; None where none is given."""
    return at_the_end_of(_day(day)) if day else None


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise NotADay(f"{text[:40]!r} is not a day") from error
