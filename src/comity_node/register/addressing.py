"""Whose receipt counts for an entry of a channel of many: that of the party its procedure is with.

A procedure is between the party that opened it and the one it is addressed to. That a third party holds an
entry is shown, and starts nobody's clock.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Any, Final

from comity.entries import decode
from comity.lifecycle import of_another
from comity.lifecycle.stated import values
from comity.names import Origin
from comity_node.register import models

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    Procedure = tuple[str, str, str]  # channel, beginning of the kinds, reference
    Receipts = dict[tuple[int, str], list[tuple[int, datetime]]]  # by log and giver: size and time, in order


_AT_ONCE: Final = 100


def address(rows: Sequence[Any], logs: Mapping[int, models.Log]) -> None:
    """Give stored entries of channels of many the receipt of the party each is addressed to.

    Where a procedure is addressed to several, its entries have the receipts of each in ``receipts``.

    Args:
        rows: Entries with ``receipted_at`` and ``receipt_size`` of whoever's receipt came first.
        logs: Their logs, by key.
    """
    concerned = [row for row in rows if logs[row.log_id].many]
    parties = _parties(concerned, logs)
    receipts = _receipts({row.log_id for row in concerned})
    for row in concerned:
        author = logs[row.log_id].party
        between = parties.get(_procedure(row, logs), frozenset())
        if author in between and len(between) == 2:
            (other,) = between - {author}
            row.receipt_size, row.receipted_at = _first(receipts.get((row.log_id, other), []), row.index)
        elif author in between:
            by_party = {
                one: _first(receipts.get((row.log_id, one), []), row.index)[1] for one in between - {author}
            }
            row.receipts = {one: at for one, at in by_party.items() if at is not None}


def _procedure(row: Any, logs: Mapping[int, models.Log]) -> Procedure:  # noqa: ANN401 - a row with annotations
    return logs[row.log_id].channel, row.kind.rpartition(".")[0], row.ref


def _parties(rows: Iterable[Any], logs: Mapping[int, models.Log]) -> dict[Procedure, frozenset[str]]:
    """Between whom the procedures of these entries are, by the first entry of each that says so."""
    wanted = {_procedure(row, logs) for row in rows}
    found: dict[Procedure, frozenset[str]] = {}
    openings = models.Entry.objects.filter(
        log__channel__in={channel for channel, _, _ in wanted}, ref__in={ref for _, _, ref in wanted}
    ).select_related("log")
    for row in openings.order_by("depth", "log__origin", "index").iterator(_AT_ONCE):
        name = row.log.channel, row.kind.rpartition(".")[0], row.ref
        if name in wanted and name not in found:
            entry = decode(bytes(row.leaf))
            to = values(entry.stated, "requested")
            if to and not of_another(Origin.parse(row.log.origin), entry):
                found[name] = frozenset({row.log.party, *to})
        if len(found) == len(wanted):  # a talk of many has thousands more
            break
    return found


def _receipts(logs: Iterable[int]) -> Receipts:
    found: Receipts = {}
    rows = models.Receipt.objects.filter(log__in=set(logs)).order_by("size")
    for log, party, size, at in rows.values_list("log", "party", "size", "given_at"):
        found.setdefault((log, party), []).append((size, at))
    return found


def _first(receipts: Sequence[tuple[int, datetime]], index: int) -> tuple[int | None, datetime | None]:
    """The first of a party's receipts that covers an entry."""
    place = bisect_right(receipts, index, key=lambda one: one[0])
    return receipts[place] if place < len(receipts) else (None, None)
