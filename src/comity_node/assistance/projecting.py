"""Project where each request stands: nothing is decided here, everything follows from the entries.

Rebuilding gives the same rows to the byte, so no row may depend on when or how often it was computed, nor on
what a counterpart may have put into a payload.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from django.conf import settings

from comity.lifecycle import positions, unanswered
from comity.lifecycle.stated import values
from comity_node.assistance import comparing
from comity_node.assistance.content import content_in
from comity_node.assistance.disposing import dispose
from comity_node.assistance.judging import standing
from comity_node.assistance.models import Request
from comity_node.register import payloads, queries, standings
from comity_node.register.projections import keep

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from comity.instruments import Instrument
    from comity.lifecycle import Clock, Judged, Life, Standing, Table, Term
    from comity_node.assistance.content import Named
    from comity_node.register.queries import Received

MOST_NAMED: Final = 1000
LODGED: Final = "Lodged while suspended"
TAKEN_BACK: Final = "Lodged while suspended, and taken back"
_MOST_CONDITIONS: Final = 200


@dataclass(frozen=True, slots=True)
class Course:
    """One request as it went: its entries, where they lead, and which of them say what it is about."""

    received: Sequence[Received]
    table: Table | None
    standing: Standing | None
    opening: Judged | None
    sources: Sequence[Received]

    @property
    def first(self) -> Received:
        """The entry that opened it; the very first where nothing regular did."""
        return self.sources[0]


class Known(NamedTuple):
    """What the payloads of a request's sources say, as far as its row keeps it."""

    title: str
    content: str
    exhibits: list[dict[str, str]]


def project(channel: str, refs: set[str], *, kinds: str) -> None:
    """Compute the projections of these requests anew, as far as entries of these kinds make them."""
    life = standings.life(channel)
    exercise = standings.is_exercise(life.opening)
    for by_ref in queries.in_batches(channel, refs, kinds):
        courses = {ref: _course(received, kinds, life) for ref, received in by_ref.items()}
        dispose(channel, (course.standing for course in courses.values() if course.standing))
        known = _known(channel, kinds, courses)
        rows = [
            _row(Request(channel=channel, ref=ref, kinds=kinds, exercise=exercise), course, known[ref])
            for ref, course in courses.items()
        ]
        keep(rows, by=["channel", "ref", "kinds"])
        if kinds == comparing.KINDS:
            comparing.project(channel, courses)


def next_clock(standing: Standing) -> Clock | None:
    """The running clock that ends first; one that stands still ends after all that run."""
    running = [clock for clock in standing.clocks if clock.running and not clock.stands_still]
    return min(running, key=lambda clock: (clock.due_at, clock.id), default=None)


def turn(standing: Standing) -> str:
    """The party that moves next; empty where nothing follows."""
    if standing.final or not standing.state:
        return ""
    sides = {"requesting": standing.requesting, "requested": standing.requested, "": ""}
    return sides[standing.procedure.state_of[standing.state].turn]


def exhibits(standing: Standing, received: Iterable[Received]) -> list[Named]:
    """The exhibits that the acts giving results name, in the order they were given, the first so many."""
    return _named(payloads.sealed_payloads(_giving(standing, received)))


def _named(sources: Iterable[tuple[Received, bytes | None]]) -> list[Named]:
    """The exhibits that payloads name; no more of them are opened than it takes to name so many."""
    named = (named for one, sealed in sources for named in content_in(one, sealed).exhibits)
    return list(islice(named, MOST_NAMED))


def _giving(standing: Standing, received: Iterable[Received]) -> list[Received]:
    given = {one.act.ref for one in standing.judged if one.row is not None and one.row.exhibits == "gives"}
    return [one for one in received if one.ref in given]


def _course(received: Sequence[Received], kinds: str, life: Life) -> Course:
    table = life.governing(kinds, standings.lifecycle_acts(received))
    folded = standing(table.procedure, received, life) if table else None
    opening = next(iter(folded.regular), None) if folded else None
    first = next(one for one in received if opening is None or one.ref == opening.act.ref)
    giving = _giving(folded, received) if folded and opening else []
    return Course(received, table, folded, opening, [first, *giving])


def _known(channel: str, kinds: str, courses: Mapping[str, Course]) -> dict[str, Known]:
    """What the sources of each request say. No payload is opened that was read for the row before."""
    known = _kept(channel, kinds, courses)
    unread = {ref: course for ref, course in courses.items() if ref not in known}
    sources = payloads.sealed_payloads(chain.from_iterable(course.sources for course in unread.values()))
    for ref, course in unread.items():
        its_own = islice(sources, len(course.sources))
        opened = content_in(*next(its_own))
        known[ref] = Known(opened.title, opened.state, [named.row() for named in _named(its_own)])
        deque(its_own, maxlen=0)  # those of the next request begin where all of these are passed
    return known


def _kept(channel: str, kinds: str, courses: Mapping[str, Course]) -> dict[str, Known]:
    """What the rows hold already, where the same entries say it and their payloads were not erased."""
    rows = Request.objects.filter(channel=channel, kinds=kinds, ref__in=list(courses), content="held")
    before = {
        ref: (said_by, Known(*said))
        for ref, said_by, *said in rows.values_list("ref", "said_by", *Known._fields)
    }
    same = {ref: known for ref, (said_by, known) in before.items() if said_by == _names(courses[ref])}
    digests = {
        ref: {one.entry.payload.sha256 for one in courses[ref].sources if one.entry.payload} for ref in same
    }
    held = payloads.held(list(chain.from_iterable(digests.values())))
    return {ref: known for ref, known in same.items() if digests[ref] <= held}


def _names(course: Course) -> list[str]:
    return [str(one.ref) for one in course.sources]


def _row(row: Request, course: Course, known: Known) -> Request:
    """Fill in a row. Where this node lacks the text, what was sent is still received and listed."""
    first, last, folded = course.first, course.received[-1], course.standing
    said = {
        **known._asdict(),
        **_not_begun(first.party),
        "said_by": _names(course),
        "lodged_at": first.entry.authored_at,
        "receipted_at": first.receipted_at,
        "last_act": last.entry.act,
        "last_entry": str(last.ref),
        "last_party": last.party,
        "last_at": last.entry.authored_at,
        "unreceipted": sum(one.ours and one.receipted_at is None for one in course.received),
    }
    for name, value in said.items():
        setattr(row, name, value)
    if folded is not None:
        row.label, row.irregular = _label(folded), len(folded.irregular)
        row.lodged, row.suspended = len(folded.lodged), folded.suspended and not folded.final
    if course.table is not None and folded is not None and course.opening is not None:
        _stand(row, course.table.instrument, folded, course.opening)
        row.arose_from = next(map(str, first.entry.answers), "")
    return row


def _label(folded: Standing) -> str:
    """Where it stands; a request that a suspension kept from beginning was lodged all the same."""
    if folded.state:
        return folded.label
    taken_back = any(one.taken_back for one in folded.judged)
    return LODGED if folded.lodged else TAKEN_BACK if taken_back else folded.label


def _not_begun(author: str) -> dict[str, Any]:
    """A request that nothing regular has opened: there is its author, and no more."""
    return {
        "procedure": "",
        "requesting": author,
        "requested": "",
        "ours": author == settings.NODE.party,
        "types": [],
        "state": "",
        "label": "",
        "final": False,
        "turn": "",
        "instrument": "",
        "edition": "",
        "table": "",
        "basis": "",
        "verified": "",
        "irregular": 0,
        "lodged": 0,
        "suspended": False,
        "conditions": [],
        "unanswered": {},
        "terms": [],
        "positions": {},
        "stage": "",
        "arose_from": "",
        "severity": None,
        "severity_here": None,
    }


def _stand(row: Request, instrument: Instrument, folded: Standing, opening: Judged) -> None:
    row.requesting, row.requested = folded.requesting, folded.requested
    row.ours = folded.requesting == settings.NODE.party
    row.types = _listed(opening.act.stated.get("types", opening.act.stated.get("sort")))
    row.state, row.final, row.turn = folded.state, folded.final, turn(folded)
    row.procedure = folded.procedure.id
    row.instrument, row.edition, row.table = instrument.id, instrument.edition, instrument.digest
    if opening.row is not None:
        row.basis = f"{instrument.short}, {opening.row.basis}"
        row.verified = opening.row.verified.value
    row.conditions = [
        {"code": one.code, "standing": one.standing} for one in folded.conditions[-_MOST_CONDITIONS:]
    ]
    row.unanswered = _unanswered(folded)
    row.terms = [_term(one) for one in folded.terms if one.agreed and not one.is_settled]
    row.positions = _positions(folded)
    reported = (one.act.stated.get("stage") for one in reversed(folded.judged) if one.regular)
    row.stage = str(next(filter(None, reported), ""))
    row.severity = _severity(folded, "severity")
    row.severity_here = _severity(folded, "severity_here")
    row.exercise |= opening.act.stated.get("exercise") == "yes"
    _set_clock(row, next_clock(folded))


def _severity(folded: Standing, name: str) -> int | None:
    """What was stated last of how grave it is; None where the procedure knows no severity."""
    if name not in folded.procedure.statement_of:
        return None
    said = (values(one.act.stated, name) for one in reversed(folded.judged) if one.regular)
    return next((int(grades[0]) for grades in said if grades), None)


def _unanswered(folded: Standing) -> dict[str, Any]:
    found = unanswered(folded)
    if found is None:
        return {}
    return {
        "since": found.since.isoformat(),
        "is_receipted": found.is_receipted,
        "entry": str(found.source),
        "hoped_for": found.hoped_for.isoformat() if found.hoped_for else "",
        "reminders": len(found.reminders),
    }


def _term(one: Term) -> dict[str, Any]:
    return {
        "number": one.number,
        "performer": one.performer,
        "due": one.due.isoformat(),
        "standing": one.standing,
        "proposal": str(one.proposal),
        "performed": sorted(party for party, mark in one.marks.items() if mark == "performed"),
    }


def _positions(folded: Standing) -> dict[str, Any]:
    held = {ref: party for party, ref in positions(folded).items()}
    said = [one.act for one in folded.judged if one.act.ref in held]
    return {held[act.ref]: {"entry": str(act.ref), "at": act.at.isoformat()} for act in said}


def _set_clock(row: Request, clock: Clock | None) -> None:
    if clock is None:
        return
    row.due_at, row.due_for, row.due_kind = clock.due_at, clock.for_party, clock.kind
    row.due_side = "ours" if clock.for_party == settings.NODE.party else "theirs"
    row.due_warn = list(clock.warn)
    row.due_label, row.due_basis, row.due_verified = clock.label, clock.basis, clock.verified.value


def _listed(value: object) -> list[str]:
    return [value] if isinstance(value, str) else list(value) if isinstance(value, list) else []
