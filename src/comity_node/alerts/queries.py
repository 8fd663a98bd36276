"""Reading alerts: those that go on, as rows for the desk and the list, the gravest first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db.models import Case, Q, When
from django.urls import reverse
from django.utils.translation import gettext as _

from comity.severity import grade
from comity_node.assistance.links import ALERTS
from comity_node.assistance.models import Request
from comity_node.assistance.queries import clock, title, tone
from comity_node.listing.table import nearest_page

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

    from comity_node.assistance.rows import ClockRow

KINDS: Final = ALERTS
ON_THE_DESK: Final = 8
PAGE: Final = 25
UNANSWERED: Final = ("raised", "opened")
_WAITS: Final = Q(ours=False, state__in=UNANSWERED)


@dataclass(frozen=True, slots=True)
class AlertRow:
    """An alert in one row.

    Attributes:
        severity: The grade, ``0`` to ``5``; empty where nothing regular opened it.
        graded: The same in words.
        waits: It waits for us to acknowledge it.
    """

    channel: str
    ref: str
    href: str
    title: str
    severity: str
    graded: str
    ours: bool
    party: str
    standing: str
    tone: str
    waits: bool
    exercise: bool
    raised_at: datetime
    clock: ClockRow | None


@dataclass(frozen=True, slots=True)
class Page:
    """A part of the list, and where in the whole it stands."""

    rows: list[AlertRow]
    number: int
    total: int


def going_on() -> QuerySet[Request]:
    """The alerts that nobody has ended, what waits for us first, then the gravest, then the latest."""
    found = Request.objects.filter(kinds=KINDS, final=False, severity__isnull=False)
    waits_first = Case(When(_WAITS, then=0), default=1)
    return found.exclude(state="stood_down").order_by(waits_first, "-severity", "-lodged_at")


def for_the_desk() -> list[AlertRow]:
    """The alerts that the desk shows: no more than can be seen at once."""
    return [_row(one) for one in going_on()[:ON_THE_DESK]]


def waiting() -> int:
    """How many alerts of others nobody here has acknowledged."""
    return going_on().filter(_WAITS).count()


def listed(*, ended: bool, number: int) -> Page:
    """One page of the alerts that go on, or of those that have ended, in two queries."""
    going = going_on()
    gone = Request.objects.filter(kinds=KINDS).exclude(pk__in=going.order_by().values("pk"))
    rows = gone.order_by("-last_at", "-pk") if ended else going
    total = rows.count()
    at = nearest_page(number, size=PAGE, total=total)
    return Page([_row(one) for one in rows[(at - 1) * PAGE : at * PAGE]], at, total)


def graded(severity: str) -> str:
    """A grade of the neutral scale in a word or two; empty for anything else."""
    found = grade(severity)
    return _(found.label) if found else ""


def _row(one: Request) -> AlertRow:
    severity = "" if one.severity is None else str(one.severity)
    return AlertRow(
        channel=one.channel,
        ref=one.ref,
        href=reverse("alerts:alert", args=[one.channel, one.ref]),
        title=title(one),
        severity=severity,
        graded=graded(severity),
        ours=one.ours,
        party=one.requesting,
        standing=_(one.label) if one.state else _("Not begun"),
        tone=tone(one),
        waits=one.state in UNANSWERED and not one.ours,
        exercise=one.exercise,
        raised_at=one.lodged_at,
        clock=clock(one),
    )
