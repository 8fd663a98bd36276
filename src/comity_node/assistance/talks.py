"""Offers and positions of a channel: what each side put to the other, what became of it, and what each holds.

Follows: docs/spec/procedures.md, Offers and Positions.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _

from comity.lifecycle.stated import values
from comity.lifecycle.suspensions import KINDS as SUSPENSIONS
from comity.names import EntryRef
from comity_node.assistance import queries
from comity_node.assistance.content import content_of
from comity_node.assistance.links import address, place
from comity_node.assistance.models import Request
from comity_node.listing import table
from comity_node.register import queries as register
from comity_node.register.rooms import Panel

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from django.db.models import QuerySet
    from django.http import QueryDict

    from comity_node.assistance.rows import Listed

OFFERS: Final = "channel.offer"
POSITIONS: Final = "channel.position"
SHOWN: Final = 5  # of each side on the page of a channel
PAGE: Final = 25
LONGEST_SHOWN: Final = 4_000
ON_THE_DESK: Final = 10


@dataclass(frozen=True, slots=True)
class Offer:
    """An offer in a list: ``sort`` says of what, ``at`` when it was made."""

    row: Listed
    sort: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Held:
    """What one side holds, by its own last word. ``text`` is filled in where it is read.

    Attributes:
        is_cut: The entry says more than is shown here.
        missing: Why there is no text, as ``erased``; empty where there is.
    """

    entry: EntryRef
    href: str
    at: datetime
    language: str = ""
    text: str = ""
    is_cut: bool = False
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Subject:
    """One subject on which positions were stated.

    Attributes:
        ours, theirs: What each side holds; None where it holds nothing on record.
        named: The subject as its author named it in the open, where it is read.
        concerning: The position it answers, where it is read and names one.
    """

    row: Listed
    in_suspension: bool
    ours: Held | None
    theirs: Held | None
    named: str = ""
    concerning: EntryRef | None = None


def offers(channel: str, *, ours: bool, start: int = 0, most: int = PAGE) -> list[Offer]:
    """The offers one side made, the latest first."""
    found = _offers(channel).filter(ours=ours).order_by("-lodged_at", "-pk")
    return [Offer(queries.listed(row), _sort(row), row.lodged_at) for row in found[start : start + most]]


def subjects(channel: str, *, start: int = 0, most: int = PAGE, read: bool = False) -> list[Subject]:
    """On what positions were stated, the latest word first.

    Args:
        channel: Channel id.
        start: How many are passed over.
        most: How many are wanted.
        read: Open what was sealed, too.
    """
    found = _subjects(channel).order_by("-last_at", "-pk")[start : start + most]
    return [_subject(row, read=read) for row in found]


def panel(channel: str) -> Panel | None:
    """What the channel's page shows of them: the latest of each side, and how many there are."""
    counts = {ours: _offers(channel).filter(ours=ours).count() for ours in (True, False)}
    return Panel(
        "assistance/talks_panel.html",
        {
            "channel": channel,
            "ours": offers(channel, ours=True, most=SHOWN) if counts[True] else [],
            "theirs": offers(channel, ours=False, most=SHOWN) if counts[False] else [],
            "ours_more": max(0, counts[True] - SHOWN),
            "theirs_more": max(0, counts[False] - SHOWN),
            "subjects": subjects(channel, most=SHOWN),
            "href": address("assistance:talks", channel),
        },
    )


def page(channel: str, said: QueryDict) -> dict[str, Any]:
    """The page of offers and positions: both sides', with the words of each position."""
    total = max(
        *(_offers(channel).filter(ours=ours).count() for ours in (True, False)), _subjects(channel).count()
    )
    number = table.nearest_page(table.page_number(said), size=PAGE, total=total)
    start = (number - 1) * PAGE
    return {
        "ours": offers(channel, ours=True, start=start),
        "theirs": offers(channel, ours=False, start=start),
        "subjects": subjects(channel, start=start, read=True),
        "pages": table.pages(said, number=number, size=PAGE, total=total),
    }


def awaited() -> list[Listed]:
    """Our offers, and counter-offers of ours, that others have not answered: the longest silence first."""
    found = Request.objects.filter(kinds=OFFERS, final=False).exclude(unanswered={})
    theirs = found.exclude(turn__in=("", settings.NODE.party)).order_by("receipted_at", "pk")
    return [queries.listed(row) for row in theirs[:ON_THE_DESK]]


def offer_documents(channel: str) -> Iterator[dict[str, Any]]:
    """Every offer of a channel as plain data, the same on both nodes, the earliest first."""
    for row in _offers(channel).order_by("lodged_at", "ref").iterator(500):
        yield {
            "ref": row.ref,
            "by": row.requesting,
            "to": row.requested,
            "title": row.title,
            "sort": row.types[0] if row.types else "",
            "state": row.state,
            "standing": row.label,
            "made_at": row.lodged_at.isoformat(),
            "receipted_at": row.receipted_at.isoformat() if row.receipted_at else None,
            "unanswered": {"party": row.turn, **row.unanswered} if row.unanswered else None,
        }


def position_documents(channel: str) -> Iterator[dict[str, Any]]:
    """Every subject on which positions were stated, with the entry in which each side's stands."""
    for row in _subjects(channel).order_by("lodged_at", "ref").iterator(500):
        yield {
            "ref": row.ref,
            "by": row.requesting,
            "title": row.title,
            "state": row.state,
            "in_suspension": row.kinds == SUSPENSIONS,
            "held": row.positions,
        }


def rows(channel: str, refs: Collection[str]) -> list[Request]:
    """Offers and statements of position of a channel, by reference."""
    return list((_offers(channel) | _subjects(channel)).filter(ref__in=refs))


def _offers(channel: str) -> QuerySet[Request]:
    return Request.objects.filter(channel=channel, kinds=OFFERS).exclude(state="")


def _subjects(channel: str) -> QuerySet[Request]:
    """Statements of position, and suspensions in which some were stated."""
    stated = Q(kinds=POSITIONS) | (Q(kinds=SUSPENSIONS) & ~Q(positions={}))
    return Request.objects.filter(stated, channel=channel).exclude(state="")


def _sort(row: Request) -> str:
    return _(row.types[0].replace("_", " ")) if row.types else ""


def _subject(row: Request, *, read: bool) -> Subject:
    held = {party == settings.NODE.party: _held(one, read=read) for party, one in row.positions.items()}
    found = Subject(queries.listed(row), row.kinds == SUSPENSIONS, held.get(True), held.get(False))
    if not read or found.in_suspension:
        return found
    stated = register.entry(EntryRef.parse(row.said_by[0])).entry.stated
    concerning = next(map(EntryRef.parse, values(stated, "concerning")), None)
    return replace(found, named="".join(values(stated, "subject")), concerning=concerning)


def _held(said: dict[str, str], *, read: bool) -> Held:
    ref, at = EntryRef.parse(said["entry"]), datetime.fromisoformat(said["at"])
    href = address("web:entry", *place(ref))
    if not read:
        return Held(ref, href, at)
    content = content_of(register.entry(ref))
    text = "\n\n".join(text for _name, text in content.texts)
    missing = "" if content.state == "held" and text else content.state
    return Held(ref, href, at, content.language, text[:LONGEST_SHOWN], len(text) > LONGEST_SHOWN, missing)
