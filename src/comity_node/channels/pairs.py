"""The figures of a channel of many: who asked whom, as a grid, and those between two of them by themselves.

Nothing is summed over parties: what one owes another is no answer to what a third was owed.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

import msgspec
from django.conf import settings

from comity.reciprocity import ALL

if TYPE_CHECKING:
    from collections.abc import Iterable

    from comity.reciprocity import Figures, Line

Pair = tuple[str, str]


def pairs(parties: Iterable[str]) -> list[Pair]:
    """Every two parties of a channel, those we are one of first."""
    ours = settings.NODE.party
    return sorted(combinations(sorted(parties), 2), key=lambda pair: (ours not in pair, pair))


def of_line(line: Line) -> Pair:
    """Between which two a line of figures is."""
    one, other = sorted((line.requesting, line.requested))
    return one, other


def between(found: Figures, pair: Pair) -> Figures:
    """The figures of what two asked of each other."""
    lines = tuple(one for one in found.lines if of_line(one) == pair)
    terms = tuple(one for one in found.terms if one.performer in pair)
    return msgspec.structs.replace(found, lines=lines, terms=terms)


def grid(found: Figures, parties: Iterable[str]) -> list[dict[str, Any]]:
    """Who asked whom: a row for each that asks, with what it lodged with each, and how much is unanswered."""
    counts: dict[tuple[str, str], list[int]] = {}
    for line in (one for one in found.lines if one.cut == ALL):
        lodged, unanswered = (len(line.figures.get(name, ())) for name in ("lodged", "unanswered"))
        held = counts.setdefault((line.requesting, line.requested), [0, 0])
        held[:] = [held[0] + lodged, held[1] + unanswered]
    seated = sorted(parties)
    return [
        {
            "party": asks,
            "ours": asks == settings.NODE.party,
            "cells": [_cell(asks, asked, counts.get((asks, asked))) for asked in seated],
        }
        for asks in seated
    ]


def _cell(asks: str, asked: str, counted: list[int] | None) -> dict[str, Any]:
    lodged, unanswered = counted or (0, 0)
    return {
        "party": asked,
        "itself": asks == asked,
        "pair": "/".join(sorted((asks, asked))),
        "lodged": lodged,
        "unanswered": unanswered,
    }
