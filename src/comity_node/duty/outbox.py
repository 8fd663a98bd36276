"""The outbox of calls: made with their cause in one transaction, sent afterwards, tried again, given up.

A call is sent at least once. A process that is killed after a mail was taken and before that was written down
sends it again, under the same ``Message-ID`` (of a push the same topic, of a web service and a program the
same ``id``), so that whoever receives it can tell.
"""

from __future__ import annotations

import hashlib
import logging
import traceback
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.db import transaction
from django.db.models import Count, F, Q
from django.utils import timezone

from comity_node.duty import people, ways
from comity_node.duty.deciding import PAGE, Reach, bound, called, chosen, passes_quiet, told_at, wait_after
from comity_node.duty.errors import NotReached, WayEnded
from comity_node.duty.models import Cause, Sending, Way, Wishes
from comity_node.duty.sources import ALARMING, ALWAYS, GRAVE, SOURCES
from comity_node.register import news

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from comity_node.register.calls import Call

LOG: Final = logging.getLogger("comity.duty")
_HOUR: Final = timedelta(hours=1)
_CLAIMED_FOR: Final = timedelta(minutes=6)
_IN_A_ROW: Final = 100
_PASSES: Final = Q(cause__severity__gte=GRAVE) | Q(cause__source__in=ALWAYS)  # passes_quiet, in the database


@transaction.atomic
def keep(call: Call, *, kinds: str = "", to: Sequence[str] = (), step: int = 0) -> Cause | None:
    """Keep a cause and whom it is told by which way; None where it is kept already.

    Args:
        call: What has come up.
        kinds: Of its procedure.
        to: Who is called, in place of what the table of sources says.
        step: Which step of an escalation it is.
    """
    if Cause.objects.filter(key=call.key).exists():
        return None
    source, now = SOURCES[call.source], timezone.now()
    severity = source.severity if call.severity is None else call.severity
    wanted = tuple(to) or source.to or settings.NODE.duty.at_once
    numbers, was_on_duty = called(wanted, people.people(now))
    cause, is_new = Cause.objects.get_or_create(
        key=call.key,
        defaults={
            "source": call.source,
            "severity": severity,
            "channel": call.channel,
            "ref": call.ref,
            "kinds": kinds,
            "party": call.party,
            "step": step,
            "was_on_duty": was_on_duty,
            "exercise": call.exercise,
        },
    )
    if not is_new:
        return None
    _tell(cause, numbers, now)
    news.ring_on_commit()
    return cause


def _tell(cause: Cause, numbers: Sequence[int], now: datetime) -> None:
    """Make what is to be sent of a cause to these officials."""
    kept = {one.pk: one for one in Way.objects.filter(official__in=numbers)}
    quiet = {one.official_id: one for one in Wishes.objects.filter(official__in=numbers)}
    rows = [_on_page(cause, number, now) for number in numbers]
    for number in numbers:
        wishes = quiet.get(number)
        hours = (wishes.quiet_from, wishes.quiet_until) if wishes else (None, None)
        reaches = [
            Reach(way.pk, way.way, way.least_severity, hours if all(h is not None for h in hours) else None)  # type: ignore[arg-type]
            for way in kept.values()
            if way.official_id == number
        ]
        rows += [
            _by_way(cause, kept[reach.number], reach, now)
            for reach in chosen(reaches, source=cause.source, severity=cause.severity)
        ]
    Sending.objects.bulk_create(rows, ignore_conflicts=True)


def _on_page(cause: Cause, number: int, now: datetime) -> Sending:
    """What stands on the page is told by standing there."""
    return Sending(
        key=_key(cause, number, PAGE),
        cause=cause,
        official_id=number,
        by_way=PAGE,
        state=Sending.State.SENT,
        done_at=now,
    )


def _by_way(cause: Cause, way: Way, reach: Reach, now: datetime) -> Sending:
    zone = settings.NODE.duty.zone
    return Sending(
        key=_key(cause, way.official_id, f"{way.way}:{way.pk}"),
        cause=cause,
        official_id=way.official_id,
        way=way,
        by_way=way.way,
        state=Sending.State.HELD_BACK if _is_too_much(cause, way, now) else Sending.State.WAITING,
        again_at=told_at(reach, source=cause.source, severity=cause.severity, now=now, zone=zone),
    )


def _is_too_much(cause: Cause, way: Way, now: datetime) -> bool:
    """Whether an hour's messages were sent by this way already, or wait to be: about this party, or in all.

    What is grave and what is not are counted apart: neither uses up the hour of the other. What was held
    back, or overtaken before it went, was sent to nobody and does not count.
    """
    passes = passes_quiet(cause.source, cause.severity)
    went = Q(state__in=(Sending.State.SENT, Sending.State.GIVEN_UP), done_at__gt=now - _HOUR)
    lately = Sending.objects.filter(
        went | Q(state=Sending.State.WAITING),
        _PASSES if passes else ~_PASSES,
        official=way.official_id,
        by_way=way.way,
    )
    counts = lately.aggregate(of_all=Count("pk"), of_one=Count("pk", filter=Q(cause__party=cause.party)))
    return bound(cause.source, cause.severity, hourly=settings.NODE.duty.hourly).is_met(**counts)


def _key(cause: Cause, number: int, way: str) -> str:
    return hashlib.sha256(f"{cause.key}\n{number}\n{way}".encode()).hexdigest()


def overtake(channel: str, ref: str, sources: Sequence[str] = ALARMING) -> None:
    """Call nobody any more for what somebody has answered or seen to; what was seen stays seen."""
    about = Sending.objects.filter(cause__channel=channel, cause__ref=ref, cause__source__in=sources)
    unseen = Q(by_way=PAGE, seen_at__isnull=True)
    if about.filter(Q(state=Sending.State.WAITING) | unseen).update(
        state=Sending.State.OVERTAKEN, done_at=timezone.now()
    ):
        news.ring_on_commit()


def try_now(way: Way) -> None:
    """Send a test by one way now, whatever its threshold and whatever the hour.

    Raises:
        NotReached: It did not work; the way says why.
    """
    now = timezone.now()
    cause = Cause.objects.create(key=f"test:{way.pk}:{now.isoformat()}", source="test", severity=0)
    sending = Sending.objects.create(
        key=_key(cause, way.official_id, f"{way.way}:{way.pk}"),
        cause=cause,
        official=way.official,
        way=way,
        by_way=way.way,
        again_at=now + _CLAIMED_FOR,
    )
    try:
        ways.send(sending, way)
    except NotReached as error:
        _failed(sending, way, error, give_up=True)
        raise
    _done(sending, way)


def show_test(number: int) -> None:
    """Have the page of an official show, and sound, a test."""
    now = timezone.now()
    cause = Cause.objects.create(key=f"test:page:{number}:{now.isoformat()}", source="test", severity=0)
    _on_page(cause, number, now).save()
    news.ring()


def ways_waiting(now: datetime) -> list[str]:
    """By which sorts of ways something waits that may go now."""
    due = Sending.objects.filter(state=Sending.State.WAITING, again_at__lte=now)
    return list(due.order_by().values_list("by_way", flat=True).distinct())


def send(by_way: str, now: datetime) -> bool:
    """Send what waits by one sort of way, the gravest first; says whether there was anything.

    Of several processes that look, one sends: the row is as it was read only for the first.
    """
    waiting = Sending.objects.filter(state=Sending.State.WAITING, by_way=by_way, again_at__lte=now)
    rows = waiting.select_related("cause", "official", "way").order_by("-cause__severity", "pk")
    found = list(rows[:_IN_A_ROW])
    for one in found:
        claimed = waiting.filter(pk=one.pk, again_at=one.again_at, attempts=one.attempts)
        if claimed.update(again_at=timezone.now() + _CLAIMED_FOR):
            _send(one)
    return bool(found)


def _send(sending: Sending) -> None:
    way = sending.way
    if way is None or not sending.official.may_act:
        _close(sending, Sending.State.GIVEN_UP, "the way, or its official, is gone")
        return
    try:
        ways.send(sending, way)
    except WayEnded as ended:
        _failed(sending, way, ended, give_up=True)
        way.delete()
    except Exception as error:  # noqa: BLE001 - whatever it is, others wait behind it
        give_up = sending.attempts + 1 >= settings.NODE.duty.attempts
        _failed(sending, way, _reason(error), give_up=give_up)
    else:
        _done(sending, way)


def _reason(error: Exception) -> NotReached:
    """Why a call failed; a fault of ours is one reason more, and must not keep others waiting behind it.

    Where it arose is written to the console, its words are not: an address, the endpoint of a browser or what
    a server answered may stand in them.
    """
    if isinstance(error, NotReached):
        return error
    place = "".join(traceback.format_tb(error.__traceback__))  # lines of code, no values
    LOG.error("a call failed: %s\n%s", type(error).__name__, place)
    return NotReached(f"it failed at this node: {type(error).__name__}")


def _done(sending: Sending, way: Way) -> None:
    with transaction.atomic():
        Sending.objects.filter(pk=sending.pk).update(
            state=Sending.State.SENT, attempts=F("attempts") + 1, done_at=timezone.now(), last_error=""
        )
        Way.objects.filter(pk=way.pk).update(failures=0, last_error="", worked_at=timezone.now())


def _failed(sending: Sending, way: Way, error: NotReached, *, give_up: bool) -> None:
    """Note why; what it was to say, and to whom, is not written to the console."""
    now, why = timezone.now(), str(error)[:300]
    LOG.warning("an officer was not reached by %s", way.way)
    with transaction.atomic():
        Sending.objects.filter(pk=sending.pk).update(
            state=Sending.State.GIVEN_UP if give_up else Sending.State.WAITING,
            attempts=F("attempts") + 1,
            again_at=now + wait_after(sending.attempts + 1),
            done_at=now if give_up else None,
            last_error=why,
        )
        Way.objects.filter(pk=way.pk).update(failures=F("failures") + 1, last_error=why, failed_at=now)


def _close(sending: Sending, state: str, why: str) -> None:
    Sending.objects.filter(pk=sending.pk).update(state=state, done_at=timezone.now(), last_error=why)
