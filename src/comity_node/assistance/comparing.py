"""What legal services put on record about a text: that they compared it with the authentic one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.db.models import F, Window
from django.db.models.functions import RowNumber
from django.urls import reverse
from django.utils.translation import gettext as _

from comity.lifecycle.stated import day, values
from comity.names import EntryRef
from comity_node.assistance.models import Request
from comity_node.register import queries as register

if TYPE_CHECKING:
    from datetime import date

    from comity_node.register.queries import Received

MOST: Final = 100  # of each party in each channel
_PROCEDURE: Final = "comparison"


@dataclass(frozen=True, slots=True)
class Comparison:
    """One comparison, as far as it stands.

    Attributes:
        party: Whose legal service it was.
        on: The day it compared.
        rule: The statement that was compared, as its address on the page; empty for the whole text.
        agrees: The text says what the authentic one says.
    """

    party: str
    ours: bool
    on: date | None
    rule: str
    agrees: bool
    standing: str
    href: str


def comparisons(digest: str) -> list[Comparison]:
    """The comparisons of the text with this digest among the latest of each party in each channel.

    Those withdrawn are left out. However many one party records, it hides no other's.
    """
    latest = Window(
        RowNumber(),
        partition_by=[F("channel"), F("requesting")],
        order_by=[F("last_at").desc(), F("pk").desc()],
    )
    rows = Request.objects.filter(procedure=_PROCEDURE).exclude(state__in=["", "withdrawn"])
    opened = {row.said_by[0]: row for row in rows.annotate(place=latest).filter(place__lte=MOST)}
    found = [
        _comparison(opened[str(one.ref)], one)
        for one in register.these(map(EntryRef.parse, opened))
        if values(one.entry.stated, "compared_table") == (digest,)
    ]
    return sorted(found, key=lambda one: str(one.on), reverse=True)


def _comparison(row: Request, opening: Received) -> Comparison:
    said = {name: next(iter(values(opening.entry.stated, name)), "") for name in opening.entry.stated}
    return Comparison(
        party=row.requesting,
        ours=row.requesting == settings.NODE.party,
        on=day(said.get("compared_on", "")),
        rule=said.get("rule", ""),
        agrees=said.get("finding") == "agrees",
        standing=_(row.label),
        href=reverse("assistance:request", args=[row.channel, row.ref]),
    )
