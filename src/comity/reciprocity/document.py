"""Figures as plain data in one spelling, so that two sides can compare them byte by byte.

Follows: docs/spec/reciprocity.md, Document.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping

    from comity.reciprocity.figures import Figures, Line
    from comity.reciprocity.terms import TermLine


def document(channel: str, figures: Figures) -> dict[str, Any]:
    """All figures of a channel, with the entries that make them."""
    return {
        "channel": channel,
        "since": figures.since.isoformat() if figures.since else None,
        "as_of": figures.as_of.isoformat(),
        "lines": [_line(one) for one in figures.lines],
        "terms": [_terms(one) for one in figures.terms],
    }


def encoded(found: Mapping[str, Any]) -> bytes:
    """The one spelling of such a document: JSON, keys sorted, no spaces."""
    return msgspec.json.encode(found, order="sorted")


def _line(one: Line) -> dict[str, Any]:
    return {
        "requesting": one.requesting,
        "requested": one.requested,
        "instrument": one.instrument,
        "procedure": one.procedure,
        **one.cut.plain(),
        "figures": {
            name: {"count": len(made), "entries": list(map(str, made))} for name, made in one.figures.items()
        },
        "because": {name: {why: len(made) for why, made in by.items()} for name, by in one.because.items()},
        "response": msgspec.to_builtins(one.response),
    }


def _terms(one: TermLine) -> dict[str, Any]:
    return {
        "performer": one.performer,
        "by_standing": {
            name: [" ".join(map(str, each)) for each in made] for name, made in one.by_standing.items()
        },
        "past_their_day": [" ".join(map(str, each)) for each in one.past_their_day],
    }
