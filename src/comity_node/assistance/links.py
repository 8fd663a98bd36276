"""Addresses of pages outside this room: known by name only, and absent where a node is built without them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.urls import NoReverseMatch, reverse

if TYPE_CHECKING:
    from comity.names import EntryRef

ALERTS: Final = "alert.incident"


def address(name: str, *args: object) -> str:
    """The address of a page, or nothing where this node has no such page."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


OWN_PAGES: Final = {ALERTS: "alerts:alert"}


def own_page(kinds: str, channel: str, ref: str) -> str:
    """The page that was made for one procedure alone; empty where there is none."""
    return address(OWN_PAGES[kinds], channel, ref) if kinds in OWN_PAGES else ""


def place(ref: EntryRef) -> tuple[str, str, int]:
    """An entry's place in the record, as addresses write it."""
    return ref.origin.party, ref.origin.channel, ref.index
