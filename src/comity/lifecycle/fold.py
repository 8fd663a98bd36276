"""Fold the acts of two logs into where a procedure stands.

Everything that moves a procedure is in this file and in its table, and neither knows on whose node it runs:
given the same acts in the same order, both Parties compute the same standing, the same clocks and the same
irregularities. The order is that of ``comity.entries.in_order``.

Follows: docs/spec/procedures.md, Fold.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final, Literal

from msgspec.structs import replace

from comity.instruments import Procedure, Row, Side
from comity.lifecycle import reasons
from comity.lifecycle.clocks import Clocks, began, end_of_day, later
from comity.lifecycle.extensions import Extensions
from comity.lifecycle.gates import closed, open_rows
from comity.lifecycle.named import Named
from comity.lifecycle.standing import Act, Condition, Judged, Standing
from comity.lifecycle.stated import objection, values
from comity.lifecycle.suspensions import NO_BEARING
from comity.lifecycle.terms import Terms
from comity.lifecycle.words import Words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

    from comity.instruments import Stated, Wait
    from comity.lifecycle.suspensions import Bearing, Suspension
    from comity.names import EntryRef


@dataclass(frozen=True, slots=True)
class Refusal:
    """An act the table does not allow now: why, and what may be done instead."""

    reason: str
    may: tuple[Row, ...]


def fold(procedure: Procedure, acts: Iterable[Act], bearing: Bearing = NO_BEARING) -> Standing:
    """Where the procedure stands after these acts.

    Args:
        procedure: The table the request began under.
        acts: The acts of one procedure in the order every party reads them.
        bearing: How the suspensions of the channel bear on it.

    Returns:
        The standing. An act no row allows is kept in it as irregular, with the reason, and has no effect.
    """
    return _course(procedure, acts, bearing).standing()


def judge(
    procedure: Procedure, acts: Iterable[Act], candidate: Act, bearing: Bearing = NO_BEARING
) -> Row | Refusal:
    """Whether an act may be signed now, after the acts on record.

    An act that would be lodged in a suspension is judged as if it had effect: whoever signs it should know
    whether it could. What it comes to is judged again when it is confirmed.

    Returns:
        The row that allows it, or the refusal that says why none does and what may follow instead.
    """
    course = _course(procedure, acts, bearing)
    course.hear(candidate)
    found = course.row_for(candidate)
    if isinstance(found, Row):
        return found
    return Refusal(found, course.standing().may(candidate.party))


_OFFERED: Final = frozenset({"offered", "superseded"})


def bearing_on(procedure: Procedure, acts: Sequence[Act], bearing: Bearing) -> Bearing:
    """How suspensions bear on one procedure: those between its two parties.

    Args:
        procedure: The table.
        acts: Its acts, in order. Whose it is the first says that opens it by itself.
        bearing: How the suspensions of the channel bear on its topic, whoever they are between.
    """
    if bearing is NO_BEARING:
        return bearing
    openings = (act for act in acts if act.act in procedure.openings)
    opened = next(
        (act for act in openings if isinstance(_Course(procedure, bearing.of_charter).row_for(act), Row)),
        None,
    )
    if opened is None:
        return bearing
    return bearing.between(frozenset({opened.party, values(opened.stated, "requested")[0]}))


def _course(procedure: Procedure, acts: Iterable[Act], bearing: Bearing) -> _Course:
    recorded = tuple(acts)
    bearing = bearing_on(procedure, recorded, bearing)
    course = _Course(procedure, bearing)
    if bearing is NO_BEARING:
        for act in recorded:
            course.take(act)
        return course
    for act, under, taken_back in bearing.heard(procedure, recorded):
        if under is None:
            course.take(act)
        else:
            course.lodge(act, under, taken_back)
    course.order(one.ref for one in recorded)
    return course


class _Course:
    """One procedure, act by act."""

    def __init__(self, procedure: Procedure, bearing: Bearing) -> None:
        self._procedure = procedure
        self._bearing = bearing
        self._state = ""
        self._parties: dict[Side, str] = {"requesting": "", "requested": ""}
        self._opened: Stated = {}  # what the opening act stated
        self._done: dict[str, Act] = {}  # the latest regular act of each name
        self._turned: dict[Side, Act] = {}  # the latest act of each side that moved the standing
        self._clocks = Clocks(procedure, bearing)
        self._extensions = Extensions(self._clocks)
        self._named = Named(procedure)
        self._words = Words()
        self._terms = Terms()
        self._conditions: list[Condition] = []
        self._judged: dict[EntryRef, Judged] = {}

    def take(self, act: Act) -> None:
        """Judge an act and, if a row allows it, give it effect."""
        self.hear(act)
        found = self.row_for(act)
        if isinstance(found, Row):
            self._effect(act, found)
            self._judged[act.ref] = Judged(act, True, found, "")
        else:
            self._judged[act.ref] = Judged(act, False, None, found)
        self._named.made(act)

    def lodge(self, act: Act, under: Suspension, taken_back: EntryRef | None) -> None:
        """Hear an act that a suspension keeps from having effect, or that its author took back."""
        self.hear(act)
        because = reasons.lodged(under) if taken_back is None else reasons.taken_back(under, taken_back)
        self._judged[act.ref] = Judged(act, False, None, because, under.began.ref, taken_back)
        self._named.made(act)

    def order(self, refs: Iterable[EntryRef]) -> None:
        """Give the acts back in the order they are on record, not in that in which they count."""
        self._judged = {ref: self._judged[ref] for ref in refs}

    def hear(self, act: Act) -> None:
        """Hold earlier receipts against what this act says by itself, whether it has effect or not.

        Of a party that is neither side, nothing is known of when the sides held anything.
        """
        if self._side(act.party) is None:
            return
        for held in self._words.of(act):
            self._done = {name: held.bound(done) for name, done in self._done.items()}
            self._clocks.correct(held)

    def row_for(self, act: Act) -> Row | str:
        """The row that allows this act now, or why none does."""
        side = self._side(act.party)
        if side is None:
            return reasons.not_a_party(self._procedure, act)
        rows = self._procedure.found.get((self._state, act.act, side), ())
        because = ""
        unseen = self._unseen(act, side) if rows and rows[0].crosses else ""
        for row in rows:
            if row.crosses and not (unseen and row.may_cross(unseen)):
                continue
            found = self._objection(row, act)
            if found is None:
                return row
            because = because or found
        because = because or "no row of the table allows it"
        said = reasons.no_effect(self._procedure, self._state, act.act, side, because)
        rows = open_rows(self._procedure, self._state, self._done, self._opened)
        return f"{said} {reasons.may_follow(self._procedure, rows)}"

    def standing(self) -> Standing:
        """What all acts so far amount to."""
        return Standing(
            procedure=self._procedure,
            state=self._state,
            requesting=self._parties["requesting"],
            requested=self._parties["requested"],
            judged=tuple(self._judged.values()),
            clocks=self._clocks.so_far(),
            conditions=tuple(self._conditions),
            terms=self._terms.so_far(),
            suspended=self._bearing.is_in_force,
            later_days=self._extensions.open(),
        )

    def _side(self, party: str) -> Side | None:
        if not self._state or party == self._parties["requesting"]:
            return "requesting"
        return "requested" if party == self._parties["requested"] else None

    def _unseen(self, act: Act, side: Side) -> str:
        """The other side's act that last moved the standing, where its author had not yet seen it."""
        turned = self._turned.get("requested" if side == "requesting" else "requesting")
        return turned.act if turned is not None and not act.had_seen(turned.ref) else ""

    def _objection(self, row: Row, act: Act) -> str | None:
        return next(filter(None, self._objections(row, act)), None)

    def _objections(self, row: Row, act: Act) -> Iterator[str | None]:
        """What may stand against the row, one after another; each is looked at only if none before does."""
        if not self._state and act.ref_of_another:
            yield "the reference is numbered under another Party"
        if self._bearing.charter is not None:
            yield self._bearing.charter.bars(self._procedure, act, opens=not self._state)
        if row.stating or row.must_state or row.may_state:
            yield objection(self._procedure, row, act.stated, self._opened)
        if not self._state:
            yield _misaddressed(act)
        if row.gated:
            yield closed(self._procedure, row, self._done, self._opened)
        if row.entries:
            yield self._named.objection(row, act)
        if row.extends:
            yield self._extensions.objection(row, act)
        if row.terms:
            yield self._terms.objection(row, act, tuple(self._parties.values()))
        if row.not_before:
            opens_at = max(self._ran_out(wait, act) for wait in row.not_before)
            yield f"not before {opens_at:%Y-%m-%d %H:%M} UTC" if act.at < opens_at else None

    def _ran_out(self, wait: Wait, by: Act) -> datetime:
        """When a wait has run out, as the author of an act knew it."""
        since = next(act for name, act in reversed(self._done.items()) if name in wait.acts)
        if wait.stated:
            return end_of_day(since, wait.stated)
        start = began(since, own=False)
        due, spans = later(start, timedelta(days=wait.days)), self._bearing.seen_by(by)
        return self._bearing.stands_still(start, due, None, spans)[0]

    def _effect(self, act: Act, row: Row) -> None:
        if not self._done:
            self._opened = act.stated
            self._parties = {"requesting": act.party, "requested": values(act.stated, "requested")[0]}
        self._done.pop(act.act, None)  # the last done stands last
        self._done[act.act] = act
        if row.to:  # a move, even to where it stands: what is done without having seen it crosses it
            self._state = row.to
            self._turned[row.by] = act
        self._clocks.take(act, row, self._parties, ends=self._state in self._procedure.ends)
        if row.conditions:
            self._condition(act, row)
        if row.extends:
            self._extensions.take(act, row)
        if row.entries:
            self._named.take(act)
        if row.terms:
            self._terms.take(act, row)

    def _condition(self, act: Act, row: Row) -> None:
        match row.conditions:
            case "accepts":
                self._settle(self._offer_seen_by(act), "binding")
            case "declines":
                self._settle(self._offer_seen_by(act), "declined")
            case "offers":
                self._settle(self._open_offer(), "superseded")
                self._conditions += (
                    Condition(code, act.ref, "offered") for code in values(act.stated, "conditions")
                )
            case _:
                self._conditions += (
                    Condition(code, act.ref, "set") for code in values(act.stated, "conditions")
                )

    def _offer_seen_by(self, act: Act) -> EntryRef | None:
        """The offer an answer is to: the latest its author had seen. One made meanwhile stays open."""
        offers = (one.stated_by for one in reversed(self._conditions) if one.standing in _OFFERED)
        return next((ref for ref in offers if act.had_seen(ref)), None)

    def _open_offer(self) -> EntryRef | None:
        return next((one.stated_by for one in reversed(self._conditions) if one.standing == "offered"), None)

    def _settle(self, offer: EntryRef | None, standing: Literal["binding", "declined", "superseded"]) -> None:
        self._conditions = [
            replace(one, standing=standing) if one.stated_by == offer else one for one in self._conditions
        ]


def _misaddressed(act: Act) -> str | None:
    addressed = values(act.stated, "requested")
    if not addressed:
        return "it does not say to whom it is addressed"
    return "nobody addresses a request to itself" if act.party in addressed else None
