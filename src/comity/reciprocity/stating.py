"""Figures as they are stated and published: every number, over which logs they were counted, and no entry.

The numbers of a channel can be shown to anybody; the entries that make them stay with the parties, and are
bound to them by one digest. Who holds both logs counts again and comes to the same bytes.

Follows: docs/spec/reciprocity.md, Stating.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, NamedTuple

import msgspec

from comity.errors import MalformedFigures
from comity.forms import learnt
from comity.reciprocity.document import document, encoded
from comity.reciprocity.figures import Cut, Extent, Response

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from comity.reciprocity.figures import Figures

FORM: Final = "comity/figures/v1"
MAX_FIGURES: Final = 2**20
_Short = Annotated[str, msgspec.Meta(max_length=120)]
_Count = Annotated[int, msgspec.Meta(ge=0, le=2**53)]
_Counts = dict[_Short, _Count]
_Hash = Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]


@learnt
class Head(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How much of one log was counted: so many entries from its beginning, and their root in hexadecimal."""

    size: _Count
    root: _Hash


@learnt
class CountedLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A line of figures: its direction, instrument, procedure and cut, and numbers only.

    Attributes:
        exercise: ``yes`` or left out.
    """

    requesting: _Short
    requested: _Short
    instrument: _Short
    procedure: _Short
    type: _Short
    urgency: _Short
    suspension: _Short
    period: _Short
    figures: _Counts
    because: dict[_Short, _Counts]
    response: Response
    exercise: _Short = ""

    @property
    def key(self) -> tuple[str, ...]:
        """What the line is of."""
        return (self.requesting, self.requested, self.instrument, self.procedure, *self.cut)

    @property
    def cut(self) -> Cut:
        """Which of the procedures it is of."""
        return Cut(self.type, self.urgency, self.suspension, self.period, self.exercise)

    def numbers(self) -> Iterator[tuple[str, int]]:
        """Every number of the line, by name: a figure, ``refused/ground``, ``response/median``."""
        yield from self.figures.items()
        for figure, by in self.because.items():
            yield from ((f"{figure}/{why}", count) for why, count in by.items())
        took = self.response
        for name, seconds in (("count", took.count or None), ("median", took.median), ("p90", took.p90)):
            if seconds is not None:
                yield f"response/{name}", seconds


@learnt
class CountedTerms(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The terms of resumption one party is to perform, by standing; numbers only."""

    performer: _Short
    by_standing: _Counts
    past_their_day: _Count


@learnt
class StatedFigures(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Figures as a party states them.

    Attributes:
        logs: How much of each log they were counted over, by party.
        entries: SHA-256 of the document with the entries that make each number.
    """

    form: Literal["comity/figures/v1"]
    channel: _Short
    since: datetime | None
    as_of: datetime
    logs: dict[_Short, Head]
    lines: tuple[CountedLine, ...]
    terms: tuple[CountedTerms, ...]
    entries: _Hash

    @property
    def digest(self) -> str:
        """SHA-256 of its one spelling, in hexadecimal: what an entry states."""
        return hashlib.sha256(self.encode()).hexdigest()

    @property
    def extent(self) -> Extent:
        """What has to be counted to come to the same."""
        sizes = tuple((party, head.size) for party, head in sorted(self.logs.items()))
        return Extent(self.as_of, self.since, sizes)

    def encode(self) -> bytes:
        """The one spelling: JSON, keys sorted, no spaces, instants as everywhere in the documents."""
        return encoded(self.plain())

    def plain(self) -> dict[str, Any]:
        """As plain data, for a payload."""
        said: dict[str, Any] = msgspec.to_builtins(self)
        said["as_of"] = self.as_of.isoformat()
        said["since"] = self.since.isoformat() if self.since else None
        return said


class Difference(NamedTuple):
    """One number that two counts do not share.

    Attributes:
        key: Of what line; for terms, the performer alone.
        name: Which number.
    """

    key: tuple[str, ...]
    name: str
    ours: int
    theirs: int

    def said(self) -> str:
        """In a line, for a message."""
        return f"{' '.join(filter(None, self.key))}, {self.name}: {self.ours:,}, not {self.theirs:,}"


def stated_figures(channel: str, figures: Figures, logs: Mapping[str, Head]) -> StatedFigures:
    """Figures counted over the beginnings of logs, as they are stated."""
    whole = document(channel, figures)
    counts = {
        **whole,
        "form": FORM,
        "logs": {party: {"size": one.size, "root": one.root} for party, one in logs.items()},
        "lines": [
            {
                **line,
                "figures": {name: made["count"] for name, made in line["figures"].items()},
            }
            for line in whole["lines"]
        ],
        "terms": [
            {
                "performer": one["performer"],
                "by_standing": {name: len(made) for name, made in one["by_standing"].items()},
                "past_their_day": len(one["past_their_day"]),
            }
            for one in whole["terms"]
        ],
        "entries": hashlib.sha256(encoded(whole)).hexdigest(),
    }
    return msgspec.convert(counts, StatedFigures)


def read_figures(said: object) -> StatedFigures:
    """Read what a party stated, as plain data.

    Raises:
        MalformedFigures: It is not in the form, or longer than figures can be.
    """
    try:
        found = msgspec.convert(said, StatedFigures)
    except (msgspec.ValidationError, RecursionError) as wrong:
        raise MalformedFigures(f"the figures are not in their form: {str(wrong)[:200]}") from wrong
    if found.as_of.utcoffset() is None or (found.since is not None and found.since.utcoffset() is None):
        raise MalformedFigures("the figures are not in their form: an instant has no zone")
    if len(found.encode()) > MAX_FIGURES:
        raise MalformedFigures(f"figures have at most {MAX_FIGURES} bytes")
    return found


def differences(ours: StatedFigures, theirs: StatedFigures) -> Iterator[Difference]:
    """The numbers in which two counts differ, line by line; none where only the entries behind them do."""
    mine, other = dict(_numbers(ours)), dict(_numbers(theirs))
    for key, name in sorted(mine.keys() | other.keys()):
        one, two = mine.get((key, name), 0), other.get((key, name), 0)
        if one != two:
            yield Difference(key, name, one, two)


def _numbers(found: StatedFigures) -> Iterator[tuple[tuple[tuple[str, ...], str], int]]:
    for line in found.lines:
        yield from (((line.key, name), count) for name, count in line.numbers())
    for one in found.terms:
        yield from ((((one.performer,), f"terms/{name}"), count) for name, count in one.by_standing.items())
        yield ((one.performer,), "terms/past_their_day"), one.past_their_day
