"""What each side owes the other, as a page, a file and a command show it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy

from comity_node.channels import neighbours
from comity_node.channels.models import Channel
from comity_node.listing import table
from comity_node.register.owing import in_words, owed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from django.http import QueryDict

    from comity.lifecycle import Obligation
    from comity.names import EntryRef
    from comity_node.register.rooms import Room

    Owed = tuple[str, Room, Obligation]  # with the channel it comes from

SIZE: Final = 50
_NEVER: Final = datetime.max.replace(tzinfo=UTC)
_SORTS: Final = {
    "clock": gettext_lazy("A clock runs"),
    "move": gettext_lazy("Next move"),
    "condition": gettext_lazy("Condition"),
    "limit": gettext_lazy("Limit on use"),
    "undertaking": gettext_lazy("Undertaking for protected objects"),
    "term": gettext_lazy("Term of resumption"),
    "disposition": gettext_lazy("Disposition on closing"),
}
_DISPOSED: Final = {
    "": "",
    "stay_owed": gettext_lazy("stays owed after the closing"),
    "carried_over": gettext_lazy("carried over to a successor channel"),
}
CARRIED: Final = "carried_over"


def documents(channel: str) -> list[dict[str, Any]]:
    """Everything owed in a channel, the same on both nodes to the byte: by party, then by day.

    What was carried over from the channel it takes up from is listed with the channel it comes from.
    """
    return in_order(plain(one) for _of, _room, one in _owed(channel))


def plain(one: Obligation) -> dict[str, Any]:
    """An obligation as plain data."""
    return {
        "party": one.party,
        "channel": one.source.origin.channel,
        "ref": one.ref,
        "sort": one.sort,
        "what": one.what,
        "entry": str(one.source),
        "basis": one.basis,
        "verified": one.verified.value,
        "due_at": one.due_at.isoformat() if one.due_at else None,
        "stands_still": one.stands_still,
        "disposed": one.disposed,
    }


def in_order(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Obligations as both nodes list them: by party, then by day."""
    keys = ("party", "due_at", "channel", "ref", "entry", "sort", "what")
    return sorted(rows, key=lambda row: tuple(str(row[key] or "~") for key in keys))


def _owed(channel: str) -> Iterator[Owed]:
    """What is owed in a channel, and what was carried over to it, each with the channel it comes from."""
    yield from ((channel, room, one) for room, one in owed(channel))
    found = Channel.objects.filter(channel=channel, state="accepted").first()
    before = neighbours.predecessor(found) if found else None
    if before is not None:
        carried = ((room, one) for room, one in owed(before.channel) if one.disposed == CARRIED)
        yield from ((before.channel, room, one) for room, one in carried)


def sides(channel: str, said: QueryDict) -> dict[str, Any]:
    """What we owe and what they owe, what is due first, first, each side a page of its own."""
    found: dict[str, list[Owed]] = {"ours": [], "theirs": []}
    for each in sorted(_owed(channel), key=_order):
        found["ours" if each[2].party == settings.NODE.party else "theirs"].append(each)
    return {name: _page(channel, name, owed_by, said) for name, owed_by in found.items()}


def _page(channel: str, name: str, found: Sequence[Owed], said: QueryDict) -> dict[str, Any]:
    number = table.nearest_page(table.page_number(said, name), size=SIZE, total=len(found))
    part = found[(number - 1) * SIZE : number * SIZE]
    return {
        "rows": [
            {**row(of, room, one), "carried_from": "" if of == channel else of} for of, room, one in part
        ],
        "pages": table.pages(said, number=number, size=SIZE, total=len(found), name=name),
    }


def _order(found: Owed) -> tuple[datetime, str, str]:
    _of, _room, one = found
    return one.due_at or _NEVER, one.ref, str(one.source)


def row(channel: str, room: Room, one: Obligation) -> dict[str, Any]:
    """An obligation as a page shows it."""
    return {
        "what": in_words(one),
        "disposed": _DISPOSED[one.disposed],
        "sort": _SORTS[one.sort],
        "ref": one.ref,
        "href": room.page(channel, one.ref),
        "source": one.source,
        "source_href": entry_address(one.source),
        "basis": one.basis,
        "verified": one.verified.value,
        "due_at": one.due_at,
        "stands_still": one.stands_still,
    }


def entry_address(ref: EntryRef) -> str:
    """The page of an entry."""
    return reverse("web:entry", args=[ref.origin.party, ref.origin.channel, ref.index])


def lines(rows: list[dict[str, Any]]) -> Iterator[str]:
    """The same for a terminal."""
    for row in rows:
        due = f"by {row['due_at'][:16]}Z" if row["due_at"] else "no day"
        still = ", stands still" if row["stands_still"] else ""
        owes = f"{row['party']:6} {row['ref']:18} {row['sort']:10} {row['what']}"
        disposed = f", {row['disposed'].replace('_', ' ')}" if row["disposed"] else ""
        yield f"{owes} ({row['basis']}; {due}{still}{disposed})"
