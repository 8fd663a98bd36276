"""Everything of one file in one line of time: what crossed the border from both sides, and what never did.

A file is a request with the others of its channel that name it or that it names: the preservation before, the
confirmation after. What is internal says so in every form it is given in.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from django.urls import reverse
from django.utils.translation import gettext as _

from comity import custody
from comity.errors import ComityError
from comity.names import EntryRef
from comity_node.assistance import access, queries
from comity_node.assistance.detail import detail
from comity_node.assistance.models import Note, Request
from comity_node.listing.export import Column
from comity_node.officials import queries as officials
from comity_node.officials.access import holds
from comity_node.register import queries as register
from comity_node.register import seeking
from comity_node.register.describing import describe

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from comity_node.assistance.detail import Detail, Shown
    from comity_node.assistance.rows import ClockRow
    from comity_node.officials.models import Official
    from comity_node.register.describing import Described
    from comity_node.register.queries import Received

MOST: Final = 1_000  # entries of one procedure, the latest; the double record has the rest
_MOST_FILES: Final = 12
MOST_EXHIBITS: Final = 300
MOST_CUSTODY: Final = 2_000
_MOST_INTERNAL: Final = 200
_LONGEST_NOTE: Final = 2_000


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened in a file.

    Attributes:
        sort: ``entry``, ``custody``, ``receipt``, ``clock`` or ``internal``.
        side: ``ours``, ``theirs``, or ``internal`` for what has not crossed the border.
        what: In words.
        exercise: ``yes`` where nothing of it is meant.
        note: What a reader should know besides: no effect, missed, returned and why.
    """

    at: datetime
    sort: str
    side: str
    party: str
    ref: str
    what: str
    by: str = ""
    article: str = ""
    article_href: str = ""
    verified: str = ""
    entry: str = ""
    href: str = ""
    note: str = ""
    exercise: str = ""

    @property
    def is_internal(self) -> bool:
        """Whether it has not crossed the border."""
        return self.side == "internal"

    @property
    def ours(self) -> bool:
        """Whether it is of our side."""
        return self.side != "theirs"


COLUMNS: Final[tuple[Column[Event], ...]] = (
    Column("at", lambda one: one.at),
    Column("on_record", lambda one: "no" if one.is_internal or one.sort == "clock" else "yes"),
    Column("sort", lambda one: one.sort),
    Column("side", lambda one: one.side),
    Column("party", lambda one: one.party),
    Column("reference", lambda one: one.ref),
    Column("what", lambda one: one.what),
    Column("by", lambda one: one.by),
    Column("article", lambda one: one.article),
    Column("verified", lambda one: one.verified),
    Column("entry", lambda one: one.entry),
    Column("note", lambda one: one.note),
    Column("exercise", lambda one: one.exercise),
)


def linked(row: Request) -> list[Request]:
    """The requests of a file: this one, those it names, and those that name it."""
    refs = [
        *seeking.mentioned(row.channel, row.ref, row.kinds),
        *seeking.mentions(row.channel, row.ref, "entry"),
    ]
    known = Request.objects.filter(channel=row.channel, ref__in=refs).values_list("ref", flat=True).distinct()
    others = [queries.request(row.channel, ref) for ref in sorted(known)[: _MOST_FILES - 1]]
    return [row, *(one for one in others if one is not None)]


def chronology(row: Request, reader: Official, *, now: datetime, on_record: bool = False) -> list[Event]:
    """Everything of one file, the earliest first.

    Args:
        row: The request whose file it is.
        reader: Internal matter is shown as far as this official may see it.
        now: A clock that ended before without its act is missed.
        on_record: Only what both parties hold.

    Raises:
        NoSuchTable: This node lacks the text that one of them rests on.
    """
    events = [
        replace(event, exercise="yes") if one.exercise else event
        for one in linked(row)
        for event in _of_request(one, reader, now=now, on_record=on_record)
    ]
    order = {"entry": 0, "custody": 0, "receipt": 1, "clock": 2, "internal": 3}
    return sorted(dict.fromkeys(events), key=lambda one: (one.at, order[one.sort], one.entry))


def custody_of(channel: str, ref: str, named: Iterable[str]) -> tuple[list[Received], bool]:
    """The acts of custody of exhibits that were added for a request, or whose entries it names.

    Returns:
        Those of so many exhibits, and whether they are all.
    """
    places = [*dict.fromkeys(place for one in named if (place := _place(one, channel)) is not None)]
    refs = dict.fromkeys(one.entry.ref for one in register.these(places[:MOST_CUSTODY]))
    added, is_all = seeking.naming(channel, ref, "exhibit", MOST_EXHIBITS)
    refs |= dict.fromkeys(added)
    found = register.entries(
        channel, refs=[*refs][:MOST_EXHIBITS], prefix=f"{custody.KINDS}.", most=MOST_CUSTODY + 1
    )
    is_all &= len(refs) <= MOST_EXHIBITS and len(found) <= MOST_CUSTODY >= len(places)
    return found[:MOST_CUSTODY], is_all


def _place(name: str, channel: str) -> EntryRef | None:
    try:
        found = EntryRef.parse(name)
    except ComityError:
        return None
    return found if found.origin.channel == channel else None


def _of_request(row: Request, reader: Official, *, now: datetime, on_record: bool) -> Iterator[Event]:
    found = detail(row.channel, row.ref, row.kinds)
    if found is None:
        return
    earlier = _("earlier entries are not listed here; the double record has them") * (found.size > MOST)
    for one in found.entries(max(0, found.size - MOST), found.size):
        yield from _of_entry(one, "entry", left=earlier)
        earlier = ""
    acts, is_all = custody_of(row.channel, row.ref, (one["entry"] for one in row.exhibits))
    left = "" if is_all else _("more exhibits, or more acts of their custody, than are listed here")
    for act in describe(row.channel, acts):
        yield from _of_entry(act, "custody", left=left)
        left = ""
    if not on_record:
        yield from _of_clocks(found, row.ref, now)
        yield from _internal(row, reader)


def _of_entry(one: Shown | Described, sort: str, *, left: str) -> Iterator[Event]:
    """An act and its receipt; ``left`` says what of its sort is not listed, at the first of them."""
    note = _("No effect: %(why)s") % {"why": one.irregular} if one.irregular else one.remark
    side, party = ("ours" if one.ours else "theirs"), one.ref.origin.party
    yield Event(
        at=one.at,
        sort=sort,
        side=side,
        party=party,
        ref=one.procedure,
        what=one.title,
        by=one.by,
        article=one.article,
        article_href=one.article_href,
        verified=one.verified,
        entry=str(one.ref),
        href=one.href,
        note="; ".join(filter(None, (note, left))),
    )
    if one.receipt:
        yield Event(
            at=one.receipt.at,
            sort="receipt",
            side="theirs" if one.ours else "ours",
            party="",
            ref=one.procedure,
            what=_("Receipt for: %(act)s") % {"act": one.title},
            entry=str(one.ref),
            href=one.href,
        )


def _of_clocks(found: Detail, ref: str, now: datetime) -> Iterator[Event]:
    for clock in found.clocks:
        facts = {"sort": "clock", "side": clock.whose, "party": "", "ref": ref}
        cited = {
            "article": clock.article,
            "article_href": clock.article_href,
            "verified": clock.verified,
        }
        if clock.started_at:
            yield Event(at=clock.started_at, what=_("Clock started: %s") % clock.label, **facts, **cited)
        at, what, note = _end_of(clock, now)
        yield Event(at=at, what=what % clock.label, note=note, **facts, **cited)


def _end_of(clock: ClockRow, now: datetime) -> tuple[datetime, str, str]:
    """When a clock ended or will, and how."""
    if clock.met_at:
        late = clock.met_at > clock.due_at
        return clock.met_at, _("Clock met: %s"), _("after its day had passed") if late else ""
    if clock.lifted_at:
        return clock.lifted_at, _("Clock lifted: %s"), ""
    return clock.due_at, _("Clock ends: %s"), _("missed") if clock.due_at < now else _("still running")


def _internal(row: Request, reader: Official) -> Iterator[Event]:
    """Notes, drafts of the reader's office, and acts prepared, approved or returned that it may see."""
    facts = {"sort": "internal", "side": "internal", "party": "", "ref": row.ref}
    drafts = queries.drafts(reader) if holds(reader, access.DRAFT) else queries.drafts(reader).none()
    for draft in drafts.filter(channel=row.channel, ref=row.ref)[:1]:
        yield Event(
            at=draft.updated_at,
            what=_("Draft saved"),
            by=str(draft.author),
            href=reverse("assistance:draft", args=[draft.pk]),
            **facts,
        )
    notes = Note.objects.filter(channel=row.channel, ref=row.ref, kinds=row.kinds).select_related("by")
    for note in notes[:_MOST_INTERNAL]:
        what = _("Handling changed") if note.is_change else _("Internal note")
        href = reverse("assistance:handling", args=[row.channel, row.ref])
        yield Event(
            at=note.at, what=what, by=str(note.by), note=note.text[:_LONGEST_NOTE], href=href, **facts
        )
    prepared = officials.approvals(reader).filter(act__ref=row.ref, act__channel=row.channel)
    for one in prepared[:_MOST_INTERNAL]:
        href, said = reverse("officials:approval", args=[one.pk]), _(one.sentence)
        yield Event(
            at=one.prepared_at,
            what=_("Prepared: %s") % said,
            by=str(one.prepared_by),
            article=one.basis,
            verified=one.verified,
            href=href,
            **facts,
        )
        if one.decided_at:
            what = f"{one.get_state_display()}: {said}"
            yield Event(
                at=one.decided_at, what=what, by=str(one.decided_by), note=one.reason, href=href, **facts
            )


def days(events: Sequence[Event]) -> list[tuple[datetime, list[Event]]]:
    """The same, day by day."""
    found: dict[str, list[Event]] = {}
    for one in events:
        found.setdefault(f"{one.at:%Y-%m-%d}", []).append(one)
    return [(of_day[0].at, of_day) for of_day in found.values()]
