"""What has come near its day: terms of resumption for the desk, and clocks between two looks at them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.urls import reverse

from comity.lifecycle.suspensions import KINDS
from comity.names import EntryRef
from comity_node.assistance.models import Request

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

SOON: Final = timedelta(days=14)
MOST: Final = 20
_MOST_SUSPENSIONS: Final = 200


@dataclass(frozen=True, slots=True)
class DueTerm:
    """A term that somebody should look at now.

    Attributes:
        ours: We are to perform it.
        is_late: Its day has passed.
        is_disputed: A side disputes that it was performed.
        to_confirm: Its performer says that it was performed, and we have not said what we hold.
    """

    number: str
    proposal: EntryRef
    performer: str
    ours: bool
    due: date
    is_late: bool
    is_disputed: bool
    to_confirm: bool
    ref: str
    href: str


def due_terms(now: datetime) -> list[DueTerm]:
    """The terms agreed and not settled that are past their day or near it, or wait for our mark."""
    rows = Request.objects.filter(kinds=KINDS).exclude(terms=[]).order_by("-last_at")[:_MOST_SUSPENSIONS]
    found = [_due_term(row, said, now.date()) for row in rows for said in row.terms]
    urgent = (one for one in found if one.to_confirm or one.due <= now.date() + SOON)
    return sorted(urgent, key=lambda one: (one.due, one.ref, one.number))[:MOST]


def reached(since: datetime, now: datetime) -> list[tuple[Request, int]]:
    """Clocks that came to a reminder, or to their end, between two looks.

    Returns:
        Each request with the days that are left by the reminder; 0 where the clock has ended.
    """
    running = Request.objects.filter(due_at__isnull=False)
    until = now + timedelta(days=max(_warnings(), default=0))
    found = []
    for row in running.filter(due_at__gt=since, due_at__lte=until):
        assert row.due_at is not None, "the query asks for it"
        steps = [days for days in row.due_warn if since < row.due_at - timedelta(days=days) <= now]
        found += [(row, min(steps))] if steps else []
        found += [(row, 0)] if row.due_at <= now else []
    return found


def _warnings() -> set[int]:
    """How many days before its end any running clock is to be reminded of."""
    listed = Request.objects.filter(due_at__isnull=False).values_list("due_warn", flat=True).distinct()
    return {days for warn in listed for days in warn}


def _due_term(row: Request, said: Mapping[str, object], today: date) -> DueTerm:
    own, performer, due = settings.NODE.party, str(said["performer"]), date.fromisoformat(str(said["due"]))
    performed = said["performed"]
    assert isinstance(performed, list), "the projection wrote it so"
    return DueTerm(
        number=str(said["number"]),
        proposal=EntryRef.parse(str(said["proposal"])),
        performer=performer,
        ours=performer == own,
        due=due,
        is_late=due < today,
        is_disputed=said["standing"] == "disputed",
        to_confirm=performer in performed and performer != own and own not in performed,
        ref=row.ref,
        href=reverse("assistance:request", args=[row.channel, row.ref]),
    )
