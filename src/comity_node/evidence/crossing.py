"""Which exhibits cross, and between whom: what a party that asks is given, what we still have to fetch."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from comity.names import EntryRef
from comity_node.evidence import queries, store
from comity_node.evidence.models import Arrival, Exhibit, Holding
from comity_node.register import queries as register

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

WHOLE: Final = ("received", "kept")
DELIVERED: Final = (
    "announced",
    "received",
    "mismatched",
    "kept",
)  # not what was recalled or has come to its end


def sealed_file(name: str, party: str) -> Path | None:
    """The sealed file a counterpart asks for by name, if it was announced to that very party and stands here.

    Who announced it gives it; and so does whoever received it whole, to another it was announced to.
    """
    announced = Exhibit.objects.filter(object=name, malformed="").filter(
        Q(provider=settings.NODE.party) | Q(receiver=settings.NODE.party, state__in=WHOLE)
    )
    for one in announced:
        theirs = Holding.objects.filter(channel=one.channel, ref=one.ref, party=party, state__in=DELIVERED)
        path = store.place(one.channel, one.provider, name)
        if theirs.exists() and path.is_file():
            return path
    return None


def holders(exhibit: Exhibit) -> list[str]:
    """Whom an exhibit can be had from, where its provider cannot be reached: whoever received it whole."""
    others = Holding.objects.filter(channel=exhibit.channel, ref=exhibit.ref, state__in=WHOLE)
    return list(others.exclude(party=settings.NODE.party).values_list("party", flat=True))


def due() -> list[Exhibit]:
    """What is pending and may be tried now: after a failure the wait grows, up to ten minutes."""
    waiting = Arrival.objects.filter(again_at__gt=timezone.now())
    later = set(waiting.values_list("channel", "ref"))
    return [exhibit for exhibit in pending() if (exhibit.channel, exhibit.ref) not in later]


def due_from(party: str) -> list[Exhibit]:
    """What is pending, may be had from a member that received it, and has not come from its provider.

    As with entries, whoever has lacked it for a while may be cut off from who authored it.
    """
    since = timezone.now() - timedelta(seconds=settings.NODE.relay_seconds)
    return [one for one in pending() if party in holders(one) and _has_stood_still(one, party, since)]


def _has_stood_still(exhibit: Exhibit, party: str, since: datetime) -> bool:
    """Whether nothing has come of an exhibit since an instant, and a member may bring it."""
    arrival = queries.arrival(exhibit)
    if arrival is not None and party in arrival.distrusted:
        return False
    heard = register.entry(EntryRef.parse(exhibit.entry)).stored_at
    moved = arrival.last_at if arrival is not None and arrival.last_at and not arrival.idle else None
    return max(heard, moved or heard) < since


def pending(channel: str | None = None) -> list[Exhibit]:
    """Exhibits announced to us that have not arrived whole, oldest first."""
    waiting = Exhibit.objects.filter(receiver=settings.NODE.party, state="announced", malformed="")
    if channel is not None:
        waiting = waiting.filter(channel=channel)
    return list(waiting.order_by("added_at", "channel", "ref"))
