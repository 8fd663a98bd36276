"""Reading the roster, notes, ways and calls: as pages, the desk, the command and the doctor show them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.db.models import Count, Max, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from comity_node.duty import escalating
from comity_node.duty.deciding import gaps
from comity_node.duty.models import Cause, HandOver, Sending, Shift, Watch, Way, Wishes
from comity_node.duty.sources import SOURCES
from comity_node.duty.ways import WAYS
from comity_node.register.rooms import Suggestion, room_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet

    from comity_node.officials.models import Official

SHOWN: Final = 8
MOST_READ: Final = 99
AHEAD: Final = timedelta(days=7)
UNSEEN_FOR: Final = timedelta(days=7)
RECENT: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Gap:
    """Nobody is on duty from an instant to another."""

    begins: datetime
    ends: datetime

    @property
    def is_whole(self) -> bool:
        """Whether it is a whole day of the roster, also one that the clock makes shorter."""
        return self.ends - self.begins >= timedelta(hours=23)


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the roster: whoever is on duty in it, and when nobody is."""

    date: date
    is_today: bool
    shifts: Sequence[Shift]
    gaps: Sequence[Gap]


@dataclass(frozen=True, slots=True)
class Shown:
    """A cause as its official's page shows it."""

    pk: int
    title: str
    severity: int
    ref: str
    party: str
    at: datetime
    href: str
    was_on_duty: bool
    exercise: bool


# --- the roster -----------------------------------------------------------------------------------------


def on_duty(now: datetime) -> list[Shift]:
    """Who is on duty, the first to be called first."""
    running = Shift.objects.filter(begins__lte=now, ends__gt=now)
    return list(running.select_related("official").order_by("order", "pk"))


def between(begins: datetime, ends: datetime) -> list[Shift]:
    """The shifts of some time, in order."""
    return list(Shift.objects.filter(begins__lt=ends, ends__gt=begins).select_related("official"))


def open_gaps(begins: datetime, ends: datetime, shifts: Sequence[Shift] | None = None) -> list[Gap]:
    """When nobody is on duty; nothing where no roster is kept at all."""
    shifts = between(begins, ends) if shifts is None else shifts
    if not shifts and not Shift.objects.exists():
        return []
    covered = [(one.begins, one.ends) for one in shifts]
    return [Gap(*one) for one in gaps(covered, since=begins, until=ends)]


def week(monday: date, now: datetime) -> list[Day]:
    """Seven days of the roster, by the node's time zone."""
    zone = settings.NODE.duty.zone
    edges = [datetime.combine(monday + timedelta(days=n), time.min, zone) for n in range(8)]
    shifts = between(edges[0], edges[7])
    missing = open_gaps(max(edges[0], now), edges[7], [one for one in shifts if one.ends > now])
    return [
        Day(
            date=begins.date(),
            is_today=begins <= now < ends,
            shifts=[one for one in shifts if one.begins < ends and one.ends > begins],
            gaps=[
                Gap(max(one.begins, begins), min(one.ends, ends))
                for one in missing
                if one.begins < ends and one.ends > begins
            ],
        )
        for begins, ends in pairwise(edges)
    ]


def from_now(now: datetime) -> QuerySet[Shift]:
    """Every shift that is not over."""
    return Shift.objects.filter(ends__gt=now).select_related("official")


def notes(limit: int = 20) -> list[HandOver]:
    """Notes handed over, the latest first, with who has read each."""
    found = HandOver.objects.select_related("outgoing", "incoming").prefetch_related("readings__by")
    return list(found[:limit])


def unread(official: Official) -> list[HandOver]:
    """Notes for this official, or for whoever comes next, that they have not read; not their own."""
    theirs = HandOver.objects.filter(Q(incoming=official) | Q(incoming=None)).exclude(outgoing=official)
    recent = theirs.filter(at__gt=timezone.now() - AHEAD).exclude(readings__by=official)
    addressed = recent.filter(Q(incoming=official) | ~Q(readings__isnull=False))
    return list(addressed.select_related("outgoing", "incoming")[:SHOWN])


# --- calls ----------------------------------------------------------------------------------------------


def unseen(official: Official) -> tuple[list[Shown], int]:
    """What stands on an official's page, the latest first, and of how many things: 99 at most."""
    recent = _unseen().filter(official=official, at__gt=timezone.now() - UNSEEN_FOR)
    rows = list(recent.select_related("cause").order_by("-pk")[:MOST_READ])
    # Of one procedure the last says it all: that it goes on to others is more than that it came.
    latest = {(one.cause.channel, one.cause.ref) if one.cause.ref else one.pk: one for one in reversed(rows)}
    shown = sorted(latest.values(), key=lambda one: -one.pk)
    return [_shown(one) for one in shown[:SHOWN]], len(shown)


def latest(official: Official, before: datetime | None = None) -> tuple[int, int]:
    """The last call on an official's page and how many are unseen: by it an open page knows of a change.

    Args:
        official: Whose page.
        before: Only of those that were there a second before; the table knows no less than a second.
    """
    unseen = _unseen().filter(official=official)
    if before is not None:
        unseen = unseen.filter(at__lt=before - timedelta(seconds=1))
    said = unseen.aggregate(most=Max("pk"), count=Count("pk"))
    return said["most"] or 0, said["count"]


def latest_of_all() -> dict[int, tuple[int, int]]:
    """The same for each official with an unseen call, by number."""
    said = _unseen().order_by().values_list("official").annotate(most=Max("pk"), count=Count("pk"))
    return {official: (most, count) for official, most, count in said}


def _unseen() -> QuerySet[Sending]:
    """What was told on the pages of officials, and neither seen nor overtaken."""
    return Sending.objects.filter(by_way="page", seen_at__isnull=True, state=Sending.State.SENT)


def calls_to(official: Official, limit: int = 30) -> list[Sending]:
    """What an official was lately called for, and what became of it by each way."""
    found = Sending.objects.filter(official=official).select_related("cause", "way")
    return list(found.order_by("-pk")[:limit])


def course(channel: str, ref: str) -> list[Sending]:
    """Every call for one procedure: whom, when, by which way, with which result."""
    found = Sending.objects.filter(cause__channel=channel, cause__ref=ref)
    return list(found.select_related("cause", "official").order_by("pk")[:200])


def late(now: datetime) -> list[Watch]:
    """Alerts whose time ran out with nobody answering: somebody has to telephone."""
    return list(Watch.objects.filter(due_at__lte=now).order_by("due_at")[:SHOWN])


def failing() -> list[Way]:
    """Ways that failed the last time."""
    return list(Way.objects.filter(failures__gt=0).select_related("official")[:SHOWN])


def given_up(now: datetime) -> int:
    """How many calls were given up, or held back, within a day."""
    lost = (Sending.State.GIVEN_UP, Sending.State.HELD_BACK)
    return Sending.objects.filter(at__gt=now - RECENT, state__in=lost).exclude(cause__source="test").count()


def suggested(channel: str, ref: str) -> list[Suggestion]:
    """What may be put on record next about an alert not acknowledged, and where one sees who was called."""
    found = escalating.suggested(channel, ref, timezone.now())
    if Sending.objects.filter(cause__channel=channel, cause__ref=ref).exists():
        href = reverse("duty:course", args=[channel, ref])
        found.append(Suggestion(act="", label=_("Who was called here"), href=href))
    return found


def page_of(cause: Cause) -> str:
    """Where a cause leads: its procedure, the other party's line, or the desk."""
    known = SOURCES.get(cause.source)
    room = room_of(cause.kinds or (known.kinds if known else ""))
    if cause.channel and cause.ref and room is not None:
        return room.page(cause.channel, cause.ref)
    return reverse("duty:ways") if cause.source == "test" else "/"


def _shown(one: Sending) -> Shown:
    cause = one.cause
    return Shown(
        pk=one.pk,
        title=one.title,
        severity=cause.severity,
        ref=cause.ref,
        party=cause.party,
        at=cause.at,
        href=page_of(cause),
        was_on_duty=cause.was_on_duty,
        exercise=cause.exercise,
    )


# --- how one is called ----------------------------------------------------------------------------------


def ways(official: Official) -> list[Way]:
    """The ways one official is called in."""
    return list(Way.objects.filter(official=official))


def wishes(official: Official) -> Wishes:
    """What an official wishes; those of one who never said."""
    return Wishes.objects.filter(official=official).first() or Wishes(official=official)


def last_worked() -> dict[str, tuple[int, datetime | None]]:
    """Of each sort of way: how many officials are called in it, and when it last worked."""
    found = {way: list(Way.objects.filter(way=way)) for way in WAYS}
    return {
        way: (
            len({one.official_id for one in kept}),
            max((one.worked_at for one in kept if one.worked_at), default=None),
        )
        for way, kept in found.items()
    }
