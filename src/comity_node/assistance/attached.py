"""Translations attached to entries after sending: noted by what they translate, shown so many of each side.

A counterpart may attach a flood of them to any entry. It hides nothing but its own: each side's are counted
for themselves, what is certified and the latest first, and ours stand before theirs.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber

from comity.lifecycle.stated import values
from comity.names import EntryRef
from comity_node.assistance.content import content_in
from comity_node.assistance.links import address
from comity_node.assistance.models import Request, Translation
from comity_node.register import payloads
from comity_node.register import queries as register
from comity_node.register.projections import keep

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from datetime import datetime

    from comity_node.assistance.content import Content
    from comity_node.register.queries import Received

KINDS: Final = "record.translation"
ATTACHED: Final = f"{KINDS}.attached"
SHOWN: Final = 3  # of each side, beside one entry


@dataclass(frozen=True, slots=True)
class Attached:
    """A translation that was attached to an entry after it was sent.

    Attributes:
        ours: Whether our side attached it.
        content: What it says; the original is another entry's, and stays as it was.
    """

    ref: EntryRef
    ours: bool
    party: str
    by: str
    at: datetime
    href: str
    content: Content


@dataclass(frozen=True, slots=True)
class Left:
    """How many more translations of an entry one side attached."""

    party: str
    ours: bool
    count: int


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside one entry.

    Attributes:
        shown: So many of each side, ours first, then what is certified, then the latest.
        left: How many more there are.
    """

    shown: list[Attached] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)


def project(channel: str, refs: Collection[str]) -> None:
    """Note which entry each of these translations is of; what has no effect is beside none."""
    ordered = sorted(refs)
    for start in range(0, len(ordered), register.AT_ONCE):
        some = ordered[start : start + register.AT_ONCE]
        rows = list(_rows(channel, some))
        keep(rows, by=["channel", "ref"])
        gone = {*some} - {one.ref for one in rows}
        Translation.objects.filter(channel=channel, ref__in=gone).delete()


def _rows(channel: str, refs: Collection[str]) -> Iterator[Translation]:
    opened = Request.objects.filter(channel=channel, kinds=KINDS, ref__in=refs).exclude(state="")
    named = (EntryRef.parse(one[0]) for one in opened.values_list("said_by", flat=True))
    for one, sealed in payloads.sealed_payloads(register.these(named)):
        translated = next(iter(values(one.entry.stated, "translates")), "")
        if translated in map(str, one.entry.answers):
            yield Translation(
                channel=channel,
                ref=one.entry.ref,
                translated=translated,
                party=one.party,
                entry=str(one.ref),
                index=one.ref.index,
                is_certified=content_in(one, sealed).authorship.is_certified,
            )


def beside(channel: str, entries: Collection[EntryRef]) -> dict[EntryRef, Beside]:
    """The translations in a channel of these entries, by the entry they translate."""
    one_side = [F("translated"), F("party")]
    latest = [F("is_certified").desc(), F("index").desc()]
    rows = Translation.objects.filter(channel=channel, translated__in=[str(ref) for ref in entries]).annotate(
        place=Window(RowNumber(), partition_by=one_side, order_by=latest),
        total=Window(Count("pk"), partition_by=one_side),
    )
    chosen = list(rows.filter(place__lte=SHOWN).order_by("translated", "party", "place"))
    received = {str(one.ref): one for one in register.these(EntryRef.parse(one.entry) for one in chosen)}
    opened = {
        str(one.ref): _attached(one, content_in(one, sealed))
        for one, sealed in payloads.sealed_payloads(received.values())
    }
    found: dict[EntryRef, Beside] = {}
    for row in sorted(chosen, key=lambda row: (not opened[row.entry].ours, row.place)):
        one = found.setdefault(EntryRef.parse(row.translated), Beside())
        one.shown.append(opened[row.entry])
        if row.place == 1 and row.total > SHOWN:
            one.left.append(Left(row.party, opened[row.entry].ours, row.total - SHOWN))
    return found


def _attached(one: Received, content: Content) -> Attached:
    return Attached(
        ref=one.ref,
        ours=one.ours,
        party=one.party,
        by=f"{one.entry.by.office}, {one.entry.by.capacity}",
        at=one.entry.authored_at,
        href=address("assistance:request", one.ref.origin.channel, one.entry.ref),
        content=content,
    )
