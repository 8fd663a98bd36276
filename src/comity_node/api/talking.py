"""Offers, positions and the dry run of a resumption: the same as on their pages, page by page."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

import msgspec
from django.utils import timezone

from comity.names import EntryRef
from comity_node.api import asked, reading, talked
from comity_node.api.call import href
from comity_node.api.counting import open_channel
from comity_node.api.errors import UnreadableCall
from comity_node.assistance import talks
from comity_node.channels import resuming

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from comity_node.api.call import Call


def offers(call: Call[asked.Paged]) -> talked.Offers:
    """List the offers each side made in a channel, what became of each, and since when it is unanswered."""
    channel, said = open_channel(call), call.said
    part, total = _page(talks.offer_documents(channel), said)
    titles = reading.titles(talks.rows(channel, [one["ref"] for one in part]))
    rows = [
        {**one, "title": titles[one["ref"]], "href": href("requests", channel, one["ref"])} for one in part
    ]
    found = msgspec.convert(rows, list[talked.Offer])
    return talked.Offers(offers=found, page=said.page, size=said.size, total=total)


def positions(call: Call[asked.Paged]) -> talked.Positions:
    """List the subjects on which positions were stated in a channel, and the entry that holds each side's."""
    channel, said = open_channel(call), call.said
    part, total = _page(talks.position_documents(channel), said)
    titles = reading.titles(talks.rows(channel, [one["ref"] for one in part]))
    rows = [
        {
            **one,
            "title": titles[one["ref"]],
            "held": {
                party: {**held, "entry_href": _entry(held["entry"])} for party, held in one["held"].items()
            },
            "href": href("requests", channel, one["ref"]),
        }
        for one in part
    ]
    found = msgspec.convert(rows, list[talked.Position])
    return talked.Positions(positions=found, page=said.page, size=said.size, total=total)


def resumption(call: Call[asked.WantedResumption]) -> talked.Resumption:
    """Show what would move in a channel if its suspensions ended: a dry run that changes nothing."""
    channel, said = open_channel(call), call.said
    at = said.at or timezone.now().replace(microsecond=0)
    try:
        found = resuming.document(channel, at=at, refs=[said.of] if said.of else ())
    except OverflowError as error:
        raise UnreadableCall(f"no clock can be carried to {at.isoformat()}") from error
    part, total = _page(found["procedures"], said)
    moved = [
        {
            **one,
            "obligations": [
                {**owed, "href": href("requests", owed["channel"], owed["ref"])}
                for owed in one["obligations"]
            ],
            "href": href("requests", channel, one["ref"]),
        }
        for one in part
    ]
    paged = {**found, "procedures": moved, "page": said.page, "size": said.size, "total": total}
    return msgspec.convert(paged, talked.Resumption)


def _page(rows: Iterable[dict[str, Any]], said: asked.Paged) -> tuple[list[dict[str, Any]], int]:
    """The rows of one page, and how many there are of all."""
    each: Iterator[dict[str, Any]] = iter(rows)
    passed = sum(1 for _ in islice(each, (said.page - 1) * said.size))
    part = list(islice(each, said.size))
    return part, passed + len(part) + sum(1 for _ in each)


def _entry(name: str) -> str:
    ref = EntryRef.parse(name)
    return href("entries", ref.origin.party, ref.origin.channel, str(ref.index))
