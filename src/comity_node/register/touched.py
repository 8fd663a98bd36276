"""Which procedures were touched since, and whether what was read of one is old."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Max

from comity_node.register import models
from comity_node.register.queries import channel_logs, of_kind, of_procedure

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


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


def first_depth(channel: str, refs: Iterable[str], prefix: str) -> int:
    """How deep in the common order the first entry of these procedures stands."""
    rows = of_kind(models.Entry.objects.filter(log__channel=channel, ref__in=list(refs)), prefix)
    return rows.order_by("depth").values_list("depth", flat=True).first() or 0


def refs_since(channel: str, depth: int, prefix: str) -> set[str]:
    """The procedures with entries of these kinds that stand deeper in the common order."""
    rows = of_kind(models.Entry.objects.filter(log__channel=channel, depth__gt=depth), prefix)
    return set(rows.values_list("ref", flat=True).distinct())
