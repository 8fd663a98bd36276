"""How the clocks of counterparts and witnesses stand against ours: local, shown, never part of the record."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.utils import timezone

from comity import skew
from comity_node.counterparts.models import ClockSeen

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from comity.skew import Reading

# Written as seldom as the word about the line; what was read between is in the middle that is written.
_EVERY: Final = 5.0
# A clock not read for so long says nothing about ours today.
_FRESH: Final = timedelta(days=1)
_recent: dict[str, deque[float]] = {}
_written: dict[str, float] = {}


@dataclass(frozen=True, slots=True)
class Clock:
    """Another clock as it was seen lately.

    Attributes:
        name: A party code, or the name of a witness's key.
        ahead: Seconds by which it was ahead of ours when last read; negative where behind.
        within: That is right to so many seconds.
        typical: The middle of the last readings.
        read_at: When it was last read.
        is_off: Whether it differs from ours by more than this node puts up with.
    """

    name: str
    ahead: float
    within: float
    typical: float
    read_at: datetime
    is_off: bool


def note(name: str, reading: Reading | None) -> None:
    """Note a reading of another clock; none where its owner told no time."""
    if reading is None:
        return
    recent = _recent.get(name)
    if recent is None:
        row = ClockSeen.objects.filter(name=name).first()
        recent = _recent[name] = deque(row.recent if row else (), maxlen=skew.KEPT)
    recent.append(reading.ahead)
    if time.monotonic() - _written.get(name, -_EVERY) < _EVERY:
        return
    _written[name] = time.monotonic()
    ClockSeen.objects.update_or_create(
        name=name,
        defaults={
            "ahead": reading.ahead,
            "within": reading.within,
            "recent": list(recent),
            "read_at": timezone.now(),
        },
    )


def bound() -> timedelta:
    """How far another clock may be from ours before officers are told: ``clock_seconds`` of node.toml."""
    return timedelta(seconds=settings.NODE.clock_seconds)


def clock(name: str) -> Clock | None:
    """How the clock of a party or witness was seen; None if it never was."""
    row = ClockSeen.objects.filter(name=name).first()
    return None if row is None else _clock(row)


def clocks() -> list[Clock]:
    """Every other clock read within a day, by name."""
    since = timezone.now() - _FRESH
    return [_clock(row) for row in ClockSeen.objects.filter(read_at__gte=since).order_by("name")]


def ours_is_behind(seen: Iterable[Clock]) -> float | None:
    """By how many seconds our clock is behind all others, negative where ahead; None where one agrees."""
    return skew.ours_is_behind([one.typical for one in seen], bound())


def _clock(row: ClockSeen) -> Clock:
    typical = skew.typical(row.recent)
    is_off = abs(typical) > bound().total_seconds()
    return Clock(row.name, row.ahead, row.within, typical, row.read_at, is_off)
