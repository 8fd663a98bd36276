"""What each Party owes the other, read off where procedures stand: pure, and the same for both.

An obligation is one of these, each with the entry it comes from and the provision it rests on:

- what a running clock asks of its Party, with the day it is due;
- the next move of the Party whose turn it is, where no clock asks for it: an unanswered request is owed an
  answer although no period was agreed;
- a condition that the requesting Party accepted, or that was set for it, as long as its request is on record;
- a limit on the use of what was delivered, until it is lifted or given back;
- a term of resumption that both agreed to and not both call performed.

None of them ends because a channel is suspended; a clock only stands still.

Follows: docs/spec/suspension.md, Obligations.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final, Literal

import msgspec

from comity.instruments import Mark
from comity.lifecycle.clocks import end_of
from comity.lifecycle.stated import values
from comity.names import EntryRef

if TYPE_CHECKING:
    from collections.abc import Iterator

    from comity.instruments import Instrument
    from comity.lifecycle.standing import Standing

_HELD: Final = ("binding", "set")
_GIVEN_BACK: Final = frozenset({"returned", "destroyed", "erased"})


class Obligation(msgspec.Struct, frozen=True, gc=False):
    """One thing a party owes.

    Attributes:
        party: Who owes it.
        ref: The procedure it is owed in.
        sort: A clock, a move, a condition, a limit or a term.
        what: In the words of the table or of the instrument; of a term, its number.
        source: The entry it comes from.
        basis, verified: The provision it rests on, with its mark.
        due_at: When it is due; None where no day is set.
        stands_still: A suspension holds its clock up.
    """

    party: str
    ref: str
    sort: Literal["clock", "move", "condition", "limit", "term"]
    what: str
    source: EntryRef
    basis: str
    verified: Mark
    due_at: datetime | None = None
    stands_still: bool = False


def obligations(ref: str, instrument: Instrument, standing: Standing) -> Iterator[Obligation]:
    """What is owed in one procedure, by either party; nothing where nothing regular has opened it.

    Args:
        ref: Its reference.
        instrument: The text it was made under: it names conditions and where each stands.
        standing: Where it stands.
    """
    if standing.state:
        yield from _clocks(ref, standing)
        yield from _move(ref, standing)
        yield from _conditions(ref, instrument, standing)
        yield from _limits(ref, standing)
        yield from _terms(ref, standing)


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
    """The next move, where whoever is to make it has no clock that asks for it."""
    if standing.final:
        return
    state = standing.procedure.state_of[standing.state]
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
