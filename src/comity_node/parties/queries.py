"""What is known of the Parties to every instrument now: as shipped, or as this node took it since.

Of two, those looked up later are in use; of one day, those the node took.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Max

from comity.instruments import NOBODY, library, parse_parties, parties
from comity_node.parties.models import Taken

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from django.db.models import QuerySet

    from comity.instruments import Parties


@dataclass(frozen=True, slots=True)
class InUse:
    """What is known of the Parties to one instrument, and where that comes from.

    Attributes:
        taken: The decision by which it is in use; None where what ships is.
        outdone: What this node took, where what ships was looked up later.
    """

    parties: Parties
    taken: Taken | None = None
    outdone: Taken | None = None

    @property
    def is_known(self) -> bool:
        """Anything was looked up at all."""
        return self.parties is not NOBODY

    def is_old(self, on: date) -> bool:
        """It was looked up longer ago than this node's setting allows."""
        return on - self.parties.as_of > timedelta(days=settings.NODE.parties_days)


def known() -> Mapping[str, Parties]:
    """What is in use of every instrument about which something was looked up."""
    return {name: one.parties for name, one in in_use().items() if one.is_known}


def in_use() -> dict[str, InUse]:
    """The same for every instrument, with where it comes from."""
    latest = Taken.objects.values("instrument").annotate(last=Max("pk")).values("last")
    # The texts are left in the database: what was read of one is kept by its digest.
    rows = Taken.objects.select_related("by").defer("text").filter(pk__in=latest)
    taken = {row.instrument: row for row in rows}
    return {name: _in_use(name, taken.get(name)) for name in library()}


def of(instrument: str) -> InUse:
    """What is in use of one instrument."""
    return _in_use(instrument, history(instrument).first())


def history(instrument: str) -> QuerySet[Taken]:
    """Every decision on one instrument, the latest first."""
    return Taken.objects.select_related("by").defer("text").filter(instrument=instrument).order_by("-number")


def _in_use(instrument: str, row: Taken | None) -> InUse:
    shipped = parties().get(instrument, NOBODY)
    if row is None or row.as_of is None:
        return InUse(shipped)
    if row.as_of < shipped.as_of:
        return InUse(shipped, outdone=row)
    return InUse(_read(row.sha256), taken=row)


@lru_cache(maxsize=64)
def _read(sha256: str) -> Parties:
    return parse_parties(Taken.objects.filter(sha256=sha256).values_list("text", flat=True)[0].encode())
