"""Reading requests: the list, the desk and the drafts, as rows ready to be shown."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from comity.errors import BadName
from comity.instruments import editions
from comity.names import EntryRef
from comity_node.assistance.links import ALERTS
from comity_node.assistance.models import Draft, Handling, Request
from comity_node.assistance.rows import ClockRow, Listed, Silence
from comity_node.listing.table import nearest_page
from comity_node.register import queries as register
from comity_node.register.citing import text_address

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from comity_node.officials.models import Official

PAGE: Final = 25
ON_THE_DESK: Final = 20
FEW: Final = 2_000
MANY: Final = 100
DUE: Final = "due"
_DONE: Final = "closed"
_SORTS: Final = {
    "title": "title",
    "requesting": "requesting",
    "basis": "basis",
    "standing": "label",
    "due": "due_at",
    "last": "last_at",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is to hold.

    Attributes:
        words: Part of a title or reference.
        standing: A state of the table, or ``open`` for all that nothing has ended.
        direction: ``ours`` or ``theirs``: who requests.
        procedure: What the kinds of its entries begin with.
        overdue: Only those whose clock has run out.
        handling: ``mine``: those the reader answers for; ``nobody``: open ones of theirs not yet assigned.
        reader: Key of the official who reads the list.
        sort: One of the columns, with a hyphen for the reverse order.
        page: Counted from one.
    """

    words: str = ""
    standing: str = ""
    direction: str = ""
    procedure: str = ""
    overdue: bool = False
    handling: str = ""
    reader: int | None = None
    sort: str = "-last"
    page: int = 1


@dataclass(frozen=True, slots=True)
class Page:
    """A part of a list, and where in the whole it stands."""

    rows: tuple[Listed, ...]
    number: int
    total: int


@dataclass(frozen=True, slots=True)
class Need:
    """A request that waits for us, and why."""

    title: str
    href: str
    ref: str
    ours: bool
    party: str
    why: str
    exercise: bool
    basis: str
    basis_href: str
    verified: str
    clock: ClockRow | None
    silence: Silence | None


@dataclass(frozen=True, slots=True)
class Desk:
    """What this room puts on the desk: what waits for us, whose clocks run, what nobody has signed for."""

    needs: tuple[Need, ...]
    our_clocks: tuple[ClockRow, ...]
    their_clocks: tuple[ClockRow, ...]
    unreceipted: tuple[Listed, ...]


def requests(wanted: Wanted, *, now: datetime) -> Page:
    """One page of the requests wanted, in two queries; in three where a filter leaves very many."""
    found, total = _counted(_filtered(wanted, now))
    number = nearest_page(wanted.page, size=PAGE, total=total)
    start = (number - 1) * PAGE
    part = (
        _due_first(found, start) if wanted.sort == DUE else _sorted(found, wanted.sort)[start : start + PAGE]
    )
    return Page(tuple(listed(row) for row in part), number, total)


def _due_first(found: QuerySet[Request], start: int) -> list[Request]:
    """One page of those whose clock runs, by its end, and then of those without one, the latest act first.

    Two questions, each answered by an index: no database keeps one in which nothing comes after everything.
    """
    timed = found.filter(due_at__isnull=False)
    rows = list(timed.order_by("due_at", "pk")[start : start + PAGE])
    if len(rows) == PAGE:
        return rows
    passed = 0 if rows else timed.count()
    first = max(0, start - passed) if not rows else 0
    return [*rows, *found.filter(due_at=None).order_by("-last_at", "-pk")[first : first + PAGE - len(rows)]]


def all_requests(wanted: Wanted, *, now: datetime) -> QuerySet[Request]:
    """Every request wanted, in order, for an export."""
    return _sorted(_filtered(wanted, now), wanted.sort)


def request(channel: str, ref: str) -> Request | None:
    """The request a reference stands for, as projected.

    A counterpart may write entries of another procedure under a reference in use, and date them as it likes.
    The reference stands for what the party opened that numbers under it, then for what was opened at all.
    """
    found = Request.objects.filter(channel=channel, ref=ref)
    return min(found, key=_claim, default=None)


def source(channel: str, arose_from: str) -> Request | None:
    """What was opened by the entry that something arose from; None where it opened nothing in the channel."""
    try:
        found = register.entry(EntryRef.parse(arose_from))
    except (BadName, register.NoSuchEntry):
        return None
    kinds = found.entry.kind.rpartition(".")[0]
    row = Request.objects.filter(channel=channel, ref=found.entry.ref, kinds=kinds).first()
    return row if row is not None and row.said_by[0] == arose_from else None


def _claim(row: Request) -> tuple[bool, bool, datetime, int]:
    """How well a request is entitled to its reference; the best is the least."""
    return not row.ref.startswith(f"{row.requesting}-"), not row.state, row.lodged_at, row.pk


def desk() -> Desk:
    """What the room puts on the desk, in five queries."""
    own = settings.NODE.party
    unreceipted = Request.objects.filter(unreceipted__gt=0).order_by("last_at", "pk")[:ON_THE_DESK]
    return Desk(
        needs=tuple(_need(row) for row in _waiting_for(own)),
        our_clocks=_clocks(Request.objects.filter(due_side="ours")),
        their_clocks=_clocks(Request.objects.filter(due_side="theirs")),
        unreceipted=tuple(listed(row) for row in unreceipted),
    )


def _waiting_for(party: str) -> list[Request]:
    """Where the party moves next, but for alerts: what ends soonest, then the longest untouched."""
    waiting = Request.objects.filter(turn=party).exclude(kinds=ALERTS)
    timed = waiting.filter(due_at__isnull=False).order_by("due_at", "last_at")[:ON_THE_DESK]
    untimed = waiting.filter(due_at=None).order_by("last_at")[:ON_THE_DESK]
    return [*timed, *untimed][:ON_THE_DESK]


def _clocks(found: QuerySet[Request]) -> tuple[ClockRow, ...]:
    return tuple(
        _named_clock(row) for row in found.filter(due_at__isnull=False).order_by("due_at")[:ON_THE_DESK]
    )


def drafts(reader: Official) -> QuerySet[Draft]:
    """The drafts of the reader's office, the latest first; those on record are requests by now."""
    return (
        Draft.objects.select_related("author", "prepared")
        .filter(author__office=reader.office, entry="")
        .exclude(prepared__state="signed")
    )


def listed(row: Request) -> Listed:
    """A projected request as a row of a list."""
    return Listed(
        channel=row.channel,
        ref=row.ref,
        title=title(row),
        ours=row.ours,
        requesting=row.requesting,
        requested=row.requested,
        state=row.state,
        standing=_(row.label) if row.state else _("Not begun"),
        tone=tone(row),
        instrument=row.basis,
        verified=row.verified,
        clock=clock(row),
        changed_at=row.last_at,
        last_entry=EntryRef.parse(row.last_entry),
        receipted_at=row.receipted_at,
        unreceipted=row.unreceipted,
        irregular=row.irregular,
        exercise=row.exercise,
        procedure=_procedure_title(row),
        silence=silence(row),
    )


def silence(row: Request) -> Silence | None:
    """What nobody has answered in it, if an answer is hoped for."""
    found = row.unanswered
    if not found:
        return None
    return Silence(
        since=datetime.fromisoformat(found["since"]),
        is_receipted=found["is_receipted"],
        entry=EntryRef.parse(found["entry"]),
        hoped_for=date.fromisoformat(found["hoped_for"]) if found["hoped_for"] else None,
        reminders=found["reminders"],
        ours=row.turn == settings.NODE.party,
    )


def title(row: Request) -> str:
    """The title as sent, or why there is none to show."""
    without = {
        "erased": _("Payload erased"),
        "unreadable": _("Payload cannot be read"),
        "none": _("Sent without content"),
    }
    return row.title or without.get(row.content, _("Sent without a title"))


def tone(row: Request) -> str:
    """The shape beside a standing: whose move it is, or how it ended."""
    if row.suspended or row.lodged:
        return "frozen"
    if not row.state:
        return "irregular"
    if row.final:
        return "done" if row.state == _DONE else "ended"
    return "ours" if row.turn == settings.NODE.party else "theirs"


def clock(row: Request) -> ClockRow | None:
    """The running clock that ends first, if one runs."""
    if row.due_at is None:
        return None
    return ClockRow(
        label=_(row.due_label),
        due_at=row.due_at,
        kind=row.due_kind,
        article=row.due_basis,
        article_href=_clock_href(row),
        verified=row.due_verified,
        state="running",
        whose=row.due_side,
        warn=tuple(row.due_warn),
    )


def _clock_href(row: Request) -> str:
    """Where the rule of its clock can be read; empty where this node lacks the text."""
    text = editions().get(row.table)
    clocks = text.procedure(row.procedure).clocks if text else ()
    said = (row.due_label, row.due_basis)
    rule = next((one for one in clocks if (one.label, one.basis) == said), None)
    return text_address(text, "clock", rule.id, procedure=row.procedure) if text and rule else ""


def _basis_href(row: Request) -> str:
    """Where what it rests on can be read; empty where this node lacks the text."""
    text = editions().get(row.table)
    return text_address(text) if text else ""


def _filtered(wanted: Wanted, now: datetime) -> QuerySet[Request]:
    found = Request.objects.all()
    if wanted.words:
        found = found.filter(Q(title__icontains=wanted.words) | Q(ref__icontains=wanted.words))
    if wanted.standing == "open":
        found = found.filter(final=False)
    elif wanted.standing:
        found = found.filter(state=wanted.standing)
    if wanted.direction:
        found = found.filter(ours=wanted.direction == "ours")
    if wanted.handling:
        found = _handled(found, wanted)
    if wanted.procedure:
        found = found.filter(kinds=wanted.procedure)
    return found.filter(due_at__lt=now) if wanted.overdue else found


def _handled(found: QuerySet[Request], wanted: Wanted) -> QuerySet[Request]:
    same = {name: OuterRef(name) for name in ("channel", "ref", "kinds")}
    if wanted.handling == "mine":
        return found.filter(Exists(Handling.objects.filter(**same, officer=wanted.reader)))
    begun = found.filter(ours=False, final=False).exclude(state="")
    return begun.exclude(Exists(Handling.objects.filter(**same)))


def unhandled() -> int:
    """How many open requests of theirs nobody here has looked at, counted up to ``MANY``."""
    found = _handled(Request.objects.exclude(kinds=ALERTS), Wanted(handling="nobody"))
    return len(found.values_list("pk")[:MANY])


def _counted(found: QuerySet[Request]) -> tuple[QuerySet[Request], int]:
    """How many there are.

    Few are looked up once and then named: to find them again in order would be to look through every request
    a second time, while of many the first come up soon.
    """
    if not found.query.where:
        return found, found.count()
    few = list(found.order_by().values_list("pk", flat=True)[: FEW + 1])
    if len(few) > FEW:
        return found, found.count()
    return Request.objects.filter(pk__in=few), len(few)


def _sorted(found: QuerySet[Request], sort: str) -> QuerySet[Request]:
    column = F(_SORTS.get(sort.lstrip("-"), "last_at"))
    if sort.startswith("-"):
        return found.order_by(column.desc(nulls_last=True), "-pk")
    return found.order_by(column.asc(nulls_last=True), "pk")


def _need(row: Request) -> Need:
    return Need(
        title=title(row),
        href=reverse("assistance:request", args=[row.channel, row.ref]),
        ref=row.ref,
        ours=row.ours,
        party=row.requesting,
        why=_meaning(row),
        exercise=row.exercise,
        basis=row.due_basis or row.basis,
        basis_href=_clock_href(row) if row.due_basis else _basis_href(row),
        verified=row.due_verified or row.verified,
        clock=clock(row),
        silence=silence(row),
    )


def _procedure_title(row: Request) -> str:
    """What kind of request it is, in the words of its table; empty where this node lacks the text."""
    instrument = editions().get(row.table)
    return instrument.procedure(row.procedure).title if instrument else ""


def _meaning(row: Request) -> str:
    """What it means that a request stands where it does, in the words of its table."""
    instrument = editions().get(row.table)
    state = instrument.procedure(row.procedure).state_of.get(row.state) if instrument else None
    return _(state.meaning) if state else ""


def _named_clock(row: Request) -> ClockRow:
    named = clock(row)
    assert named is not None, "the query asks for requests with a clock"
    return replace(named, ref=row.ref, href=reverse("assistance:request", args=[row.channel, row.ref]))
