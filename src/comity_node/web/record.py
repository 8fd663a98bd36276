"""The double record: entries of both logs on one axis, ready to be drawn.

The register supplies the entries in their deterministic order; nothing here reorders them. The rows
come out by run and by day, so that the template only has to loop.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from comity_node.web import wording

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime

    from comity.names import EntryRef
    from comity_node.web.shown import Shown

_SHORT_DAY: Final = "j M"


@dataclass(frozen=True)
class Side:
    """A party as the head of its column."""

    code: str
    name: str
    ours: bool


@dataclass(frozen=True)
class Answered:
    """An entry that this one answers, as the row cites it."""

    anchor: str
    code: str
    index: int


@dataclass(frozen=True)
class Row:
    """One entry with its author, whose column it stands in, and the party whose receipt it needs.

    What a row says is put in words here: fifty rows on a page would spend most of its time in the template's
    filters.

    Attributes:
        entry: What is shown.
        author: Whose column it stands in.
        reader: Whose receipt it needs.
        now: The instant the page speaks of.
    """

    entry: Shown
    author: Side
    reader: Side
    now: datetime

    @property
    def anchor(self) -> str:
        """The row's place on the page, so that an answer can link to what it answers."""
        return anchor(self.entry.ref)

    @property
    def code(self) -> str:
        """Its author, as people cite it."""
        return self.entry.ref.origin.party.upper()

    @property
    def answers(self) -> list[Answered]:
        """The entries it answers."""
        return [Answered(anchor(to), to.origin.party.upper(), to.index) for to in self.entry.answers]

    @property
    def instant(self) -> str:
        """When it was authored, for machines."""
        return wording.in_utc(self.entry.at).isoformat()

    @property
    def hour(self) -> str:
        """The hour it was authored at, by UTC."""
        return wording.hour(self.entry.at, seconds=True)

    @property
    def payload(self) -> str:
        """The size of its sealed content; empty where there is none."""
        return wording.size(self.entry.payload_size) if self.entry.payload_size else ""

    @property
    def receipted_by(self) -> str:
        """Who signed for it; of many it is enough to say that somebody it concerns did."""
        if not self.reader.code:
            return _("Receipted")
        return _("Receipted by %(code)s") % {"code": self.reader.code.upper()}

    @property
    def receipt_instant(self) -> str:
        """When it was signed for, for machines."""
        return wording.in_utc(self.entry.receipt.at).isoformat() if self.entry.receipt else ""

    @property
    def receipt_hour(self) -> str:
        """When it was signed for, by UTC; with its day where that is another than the entry's."""
        if self.entry.receipt is None:
            return ""
        at = wording.in_utc(self.entry.receipt.at)
        hour = wording.hour(at, seconds=True)
        same_day = at.date() == wording.in_utc(self.entry.at).date()
        return hour if same_day else f"{date_format(at, _SHORT_DAY)}, {hour}"

    @property
    def receipt_size(self) -> str:
        """The size of the tree that was signed for."""
        return _("at size %(size)s") % {"size": self.entry.receipt.size} if self.entry.receipt else ""

    @property
    def waiting(self) -> str:
        """Since when, and for how long, nobody has signed for it."""
        said = {"hour": wording.hour(self.entry.at), "span": wording.duration(self.now - self.entry.at)}
        return _("since %(hour)s, %(span)s") % said


@dataclass
class Day:
    """Neighbouring rows of one day, by UTC."""

    at: date
    rows: list[Row] = field(default_factory=list)


@dataclass
class Run:
    """What stands under one heading: a whole record, or one procedure of it."""

    procedure: str
    days: list[Day] = field(default_factory=list)

    def add(self, row: Row) -> None:
        """Put the row last; it opens a day where its own differs from the one before."""
        at = wording.in_utc(row.entry.at).date()
        if not self.days or self.days[-1].at != at:
            self.days.append(Day(at))
        self.days[-1].rows.append(row)


def anchor(ref: EntryRef) -> str:
    """Return the id of an entry's row: unique on a page that shows one channel."""
    return f"e-{ref.origin.party}-{ref.index}"


def compose(
    entries: Iterable[Shown], *, ours: Side, theirs: Side, now: datetime, by_procedure: bool = False
) -> list[Run]:
    """Lay the entries out in rows.

    Args:
        entries: In deterministic order.
        ours: The party whose node this is.
        theirs: Its counterpart in the channel.
        now: The instant the page speaks of.
        by_procedure: Bring the entries of each procedure together, in the order the procedures began;
            otherwise the record is one run, in time.
    """
    runs: dict[str, Run] = {}
    for entry in entries:
        procedure = entry.procedure if by_procedure else ""
        author, reader = (ours, theirs) if entry.ours else (theirs, ours)
        runs.setdefault(procedure, Run(procedure)).add(Row(entry, author, reader, now))
    return list(runs.values())
