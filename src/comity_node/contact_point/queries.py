"""Reading contact points and checks: who is reached where, who answers now, and how checks went."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.db.models import Max, Q

from comity.contacts import Point, read_point
from comity_node.contact_point import zones
from comity_node.contact_point.models import ContactCheck, ContactPoint, PointVersion
from comity_node.register import queries as register
from comity_node.register import standings
from comity_node.register.numbering import next_free

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import datetime

    from django.db.models import QuerySet

    from comity_node.contact_point.zones import Opening

STALE_AFTER: Final = timedelta(days=183)
HISTORY: Final = 50
# What an alert is told by, from the first: somebody is always there, knows the systems, speaks for the State.
ORDER: Final = ("always_on", "technical", "diplomatic", "legal")
# How often each sort of check is due (practice: weekly, monthly, half-yearly).
EVERY: Final = {"automatic": timedelta(days=7), "human": timedelta(days=31), "formal": timedelta(days=183)}


@dataclass(frozen=True, slots=True)
class Listed:
    """One contact point as it is listed now, in all channels together.

    Attributes:
        row: Its projection in the channel in which it was spoken of last.
        point: What is said of it.
        channels: The channels in which it is listed.
        opening: Whether somebody is there.
        is_stale: Nobody has confirmed it for half a year, or by the day its owner named.
        is_alike: Whether the same is said of it in every channel.
    """

    row: ContactPoint
    point: Point
    channels: tuple[str, ...]
    opening: Opening
    is_stale: bool
    is_alike: bool


def row(channel: str, ref: str) -> ContactPoint | None:
    """One point in one channel."""
    return ContactPoint.objects.filter(channel=channel, ref=ref).first()


def rows(ref: str) -> list[ContactPoint]:
    """One point of ours in every channel in which it is listed."""
    return list(ContactPoint.objects.filter(ref=ref, ours=True, state="listed").order_by("channel"))


def listed(now: datetime, *, party: str = "") -> list[Listed]:
    """The points of a party, or of all, by party and kind; of each party as many as this node shows."""
    found = ContactPoint.objects.filter(state="listed", **({"party": party} if party else {}))
    together: list[Listed] = []
    for _party, some in groupby(found.order_by("party", "ref", "-sure_at"), key=lambda one: one.party):
        of_party = [_listed(list(same), now) for _ref, same in groupby(some, key=lambda one: one.ref)][
            : settings.NODE.limits.contact_points
        ]
        together += sorted(of_party, key=lambda one: (_rank(one.row.kind), one.row.ref))
    return together


def count_ours(*, besides: str = "") -> int:
    """How many points of ours are listed, each once in however many channels; ``besides`` is not counted."""
    own = ContactPoint.objects.filter(party=settings.NODE.party, state="listed").exclude(ref=besides)
    return own.order_by().values("ref").distinct().count()


def open_now(party: str, now: datetime) -> list[Listed]:
    """The points of a party at which somebody is now, by their hours: those at all hours first.

    For whoever has to tell a party something that it has not acknowledged. A point that was found not to
    answer comes last; telephone numbers are in ``point.telephones``, in E.164, the first to be tried first.
    """
    found = [one for one in listed(now, party=party) if one.opening.is_open]
    return sorted(found, key=lambda one: (one.row.doubted_at is not None, not one.opening.always))


def _listed(same: Sequence[ContactPoint], now: datetime) -> Listed:
    """A point out of its rows, the one spoken of last first."""
    last = same[0]
    point = read_point(last.said)
    late = last.confirm_by is not None and now > last.confirm_by
    return Listed(
        row=last,
        point=point,
        channels=tuple(sorted(one.channel for one in same)),
        opening=zones.opening(point, now),
        is_stale=late or now - last.sure_at > STALE_AFTER,
        is_alike=all(one.said == last.said and one.kind == last.kind for one in same),
    )


def _rank(kind: str) -> int:
    return ORDER.index(kind) if kind in ORDER else len(ORDER)


def versions(channel: str, ref: str) -> list[PointVersion]:
    """What was said of a point in a channel, the latest first; the last so many."""
    return list(PointVersion.objects.filter(channel=channel, ref=ref).order_by("-place")[:HISTORY])


def next_number(what: str, *, besides: Collection[str] = frozenset()) -> str:
    """The next free reference of ours: ``aa-point-3``, the same in every channel; none of ``besides``."""
    own = settings.NODE.party
    ours: QuerySet[ContactPoint] | QuerySet[ContactCheck] = (
        ContactPoint.objects.filter(party=own) if what == "point" else ContactCheck.objects.filter(asker=own)
    )
    beginning = f"{own}-{what}-"
    known = ours.filter(ref__startswith=beginning).values_list("ref", flat=True).distinct()
    return next_free(beginning, known, besides=besides)


def open_channels() -> list[str]:
    """The channels in which something can be listed or checked now."""
    return [log.channel for log in register.own_logs() if standings.begins(log.channel)]


def others(channels: Iterable[str]) -> list[str]:
    """The other parties of channels, by code."""
    return sorted({party for one in channels for party in register.others(one)})


# --- checks ---------------------------------------------------------------------------------------------


def check(channel: str, ref: str) -> list[ContactCheck]:
    """One check, as it went with each party it was asked of."""
    return list(ContactCheck.objects.filter(channel=channel, ref=ref).order_by("party"))


def checks(*, party: str = "", channel: str = "", sort: str = "", state: str = "") -> QuerySet[ContactCheck]:
    """Checks, the latest first: those between us and a party, in a channel, of a sort, in a state."""
    found = (
        ContactCheck.objects.filter(Q(asker=party) | Q(party=party)) if party else ContactCheck.objects.all()
    )
    equal = {"channel": channel, "sort": sort, "state": state}
    return found.filter(**{name: value for name, value in equal.items() if value})


def of_us(*, now: datetime) -> list[ContactCheck]:
    """Checks of our points that an official has to see to: to be answered, or to be explained."""
    found = ContactCheck.objects.filter(party=settings.NODE.party, final=False)
    asked_of_people = ~Q(sort="automatic") | Q(state="missed") | Q(due_at__lt=now)
    return list(found.filter(asked_of_people).order_by("due_at")[:HISTORY])


def last_of_all() -> dict[tuple[str, str], ContactCheck]:
    """The last check of each sort that we asked of each party."""
    ours = ContactCheck.objects.filter(asker=settings.NODE.party)
    last = ours.order_by().values("party", "sort").annotate(last=Max("asked_at"))
    found = ours.filter(asked_at__in={one["last"] for one in last}).order_by("asked_at")
    return {(one.party, one.sort): one for one in found}


def is_due(last: ContactCheck | None, sort: str, now: datetime) -> bool:
    """Whether a check of a sort should be asked again: the last is long ago, and none is under way."""
    return last is None or (last.final and now - last.asked_at >= EVERY[sort])


def to_ask(now: datetime) -> list[tuple[str, str, str, ContactCheck | None]]:
    """The checks that officials should ask: the channel, the party, the sort, and the last one there was.

    Automatic ones are the node's own, and what is practised with a party is no reason to check on it.
    """
    last = last_of_all()
    found: dict[tuple[str, str], tuple[str, str, str, ContactCheck | None]] = {}
    for log in register.own_logs():
        due = [
            (party, sort)
            for party in register.others(log.channel)
            for sort in ("human", "formal")
            if (party, sort) not in found and is_due(last.get((party, sort)), sort, now)
        ]
        if due and not standings.exercised(log.channel) and standings.begins(log.channel):
            found |= {one: (log.channel, *one, last.get(one)) for one in due}
    return list(found.values())[:HISTORY]


def needing_care(now: datetime) -> list[Listed]:
    """Points of ours that somebody should confirm, or see to."""
    own = listed(now, party=settings.NODE.party)
    soon = timedelta(days=14)
    return [
        one
        for one in own
        if one.is_stale
        or one.row.doubted_at is not None
        or not one.is_alike
        or (one.row.confirm_by is not None and one.row.confirm_by - now < soon)
    ]
