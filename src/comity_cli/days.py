"""Days on the command line, as instants in UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

from comity.errors import OurFault
from comity.reciprocity import at_the_end_of

_INSTANT = "write it in UTC, as 2026-01-31T12:00:00Z"


class NotADay(OurFault):
    """What was given is not a day."""

    code = "not-a-day"
    default_hint = "write it as 2026-01-31"


def begin_of(text: str) -> datetime | None:
    """The first instant of a day; None where none is given."""
    return datetime.combine(day(text), time.min, tzinfo=UTC) if text else None


def end_of(text: str) -> datetime | None:
    """The last second of a day; None where none is given."""
    return at_the_end_of(day(text)) if text else None


def instant(text: str) -> datetime:
    """An instant in UTC, as ``2026-12-01T12:00:00Z``; the present second where none is given.

    Raises:
        NotADay: It is none, or says nothing of its zone.
    """
    if not text:
        return datetime.now(UTC).replace(microsecond=0)
    try:
        found = datetime.fromisoformat(text)
        if found.tzinfo is not None:
            return found.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise NotADay(f"{text[:40]!r} is not an instant", hint=_INSTANT) from error
    raise NotADay(f"{text[:40]!r} does not say in which zone it is", hint=_INSTANT)


def day(text: str) -> date:
    """A day.

    Raises:
        NotADay: It is none.
    """
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise NotADay(f"{text[:40]!r} is not a day") from error
