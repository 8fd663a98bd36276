"""Which protected objects something observed belongs to: looked up by equality, however long lists are."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Q

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
    from collections.abc import Callable, Iterable, Iterator

    Lists = Callable[[str, str], "tuple[ProtectedList, tuple[str, ...]] | None"]

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


def touched_by(values: Iterable[str]) -> list[Touched]:
    """The objects, ours and those of theirs that we were shown, that things observed belong to.

    Whoever shows them to an official asks first whether that official holds ``objects.read``.

    Args:
        values: Addresses, networks, domains, URLs, mailboxes, AS numbers, SHA-256 of certificates, as they
            were observed, defanged or not. What is none of these touches nothing; of very many, the first
            500 are looked up.
    """
    found: dict[tuple[str, str, str], Touched] = {}
    lists, kept = cache(_in_force), cache(_kept_objects)
    for observed in list(dict.fromkeys(values))[:MOST_OBSERVED]:
        wanted = protected.sought(observed)
        for one in (*_shown(observed, wanted, lists), *_kept(observed, wanted, kept)) if wanted else ():
            known = found.get((one.channel, one.ref, one.leaf))
            if known is None or (one.is_known_to_them and not known.is_known_to_them):
                found[one.channel, one.ref, one.leaf] = one
        if len(found) >= MOST_TOUCHED:
            break
    return sorted(found.values(), key=lambda one: (not one.ours, one.name, one.leaf))[:MOST_TOUCHED]


def _condition(wanted: protected.Sought) -> Q:
    equal = Q(sort=wanted.sort, value__in=wanted.values)
    within = Q(sort=wanted.sort, low__gte=wanted.first, low__lte=wanted.last)
    return equal | within if wanted.first else equal


def _in_force(channel: str, ref: str) -> tuple[ProtectedList, tuple[str, ...]] | None:
    """A list that is in force, and what is undertaken for it by whom."""
    row = ProtectedList.objects.filter(channel=channel, ref=ref).exclude(state__in=_OVER).first()
    if row is None:
        return None
    bound = Undertaken.objects.filter(channel=channel, ref=ref).order_by("party")
    return row, tuple(f"{one.party.upper()}: {code}" for one in bound for code in one.undertaking)


def _kept_objects(pk: int) -> tuple[ProtectedList, tuple[str, ...], list[dict[str, Any]]] | None:
    """The objects of a list of ours as we keep them, if the version in force is that one."""
    keeping = Keeping.objects.filter(pk=pk).values("channel", "ref", "root").first()
    found = _in_force(keeping["channel"], keeping["ref"]) if keeping else None
    if keeping is None or found is None or (found[0].root, found[0].ours) != (keeping["root"], True):
        return None
    document = Keeping.objects.filter(pk=pk).values_list("document", flat=True).get()
    return (*found, document["objects"])


def _shown(observed: str, wanted: protected.Sought, lists: Lists) -> Iterator[Touched]:
    """Of objects on record: those on the version in force, and those revealed."""
    for value in ListedValue.objects.filter(_condition(wanted))[:MOST_TOUCHED]:
        in_force = lists(value.channel, value.ref)
        one = ListedObject.objects.filter(
            channel=value.channel, ref=value.ref, source=value.source, place=value.place
        ).first()
        if in_force and one and not one.doubt and (one.revealed or one.version == in_force[0].version):
            yield _one(observed, value.value, *in_force, one.said, leaf=one.leaf, is_known=True)


def _kept(
    observed: str,
    wanted: protected.Sought,
    kept: Callable[[int], tuple[ProtectedList, tuple[str, ...], list[dict[str, Any]]] | None],
) -> Iterator[Touched]:
    """Of lists of ours in force, shown to anybody or not."""
    rows = KeptValue.objects.filter(_condition(wanted)).values_list("keeping", "place", "value")
    for keeping, place, value in rows[:MOST_TOUCHED]:
        found = kept(keeping)
        if found is not None:
            row, bound, listed = found
            one = listed[place]
            is_known = row.sort == "shown"
            yield _one(observed, value, row, bound, one["object"], leaf=one["leaf"], is_known=is_known)


def _one(
    observed: str,
    by: str,
    row: ProtectedList,
    bound: tuple[str, ...],
    said: dict[str, Any],
    *,
    leaf: str,
    is_known: bool,
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
        is_known_to_them=is_known,
        undertaking=bound,
        contact=said.get("contact", ""),
    )
