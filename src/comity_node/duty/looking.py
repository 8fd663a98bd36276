"""What nobody writes down when it happens: clocks that come to their end, lines that are silent."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.db import transaction

from comity_node.assistance import reminding
from comity_node.duty import outbox
from comity_node.duty.models import Cause, Looked, Watch
from comity_node.register.calls import Call

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

EVERY: Final = timedelta(seconds=20)
KEPT: Final = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Heard:
    """The last word about the line to one counterpart.

    Attributes:
        at: When it was heard; None where it never was.
        because: What it, or we, refused last; empty where all went well.
    """

    party: str
    at: datetime | None
    because: str


def look(now: datetime, lines: Iterable[Heard]) -> None:
    """Keep what has come up since the last look; nothing where that was a moment ago."""
    last = Looked.objects.first()
    if last is None:  # a first look reminds of nothing that was due before
        Looked.objects.create(at=now)
        return
    if last.at > now - EVERY:
        return
    with transaction.atomic():
        if not Looked.objects.filter(pk=last.pk, at=last.at).update(at=now):
            return  # another process looked
        for call in (*_clocks(last.at, now), *_lines(now, lines)):
            outbox.keep(call)
        if last.at.hour != now.hour:
            Cause.objects.filter(at__lt=now - KEPT).delete()


def _clocks(since: datetime, now: datetime) -> list[Call]:
    """Clocks of ours; that of an alert being watched over has steps of its own."""
    watched = set(Watch.objects.values_list("channel", "ref"))
    return [
        Call(
            source="nearing" if days else "ended",
            key=f"clock:{row.channel}:{row.ref}:{row.kinds}:{row.due_at}:{days}",
            channel=row.channel,
            ref=row.ref,
            party=row.requesting if row.requested == settings.NODE.party else row.requested,
            exercise=row.exercise,
        )
        for row, days in reminding.reached(since, now)
        if row.due_side == "ours" and (row.channel, row.ref) not in watched
    ]


def _lines(now: datetime, lines: Iterable[Heard]) -> list[Call]:
    silent = timedelta(minutes=settings.NODE.duty.silent_minutes)
    found = []
    for one in lines:
        if one.at is not None and now - one.at > silent:
            found.append(
                Call(source="silent", key=f"silent:{one.party}:{one.at.isoformat()}", party=one.party)
            )
        elif one.because:
            why = hashlib.sha256(one.because.encode()).hexdigest()[:16]
            found.append(
                Call(source="refused", key=f"refused:{one.party}:{now:%Y-%m-%d}:{why}", party=one.party)
            )
    return found
