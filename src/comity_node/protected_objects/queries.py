"""Reading lists of protected objects: as they stand, what is on them, who opened them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.db.models import Count, Exists, OuterRef
from django.db.models.functions import TruncDate
from django.utils import timezone

from comity import protected
from comity_node.protected_objects.models import (
    Keeping,
    ListedObject,
    ProtectedList,
    Undertaken,
    Visit,
)
from comity_node.protected_objects.touching import touched_by
from comity_node.register import queries as register
from comity_node.register import standings
from comity_node.register.numbering import next_free

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from django.db.models import QuerySet

    from comity_node.officials.models import Official

__all__ = ["lists", "objects", "one", "revealed", "touched_by", "undertaken", "visits"]
ON_THE_DESK: Final = 20
OPEN_FOR: Final = timedelta(minutes=30)  # how long one reason opens a list to whoever gave it


def lists() -> QuerySet[ProtectedList]:
    """Every list of the record, newest first."""
    return ProtectedList.objects.all()


def one(channel: str, ref: str) -> ProtectedList | None:
    """One list, if the record knows it."""
    return ProtectedList.objects.filter(channel=channel, ref=ref).first()


def undertaken(row: ProtectedList) -> list[Undertaken]:
    """What each party it was declared to undertook, by code."""
    return list(Undertaken.objects.filter(channel=row.channel, ref=row.ref).order_by("party"))


def undertaken_of_all(rows: Iterable[ProtectedList]) -> dict[tuple[str, str], list[Undertaken]]:
    """The same of several lists, by channel and reference: asked once for all."""
    found: dict[tuple[str, str], list[Undertaken]] = {}
    for each in Undertaken.objects.filter(ref__in=[row.ref for row in rows]).order_by("party"):
        found.setdefault((each.channel, each.ref), []).append(each)
    return found


def objects(row: ProtectedList, *, version: str = "") -> QuerySet[ListedObject]:
    """The objects that a version of a list shows; of none named, the version in force."""
    shown = ListedObject.objects.filter(channel=row.channel, ref=row.ref, revealed=False)
    return shown.filter(version=version or row.version).order_by("name", "leaf")


def revealed(row: ProtectedList) -> list[ListedObject]:
    """What was revealed of a list, with the doubts about it."""
    found = ListedObject.objects.filter(channel=row.channel, ref=row.ref, revealed=True)
    return list(found.order_by("source", "place"))


def by_leaf(row: ProtectedList, leaf: str) -> ListedObject | None:
    """One object that is shown or revealed, by its leaf hash."""
    return ListedObject.objects.filter(channel=row.channel, ref=row.ref, leaf=leaf).first()


def kept(channel: str, ref: str, root: str) -> Keeping | None:
    """A list of ours with its salts, as this node keeps it."""
    return Keeping.objects.filter(channel=channel, ref=ref, root=root).first()


def undeclared() -> QuerySet[Keeping]:
    """Lists kept here of which no version that is on record came."""
    on_record = ProtectedList.objects.filter(channel=OuterRef("channel"), ref=OuterRef("ref"))
    declared = on_record.filter(root=OuterRef("root"))
    later = Keeping.objects.filter(channel=OuterRef("channel"), ref=OuterRef("ref"), pk__gt=OuterRef("pk"))
    return Keeping.objects.filter(~Exists(declared), ~Exists(later)).select_related("official")


def visit(official: Official, row: ProtectedList, pk: int) -> Visit | None:
    """An opening of this list by this official that still lasts."""
    since = timezone.now() - OPEN_FOR
    own = Visit.objects.filter(official=official, channel=row.channel, ref=row.ref, at__gt=since)
    return own.filter(pk=pk).first()


def visits(row: ProtectedList) -> QuerySet[Visit]:
    """Who of ours opened a list, and why; newest first."""
    return Visit.objects.filter(channel=row.channel, ref=row.ref).select_related("official")


def counted_visits(row: ProtectedList) -> list[dict[str, Any]]:
    """How often each office of ours opened a list or an object of it, by day (UTC): no persons."""
    of_list = Visit.objects.filter(channel=row.channel, ref=row.ref).annotate(day=TruncDate("at"))
    counted = of_list.values("day", "office").annotate(times=Count("pk")).order_by("day", "office")
    return [
        {"office": one["office"], "day": one["day"].isoformat(), "times": one["times"]} for one in counted
    ]


def due(side: str) -> QuerySet[ProtectedList]:
    """Lists on which a clock runs for a side, ours or theirs: those that end soonest."""
    return lists().filter(due_side=side, due_at__isnull=False).order_by("due_at")[:ON_THE_DESK]


def open_channels() -> list[tuple[str, str]]:
    """Every open channel whose charter has lists of protected objects, with the others in it."""
    return [
        (log.channel, ", ".join(one.upper() for one in register.others(log.channel)))
        for log in register.own_logs()
        if standings.is_open(log.channel) and offers(log.channel)
    ]


def offers(channel: str) -> bool:
    """Whether a list may be declared in a channel: the charter it rests on has them."""
    charter = next((one for one in standings.texts_of(channel) if one.id == standings.CHARTER), None)
    return charter is not None and any(one.kinds == protected.KINDS for one in charter.procedures)


def alerts(channel: str) -> list[tuple[str, str]]:
    """The latest alerts of a channel, entry and reference: what a list may be opened for."""
    found = register.entries(channel, prefix="alert.incident.raised", last=20)
    return [(str(one.ref), one.entry.ref) for one in reversed(found)]


def next_number(now: datetime) -> str:
    """The reference the next list of ours would have, as ``aa-2026-p0001``."""
    beginning = f"{settings.NODE.party}-{now.year}-p"
    kept = Keeping.objects.filter(ref__startswith=beginning).values_list("ref", flat=True).distinct()
    declared = lists().filter(ours=True, ref__startswith=beginning).values_list("ref", flat=True)
    return next_free(beginning, [*kept, *declared], digits=4)
