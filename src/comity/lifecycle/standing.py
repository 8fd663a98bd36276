"""Where a procedure stands: what a fold over acts gives, the same for both Parties.

Follows: docs/spec/procedures.md, Standing.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal

import msgspec

from comity.instruments import Mark, Procedure, Row, Stated
from comity.instruments.procedure import MARKS
from comity.lifecycle.gates import open_rows
from comity.lifecycle.numbering import of_another
from comity.lifecycle.stated import is_exercise
from comity.lifecycle.terms import Term
from comity.names import EntryRef

if TYPE_CHECKING:
    from comity.entries import Entry
    from comity.instruments import Side

NOT_BEGUN: Final = "Not begun"
# Two honest clocks differ by seconds, now and then by hours; a day is what nodes put up with and report.
HONEST_CLOCKS: Final = timedelta(days=1)


class Act(msgspec.Struct, frozen=True, gc=False):
    """One act of a procedure, as taken from an entry.

    Attributes:
        ref: The entry.
        party: Its author.
        act: The act, as ``refused``: the last part of the entry's kind.
        at: When its author says it was done.
        stated: The codes it states in the open.
        answers: The entries it answers.
        seen: How many entries of each other party's log its author held.
        receipted_at: When the other Party signed for it. Clocks of that Party start here, since nobody can be
            late with what it has not received; without a receipt they start at ``at`` and are claimed, not
            agreed.
        depth: Its place in the common order, with the origin and index.
        confirmed_by: The entry by which its author confirmed it, where it was lodged in a suspension: it then
            counts with the time, the receipt and the place of that entry.
        receipts: Where its procedure is addressed to several parties, when each of its parties signed for it.
        ref_of_another: Its entry is under a reference numbered under another party: it opens nothing.
    """

    ref: EntryRef
    party: str
    act: str
    at: datetime
    stated: Stated
    answers: tuple[EntryRef, ...]
    seen: Mapping[str, int]
    receipted_at: datetime | None = None
    depth: int = 0
    confirmed_by: EntryRef | None = None
    receipts: Mapping[str, datetime] = {}
    ref_of_another: bool = False

    @property
    def counts_as(self) -> EntryRef:
        """The entry whose place, time and receipt are the act's."""
        return self.confirmed_by or self.ref

    @property
    def place(self) -> tuple[int, str, int]:
        """Its place in the order in which every party reads the entries of a channel."""
        return self.depth, str(self.counts_as.origin), self.counts_as.index

    def had_seen(self, ref: EntryRef) -> bool:
        """Whether its author held another party's entry when it acted, by its own word."""
        return self.seen.get(ref.origin.party, 0) > ref.index or any(
            one.origin == ref.origin and one.index >= ref.index for one in self.answers
        )

    def knew(self, other: Act) -> bool:
        """Whether its author had made or seen another act when this one counts from."""
        if self.party == other.party:
            return self.counts_as.index > other.counts_as.index
        return self.had_seen(other.ref)

    @classmethod
    def of(
        cls,
        ref: EntryRef,
        entry: Entry,
        receipted_at: datetime | None = None,
        *,
        depth: int = 0,
        receipts: Mapping[str, datetime] = MappingProxyType({}),
    ) -> Act:
        """The act that an entry puts on record."""
        return cls(
            ref,
            ref.origin.party,
            entry.act,
            entry.authored_at,
            entry.stated,
            entry.answers,
            entry.seen,
            receipted_at,
            depth,
            None,
            receipts,
            of_another(ref.origin, entry),
        )


class Judged(msgspec.Struct, frozen=True, gc=False):
    """An act and what the table makes of it.

    An irregular act was done and stays on record; it has no effect. ``because`` then says why, and what
    could have followed instead, with articles. One that was lodged in a suspension is not irregular: it has
    no effect yet, and ``lodged_under`` is the entry that declared the suspension; ``taken_back`` is the entry
    by which its author took it back, so that it never will.
    """

    act: Act
    regular: bool
    row: Row | None
    because: str
    lodged_under: EntryRef | None = None
    taken_back: EntryRef | None = None


class Clock(msgspec.Struct, frozen=True, gc=False):
    """A clock that an act started. Whether it is overdue is for the reader's own clock to say.

    Attributes:
        kind: ``treaty``: a deadline of the instrument. ``target``: an agreed target and nothing more.
        for_party: The party whose time is running.
        started_by: The act that started it.
        agreed: Its start carries the receipt of the party whose time is running, or is that party's own act.
        due_at: When it runs out.
        met_at: When that party did what it asks.
        warn: How many days before it is due both parties are reminded.
        lifted_at: When it ended without being met: waived, or the procedure ended.
        receipt_says: What the receipt itself says, where the period does not run from it: another word of
            its signer, or the time the author gives the act, is nearer. None otherwise.
        extended_by: The act by which the other Party agreed to the day it is due now.
        stood_still: How long it stood still in suspensions that have ended; ``due_at`` is later by as much.
        still_since: Since when it stands still; None where it runs. It runs out only after the suspension.
    """

    id: str
    label: str
    basis: str
    verified: Mark
    kind: Literal["treaty", "target"]
    for_party: str
    started_by: EntryRef
    agreed: bool
    started_at: datetime
    due_at: datetime
    met_at: datetime | None = None
    lifted_at: datetime | None = None
    on_expiry: str = ""
    receipt_says: datetime | None = None
    warn: tuple[int, ...] = ()
    extended_by: EntryRef | None = None
    stood_still: timedelta = timedelta(0)
    still_since: datetime | None = None

    @property
    def running(self) -> bool:
        """Whether it was neither met nor lifted."""
        return self.met_at is None and self.lifted_at is None

    @property
    def stands_still(self) -> bool:
        """Whether a suspension holds it up now."""
        return self.still_since is not None

    @property
    def disputed(self) -> bool:
        """Whether its receipt is off by more than two honest clocks are: both Parties see and count it."""
        return self.receipt_says is not None and abs(self.receipt_says - self.started_at) > HONEST_CLOCKS


class Condition(msgspec.Struct, frozen=True, gc=False):
    """A condition on assistance: only ``binding`` ones were accepted by the requesting Party."""

    code: str
    stated_by: EntryRef
    standing: Literal["offered", "binding", "declined", "superseded", "set"]


class LaterDay(msgspec.Struct, frozen=True, gc=False):
    """A later day for a clock that one Party asked for and the other has not answered."""

    asked: EntryRef
    party: str
    clock: str
    until: datetime


class Standing(msgspec.Struct, frozen=True, dict=True):
    """Where a procedure stands. Empty ``state``: nothing regular has opened it.

    Attributes:
        requesting: Author of the opening act.
        requested: The party it was addressed to.
        judged: Every act, in order, with what the table makes of it.
        later_days: Those asked for and not answered, the latest last.
        suspended: Its topic is suspended: clocks stand still, and acts are lodged.
    """

    procedure: Procedure
    state: str
    requesting: str
    requested: str
    judged: tuple[Judged, ...]
    clocks: tuple[Clock, ...]
    conditions: tuple[Condition, ...]
    later_days: tuple[LaterDay, ...]
    terms: tuple[Term, ...] = ()
    suspended: bool = False

    @cached_property
    def regular(self) -> tuple[Judged, ...]:
        """The acts that had effect, in the order they had it."""
        return tuple(sorted((one for one in self.judged if one.regular), key=lambda one: one.act.place))

    @cached_property
    def is_exercise(self) -> bool:
        """Whether what opened it says that nothing of it is meant: all that is done under it is exercise."""
        return bool(self.regular) and is_exercise(self.regular[0].act.stated)

    @cached_property
    def open_rows(self) -> tuple[Row, ...]:
        """What may follow now."""
        regular = [one.act for one in self.regular]
        opened = regular[0].stated if regular else {}
        rows = open_rows(self.procedure, self.state, {act.act for act in regular}, opened)
        return tuple(row for row in rows if self._has_object(row))

    @property
    def lodged(self) -> tuple[Judged, ...]:
        """The acts lodged in a suspension that their authors have neither confirmed nor taken back since."""
        return tuple(one for one in self.judged if one.lodged_under is not None and one.taken_back is None)

    @property
    def label(self) -> str:
        """The state in the instrument's words."""
        return self.procedure.state_of[self.state].label if self.state else NOT_BEGUN

    @property
    def final(self) -> bool:
        """Whether nothing may follow."""
        return self.state in self.procedure.ends

    @property
    def terms_in_play(self) -> tuple[Term, ...]:
        """The terms agreed, and those proposed while the suspension lasts: nobody accepts them after it."""
        lasts = bool(self.state) and self.procedure.state_of[self.state].suspends
        return tuple(one for one in self.terms if one.agreed or lasts)

    @property
    def disputed(self) -> tuple[Clock, ...]:
        """The clocks whose receipt bears a time that cannot be so, by what the Parties say themselves."""
        return tuple(clock for clock in self.clocks if clock.disputed)

    @property
    def irregular(self) -> tuple[Judged, ...]:
        """The acts that had no effect."""
        return tuple(one for one in self.judged if not one.regular and one.lodged_under is None)

    def _has_object(self, row: Row) -> bool:
        """Whether there is anything the row could be about: a later day, a set of terms, a term."""
        party = self.requesting if row.by == "requesting" else self.requested
        if row.extends in ("agrees", "declines"):
            return any(one.party != party for one in self.later_days)
        if row.terms in ("accepts", "declines"):
            return any(not one.agreed and one.proposal.origin.party != party for one in self.terms)
        return row.terms not in MARKS or any(one.agreed for one in self.terms)

    def side(self, party: str) -> Side | None:
        """The role of a party in this procedure, if it has one."""
        if party == self.requesting:
            return "requesting"
        return "requested" if party == self.requested else None

    def may(self, party: str) -> tuple[Row, ...]:
        """What this party may do now. A waiting period may still be running; ``judge`` knows the instant."""
        side = self.side(party) if self.state else "requesting"
        return tuple(row for row in self.open_rows if row.by == side)
