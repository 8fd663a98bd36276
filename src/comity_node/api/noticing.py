"""What happened, for hooks: read from the record and its projections, each thing kept for each hook once.

There is no queue of events beside the record. How far each log was told stands in a row of its own; what lies
beyond is what is new. It advances in the same transaction in which the notices are kept, so a kill loses and
doubles nothing. A notice carries no content of a case.

Follows: docs/spec/hooks.md.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.db.models import Count, F
from django.utils import timezone

from comity_node.api.call import href
from comity_node.api.models import Hook, Notice, ToldClocks, ToldLog, ToldStanding
from comity_node.assistance import reminding
from comity_node.assistance.models import Request
from comity_node.contact_point.judging import CHECKS
from comity_node.register import browsing, standings
from comity_node.register import queries as register

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from comity_node.register.models import Log
    from comity_node.register.queries import Received

    Happened = dict[str, Any]

EVENTS: Final = ("entry.received", "entry.receipted", "request.standing", "clock.nearing", "clock.ended")
TEST: Final = "test"
AT_ONCE: Final = 200
_CLOCKS_EVERY: Final = timedelta(seconds=30)
_FORMER: Final = 1_000


def begin() -> None:
    """Take the record as told up to now: a first hook is not told the past."""
    if ToldClocks.objects.exists():
        return
    ToldClocks.objects.create(at=timezone.now())
    ToldLog.objects.bulk_create(
        ToldLog(origin=log.origin, size=log.size, receipted=log.receipted) for log in register.all_logs()
    )
    standing = Request.objects.values("channel", "ref", "kinds", "state").iterator(_FORMER)
    ToldStanding.objects.bulk_create((ToldStanding(**one) for one in standing), batch_size=_FORMER)


def end() -> None:
    """Forget how far hooks were told, once there are none."""
    for told in (ToldClocks, ToldLog, ToldStanding):
        told.objects.all().delete()


def notice(now: datetime) -> bool:
    """Keep for every hook what happened since it was last looked; says whether there is more already."""
    if not Hook.objects.exists():
        return False
    grown = _grown(register.all_logs())
    look = ToldClocks.objects.filter(at__lte=now - _CLOCKS_EVERY).exists()
    if not grown and not look:
        return False
    with transaction.atomic():
        last = ToldClocks.objects.select_for_update().first()
        if last is None:
            return False
        happened: list[Happened] = []
        touched: set[tuple[str, str]] = set()
        for log in grown:
            for event, one in _of_log(log):
                happened += [_entry(event, one)] if event else []
                touched.add((log.channel, one.entry.ref))
        happened += _standings(touched)
        if look:
            happened += _clocks(last.at, now)
            ToldClocks.objects.filter(pk=last.pk).update(at=now)
        _keep(happened)
    return bool(_grown(register.all_logs()))


def document(event: str, **said: Any) -> Happened:  # noqa: ANN401 - what a notice says: texts, numbers, nothing
    """A notice as it is sent: every member always there, empty where it does not apply."""
    return {
        "id": str(uuid4()),
        "event": event,
        "at": timezone.now().isoformat(timespec="milliseconds").replace("+00:00", "Z"),
        "party": settings.NODE.party,
        "channel": "",
        "ref": "",
        "kind": "",
        "entry": "",
        "standing": "",
        "due_at": "",
        "exercise": "",
        "href": "",
        **said,
    }


def _grown(logs: Iterable[Log]) -> list[Log]:
    """The logs of which something was not told yet."""
    told = {origin: (size, receipted) for origin, size, receipted in _told()}
    return [log for log in logs if told.get(log.origin, (0, 0)) != (log.size, log.receipted)]


def _told() -> Iterable[tuple[str, int, int]]:
    return ToldLog.objects.values_list("origin", "size", "receipted")


def _of_log(log: Log) -> Iterator[tuple[str, Received]]:
    """What is new in a log, with the event it makes; no event for what we signed ourselves."""
    told, _is_new = ToldLog.objects.get_or_create(origin=log.origin, defaults={"size": 0, "receipted": 0})
    size = min(log.size, told.size + AT_ONCE)
    for one in _part(log, told.size, size):
        yield "" if log.ours or _is_a_check(one) else "entry.received", one
    receipted = min(log.receipted, told.receipted + AT_ONCE)
    for one in _part(log, told.receipted, receipted) if log.ours else ():
        yield "" if _is_a_check(one) else "entry.receipted", one
    ToldLog.objects.filter(pk=told.pk).update(size=size, receipted=receipted)


def _is_a_check(one: Received) -> bool:
    """A communication check is no event: whoever is woken by what arrives is not woken by it."""
    return one.entry.kinds == CHECKS


def _part(log: Log, start: int, stop: int) -> Sequence[Received]:
    if start >= stop:  # also where an old backup was restored: what was told already is not told again
        return ()
    found, _size = browsing.page_of(log, kind="", ref="", start=start, count=stop - start, oldest_first=True)
    return found


def _entry(event: str, one: Received) -> Happened:
    origin = one.ref.origin
    return document(
        event,
        channel=origin.channel,
        ref=one.entry.ref,
        kind=one.entry.kind,
        entry=str(one.ref),
        exercise="yes" if standings.exercised(origin.channel, one.entry.ref, one.entry.stated) else "",
        href=settings.NODE.address + href("entries", origin.party, origin.channel, one.ref.index),
    )


def _standings(touched: set[tuple[str, str]]) -> list[Happened]:
    """Requests among what was touched that stand elsewhere than was told."""
    refs = {ref for _channel, ref in touched}
    former = {
        (one.channel, one.ref, one.kinds): one.state for one in ToldStanding.objects.filter(ref__in=refs)
    }
    changed = [
        row
        for row in Request.objects.filter(ref__in=refs)
        if (row.channel, row.ref) in touched and former.get((row.channel, row.ref, row.kinds)) != row.state
    ]
    for row in changed:
        ToldStanding.objects.update_or_create(
            channel=row.channel, ref=row.ref, kinds=row.kinds, defaults={"state": row.state}
        )
    return [_request("request.standing", row) for row in changed]


def _clocks(since: datetime, now: datetime) -> list[Happened]:
    """Clocks that came to a reminder, or to their end, between two looks."""
    reached = reminding.reached(since, now)
    return [_request("clock.nearing" if days else "clock.ended", row) for row, days in reached]


def _request(event: str, row: Request) -> Happened:
    return document(
        event,
        channel=row.channel,
        ref=row.ref,
        kind=row.kinds,
        entry=row.last_entry,
        standing=row.state,
        due_at=f"{row.due_at:%Y-%m-%dT%H:%M:%SZ}" if row.due_at else "",
        exercise="yes" if row.exercise else "",
        href=settings.NODE.address + href("requests", row.channel, row.ref),
    )


def _keep(happened: Sequence[Mapping[str, Any]]) -> None:
    """Keep it for every hook that wants it; beyond the most that may wait, only how much is missing."""
    most = settings.NODE.limits.hook_notices
    for hook in Hook.objects.annotate(waiting=Count("notices")) if happened else ():
        wanted = [one for one in happened if _wants(hook, one)]
        room = max(0, most - hook.waiting)
        Notice.objects.bulk_create(Notice(hook=hook, event=one["id"], document=one) for one in wanted[:room])
        if wanted[room:]:
            Hook.objects.filter(pk=hook.pk).update(missed=F("missed") + len(wanted[room:]))


def _wants(hook: Hook, one: Mapping[str, Any]) -> bool:
    return one["event"] in hook.events and (not hook.channels or one["channel"] in hook.channels)
