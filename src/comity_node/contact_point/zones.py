"""What the clock on a point's wall shows, and whether somebody is there: hours of the week at an instant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from comity.contacts import Point


@dataclass(frozen=True, slots=True)
class Opening:
    """A point at an instant.

    Attributes:
        is_known: Whether this node knows the zone; where not, nothing else says anything.
        is_open: Whether somebody is there by its hours.
        always: Whether somebody is there at any time.
        local: The instant, in the point's zone.
        changes_at: When it closes next, or opens; None where it never does.
    """

    is_known: bool
    is_open: bool
    always: bool
    local: datetime
    changes_at: datetime | None


@lru_cache(maxsize=1024)
def zone(name: str) -> ZoneInfo | None:
    """The zone of an IANA name; None where this node has none of that name."""
    try:
        return ZoneInfo(name)
    except (KeyError, OSError, ValueError):  # a name no zone has, or one that is a directory of them
        return None


def opening(point: Point, now: datetime) -> Opening:
    """Whether somebody is at a point at an instant, and until when that is so.

    Hours are those of the wall clock there: where it is set forward or back within them, they are as much
    shorter or longer as its owner finds them.
    """
    there = zone(point.zone)
    week = point.week
    if there is None:
        return Opening(week.always, week.always, week.always, now.astimezone(UTC), None)
    local = now.astimezone(there)
    if week.always:
        return Opening(is_known=True, is_open=True, always=True, local=local, changes_at=None)
    spells = list(_joined(_instants(point, local, there)))
    within = next((closes for opens, closes in spells if opens <= now < closes), None)
    following = next((opens for opens, _ in spells if opens > now), None)
    # Spells are known for a week ahead: what lasts longer than that does not close.
    changes = within if within is not None and (within - now).days < 7 else None
    is_open = within is not None
    return Opening(True, is_open, is_open and changes is None, local, changes if is_open else following)


def _instants(point: Point, local: datetime, there: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
    """The spells around a day as instants. An hour that comes twice belongs to a spell that ends in it."""
    for opens, closes in point.week.around(local.date()):
        yield (
            opens.replace(tzinfo=there).astimezone(UTC),
            closes.replace(tzinfo=there, fold=1).astimezone(UTC),
        )


def _joined(spells: Iterator[tuple[datetime, datetime]]) -> Iterator[tuple[datetime, datetime]]:
    """Spells that touch or overlap, as one."""
    begun: tuple[datetime, datetime] | None = None
    for opens, closes in sorted(spells):
        if begun is not None and opens <= begun[1]:
            begun = (begun[0], max(begun[1], closes))
            continue
        if begun is not None:
            yield begun
        begun = (opens, closes)
    if begun is not None:
        yield begun
