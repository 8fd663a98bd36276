"""What each Party owes the other, read off where procedures stand: pure, and the same for both.

An obligation is one of these, each with the entry it comes from and the provision it rests on:

- what a running clock asks of its Party, with the day it is due;
- the next move of the Party whose turn it is, where no clock asks for it: an unanswered request is owed an
  answer although no period was agreed. An offer is owed none, unless one was promised: that is a clock;
- a condition that the requesting Party accepted, or that was set for it, as long as its request is on record;
- a limit on the use of what was delivered, until it is lifted or given back;
- what a Party undertook for a list of protected objects, until it is released or the list is not in force;
- a term of resumption that both agreed to and not both call performed;
- what was agreed on closing the channel to become of everything held, until each certifies that it was done.

None of them ends because a channel is suspended; a clock only stands still. Where a channel was closed, what
both released is owed no more, and what they carried over says so.

Follows: docs/spec/suspension.md, Obligations; docs/spec/charter.md, Closing.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final, Literal

import msgspec
from msgspec.structs import replace

from comity.instruments import Mark
from comity.lifecycle.clocks import end_of
from comity.lifecycle.closing import CLOSED, CLOSING, HELD, Disposed
from comity.lifecycle.stated import day, values
from comity.names import EntryRef

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from comity.instruments import Instrument
    from comity.lifecycle.life import Life
    from comity.lifecycle.standing import Judged, Standing

_HELD: Final = ("binding", "set")
_GIVEN_BACK: Final = frozenset({"returned", "destroyed", "erased"})
_UNDERTAKES: Final = frozenset({"undertaken", "undertaken_in_part"})
_ENDS_IT: Final = frozenset({"undertaking_declined", "undertaking_released", "withdrawn", "lapsed"})


class Obligation(msgspec.Struct, frozen=True, gc=False):
    """One thing a party owes.

    Attributes:
        party: Who owes it.
        ref: The procedure it is owed in.
        sort: A clock, a move, a condition, a limit, an undertaking, a term, or a disposition.
        what: In the words of the table or of the instrument; of a term, its number.
        source: The entry it comes from.
        basis, verified: The provision it rests on, with its mark.
        due_at: When it is due; None where no day is set.
        stands_still: A suspension holds its clock up.
        disposed: What the closing of the channel makes of it; empty where it was not closed, or does not say.
    """

    party: str
    ref: str
    sort: Literal["clock", "move", "condition", "limit", "undertaking", "term", "disposition"]
    what: str
    source: EntryRef
    basis: str
    verified: Mark
    due_at: datetime | None = None
    stands_still: bool = False
    disposed: Disposed = ""


def obligations(ref: str, instrument: Instrument, standing: Standing) -> Iterator[Obligation]:
    """What is owed in one procedure, by either party; nothing where it is exercise, or was not opened.

    Args:
        ref: Its reference.
        instrument: The text it was made under: it names conditions and where each stands.
        standing: Where it stands.
    """
    if standing.state and not standing.is_exercise:
        yield from _clocks(ref, standing)
        yield from _move(ref, standing)
        yield from _conditions(ref, instrument, standing)
        yield from _limits(ref, standing)
        yield from _undertakings(ref, standing)
        yield from _terms(ref, standing)
        yield from _disposition(ref, standing)


def after_closing(found: Iterable[Obligation], life: Life) -> Iterator[Obligation]:
    """The same once the channel was closed: without what both released."""
    for one in found:
        disposed = life.disposes(one.source, one.sort)
        if disposed != "released":
            yield replace(one, disposed=disposed) if disposed else one


def _clocks(ref: str, standing: Standing) -> Iterator[Obligation]:
    for clock in standing.clocks:
        if clock.running:
            yield Obligation(
                party=clock.for_party,
                ref=ref,
                sort="clock",
                what=clock.label,
                source=clock.started_by,
                basis=clock.basis,
                verified=clock.verified,
                due_at=clock.due_at,
                stands_still=clock.stands_still,
            )


def _move(ref: str, standing: Standing) -> Iterator[Obligation]:
    """The next move, where whoever is to make it owes it and has no clock that asks for it."""
    state = standing.procedure.state_of[standing.state]
    if standing.final or not state.owed:
        return
    sides = {"requesting": standing.requesting, "requested": standing.requested, "": ""}
    party = sides[state.turn]
    asked = any(clock.running and clock.for_party == party for clock in standing.clocks)
    moved = next((one for one in reversed(standing.regular) if one.row and one.row.to), None)
    if not asked and moved is not None and moved.row is not None and not state.suspends and party:
        yield Obligation(party, ref, "move", state.label, moved.act.ref, moved.row.basis, moved.row.verified)


def _conditions(ref: str, instrument: Instrument, standing: Standing) -> Iterator[Obligation]:
    listed = {one.id: one for one in instrument.conditions}
    for one in standing.conditions:
        if one.standing in _HELD:
            known = listed.get(one.code)
            yield Obligation(
                party=standing.requesting,
                ref=ref,
                sort="condition",
                what=known.label if known else one.code,
                source=one.stated_by,
                basis=known.basis if known else "practice: a condition is kept as it was stated",
                verified=known.verified if known else Mark.UNKNOWN,
            )


def _limits(ref: str, standing: Standing) -> Iterator[Obligation]:
    """Limits on use that the opening act set, and nobody lifted, on what is still held."""
    acts = [one.act for one in standing.regular]
    if not acts:
        return
    opening = standing.regular[0]
    set_out = values(opening.act.stated, "limits")
    if not set_out or opening.row is None or any(act.act in _GIVEN_BACK for act in acts):
        return
    lifted = {one for act in acts if act.act == "limits_lifted" for one in values(act.stated, "limits")}
    for one in dict.fromkeys(set_out):
        if one not in lifted:
            yield Obligation(
                party=standing.requested,
                ref=ref,
                sort="limit",
                what=one,
                source=opening.act.ref,
                basis=opening.row.basis,
                verified=opening.row.verified,
            )


def undertaking(standing: Standing) -> Judged | None:
    """The act by which a Party undertook what it is bound by now; None where nothing binds it.

    What crossed the end of a list, or a release, moves nothing and binds nobody.
    """
    bound: Judged | None = None
    for one in standing.regular:
        if one.act.act in _UNDERTAKES and one.row is not None and one.row.to:
            bound = one
        elif one.act.act in _ENDS_IT:
            bound = None
    return bound


def _undertakings(ref: str, standing: Standing) -> Iterator[Obligation]:
    bound = undertaking(standing) if "undertaking" in standing.procedure.statement_of else None
    if bound is None or bound.row is None:
        return
    for one in dict.fromkeys(values(bound.act.stated, "undertaking")):
        yield Obligation(
            party=standing.requested,
            ref=ref,
            sort="undertaking",
            what=one,
            source=bound.act.ref,
            basis=bound.row.basis,
            verified=bound.row.verified,
        )


def _terms(ref: str, standing: Standing) -> Iterator[Obligation]:
    agreed = {one.act.ref: one.row for one in standing.regular if one.row is not None and one.row.terms}
    for term in standing.terms:
        if term.agreed and not term.is_settled:
            row = agreed.get(term.proposal)
            yield Obligation(
                party=term.performer,
                ref=ref,
                sort="term",
                what=term.number,
                source=term.proposal,
                basis=row.basis if row else "",
                verified=row.verified if row else Mark.UNKNOWN,
                due_at=end_of(term.due),
            )


def _disposition(ref: str, standing: Standing) -> Iterator[Obligation]:
    """What each still has to do with what it holds, once both closed the channel."""
    if standing.procedure.kinds != CLOSING or standing.state != CLOSED:
        return
    opening = standing.regular[0]
    due = next(map(day, values(opening.act.stated, "carried_out_by")), None)
    agreed = next(one for one in standing.regular if one.act.act == CLOSED)
    for party in (standing.requesting, standing.requested):
        own = (one.act for one in standing.regular if one.act.party == party)
        done = {what for act in own for what in values(act.stated, "what")}
        if opening.row is not None and (left := [what for what in HELD if what not in done]):
            yield Obligation(
                party=party,
                ref=ref,
                sort="disposition",
                what=", ".join(left),
                source=agreed.act.ref,
                basis=opening.row.basis,
                verified=opening.row.verified,
                due_at=end_of(due) if due is not None else None,
            )
