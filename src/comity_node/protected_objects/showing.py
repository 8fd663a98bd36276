"""What the entries of a list show: objects, reveals, and whether they are what was committed to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from django.conf import settings

from comity import protected
from comity.errors import ComityError
from comity_node.protected_objects.judging import VERSIONS, stated_in
from comity_node.protected_objects.models import ListedObject, ListedValue
from comity_node.register import payloads

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from comity_node.register.queries import Received

_LONGEST: Final = 300
MOST_VALUES: Final = 50_000  # of one entry of a counterpart: what so many bytes hold of such as are in use
UNKNOWN_VERSION: Final = "it names no version of this list that its author declared"


@dataclass(frozen=True, slots=True)
class Shown:
    """What one entry shows.

    Attributes:
        source: The entry.
        content: ``held``, ``none``, ``erased`` or ``unreadable``.
        doubt: Why it shows nothing that could be relied upon; empty where it does.
        objects: Its objects, as they are listed.
        count: How many objects a version shows.
    """

    source: str
    content: str
    doubt: str = ""
    title: str = ""
    purpose: str = ""
    objects: list[ListedObject] = field(default_factory=list)
    count: int = 0


def rows_of(one: Received, sealed: bytes | None, showing: Sequence[Received], *, ours: bool) -> Shown:
    """What an entry shows, read with suspicion: a hostile payload gives a doubt and no objects."""
    source = str(one.ref)
    if sealed is None:
        return Shown(source, "erased" if one.entry.payload is not None else "none")
    try:
        document = payloads.document(sealed)
        if one.entry.act in VERSIONS:
            return _version(one, document, ours=ours)
        try:
            return _revealed(one, document, showing, ours=ours)
        except ComityError as wrong:
            return Shown(source, "unreadable", objects=[_doubted(one, 0, str(wrong), ours=ours)])
    except ComityError as wrong:
        return Shown(source, "unreadable", doubt=str(wrong))


def _version(one: Received, document: dict[str, object], *, ours: bool) -> Shown:
    said = protected.read(document, protected.Listing)
    stated = protected.read_stated(one.entry.stated)
    if stated is None:
        raise protected.MalformedList("what it states is no commitment")
    source = str(one.ref)
    try:
        if not ours:
            _must_fit([each.object for each in said.objects])
        salted = said.check(str(one.entry.stated.get("sort", "")), stated)
    except ComityError as wrong:
        return Shown(source, "unreadable", str(wrong), said.title, said.purpose)
    objects = [
        _row(one, place, each.object, each.leaf.hex(), source, ours=ours, revealed=False)
        for place, each in enumerate(salted)
    ]
    return Shown(source, "held", "", said.title, said.purpose, objects, len(objects))


def _must_fit(objects: Sequence[Mapping[str, object]]) -> None:
    """See to it that a counterpart has no more listed here than a list of ours may hold.

    Raises:
        MalformedList: It shows too many objects, or too many values by which they are found.
    """
    most = settings.NODE.limits.list_objects
    if len(objects) > most:
        raise protected.MalformedList(
            f"it is too large: it shows {len(objects):,} objects, and no more than {most:,} are listed here"
        )
    values = sum(map(_count, objects))
    if values > MOST_VALUES:
        raise protected.MalformedList(
            f"it is too large: its objects name {values:,} values; no more than {MOST_VALUES:,} are listed"
        )


def _count(said: Mapping[str, object]) -> int:
    return sum(len(one) for one in said.values() if isinstance(one, list))


def _revealed(
    one: Received, document: dict[str, object], showing: Sequence[Received], *, ours: bool
) -> Shown:
    reveals = protected.read_reveals(document, one.entry.act)
    if not ours:
        _must_fit([each.object for each in reveals])
    version = str(one.entry.stated.get("version", ""))
    stated = stated_in(each for each in showing if each.party == one.party).get(version)
    objects = [_checked(one, place, each, version, stated, ours=ours) for place, each in enumerate(reveals)]
    return Shown(str(one.ref), "held", objects=objects)


def _checked(
    one: Received,
    place: int,
    said: protected.Reveal,
    version: str,
    stated: protected.Commitment | None,
    *,
    ours: bool,
) -> ListedObject:
    """A revealed object with what its proof comes to: it is checked before anybody sees it."""
    try:
        if stated is None:
            raise protected.NotOnTheList(UNKNOWN_VERSION)
        found = protected.check(said, stated)
    except ComityError as wrong:
        return _doubted(one, place, str(wrong), ours=ours, name=_plain(said.object.get("name")))
    leaf = said.salted.leaf.hex()
    return _row(one, place, found, leaf, version, ours=ours, revealed=True)


def _doubted(one: Received, place: int, doubt: str, *, ours: bool, name: str = "") -> ListedObject:
    """What was revealed and shows nothing, with the reason."""
    return ListedObject(
        channel=one.ref.origin.channel,
        ref=one.entry.ref,
        source=str(one.ref),
        place=place,
        version=str(one.entry.stated.get("version", "")),
        ours=ours,
        revealed=True,
        name=name,
        sector="",
        doubt=doubt,
    )


def _plain(name: object) -> str:
    """As much of a name as can be shown of an object that could not be read."""
    return "".join(one for one in name[:_LONGEST] if one.isprintable()) if isinstance(name, str) else ""


def _row(
    one: Received,
    place: int,
    found: protected.ProtectedObject,
    leaf: str,
    version: str,
    *,
    ours: bool,
    revealed: bool,
) -> ListedObject:
    return ListedObject(
        channel=one.ref.origin.channel,
        ref=one.entry.ref,
        source=str(one.ref),
        place=place,
        version=version,
        ours=ours,
        revealed=revealed,
        leaf=leaf,
        name=found.name,
        sector=found.sector,
        said=protected.written(found),
    )


def of_list(row: ListedObject) -> Iterator[ListedValue]:
    """The values by which an object that is proven is found."""
    if row.doubt:
        return
    for key in protected.keys(protected.read_sent(row.said)):
        yield ListedValue(
            channel=row.channel,
            ref=row.ref,
            source=row.source,
            place=row.place,
            sort=key.sort,
            value=key.value,
            low=key.low,
        )
