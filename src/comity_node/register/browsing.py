"""One log, page by page, or from end to end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from comity_node.register.queries import received, stored

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet

    from comity_node.register import models
    from comity_node.register.queries import Received


def page_of(
    log: models.Log, *, kind: str, ref: str, start: int, count: int, oldest_first: bool = False
) -> tuple[list[Received], int]:
    """Some entries of one log, the newest first unless asked otherwise, and how many there are of that sort.

    Args:
        log: The log.
        kind: Only kinds that begin so; empty for all.
        ref: Only this procedure; empty for all.
        start: How many to pass over.
        count: How many to give.
        oldest_first: Count from the beginning of the log.
    """
    if not kind and not ref:  # where they stand is known: nothing has to be passed over
        first = start if oldest_first else log.size - start - count
        chosen = _of_log(log, oldest_first=oldest_first).filter(index__gte=first, index__lt=first + count)
        return list(received(chosen, {log.pk: log})), log.size
    rows = _of_log(log, kind=kind, ref=ref, oldest_first=oldest_first)
    return list(received(rows[start : start + count], {log.pk: log})), rows.count()


def each_of(log: models.Log, *, kind: str, ref: str, oldest_first: bool) -> Iterator[Received]:
    """Every entry of a log of that sort, read as it is asked for: a log may be longer than memory."""
    rows = _of_log(log, kind=kind, ref=ref, oldest_first=oldest_first)
    return received(rows.iterator(500), {log.pk: log})


def _of_log(log: models.Log, *, kind: str = "", ref: str = "", oldest_first: bool) -> QuerySet[Any]:
    rows = stored().filter(log=log)
    if kind:
        rows = rows.filter(kind__startswith=kind)
    if ref:  # in one log depth grows with the index, and the index of references is by depth
        return rows.filter(ref=ref).order_by("depth" if oldest_first else "-depth")
    return rows.order_by("index" if oldest_first else "-index")
