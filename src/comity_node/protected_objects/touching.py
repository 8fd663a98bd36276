"""Which protected objects something observed belongs to: looked up by equality, however long lists are."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Exists, OuterRef, Q, Subquery

from comity import protected
from comity_node.protected_objects.models import (
    Keeping,
    KeptValue,
    ListedObject,
    ListedValue,
    ProtectedList,
    Undertaken,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from django.db.models import QuerySet

    Lists = Callable[[], Mapping[tuple[str, str], tuple[ProtectedList, tuple[str, ...]]]]
    Side = dict[tuple[str, str, str], "Touched"]

MOST_OBSERVED: Final = 500  # of one look-up; what is beyond is looked up by another
MOST_TOUCHED: Final = 200
_OVER: Final = ("ended", "closed")


@dataclass(frozen=True, slots=True)
class Touched:
    """An object that something observed belongs to.

    Attributes:
        observed: What was observed, as given.
        by: The value of the object that contains it.
        name, sector: The object.
        ours: Whether we declared it.
        declarer: Who did.
        channel, ref: The list it is on.
        leaf: Its leaf hash.
        is_known_to_them: Whether the other side was shown it, or it was revealed.
        undertaking: What is undertaken for its list, by whom.
        contact: The office that answers for it.
    """

    observed: str
    by: str
    name: str
    sector: str
    ours: bool
    declarer: str
    channel: str
    ref: str
    leaf: str
    is_known_to_them: bool
    undertaking: tuple[str, ...]
    contact: str


@dataclass(frozen=True, slots=True)
class Found:
    """What a look-up found.

    Attributes:
        objects: Ours first, at most ``MOST_TOUCHED``.
        has_more: Others are touched that are not named.
        left: How many of the things observed were not looked up.
    """

    objects: tuple[Touched, ...]
    has_more: bool = False
    left: int = 0


def touched_by(values: Iterable[str]) -> Found:
    """The objects, ours and those of theirs that we were shown, that things observed belong to.

    Whoever shows them to an official asks first whether that official holds ``objects.read``. However many of
    theirs are touched, they take no place from ours.

    Args:
        values: Addresses, networks, domains, URLs, mailboxes, AS numbers, SHA-256 of certificates, as they
            were observed, defanged or not. What is none of these touches nothing.
    """
    distinct = list(dict.fromkeys(values))
    lists, documents = cache(_in_force), dict[int, list[dict[str, Any]]]()
    ours: Side = {}
    theirs: Side = {}
    has_more = False
    for observed in distinct[:MOST_OBSERVED]:
        wanted = protected.sought(observed)
        if wanted is None:
            continue
        for hits in (_kept(observed, wanted, lists, documents), _on_record(observed, wanted, lists)):
            has_more |= len(hits) > MOST_TOUCHED
            for one in hits:
                has_more |= not _named(ours if one.ours else theirs, one)
    objects = [*_in_order(ours), *_in_order(theirs)]
    has_more |= len(objects) > MOST_TOUCHED
    return Found(tuple(objects[:MOST_TOUCHED]), has_more, max(0, len(distinct) - MOST_OBSERVED))


def leaves_touched(kept: Keeping, values: Iterable[str]) -> list[str]:
    """The objects of one list of ours that things asked about belong to, every one by its leaf."""
    places = set[int]()
    for wanted in filter(None, map(protected.sought, values)):
        hits = KeptValue.objects.filter(_condition(wanted), keeping=kept)
        places.update(hits.values_list("place", flat=True))
    return [kept.document["objects"][place]["leaf"] for place in sorted(places)]


def _named(side: Side, one: Touched) -> bool:
    """Name an object of one side, once; False where there are too many."""
    key = (one.channel, one.ref, one.leaf)
    known = side.get(key)
    if known is None and len(side) >= MOST_TOUCHED:
        return False
    if known is None or (one.is_known_to_them and not known.is_known_to_them):
        side[key] = one
    return True


def _in_order(side: Side) -> list[Touched]:
    return sorted(side.values(), key=lambda one: (one.name, one.leaf))


def _condition(wanted: protected.Sought) -> Q:
    equal = Q(sort=wanted.sort, value__in=wanted.values)
    within = Q(sort=wanted.sort, low__gte=wanted.first, low__lte=wanted.last)
    return equal | within if wanted.first else equal


def _in_force() -> Mapping[tuple[str, str], tuple[ProtectedList, tuple[str, ...]]]:
    """Every list that is in force, and what is undertaken for it by whom."""
    bound: dict[tuple[str, str], list[str]] = {}
    for one in Undertaken.objects.order_by("party"):
        said = bound.setdefault((one.channel, one.ref), [])
        said += (f"{one.party.upper()}: {code}" for code in one.undertaking)
    rows = ProtectedList.objects.exclude(state__in=_OVER).defer("purpose")
    return {(row.channel, row.ref): (row, tuple(bound.get((row.channel, row.ref), ()))) for row in rows}


def _on_record(observed: str, wanted: protected.Sought, lists: Lists) -> list[Touched]:
    """Of objects on record: those on the version in force, and those revealed. Ours come first."""
    objects = _proven()
    hits = ListedValue.objects.filter(_condition(wanted)).annotate(
        of=Subquery(objects.values("pk")[:1]), is_ours=Subquery(objects.values("ours")[:1])
    )
    ordered = hits.exclude(of=None).order_by("-is_ours", "pk").values_list("value", "of")
    pairs = list(ordered[: MOST_TOUCHED + 1])
    found = ListedObject.objects.in_bulk([pk for _value, pk in pairs]) if pairs else {}
    return [
        _one(observed, value, *known, one.said, leaf=one.leaf, is_known=True)
        for value, one in ((value, found[pk]) for value, pk in pairs)
        if (known := lists().get((one.channel, one.ref)))
    ]


def _proven() -> QuerySet[ListedObject]:
    """The object a value is of, if it is proven, and on the version in force or revealed."""
    of_it = {"channel": OuterRef("channel"), "ref": OuterRef("ref")}
    lists = ProtectedList.objects.filter(**of_it).exclude(state__in=_OVER)
    counts = Q(Exists(lists.filter(version=OuterRef("version")))) | Q(Exists(lists), revealed=True)
    place = {"source": OuterRef("source"), "place": OuterRef("place")}
    return ListedObject.objects.filter(counts, **of_it, **place, doubt="")


def _kept(
    observed: str, wanted: protected.Sought, lists: Lists, documents: dict[int, list[dict[str, Any]]]
) -> list[Touched]:
    """Of lists of ours in force, shown to anybody or not.

    Args:
        observed: As given.
        wanted: What is looked up for it.
        lists: Those in force.
        documents: The objects of lists that were read already, by key; what is read now is added.
    """
    of_it = {name: OuterRef(f"keeping__{name}") for name in ("channel", "ref", "root")}
    in_force = ProtectedList.objects.filter(**of_it, ours=True).exclude(state__in=_OVER)
    rows = KeptValue.objects.filter(Exists(in_force), _condition(wanted)).order_by("pk")
    named = ("keeping", "keeping__channel", "keeping__ref", "place", "value")
    hits = list(rows.values_list(*named)[: MOST_TOUCHED + 1])
    _read(documents, {keeping for keeping, *_rest in hits})
    return [
        _one(observed, value, *known, one["object"], leaf=one["leaf"])
        for keeping, channel, ref, place, value in hits
        for one in (documents[keeping][place],)
        if (known := lists().get((channel, ref)))
    ]


def _read(documents: dict[int, list[dict[str, Any]]], wanted: set[int]) -> None:
    missing = wanted - documents.keys()
    rows = Keeping.objects.filter(pk__in=missing).values_list("pk", "document") if missing else ()
    documents.update((pk, document["objects"]) for pk, document in rows)


def _one(
    observed: str,
    by: str,
    row: ProtectedList,
    bound: tuple[str, ...],
    said: dict[str, Any],
    *,
    leaf: str,
    is_known: bool | None = None,
) -> Touched:
    return Touched(
        observed=observed,
        by=by,
        name=said["name"],
        sector=said["sector"],
        ours=row.ours,
        declarer=row.declarer,
        channel=row.channel,
        ref=row.ref,
        leaf=leaf,
        is_known_to_them=row.sort == "shown" if is_known is None else is_known,
        undertaking=bound,
        contact=said.get("contact", ""),
    )
