"""The figures of reciprocity of a channel, as a page, a file and a command show them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from comity.instruments import library
from comity.reciprocity import FIGURES, Cut, Extent
from comity.reciprocity import document as plain
from comity_node.listing.export import Column
from comity_node.register.figure_words import (
    NAMES,
    cut_words,
    instrument_words,
    procedure_words,
    why_words,
)
from comity_node.register.reckoning import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from comity.instruments import Instrument
    from comity.reciprocity import By, Figures, Line

MOST_SHOWN: Final = 200


def figures(channel: str, *, as_of: datetime, since: datetime | None = None, by: By = "month") -> Figures:
    """Count a channel, unless it was counted and has not changed."""
    return counted(channel, Extent(as_of, since), by=by)


def document(channel: str, *, as_of: datetime, since: datetime | None = None) -> dict[str, Any]:
    """All of it as plain data, equal on both nodes to the byte once it is encoded."""
    return plain(channel, figures(channel, as_of=as_of, since=since))


_OF: Final = ("requesting", "requested", "instrument", "procedure", *Cut._fields)
COLUMNS: Final[tuple[Column[dict[str, Any]], ...]] = tuple(
    Column(name, lambda row, name=name: row[name])  # type: ignore[misc]
    for name in (*_OF, "figure", "because", "count", "entries")
)


def rows(found: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Such a document as rows, a number each: figures, reasons and grounds, times to answer, terms."""
    for line in found["lines"]:
        of = {name: line.get(name, "") for name in _OF}
        for name, made in line["figures"].items():
            yield _number(of, name, made["count"], " ".join(made["entries"]))
            for why, n in line["because"].get(name, {}).items():
                yield {**_number(of, name, n), "because": why}
        took = line["response"]
        if took["count"]:
            yield _number(of, "answered", took["count"])
            yield from (_number(of, f"seconds_to_answer_{one}", took[one]) for one in ("median", "p90"))
    for one in found["terms"]:
        of = {"requested": one["performer"]}
        for name, made in one["by_standing"].items():
            yield _number(of, f"term_{name}", len(made), " ".join(each.replace(" ", "/") for each in made))
        yield _number(of, "term_past_its_day", len(one["past_their_day"]))


def _number(of: Mapping[str, str], figure: str, count: int, entries: str = "") -> dict[str, Any]:
    """One row; what it does not say is empty."""
    return {
        **dict.fromkeys(_OF, ""),
        **of,
        "figure": figure,
        "because": "",
        "count": count,
        "entries": entries,
    }


def opened(found: Figures, key: str, figure: str) -> dict[str, Any] | None:
    """The entries that make one number, by the key of its line and the name of its figure."""
    line = next((one for one in found.lines if key_of(one) == key), None)
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


def key_of(line: Line) -> str:
    """By what an address names a line: direction, instrument, procedure and cut."""
    of = (line.requesting, line.requested, line.instrument, line.procedure)
    return "/".join((*of, *line.cut.plain().values()))


def tables(found: Figures) -> list[dict[str, Any]]:
    """The figures as a page sets them: for each instrument and procedure, the directions side by side.

    First all of a procedure, then each of its cuts; by period they are drawn.
    """
    groups: dict[tuple[str, str, Cut], list[Line]] = {}
    for one in found.lines:
        if not one.cut.period:
            groups.setdefault((one.instrument, one.procedure, one.cut), []).append(one)
    return [_table(key, groups[key]) for key in sorted(groups)]


def _table(key: tuple[str, str, Cut], lines: list[Line]) -> dict[str, Any]:
    instrument, procedure, cut = key
    text = library().get(instrument)
    most = max((len(one.figures.get(name, ())) for one in lines for name in FIGURES), default=0)
    return {
        "instrument": instrument_words(instrument),
        "procedure": procedure_words(instrument, procedure),
        "key": (instrument, procedure),
        "cut": cut_words(instrument, cut),
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
    return {"count": len(made), "wide": wide, "of": key_of(one), "ours": ours, "party": one.requesting}


def _took(one: Line) -> dict[str, Any]:
    median, p90 = (
        None if one is None else timedelta(seconds=one) for one in (one.response.median, one.response.p90)
    )
    return {"party": one.requesting, "count": one.response.count, "median": median, "p90": p90}


def _because(
    text: Instrument | None, lines: list[Line], name: str
) -> Iterator[tuple[str, list[tuple[str, int]]]]:
    why = dict.fromkeys(one for line in lines for one in line.because.get(name, ()))
    for one in why:
        counts = [(line.requesting, len(line.because.get(name, {}).get(one, ()))) for line in lines]
        yield why_words(text, one), counts
