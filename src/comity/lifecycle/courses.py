"""The courses of a procedure that is addressed to several parties: one between its author and each of them.

What each of several answers is nothing to the others. So such a procedure is, for each party it is addressed
to, one course of its table between that party and whoever opened it: the opening as if it were made to that
party alone, and the acts of the two. An act of whoever opened it counts in every course, or, where it states
which parties it concerns, in theirs.

Follows: docs/spec/procedures.md, Several parties.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from comity.entries.entry import MAX_PARTIES
from comity.lifecycle.fold import Refusal, fold, judge
from comity.lifecycle.stated import values
from comity.lifecycle.suspensions import NO_BEARING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from comity.instruments import Procedure, Row
    from comity.lifecycle.standing import Act, Judged, Standing
    from comity.lifecycle.suspensions import Bearing
    from comity.names import EntryRef

CONCERNS: Final = "concerns"


def opening_of(procedure: Procedure, acts: Iterable[Act], bearing: Bearing = NO_BEARING) -> Act | None:
    """The act that opens a procedure to several parties, or to one, by its table; None where none does."""
    return next((act for act in acts if _opens(procedure, act, bearing)), None)


def courses(procedure: Procedure, acts: Sequence[Act], bearing: Bearing = NO_BEARING) -> dict[str, list[Act]]:
    """The acts of a procedure by the party they are addressed to.

    Args:
        procedure: Its table.
        acts: Its acts, in the order every party reads them.
        bearing: How the life of the charter bears on it.

    Returns:
        For each party the acts of its course; all of them, under that party or under an empty name, where it
        is addressed to one or nothing has opened it.
    """
    opening = opening_of(procedure, acts, bearing)
    parties = values(opening.stated, "requested") if opening is not None else ("",)
    if opening is None or len(parties) == 1:
        return {parties[0]: list(acts)}
    return {party: between(acts, opening, party) for party in parties}


def standings(
    procedure: Procedure, acts: Sequence[Act], bearing: Bearing = NO_BEARING
) -> dict[str, Standing]:
    """Where each course of a procedure stands, by the party it is addressed to."""
    found = courses(procedure, acts, bearing)
    return {party: fold(procedure, of_course, bearing) for party, of_course in found.items()}


def judged(
    procedure: Procedure, acts: Sequence[Act], candidate: Act, bearing: Bearing = NO_BEARING
) -> dict[str, Row | Refusal]:
    """Whether an act may be signed now, in each course that it concerns; one refusal where it concerns none.

    Args:
        procedure: Its table.
        acts: The acts on record, in the order every party reads them.
        candidate: The act to be signed.
        bearing: How the life of the charter bears on the procedure.
    """
    opening = opening_of(procedure, acts, bearing)
    parties = values(opening.stated, "requested") if opening is not None else ()
    if opening is None or len(parties) == 1:
        return {"": judge(procedure, acts, candidate, bearing)}
    found: dict[str, Row | Refusal] = {
        party: judge(procedure, between(acts, opening, party), candidate, bearing)
        for party in parties
        if candidate.party in (opening.party, party) and _concerns(candidate, opening, party)
    }
    return found or {"": Refusal("it concerns no party that it is addressed to", ())}


def together(
    procedure: Procedure, acts: Sequence[Act], found: Mapping[str, Standing]
) -> dict[EntryRef, Judged]:
    """What the table makes of each act: what is regular in one course has effect, whatever others make of it.

    Args:
        procedure: The table.
        acts: All acts of the procedure.
        found: Where its courses stand.
    """
    by_act = {} if len(found) == 1 else {one.act.ref: one for one in fold(procedure, acts).judged}
    in_courses = (one for standing in found.values() for one in standing.judged)
    return by_act | {one.act.ref: one for one in sorted(in_courses, key=lambda one: one.regular)}


def between(acts: Iterable[Act], opening: Act, party: str) -> list[Act]:
    """The acts of whoever opened a procedure and of one other party, as they concern that one."""
    return [
        _received(
            _to(act, party) if act.ref == opening.ref else act,
            opening.party if act.party == party else party,
        )
        for act in acts
        if act.party in (opening.party, party) and _concerns(act, opening, party)
    ]


def _concerns(act: Act, opening: Act, party: str) -> bool:
    named = values(act.stated, CONCERNS) if act.party == opening.party else ()
    return not named or party in named


def _opens(procedure: Procedure, act: Act, bearing: Bearing) -> bool:
    parties = values(act.stated, "requested")
    fits = 0 < len(parties) < MAX_PARTIES and len(set(parties)) == len(parties) and act.party not in parties
    if act.act not in procedure.openings or not fits or act.ref_of_another:
        return False
    found = fold(procedure, [_to(act, parties[0])], bearing).judged[0]
    return found.regular or found.lodged_under is not None


def _to(act: Act, party: str) -> Act:
    return replace(act, stated={**act.stated, "requested": party})


def _received(act: Act, by: str) -> Act:
    """An act with the receipt of the other party of the course it stands in."""
    return replace(act, receipted_at=act.receipts.get(by)) if act.receipts else act
