"""Filters of the list of requests that an official keeps under a name, for themselves or for their office."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from django.db.models import Case, Q, When
from django.http import Http404, QueryDict

from comity_node.assistance.errors import NoSuchFilter, NothingToSave, TooManyFilters
from comity_node.assistance.models import SavedFilter

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from comity_node.officials.models import Official

MOST: Final = 50
LONGEST_NAME: Final = 60
_KEPT: Final = ("words", "standing", "direction", "procedure", "overdue", "handling", "sort")
_LONGEST: Final = 100


def filters(reader: Official) -> QuerySet[SavedFilter]:
    """The reader's own filters, then those shared by colleagues of their office, each by name.

    A page shows so many of them: colleagues must not be able to push out the reader's own.
    """
    shared = Q(is_shared=True, official__office=reader.office)
    return (
        SavedFilter.objects.filter(Q(official=reader) | shared)
        .select_related("official")
        .order_by(Case(When(official=reader, then=0), default=1), "name", "pk")
    )


def one(reader: Official, pk: int) -> SavedFilter:
    """A filter the reader may open; 404 otherwise."""
    found = filters(reader).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def named(reader: Official, name: str) -> SavedFilter:
    """A filter by its name; the reader's own before a colleague's.

    Raises:
        NoSuchFilter: Neither the reader nor their office keeps one under it.
    """
    found = filters(reader).filter(name=name).first()
    if found is None:
        raise NoSuchFilter(f"there is no saved filter {name[:LONGEST_NAME]!r} of yours or of your office")
    return found


def save(name: str, said: QueryDict, *, is_shared: bool, by: Official) -> SavedFilter:
    """Keep what a list is filtered by; under a name of one's own that is taken, in its place.

    Raises:
        NothingToSave: There is no name, or nothing is filtered or sorted.
        TooManyFilters: The official keeps as many as a page can show.
    """
    name = " ".join("".join(letter for letter in name if letter.isprintable()).split())[:LONGEST_NAME]
    query = query_of(said)
    if not name or not query:
        raise NothingToSave(
            "nothing was saved: a saved filter takes a name and something to filter or sort by"
        )
    own = SavedFilter.objects.filter(official=by)
    if not own.filter(name=name).exists() and own.count() >= MOST:
        raise TooManyFilters(f"nothing was saved: you keep {MOST} filters already")
    kept, _ = SavedFilter.objects.update_or_create(
        official=by, name=name, defaults={"query": query, "is_shared": is_shared}
    )
    return kept


def share(kept: SavedFilter, *, is_shared: bool, by: Official) -> None:
    """Show a filter of one's own to one's office, or no longer; 404 where it is a colleague's."""
    _own(kept, by)
    SavedFilter.objects.filter(pk=kept.pk).update(is_shared=is_shared)


def remove(kept: SavedFilter, *, by: Official) -> None:
    """Remove a filter of one's own; 404 where it is a colleague's."""
    _own(kept, by)
    kept.delete()


def said_by(kept: SavedFilter) -> QueryDict:
    """What a filter asks for, as the address of a list says it."""
    return QueryDict(kept.query)


def query_of(said: QueryDict) -> str:
    """What of an address is a filter or an order: neither a page nor anything else rides along."""
    return urlencode([(name, said[name][:_LONGEST]) for name in _KEPT if said.get(name)])


def _own(kept: SavedFilter, by: Official) -> None:
    if kept.official_id != by.pk:
        raise Http404
