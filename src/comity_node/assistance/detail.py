"""One request: its standing, what each side may do, and as much of both records as a page shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.utils.translation import gettext as _

from comity_node.assistance.content import content_of
from comity_node.assistance.folded import folded
from comity_node.assistance.links import address, place
from comity_node.assistance.queries import request
from comity_node.assistance.rows import ClockRow
from comity_node.counterparts.queries import trusted
from comity_node.register import queries as register
from comity_node.register.citing import row_address, text_address

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from comity.entries import By
    from comity.instruments import Instrument, Procedure, Row, Stated
    from comity.lifecycle import Clock, Condition, Standing, Table
    from comity.names import EntryRef
    from comity_node.assistance.content import Content
    from comity_node.assistance.folded import Folded, Judgement
    from comity_node.register.queries import Received

_IN_LINES: Final = ("log", "term")  # several words each: of two in one line nobody sees where one ends


@dataclass(frozen=True, slots=True)
class Receipt:
    """The other side's cosignature over an entry."""

    at: datetime
    size: int


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry of the double record."""

    ref: EntryRef
    ours: bool
    at: datetime
    title: str
    procedure: str
    by: str
    href: str
    article: str
    article_href: str
    verified: str
    payload_size: int | None
    payload_erased: bool
    answers: tuple[EntryRef, ...]
    receipt: Receipt | None
    irregular: str
    remark: str
    reader: str
    leaf_hash: str
    stated: tuple[tuple[str, str], ...]
    stated_codes: tuple[tuple[str, str], ...] = ()

    @property
    def sent_at(self) -> datetime | None:
        """When it is known to have left: at the latest when it was receipted."""
        return self.receipt.at if self.receipt else None


@dataclass(frozen=True, slots=True)
class Side:
    """A party as the head of its column of the double record."""

    code: str
    name: str
    ours: bool


@dataclass(frozen=True, slots=True)
class Said:
    """An entry with its content opened."""

    entry: Shown
    content: Content


@dataclass(frozen=True, slots=True)
class Detail:
    """What is known of one request, computed from both logs.

    Attributes:
        folded: Where it stands, and what the table makes of each entry.
        ours: What we may do now.
        theirs: What the other party may do now.
    """

    channel: str
    ref: str
    kinds: str
    folded: Folded
    ours: tuple[Row, ...]
    theirs: tuple[Row, ...]
    sides: tuple[Side, Side]

    @property
    def instrument(self) -> Instrument:
        """The text that governs it."""
        return self.folded.table.instrument

    @property
    def standing(self) -> Standing:
        """The fold, without its acts."""
        return self.folded.standing

    @property
    def procedure(self) -> Procedure:
        """The table it is judged by."""
        return self.standing.procedure

    @property
    def size(self) -> int:
        """How many entries it has."""
        return len(self.folded.judgements)

    @property
    def clocks(self) -> tuple[ClockRow, ...]:
        """The running clocks and the latest of the others."""
        return tuple(_clock(clock, self.folded.table) for clock in self.standing.clocks)

    @property
    def conditions(self) -> list[tuple[str, Condition]]:
        """The latest conditions, each with its name in the instrument."""
        names = {one.id: one.label for one in self.instrument.conditions}
        return [(_(names.get(one.code, one.code)), one) for one in self.standing.conditions]

    @property
    def opened_at(self) -> int | None:
        """The place of the entry that opened it; None where nothing regular has.

        Either party may write an irregular entry that is read before it: the first need not be the opening.
        """
        return next((place for place, one in enumerate(self.folded.judgements) if not one.because), None)

    def entry_at(self, place: int) -> Received:
        """One entry, counted in the order both parties read them."""
        return self._part(place, place + 1)[0][1]

    def entries(self, start: int, stop: int) -> list[Shown]:
        """Some entries, counted in the order both parties read them."""
        return [entry for entry, _received in self._part(start, stop)]

    def said(self, start: int, stop: int) -> list[Said]:
        """Some entries with their content; opens payloads, so only where they are read."""
        return [Said(entry, content_of(received)) for entry, received in self._part(start, stop)]

    def _part(self, start: int, stop: int) -> list[tuple[Shown, Received]]:
        received = self.folded.received[start:stop] or register.part(
            self.channel, ref=self.ref, prefix=f"{self.kinds}.", start=start, stop=min(stop, self.size)
        )
        judged = self.folded.judgements[start:stop]
        ours, theirs = self.sides
        return [
            (_shown(found, one, self.folded.table, (theirs if one.ours else ours).code), one)
            for found, one in zip(judged, received, strict=True)
        ]


def detail(channel: str, ref: str, kinds: str = "") -> Detail | None:
    """One request, or None if nothing is on record under this reference.

    Args:
        channel: Channel id.
        ref: Its reference.
        kinds: What the kinds of its entries begin with; without, of what the reference stands for.

    Raises:
        NoSuchTable: This node lacks the edition of the instrument the channel rests on.
    """
    row = None if kinds else request(channel, ref)
    kinds = row.kinds if row else kinds
    found = folded(channel, ref, kinds) if kinds else None
    if found is None:
        return None
    own = settings.NODE.party
    pair = [party for party in (found.standing.requesting, found.standing.requested) if party]
    others = [party for party in pair if party != own] or [log.party for log in register.their_logs(channel)]
    other = others[-1]
    return Detail(
        channel=channel,
        ref=ref,
        kinds=kinds,
        folded=found,
        ours=_distinct(found.may(own)),
        theirs=_distinct(found.may(other)),
        sides=(Side(own, settings.NODE.name, ours=True), Side(other, _name(other), ours=False)),
    )


def _distinct(rows: Iterable[Row]) -> tuple[Row, ...]:
    """One row for each act: where an act has several, what it states decides between them."""
    return tuple({row.act: row for row in reversed(tuple(rows))}.values())[::-1]


def _shown(judged: Judgement, received: Received, table: Table, reader: str) -> Shown:
    entry = received.entry
    rule = table.procedure.act_of.get(judged.act)
    return Shown(
        ref=received.ref,
        ours=received.ours,
        at=entry.authored_at,
        title=_(rule.label) if rule else entry.kind,
        procedure=entry.ref,
        by=signatories(entry.by),
        href=address("web:entry", *place(received.ref)),
        article=judged.row.basis if judged.row else "",
        article_href=row_address(judged.row),
        verified=judged.row.verified.value if judged.row else "",
        payload_size=entry.payload.size if entry.payload else None,
        payload_erased=False,
        answers=entry.answers,
        receipt=_receipt(received),
        irregular="" if judged.is_lodged else judged.because,
        remark=judged.because if judged.is_lodged else "",
        reader=reader,
        leaf_hash=received.leaf_hash,
        stated=stated_words(table, entry.stated),
        stated_codes=tuple((code, one) for code, one in entry.stated.items() if isinstance(one, str)),
    )


def _receipt(received: Received) -> Receipt | None:
    if received.receipted_at is None or received.receipt_size is None:
        return None
    return Receipt(received.receipted_at, received.receipt_size)


def signatories(by: By) -> str:
    """Office and capacity, with those of the second officer."""
    first = f"{by.office}, {by.capacity}"
    if by.second is None:
        return first
    return _("%(first)s; seconded by %(second)s") % {
        "first": first,
        "second": f"{by.second.office}, {by.second.capacity}",
    }


def stated_words(table: Table, stated: Stated) -> tuple[tuple[str, str], ...]:
    """What an act states, in the words of the instrument; a code it does not know is shown as sent."""
    statements = table.procedure.statement_of
    names = {**labels(table.instrument), **{one.id: one.label for one in table.procedure.clocks}}
    words = []
    for code, value in stated.items():
        values = [value] if isinstance(value, str) else value
        label = _(statements[code].label) if code in statements else code
        form = statements[code].form if code in statements else ""
        between = "\n" if form in _IN_LINES else "; "
        words.append((label, between.join(_(names.get(one) or _in_words(form, one)) for one in values)))
    return tuple(words)


def _in_words(form: str, value: str) -> str:
    """A value the instrument has no name for: codes are words joined by a line."""
    return value.upper() if form == "party" else value.replace("_", " ") if form == "code" else value


def labels(instrument: Instrument) -> dict[str, str]:
    """The name of every code of an instrument, its own first: types, grounds, fields, conditions."""
    lists = (
        instrument.types, instrument.grounds, instrument.reasons, instrument.conditions, instrument.forms
    )  # fmt: skip
    return {instrument.id: instrument.short, **{one.id: one.label for some in lists for one in some}}


def _name(party: str) -> str:
    """The other party by its name, as ours is: neither side may look like the host of the record."""
    known = trusted(party)
    return str(known.names.get("en", "")) if known else ""


def _clock(clock: Clock, table: Table) -> ClockRow:
    state = "frozen" if clock.stands_still else "running" if clock.running else "met"
    return ClockRow(
        label=_clock_label(clock),
        due_at=clock.due_at,
        kind=clock.kind,
        article=clock.basis,
        article_href=text_address(table.instrument, "clock", clock.id, procedure=table.procedure.id),
        verified=clock.verified.value,
        state=state,
        whose="ours" if clock.for_party == settings.NODE.party else "theirs",
        started_at=clock.started_at,
        warn=clock.warn,
        met_at=clock.met_at,
        lifted_at=clock.lifted_at,
        still_since=clock.still_since,
        stood_still=clock.stood_still,
    )


def _clock_label(clock: Clock) -> str:
    """What the clock is, and what there is to say about its start."""
    if not clock.agreed:
        return _("%(clock)s (start not yet receipted)") % {"clock": _(clock.label)}
    if clock.disputed and clock.receipt_says is not None:
        said = {"clock": _(clock.label), "time": f"{clock.receipt_says:%Y-%m-%d %H:%M}"}
        return _("%(clock)s (its receipt says %(time)s UTC, which contradicts the record)") % said
    if clock.extended_by is not None:
        by = clock.extended_by
        said = {"clock": _(clock.label), "entry": f"{by.origin.party.upper()} {by.index}"}
        return _("%(clock)s (day agreed by both: entry %(entry)s)") % said
    return _(clock.label)
