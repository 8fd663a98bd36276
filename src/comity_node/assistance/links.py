"""Addresses of pages outside this room: known by name only, and absent where a node is built without them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import NoReverseMatch, reverse

if TYPE_CHECKING:
    from comity.names import EntryRef


def address(name: str, *args: object) -> str:
    """The address of a page, or nothing where this node has no such page."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def place(ref: EntryRef) -> tuple[str, str, int]:
    """An entry's place in the record, as addresses write it."""
    return ref.origin.party, ref.origin.channel, ref.index
