"""Which procedures were touched since, and whether what was read of one is old."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from django.db.models import Max, Q

from comity.names import EntryRef, Origin
from comity_node.register import models
from comity_node.register.queries import Received, channel_logs, of_kind, of_procedure

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from django.db.models import QuerySet


def mark_of(channel: str, *, ref: str, prefix: str) -> tuple[object, ...]:
    """Changes whenever the entries of a procedure or their receipts do: for whoever keeps what follows."""
    marks: list[object] = []
    for log in channel_logs(channel):
        of_log = of_procedure([log.pk], ref, prefix)
        last = of_log.order_by("-index").values_list("index", "leaf_hash").first()
        if last is not None:
            receipts = models.Receipt.objects.filter(log=log).order_by("size")
            covering = receipts.filter(size__gt=last[0]).values_list("size", flat=True).first()
            within = receipts.filter(size__lte=last[0]).count()
            marks.append((log.origin, of_log.count(), bytes(last[1]), covering, within))
    return tuple(marks)


def last_of(channel: str, kinds: Sequence[str]) -> tuple[object, ...]:
    """Changes whenever entries of these kinds, or receipts for them, are added to a channel."""
    marks: list[object] = []
    for log in channel_logs(channel):
        of_log = models.Entry.objects.filter(log=log, kind__in=list(kinds))
        last = of_log.aggregate(last=Max("index"))["last"]
        if last is not None:
            receipts = models.Receipt.objects.filter(log=log).order_by("size")
            covering = receipts.filter(size__gt=last).values_list("size", flat=True).first()
            marks.append((log.origin, last, covering, receipts.filter(size__lte=last).count()))
    return tuple(marks)


def mark_of_all(channel: str) -> tuple[object, ...]:
    """Changes whenever an entry of a channel, or a receipt for one, is stored."""
    logs = {log.pk: (log.origin, log.size, bytes(log.peaks)) for log in channel_logs(channel)}
    receipts = models.Receipt.objects.filter(log__in=list(logs))
    last = receipts.order_by("-pk").values_list("pk", "stored_at").first()
    return (*logs.values(), last)


def first_depth(channel: str, refs: Iterable[str], prefix: str) -> int:
    """How deep in the common order the first entry of these procedures stands."""
    rows = of_kind(models.Entry.objects.filter(log__channel=channel, ref__in=list(refs)), prefix)
    return rows.order_by("depth").values_list("depth", flat=True).first() or 0


def refs_since(channel: str, depth: int, prefix: str) -> set[str]:
    """The procedures with entries of these kinds that stand deeper in the common order."""
    rows = of_kind(models.Entry.objects.filter(log__channel=channel, depth__gt=depth), prefix)
    return set(rows.values_list("ref", flat=True).distinct())


def deeper(channel: str, *, ref: str, prefix: str, than: Mapping[str, int]) -> list[Received]:
    """The entries of one procedure that stand deeper than what is known of each log, without their receipts.

    Args:
        channel: Channel id.
        ref: The procedure.
        prefix: As for ``queries.entries``.
        than: How deep the last entry of each party stands that is known; of a party left out, none is.

    Returns:
        Them, in the common order.
    """
    logs = {log.pk: log for log in channel_logs(channel)}
    known = (Q(log=key, depth__gt=than.get(log.party, 0)) for key, log in logs.items())
    rows = of_kind(models.Entry.objects.filter(reduce(or_, known, Q()), ref=ref), prefix)
    return _in_order(rows, logs)


def without_receipts(channel: str, refs: Iterable[EntryRef]) -> list[Received]:
    """Just these entries of a channel, in the common order: for what no clock runs on."""
    logs = {log.pk: log for log in channel_logs(channel)}
    keys = {log.origin: key for key, log in logs.items()}
    places: dict[int, list[int]] = {}
    for ref in refs:
        if str(ref.origin) in keys:
            places.setdefault(keys[str(ref.origin)], []).append(ref.index)
    if not places:
        return []
    wanted = reduce(or_, (Q(log=key, index__in=some) for key, some in places.items()))
    return _in_order(models.Entry.objects.filter(wanted), logs)


def _in_order(rows: QuerySet[models.Entry], logs: Mapping[int, models.Log]) -> list[Received]:
    found = sorted(rows, key=lambda one: (one.depth, logs[one.log_id].origin, one.index))
    return [
        Received(
            ref=EntryRef(Origin.parse(logs[row.log_id].origin), row.index),
            ours=logs[row.log_id].ours,
            depth=row.depth,
            leaf=bytes(row.leaf),
            receipted_at=None,
            receipt_size=None,
            stored_at=row.stored_at,
        )
        for row in found
    ]
