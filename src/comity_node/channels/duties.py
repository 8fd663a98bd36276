"""What each side owes the other, as a page, a file and a command show it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comity_node.register.owing import owed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from comity.lifecycle import Obligation
    from comity.names import EntryRef
    from comity_node.register.rooms import Room

MOST: Final = 500
_NEVER: Final = datetime.max.replace(tzinfo=UTC)
_SORTS: Final = {
    "clock": gettext_lazy("A clock runs"),
    "move": gettext_lazy("Next move"),
    "condition": gettext_lazy("Condition"),
    "limit": gettext_lazy("Limit on use"),
    "term": gettext_lazy("Term of resumption"),
}


def documents(channel: str) -> list[dict[str, Any]]:
    """Everything owed in a channel, the same on both nodes to the byte: by party, then by day."""
    found = (one for _room, one in owed(channel))
    rows = [
        {
            "party": one.party,
            "ref": one.ref,
            "sort": one.sort,
            "what": one.what,
            "entry": str(one.source),
            "basis": one.basis,
            "verified": one.verified.value,
            "due_at": one.due_at.isoformat() if one.due_at else None,
            "stands_still": one.stands_still,
        }
        for one in found
    ]
    keys = ("party", "due_at", "ref", "entry", "sort", "what")
    return sorted(rows, key=lambda row: tuple(str(row[key] or "~") for key in keys))


def sides(channel: str) -> dict[str, Any]:
    """What we owe and what they owe, what is due first, first; as much as a page can bear."""
    ours: list[dict[str, Any]] = []
    theirs: list[dict[str, Any]] = []
    for room, one in sorted(owed(channel), key=_order):
        (ours if one.party == settings.NODE.party else theirs).append(_row(channel, room, one))
    return {
        "ours_owe": ours[:MOST],
        "theirs_owe": theirs[:MOST],
        "ours_more": max(0, len(ours) - MOST),
        "theirs_more": max(0, len(theirs) - MOST),
    }


def _order(found: tuple[Room, Obligation]) -> tuple[datetime, str, str]:
    _room, one = found
    return one.due_at or _NEVER, one.ref, str(one.source)


def _row(channel: str, room: Room, one: Obligation) -> dict[str, Any]:
    return {
        "what": _("Term %s") % one.what if one.sort == "term" else _(one.what.replace("_", " ")),
        "sort": _SORTS[one.sort],
        "ref": one.ref,
        "href": room.page(channel, one.ref),
        "source": one.source,
        "source_href": _entry(one.source),
        "basis": one.basis,
        "verified": one.verified.value,
        "due_at": one.due_at,
        "stands_still": one.stands_still,
    }


def _entry(ref: EntryRef) -> str:
    return reverse("web:entry", args=[ref.origin.party, ref.origin.channel, ref.index])


def lines(rows: list[dict[str, Any]]) -> Iterator[str]:
    """The same for a terminal."""
    for row in rows:
        due = f"by {row['due_at'][:16]}Z" if row["due_at"] else "no day"
        still = ", stands still" if row["stands_still"] else ""
        owes = f"{row['party']:6} {row['ref']:18} {row['sort']:10} {row['what']}"
        yield f"{owes} ({row['basis']}; {due}{still})"
