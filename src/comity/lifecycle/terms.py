"""Terms of resumption: proposed as a set, accepted or declined by the other Party, then marked one by one.

An answer is to the latest set its author had seen, as with conditions: nobody is bound by terms it had not
read. Where each accepts the other's set at once, both stand. What became of a term is what each Party last
said of it, and neither can speak for the other.

Follows: docs/spec/suspension.md, Terms.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from itertools import chain
from typing import TYPE_CHECKING, Final, Literal

import msgspec
from msgspec.structs import replace

from comity.instruments.procedure import MARKS, OnTerms
from comity.lifecycle.stated import term, values
from comity.names import EntryRef

if TYPE_CHECKING:
    from collections.abc import Sequence

    from comity.instruments import Row
    from comity.lifecycle.standing import Act

MOST: Final = 50  # in one set; what has more is no list that two officers read
MOST_OPEN: Final = 20  # sets of each Party; an older one is answered by nobody who reads them all


class Term(msgspec.Struct, frozen=True, gc=False):
    """One commitment of a set that was proposed. What is to be done stands in the payload of its proposal.

    Attributes:
        proposal: The entry that proposed it.
        number: Its number there.
        performer: The party that is to perform it.
        due: By the end of this day (UTC).
        agreed: Both Parties accepted it.
        marks: What each party last said of it.
    """

    proposal: EntryRef
    number: str
    performer: str
    due: date
    agreed: bool = False
    marks: Mapping[str, OnTerms] = {}

    @property
    def standing(self) -> Literal["proposed", "open", "performed", "disputed", "released"]:
        """Where it stands: the other side's release settles it, a dispute keeps it open, else both say so."""
        if not self.agreed:
            return "proposed"
        said = set(self.marks.values())
        if any(mark == "released" for party, mark in self.marks.items() if party != self.performer):
            return "released"
        if "disputed" in said:
            return "disputed"
        return "performed" if len(self.marks) > 1 and said == {"performed"} else "open"

    @property
    def is_settled(self) -> bool:
        """Whether nothing is owed under it any more."""
        return self.standing in ("performed", "released")


class Terms:
    """The sets proposed so far in one procedure, and what became of them."""

    def __init__(self) -> None:
        self._proposed: list[tuple[Act, tuple[Term, ...]]] = []
        self._agreed: list[Term] = []

    def objection(self, row: Row, act: Act, parties: Sequence[str]) -> str | None:
        """Why the act can do nothing to terms, or None."""
        match row.terms:
            case "proposes":
                return _no_set(act, parties)
            case "accepts" | "declines":
                return None if self._answered(act) else "no terms that the other Party proposed are open"
            case mark:
                return self._no_mark(act, mark)

    def take(self, act: Act, row: Row) -> None:
        """Note a set, settle one, or note what a party says of a term."""
        if row.terms == "proposes":
            self._propose(act)
        elif row.terms in MARKS:
            self._mark(act, row.terms)
        else:
            self._settle(act, row.terms)

    def so_far(self) -> tuple[Term, ...]:
        """The terms agreed, then each Party's last set, where it is open to be accepted."""
        last = {proposal.party: terms for proposal, terms in self._proposed}
        return (*self._agreed, *chain.from_iterable(last.values()))

    def _propose(self, act: Act) -> None:
        own = [one for one in self._proposed if one[0].party == act.party]
        if len(own) >= MOST_OPEN:
            self._proposed.remove(own[0])
        self._proposed.append((act, _set(act)))

    def _settle(self, act: Act, how: OnTerms) -> None:
        """Agree to a set, or decline it; older ones of the same Party go with it."""
        answered = self._answered(act)
        assert answered is not None, "the row was held against what is open"
        proposal, terms = answered
        if how == "accepts":
            self._agreed += (replace(one, agreed=True) for one in terms)
        self._proposed = [
            one
            for one in self._proposed
            if one[0].party != proposal.party or one[0].ref.index > proposal.ref.index
        ]

    def _answered(self, act: Act) -> tuple[Act, tuple[Term, ...]] | None:
        """The set an answer is to: the latest of the other Party's that its author had seen."""
        theirs = (one for one in reversed(self._proposed) if one[0].party != act.party)
        return next((one for one in theirs if act.had_seen(one[0].ref)), None)

    def _no_mark(self, act: Act, mark: str) -> str | None:
        found = self._meant(act)
        if found is None:
            return "no agreed term has this number in this proposal"
        if mark == "released" and found.performer == act.party:
            return "nobody releases itself from its own term"
        return None

    def _mark(self, act: Act, mark: OnTerms) -> None:
        meant = self._meant(act)
        self._agreed = [
            replace(one, marks={**one.marks, act.party: mark}) if one is meant else one
            for one in self._agreed
        ]

    def _meant(self, act: Act) -> Term | None:
        named = (*values(act.stated, "proposal"), *values(act.stated, "term"))
        return next((one for one in self._agreed if (str(one.proposal), one.number) == named), None)


def _set(act: Act) -> tuple[Term, ...]:
    rows = filter(None, map(term, values(act.stated, "terms")))
    return tuple(Term(act.ref, number, performer, due) for number, performer, due in rows)


def _no_set(act: Act, parties: Sequence[str]) -> str | None:
    terms = _set(act)
    if len(terms) > MOST:
        return f"there are more than {MOST} terms"
    if len({one.number for one in terms}) < len(terms):
        return "two terms have one number"
    if not {one.performer for one in terms} <= set(parties):
        return f"a term is performed by {' or '.join(parties)}"
    return None
