"""Seeking in what can be found: words of people in, passages out, never more than a page can bear."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from django.db import connection

from comity_node.finding.words import terms
from comity_node.register import models, words_index
from comity_node.register.passages import mark

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST: Final = 500  # of one sort; the latest kept
SORTS: Final = ("request", "talk", "exhibit", "contact", "entry")
_OPEN: Final = "open"
_LAST_DAY: Final = date(9999, 12, 30)
_OF_HEAD: Final = (
    "EXISTS (SELECT 1 FROM register_passage h WHERE h.channel = p.channel AND h.ref = p.ref"
    " AND h.kinds = p.kinds AND h.origin = '' AND h.\"index\" = -1 AND "
)


@dataclass(frozen=True, slots=True)
class Sought:
    """What somebody seeks.

    Attributes:
        words: As typed. Each must be there, by its beginning; their order does not matter.
        sort: ``request``, ``talk``, ``exhibit``, ``contact`` or ``entry``; empty for all.
        channel: Only this channel.
        ref: Only this procedure.
        side: ``ours`` or ``theirs``: whose it is.
        kinds: Only of procedures whose entries' kinds begin so.
        since: Not done before this day, in UTC.
        until: Not done after this day, in UTC.
        standing: A state of the procedure, or ``open``.
    """

    words: str = ""
    sort: str = ""
    channel: str = ""
    ref: str = ""
    side: str = ""
    kinds: str = ""
    since: date | None = None
    until: date | None = None
    standing: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """What was found of one sort.

    Attributes:
        keys: Of the passages, those of the latest acts first.
        is_all: Whether there is no more of it.
    """

    keys: tuple[int, ...]
    is_all: bool

    def passages(self, start: int, stop: int) -> list[models.Passage]:
        """Some of them, in order."""
        wanted = self.keys[start:stop]
        rows = models.Passage.objects.defer("tokens").in_bulk(wanted) if wanted else {}
        return [rows[key] for key in wanted if key in rows]


def seek(sought: Sought) -> dict[str, Found]:
    """What was found, by sort; nothing where no word was given that can be sought."""
    wanted = terms(sought.words)
    sorts = [sort for sort in SORTS if sought.sort in ("", sort)] if wanted else []
    return {sort: _of_sort(sought, wanted, sort) for sort in sorts}


def _of_sort(sought: Sought, wanted: list[str], sort: str) -> Found:
    narrowed = {"sort": sort, "in": sought.channel, "side": sought.side, "of": sought.kinds}
    marks = [mark(what, value) for what, value in narrowed.items() if value]
    where, values = _conditions(sought)
    keys = words_index.hits(wanted, marks, where, values, MOST + 1)
    dated = models.Passage.objects.filter(pk__in=keys[:MOST]).order_by("-at", "pk")
    return Found(tuple(dated.values_list("pk", flat=True)), len(keys) <= MOST)


def _conditions(sought: Sought) -> tuple[list[str], list[object]]:
    where: list[str] = []
    values: list[object] = []
    if sought.ref:
        where.append("p.ref = %s")
        values.append(sought.ref)
    if sought.since:
        where.append("p.at >= %s")
        values.append(_begins(sought.since))
    if sought.until:
        where.append("p.at < %s")
        values.append(_begins(min(sought.until, _LAST_DAY) + timedelta(days=1)))
    if sought.standing == _OPEN:
        where.append(_OF_HEAD + "NOT h.final)")
    elif sought.standing:
        where.append(_OF_HEAD + "h.standing = %s)")
        values.append(sought.standing)
    return where, values


def _begins(day: date) -> object:
    """The first instant of a day, as the database keeps instants."""
    return connection.ops.adapt_datetimefield_value(datetime.combine(day, time(), UTC))


_MOST_LINKED: Final = 12
_LOOKED_AT: Final = 20  # passages for each procedure wanted: one may say it in many entries
_REFERENCE: Final = re.compile(r"[a-z0-9]+(?:_[a-z0-9]+)*_\d{4}_[a-z]?\d+")


def mentions(channel: str, ref: str, sort: str) -> list[str]:
    """The procedures of a channel of which something says this reference, the latest so many."""
    return naming(channel, ref, sort, _MOST_LINKED)[0]


def naming(channel: str, ref: str, sort: str, most: int) -> tuple[list[str], bool]:
    """The procedures of a channel of which something says this very reference, the latest first.

    Returns:
        So many of them at most, and whether they are all.
    """
    wanted = terms(ref)
    if not wanted:
        return [], True
    looked_at = _LOOKED_AT * most
    keys = words_index.hits(wanted, [mark("sort", sort), mark("in", channel)], [], [], looked_at + 1)
    rows = models.Passage.objects.filter(pk__in=keys[:looked_at]).exclude(ref=ref).order_by("-at", "pk")
    said = rows.values_list("ref", "tokens").iterator(100)
    found = list(dict.fromkeys(other for other, tokens in said if _says(tokens, wanted)))
    return found[:most], len(keys) <= looked_at and len(found) <= most


def _says(tokens: str, wanted: Sequence[str]) -> bool:
    """Whether the words sought stand there whole, or as first parts of longer ones: no 2026-10 for 2026-1."""
    return all(f" {term} " in f" {tokens} " or f" {term}_" in f" {tokens} " for term in wanted)


def mentioned(channel: str, ref: str, kinds: str) -> list[str]:
    """What reads like a reference in what the entries of a procedure say; whether it is one is not known."""
    rows = models.Passage.objects.filter(channel=channel, ref=ref, kinds=kinds, sort="entry").order_by(
        "at", "pk"
    )
    words = (word for text in rows.values_list("tokens", flat=True)[:200] for word in text.split(" "))
    found = (word.replace("_", "-") for word in words if _REFERENCE.fullmatch(word))
    return list(dict.fromkeys(one for one in found if one != ref))[: 4 * _MOST_LINKED]
