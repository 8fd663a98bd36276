"""How far the record has grown, and what is new since: told to open pages, whichever process wrote it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from comity_node.register import models
from comity_node.register.cursors import instant, read

if TYPE_CHECKING:
    from datetime import datetime

# The number by which the newest entry is stored, and that of the newest receipt.
Version = tuple[int, int]
# A channel, a reference, and a kind of entry, or ``receipt``.
Happened = tuple[str, str, str]

_MOST: Final = 200
_VERSION: Final = """
SELECT COALESCE((SELECT MAX("id") FROM "register_entry"), 0),
  COALESCE((SELECT MAX("id") FROM "register_receipt"), 0)"""
# From the newest backwards: what is asked for is a moment ago.
_VERSION_AT: Final = """
SELECT (SELECT "id" FROM "register_entry" WHERE "stored_at" < %s ORDER BY "id" DESC LIMIT 1),
  (SELECT "id" FROM "register_receipt" WHERE "stored_at" < %s ORDER BY "id" DESC LIMIT 1)"""


def version() -> Version:
    """The newest entry and the newest receipt, by number of storing: it changes whenever the record grows."""
    ((entry, receipt),) = read(_VERSION)
    return entry, receipt


def version_at(moment: datetime) -> Version:
    """The same as it was at a moment not long ago."""
    at = instant(moment)
    ((entry, receipt),) = read(_VERSION_AT, at, at)
    return entry or 0, receipt or 0


def between(since: Version, now: Version) -> list[Happened]:
    """What happened between two versions of the record, the latest so many.

    A receipt concerns the procedures of the entries it newly covers; its kind is ``receipt``.
    """
    rows = models.Entry.objects.filter(pk__gt=since[0], pk__lte=now[0]).order_by("-pk")[:_MOST]
    happened = list(rows.values_list("log__channel", "ref", "kind"))
    for receipt in models.Receipt.objects.filter(pk__gt=since[1], pk__lte=now[1]).select_related("log")[
        :_MOST
    ]:
        covered = models.Entry.objects.filter(log=receipt.log, index__lt=receipt.size).order_by("-index")
        refs = dict.fromkeys(covered.values_list("ref", flat=True)[:16])
        happened += [(receipt.log.channel, ref, "receipt") for ref in refs]
    return list(dict.fromkeys(happened))[:_MOST]
