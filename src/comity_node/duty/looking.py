"""What nobody writes down when it happens: clocks that come to their end, lines that are silent."""

from __future__ import annotations

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
        since: When its node answered last; where it never did, when it was first asked. A line that never
            worked is silent like any other, and officers are called for it once.
        was_refused: Whether the last word was an answer, and something was refused: by it, or by us of it.
            That no answer came at all is no refusal; in time it is a silence.
    """

    party: str
    since: datetime
    was_refused: bool = False


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
    """A silence calls once, until the line is heard again; refusals once a day for each counterpart.

    Their words make no difference: the counterpart chooses them, and could call again with every new one.
    """
    silent = timedelta(minutes=settings.NODE.duty.silent_minutes)
    found = []
    for one in lines:
        if now - one.since > silent:
            key = f"silent:{one.party}:{one.since.isoformat()}"
            found.append(Call(source="silent", key=key, party=one.party))
        elif one.was_refused:
            key = f"refused:{one.party}:{now:%Y-%m-%d}"
            found.append(Call(source="refused", key=key, party=one.party))
    return found
