"""The double record: entries of both logs on one axis, ready to be drawn.

The register supplies the entries in their deterministic order; nothing here reorders them. The rows
come out by run and by day, so that the template only has to loop.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from comity_node.web import wording

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from comity.names import EntryRef
    from comity_node.web.shown import Shown


@dataclass(frozen=True)
class Side:
    """A party as the head of its column."""

    code: str
    name: str
    ours: bool


@dataclass(frozen=True)
class Row:
    """One entry with its author, whose column it stands in, and the party whose receipt it needs."""

    entry: Shown
    author: Side
    reader: Side

    @property
    def anchor(self) -> str:
        """The row's place on the page, so that an answer can link to what it answers."""
        return anchor(self.entry.ref)


@dataclass
class Day:
    """Neighbouring rows of one day, by UTC."""

    at: datetime
    rows: list[Row] = field(default_factory=list)


@dataclass
class Run:
    """What stands under one heading: a whole record, or one procedure of it."""

    procedure: str
    days: list[Day] = field(default_factory=list)

    def add(self, row: Row) -> None:
        """Put the row last; it opens a day where its own differs from the one before."""
        at = row.entry.at
        if not self.days or wording.day(self.days[-1].at) != wording.day(at):
            self.days.append(Day(at))
        self.days[-1].rows.append(row)


def anchor(ref: EntryRef) -> str:
    """Return the id of an entry's row: unique on a page that shows one channel."""
    return f"e-{ref.origin.party}-{ref.index}"


def compose(entries: Iterable[Shown], *, ours: Side, theirs: Side, by_procedure: bool = False) -> list[Run]:
    """Lay the entries out in rows.

    Args:
        entries: In deterministic order.
        ours: The party whose node this is.
        theirs: Its counterpart in the channel.
        by_procedure: Bring the entries of each procedure together, in the order the procedures began;
            otherwise the record is one run, in time.
    """
    runs: dict[str, Run] = {}
    for entry in entries:
        procedure = entry.procedure if by_procedure else ""
        author, reader = (ours, theirs) if entry.ours else (theirs, ours)
        runs.setdefault(procedure, Run(procedure)).add(Row(entry, author, reader))
    return list(runs.values())
