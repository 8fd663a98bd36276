"""Quantities in words: how long, how large, when. One place, so that every page says them alike."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from django.utils import formats, timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from collections.abc import Iterable

_MINUTE: Final = 60
_HOUR: Final = 60 * _MINUTE
_DAY: Final = 24 * _HOUR
_KIBI: Final = 1024


def duration(span: timedelta) -> str:
    """Say a length of time in its two largest units; the sign is the caller's to put in words."""
    seconds = abs(int(span.total_seconds()))
    days, rest = divmod(seconds, _DAY)
    hours, rest = divmod(rest, _HOUR)
    minutes = rest // _MINUTE
    parts = [
        ngettext("%(n)d day", "%(n)d days", days) % {"n": days} if days else "",
        ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours} if hours else "",
        ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes} if minutes else "",
    ]
    said = [part for part in parts if part][:2]
    return " ".join(said) if said else _("less than a minute")


def day(when: date | datetime) -> str:
    """Say a day in full, in UTC, so that no reader can take the month for the day."""
    return _day(in_utc(when).date() if isinstance(when, datetime) else when, get_language())


@lru_cache(1024)  # a page says the same few days on every row
def _day(when: date, _language: str | None) -> str:
    return formats.date_format(when)


def hour(when: datetime, *, seconds: bool = False) -> str:
    """Say the hour in UTC."""
    return f"{in_utc(when):%H:%M:%S}" if seconds else f"{in_utc(when):%H:%M}"


def in_utc(when: datetime) -> datetime:
    """Bring an instant to UTC."""
    return when.astimezone(UTC)


def readers_hour(when: datetime) -> str:
    """Say the instant in the reader's own zone, or nothing where that is UTC already."""
    local = timezone.localtime(when)
    if not local.utcoffset():
        return ""
    return _("%(when)s in %(zone)s") % {
        "when": f"{formats.date_format(local)}, {local:%H:%M}",
        "zone": timezone.get_current_timezone_name(),
    }


def size(count: int) -> str:
    """Say a number of bytes with at most three significant figures."""
    if count < _KIBI:
        return ngettext("%(n)d byte", "%(n)d bytes", count) % {"n": count}
    amount = float(count)
    for unit in ("KiB", "MiB", "GiB", "TiB"):
        amount /= _KIBI
        if amount < _KIBI or unit == "TiB":
            break
    return f"{formats.number_format(round(amount, 1 if amount < 100 else 0))} {unit}"


def reminder(warn: Iterable[int], left: timedelta) -> int:
    """The last reminder that has come: of 30, 14, 7 and 2 days, 14 with ten days left; 0 where none has."""
    return min((days for days in warn if left <= timedelta(days=days)), default=0)
