"""An alert that nobody acknowledges goes on to others: whom and when is a table in ``node.toml``.

A step is taken once: the row of the watch moves in the transaction in which the step's cause is kept, and
only if it is still as it was read. Nothing is signed here. What is to be put on record about it (they were
notified again, it was passed on) is offered on the alert's page, filled in, for an official to sign.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import urlencode

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comity_node.duty import outbox
from comity_node.duty.deciding import SHORTEST_WAIT, step_at
from comity_node.duty.models import Watch
from comity_node.duty.sources import ACKNOWLEDGE
from comity_node.home import Step
from comity_node.register.calls import Call
from comity_node.register.rooms import Suggestion

if TYPE_CHECKING:
    from datetime import datetime

    from django_stubs_ext import StrPromise

    from comity.lifecycle import Clock
    from comity_node.assistance.detail import Detail
    from comity_node.assistance.models import Request

LOG: Final = logging.getLogger("comity.duty")
# Of an alert of ours the other side escalates; what is left to us is to telephone.
_OURS: Final = (Step(100, ("first",)),)


class _Next(NamedTuple):
    """A next step offered ready made: whose alert, after how much of its time, the act and its values."""

    ours: bool
    after_percent: int
    act: str
    said: tuple[tuple[str, str], ...]
    label: StrPromise


_NEXT: Final = (
    _Next(
        True,
        100,
        "notified_again",
        (("path", "telephone"),),
        gettext_lazy("Put on record that you telephoned them"),
    ),
    _Next(
        True,
        100,
        "notified_again",
        (("path", "diplomatic"),),
        gettext_lazy("Put on record that they were told by the diplomatic path"),
    ),
    _Next(
        True,
        100,
        "passed_on",
        (("level", "diplomatic_point"),),
        gettext_lazy("Pass it on to the diplomatic points"),
    ),
    _Next(
        False,
        33,
        "passed_on",
        (("level", "next_on_duty"),),
        gettext_lazy("Put on record that it went to the next on duty"),
    ),
    _Next(
        False,
        66,
        "passed_on",
        (("level", "coordinator"),),
        gettext_lazy("Put on record that it went to the coordinator"),
    ),
    _Next(
        False,
        100,
        "passed_on",
        (("level", "diplomatic_point"),),
        gettext_lazy("Pass it on to the diplomatic point"),
    ),
    _Next(
        False,
        100,
        "passed_on",
        (("level", "technical_point"),),
        gettext_lazy("Pass it on to the technical point"),
    ),
)


def watch(row: Request, found: Detail, *, severity: int) -> None:
    """Watch over an alert while its time to be acknowledged runs; with a new clock, from the start."""
    clock = _clock(row, found)
    if clock is None or row.final:
        gone, _of = Watch.objects.filter(channel=row.channel, ref=row.ref).delete()
        if gone:
            outbox.overtake(row.channel, row.ref)
        return
    ours = row.ours
    known = Watch.objects.filter(channel=row.channel, ref=row.ref).first()
    if known is not None and known.due_at == clock.due_at and known.severity == severity:
        return
    begun = Watch(
        channel=row.channel,
        ref=row.ref,
        kinds=row.kinds,
        ours=ours,
        party=row.requested if ours else row.requesting,
        severity=severity,
        exercise=row.exercise,
        begins=clock.started_at,
        due_at=clock.due_at,
        taken=sum(
            step.after_percent == 0 for step in steps(ours=ours)
        ),  # those were called by the alert itself
    )
    begun.next_at = _next_at(begun)
    Watch.objects.filter(channel=row.channel, ref=row.ref).delete()
    begun.save()


def steps(*, ours: bool) -> tuple[Step, ...]:
    """Who is called when, of alerts of ours or to us."""
    return _OURS if ours else settings.NODE.duty.steps


def take(now: datetime) -> bool:
    """Take every step whose time has come; says whether there was one.

    One that fails is tried again a moment later, and keeps no other waiting.
    """
    due = list(Watch.objects.filter(next_at__lte=now).order_by("next_at"))
    for one in due:
        try:
            with transaction.atomic():
                _take(one)
        except Exception:
            LOG.exception("officers could not be called: a step of an escalation")
            Watch.objects.filter(pk=one.pk, next_at=one.next_at).update(next_at=now + SHORTEST_WAIT)
    return bool(due)


def next_at() -> datetime | None:
    """When the next step is due."""
    return (
        Watch.objects.filter(next_at__isnull=False)
        .values_list("next_at", flat=True)
        .order_by("next_at")
        .first()
    )


def suggested(channel: str, ref: str, now: datetime) -> list[Suggestion]:
    """What may be put on record next about an alert not acknowledged: the act's page, filled in."""
    one = Watch.objects.filter(channel=channel, ref=ref).first()
    if one is None:
        return []
    return [
        Suggestion(
            act=step.act,
            label=_(str(step.label)),
            href=f"{reverse('assistance:act', args=[channel, ref, step.act])}?{urlencode(step.said)}",
        )
        for step in _NEXT
        if step.ours == one.ours and step_at(one.begins, one.due_at, Step(step.after_percent, ())) <= now
    ]


def _take(one: Watch) -> None:
    taken, table = one.taken, steps(ours=one.ours)
    if taken >= len(table):  # node.toml has fewer steps than when this one was reckoned
        Watch.objects.filter(pk=one.pk, taken=taken).update(next_at=None)
        return
    step = table[taken]
    one.taken += 1
    moved = Watch.objects.filter(pk=one.pk, taken=taken, due_at=one.due_at).update(
        taken=one.taken, next_at=_next_at(one)
    )
    if not moved:
        return  # another process took it, or the alert moved on
    source = "unanswered" if one.ours else "escalated"
    outbox.keep(
        Call(
            source=source,
            key=f"{source}:{one.channel}:{one.ref}:{one.due_at.isoformat()}:{taken}",
            severity=one.severity,
            channel=one.channel,
            ref=one.ref,
            party=one.party,
            exercise=one.exercise,
        ),
        kinds=one.kinds,
        to=step.to,
        step=taken,
    )


def _next_at(one: Watch) -> datetime | None:
    table = steps(ours=one.ours)
    return step_at(one.begins, one.due_at, table[one.taken]) if one.taken < len(table) else None


def _clock(row: Request, found: Detail) -> Clock | None:
    """The clock by which the alert is to be acknowledged, by us or, of ours, by another; while it runs."""
    running = [
        one
        for one in found.standing.clocks
        if one.id.startswith(ACKNOWLEDGE) and one.running and not one.stands_still
    ]
    running = [one for one in running if row.ours or one.for_party == settings.NODE.party]
    return min(running, key=lambda one: one.due_at, default=None)
