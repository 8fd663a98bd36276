"""Receipts that turn out to be by retired keys: kept, and counted nowhere.

Of a third party's log a receipt may come before the entries it covers, and before its giver's retirement of
keys is known here. Nothing can be said against it then. With the entries it is seen what their author had
seen: where that was the retirement, whoever signed had the keys from somewhere else.

Follows: docs/spec/passport.md, Rotation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from comity.entries import decode
from comity.errors import BadCheckpoint, BadReceipt
from comity.mirror.generations import signed_by
from comity.tlog.note import parse_note
from comity_node.register import models, rotations, statements

if TYPE_CHECKING:
    from collections.abc import Iterator


def leave_out_retired(log: models.Log, before: int) -> Iterator[tuple[str, BadReceipt]]:
    """Let receipts for what has now come of a log count no more, where its author knew their keys retired.

    Gives:
        Of each, who is said to have given it, and why it counts nowhere.
    """
    givers = {one.party: one for one in statements.heads(log.channel) if one.rotations}
    found = models.Receipt.objects.filter(log=log, size__gt=before, size__lte=log.size, party__in=givers)
    for receipt in found.exclude(party=settings.NODE.party):
        if _is_by_retired_keys(log, receipt, givers[receipt.party]):
            models.Receipt.objects.filter(pk=receipt.pk).update(void=True)
            statements.count_receipted(log)
            yield receipt.party, by_retired(log.origin, receipt.size, receipt.party)


def by_retired(origin: str, size: int, giver: str) -> BadReceipt:
    """Why a receipt counts nowhere."""
    return BadReceipt(
        f"a receipt of {size} entries of {origin} is signed by keys that {giver} had retired before,"
        " and its author knew it"
    )


def seen_by(log: models.Log, size: int, party: str) -> int:
    """How much of another log the last of so many entries of a log had seen."""
    leaf = models.Entry.objects.filter(log=log, index=size - 1).values_list("leaf", flat=True).first()
    return decode(bytes(leaf)).seen.get(party, 0) if leaf is not None else 0


def _is_by_retired_keys(log: models.Log, receipt: models.Receipt, giver: models.Log) -> bool:
    try:
        by = signed_by(parse_note(bytes(receipt.note)), rotations.mirror_generations(giver))
    except BadCheckpoint:
        return False
    return by.until is not None and seen_by(log, receipt.size, giver.party) > by.until
