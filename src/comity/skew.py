"""How far another clock is from ours, as an exchange with its owner shows.

Whoever answers says what time it is there. The answer was written after we asked and before it came, so the
other clock is ahead by no more than what it says less the instant we asked, and by no less than what it says
less the instant it came. Halfway between is the estimate, and half the way is how much it may be wrong.

What another says of its clock is shown to people and never moves ours.

Follows: docs/spec/wire.md, Clocks. The measure is that of RFC 5905, section 8, by one stamp in place of two.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection

# The form in which nodes tell their time; anything else is as if nothing had been told.
_TOLD: Final = re.compile(
    r"\d{4}-\d{2}-\d{2}T(?:[01]\d|2[0-3]):\d{2}:\d{2}(?:\.\d{1,6})?(?:Z|\+00:00)", re.ASCII
)
KEPT: Final = 31


@dataclass(frozen=True, slots=True)
class Reading:
    """One look at another clock.

    Attributes:
        ahead: Seconds by which it was ahead of ours; negative where it was behind.
        within: The estimate is right to so many seconds.
    """

    ahead: float
    within: float


def read(told: datetime, *, asked_at: datetime, answered_at: datetime, resolution: float = 0.0) -> Reading:
    """Read another clock off an answer.

    Args:
        told: The time in the answer.
        asked_at: When we asked, by our clock.
        answered_at: When the answer came, by our clock; never before ``asked_at``.
        resolution: The seconds in which the answerer counts: 1 where it tells no fractions.
    """
    width = (answered_at - asked_at).total_seconds()
    ahead = (told - asked_at).total_seconds() - (width - resolution) / 2
    return Reading(ahead, (width + resolution) / 2)


def told(text: str) -> datetime | None:
    """Read a time as nodes tell it; None for whatever else a hostile answer has in its place."""
    if not _TOLD.fullmatch(text):
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def typical(ahead: Collection[float]) -> float:
    """The middle of what was read lately: one slow answer does not move it."""
    return median(ahead)


def ours_is_behind(others: Collection[float], bound: timedelta) -> float | None:
    """Say whether it is our clock that is wrong: every other differs from it the same way, beyond the bound.

    Args:
        others: By how many seconds each other clock is ahead of ours.
        bound: How far apart clocks may be.

    Returns:
        Seconds by which ours is behind the nearest of them, negative where it is ahead; None where one of
        them agrees with ours, where they differ among themselves, or where none is known.
    """
    most = bound.total_seconds()
    if others and all(one > most for one in others):
        return min(others)
    if others and all(one < -most for one in others):
        return max(others)
    return None
