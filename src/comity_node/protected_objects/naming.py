"""Protected objects that a text names: found by a narrow search, told only to whoever was shown them.

An object is named by the entry of the version it is on and its leaf. Both say nothing of it to who was not
shown it: a leaf is a hash over a salt that only its declarer has.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Q

from comity import protected
from comity.errors import BadName
from comity.names import EntryRef
from comity_node.protected_objects.models import Keeping, ListedObject, ProtectedList
from comity_node.protected_objects.touching import touched_by
from comity_node.register import queries as register

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

FEWEST_LETTERS: Final = 3
MOST_FOUND: Final = 10
_OVER: Final = ("ended", "closed")


@dataclass(frozen=True, slots=True)
class Named:
    """An object as it is named.

    Attributes:
        version: The entry of the version it is on.
        leaf: Its leaf hash.
        channel, ref: Its list; ``ref`` is empty where the entry declares none here.
        ours: Whether we declared it.
        declarer: Who did.
        name, sector: The object; empty where we were not shown it.
    """

    version: str
    leaf: str
    channel: str = ""
    ref: str = ""
    ours: bool = False
    declarer: str = ""
    name: str = ""
    sector: str = ""


def find(words: str, channels: Collection[str]) -> tuple[list[Named], bool]:
    """Objects on lists in force in these channels, by part of a name or by a value that lies in them.

    Returns:
        At most ``MOST_FOUND``, and whether there are others; nothing for fewer than three letters, so that
        nobody reads a list by seeking.
    """
    text = words.strip()
    if len(text) < FEWEST_LETTERS:
        return [], False
    touched = {(one.channel, one.ref, one.leaf) for one in touched_by([text]).objects}
    found: list[Named] = []
    for row in ProtectedList.objects.filter(channel__in=channels).exclude(state__in=_OVER):
        leaves = {leaf for channel, ref, leaf in touched if (channel, ref) == (row.channel, row.ref)}
        found += _on(row, text, leaves)
        if len(found) > MOST_FOUND:
            break
    return found[:MOST_FOUND], len(found) > MOST_FOUND


def named(pairs: Iterable[tuple[str, str]], channel: str) -> list[Named]:
    """What texts of a channel name, with as much as we know of each."""
    return [_named(version, leaf, channel) for version, leaf in dict.fromkeys(pairs)]


def _on(row: ProtectedList, text: str, leaves: Collection[str]) -> Iterator[Named]:
    """The objects of one list that are sought."""
    if row.ours:
        kept = Keeping.objects.filter(channel=row.channel, ref=row.ref, root=row.root).first()
        for one in kept.document["objects"] if kept else ():
            if one["leaf"] in leaves or text.casefold() in one["object"]["name"].casefold():
                yield _as(row, row.version, one["leaf"], one["object"])
        return
    shown = ListedObject.objects.filter(channel=row.channel, ref=row.ref, version=row.version, doubt="")
    for listed in shown.filter(Q(name__icontains=text) | Q(leaf__in=leaves))[: MOST_FOUND + 1]:
        yield _as(row, row.version, listed.leaf, listed.said)


def _named(version: str, leaf: str, channel: str) -> Named:
    unknown = Named(version, leaf)
    try:
        entry = register.entry(EntryRef.parse(version))
    except (BadName, register.NoSuchEntry):
        return unknown
    if entry.ref.origin.channel != channel or not entry.entry.kind.startswith(f"{protected.KINDS}."):
        return unknown
    row = ProtectedList.objects.filter(channel=channel, ref=entry.entry.ref).first()
    if row is None:
        return unknown
    return _as(row, version, leaf, _shown(row, entry.entry.stated.get("root"), leaf))


def _shown(row: ProtectedList, root: object, leaf: str) -> dict[str, Any]:
    """What we know of an object: all of our own, of theirs what was shown or revealed and is proven."""
    if row.ours:
        kept = Keeping.objects.filter(channel=row.channel, ref=row.ref, root=str(root)).first()
        objects = kept.document["objects"] if kept else ()
        return next((one["object"] for one in objects if one["leaf"] == leaf), {})
    listed = ListedObject.objects.filter(channel=row.channel, ref=row.ref, leaf=leaf, doubt="").first()
    return listed.said if listed else {}


def _as(row: ProtectedList, version: str, leaf: str, said: dict[str, Any]) -> Named:
    return Named(
        version=version,
        leaf=leaf,
        channel=row.channel,
        ref=row.ref,
        ours=row.ours,
        declarer=row.declarer,
        name=said.get("name", ""),
        sector=said.get("sector", ""),
    )
