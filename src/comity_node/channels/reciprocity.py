"""The figures of reciprocity of a channel, as a page, a file and a command show them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comity.instruments import library
from comity.reciprocity import FIGURES, count
from comity.reciprocity import document as plain
from comity_node.listing.export import Column
from comity_node.register.queries import channel_logs
from comity_node.register.reckoning import reckoned

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from comity.instruments import Instrument
    from comity.reciprocity import Figures, Line

MOST_SHOWN: Final = 200
NAMES: Final[Mapping[str, Any]] = {
    "lodged": gettext_lazy("Lodged"),
    "receipted": gettext_lazy("Receipted"),
    "lodged_in_suspension": gettext_lazy("Lodged in a suspension"),
    "acknowledged": gettext_lazy("Acknowledged"),
    "returned": gettext_lazy("Returned as incomplete"),
    "granted_in_whole": gettext_lazy("Granted in whole"),
    "granted_in_part": gettext_lazy("Granted in part"),
    "refused": gettext_lazy("Refused"),
    "postponed": gettext_lazy("Postponed"),
    "withdrawn": gettext_lazy("Withdrawn"),
    "unanswered": gettext_lazy("Unanswered"),
    "overdue": gettext_lazy("Overdue"),
    "preservation_followed_up": gettext_lazy("Preservation followed up"),
    "preservation_lost": gettext_lazy("Preservation lost for want of a follow-up"),
    "lapsed": gettext_lazy("Lapsed"),
}


def figures(channel: str, *, as_of: datetime, since: datetime | None = None) -> Figures:
    """Count a channel."""
    cases, terms = reckoned(channel, as_of)
    parties = {log.party for log in channel_logs(channel)}
    return count(cases, parties=parties, as_of=as_of, since=since, terms=terms)


def document(channel: str, *, as_of: datetime, since: datetime | None = None) -> dict[str, Any]:
    """All of it as plain data, equal on both nodes to the byte once it is encoded."""
    return plain(channel, figures(channel, as_of=as_of, since=since))


COLUMNS: Final[tuple[Column[dict[str, Any]], ...]] = (
    Column("requesting", lambda row: row["requesting"]),
    Column("requested", lambda row: row["requested"]),
    Column("instrument", lambda row: row["instrument"]),
    Column("procedure", lambda row: row["procedure"]),
    Column("type", lambda row: row["type"]),
    Column("figure", lambda row: row["figure"]),
    Column("count", lambda row: row["count"]),
    Column("entries", lambda row: row["entries"]),
)


def rows(found: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The figures of such a document as rows, a figure each, with the entries that make it."""
    for line in found["lines"]:
        of = {name: line[name] for name in ("requesting", "requested", "instrument", "procedure", "type")}
        for name, made in line["figures"].items():
            yield {**of, "figure": name, "count": made["count"], "entries": " ".join(made["entries"])}


def opened(found: Figures, key: str, figure: str) -> dict[str, Any] | None:
    """The entries that make one number: of a line (``requesting/instrument/procedure/type``) and a figure."""
    line = next((one for one in found.lines if _key(one) == key), None)
    if line is None or figure not in line.figures:
        return None
    made = line.figures[figure]
    return {
        "name": NAMES[figure],
        "requesting": line.requesting,
        "count": len(made),
        "entries": [
            (ref, reverse("web:entry", args=[ref.origin.party, ref.origin.channel, ref.index]))
            for ref in made[:MOST_SHOWN]
        ],
        "more": max(0, len(made) - MOST_SHOWN),
    }


def terms_of(found: Figures) -> list[dict[str, Any]]:
    """Terms of resumption by performer, as a page counts them."""
    return [
        {
            "performer": one.performer,
            "said": [(_(name), len(made)) for name, made in one.by_standing.items()],
            "past": len(one.past_their_day),
        }
        for one in found.terms
    ]


def _key(line: Line) -> str:
    return f"{line.requesting}/{line.requested}/{line.instrument}/{line.procedure}/{line.type}"


def tables(found: Figures) -> list[dict[str, Any]]:
    """The figures as a page sets them: for each instrument and procedure, the directions side by side."""
    groups: dict[tuple[str, str, str], list[Line]] = {}
    for one in found.lines:
        groups.setdefault((one.instrument, one.procedure, one.type), []).append(one)
    return [_table(key, lines) for key, lines in groups.items()]


def _table(key: tuple[str, str, str], lines: list[Line]) -> dict[str, Any]:
    text = library().get(key[0])
    most = max((len(one.figures.get(name, ())) for one in lines for name in FIGURES), default=0)
    return {
        "instrument": text.short if text else key[0],
        "procedure": _(text.procedure(key[1]).title) if text else key[1],
        "type": _type(text, key[2]),
        "directions": [(one.requesting, one.requesting == settings.NODE.party) for one in lines],
        "rows": [
            {
                "name": NAMES[name],
                "figure": name,
                "cells": [_cell(one, name, most) for one in lines],
                "because": list(_because(text, lines, name)),
            }
            for name in FIGURES
            if any(name in one.figures for one in lines)
        ],
        "responses": [_took(one) for one in lines] if any(one.response.count for one in lines) else [],
    }


def _cell(one: Line, name: str, most: int) -> dict[str, Any]:
    made = one.figures.get(name, ())
    wide = round(100 * len(made) / most) if most else 0
    ours = one.requesting == settings.NODE.party
    return {"count": len(made), "wide": wide, "of": _key(one), "ours": ours, "party": one.requesting}


def _took(one: Line) -> dict[str, Any]:
    median, p90 = (
        None if one is None else timedelta(seconds=one) for one in (one.response.median, one.response.p90)
    )
    return {"party": one.requesting, "count": one.response.count, "median": median, "p90": p90}


def _because(
    text: Instrument | None, lines: list[Line], name: str
) -> Iterator[tuple[str, list[tuple[str, int]]]]:
    labels = {one.id: one.label for one in (*text.grounds, *text.reasons)} if text else {}
    why = dict.fromkeys(one for line in lines for one in line.because.get(name, ()))
    for one in why:
        counts = [(line.requesting, len(line.because.get(name, {}).get(one, ()))) for line in lines]
        yield _(labels.get(one, one)), counts


def _type(text: Instrument | None, name: str) -> str:
    labels = {one.id: one.label for one in text.types} if text else {}
    return _(labels.get(name, name)) if name else ""
