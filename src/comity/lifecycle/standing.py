"""Where a procedure stands: what a fold over acts gives, the same for both Parties.

Follows: docs/spec/procedures.md, Standing.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Final, Literal

import msgspec

from comity.instruments import Mark, Procedure, Row, Stated
from comity.lifecycle.gates import open_rows
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
    """

    ref: EntryRef
    party: str
    act: str
    at: datetime
    stated: Stated
    answers: tuple[EntryRef, ...]
    seen: Mapping[str, int]
    receipted_at: datetime | None = None

    def had_seen(self, ref: EntryRef) -> bool:
        """Whether its author held another party's entry when it acted, by its own word."""
        return self.seen.get(ref.origin.party, 0) > ref.index or any(
            one.origin == ref.origin and one.index >= ref.index for one in self.answers
        )

    @classmethod
    def of(cls, ref: EntryRef, entry: Entry, receipted_at: datetime | None = None) -> Act:
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
        )


class Judged(msgspec.Struct, frozen=True, gc=False):
    """An act and what the table makes of it.

    An irregular act was done and stays on record; it has no effect. ``because`` then says why, and what
    could have followed instead, with articles.
    """

    act: Act
    regular: bool
    row: Row | None
    because: str


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

    @property
    def running(self) -> bool:
        """Whether it was neither met nor lifted."""
        return self.met_at is None and self.lifted_at is None

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
    """

    procedure: Procedure
    state: str
    requesting: str
    requested: str
    judged: tuple[Judged, ...]
    clocks: tuple[Clock, ...]
    conditions: tuple[Condition, ...]
    later_days: tuple[LaterDay, ...]

    @cached_property
    def open_rows(self) -> tuple[Row, ...]:
        """What may follow now."""
        regular = [one.act for one in self.judged if one.regular]
        opened = regular[0].stated if regular else {}
        rows = open_rows(self.procedure, self.state, {act.act for act in regular}, opened)
        return tuple(row for row in rows if row.extends in ("", "asks") or self._asked_of(row.by))

    @property
    def label(self) -> str:
        """The state in the instrument's words."""
        return self.procedure.state_of[self.state].label if self.state else NOT_BEGUN

    @property
    def final(self) -> bool:
        """Whether nothing may follow."""
        return self.state in self.procedure.ends

    @property
    def disputed(self) -> tuple[Clock, ...]:
        """The clocks whose receipt bears a time that cannot be so, by what the Parties say themselves."""
        return tuple(clock for clock in self.clocks if clock.disputed)

    @property
    def irregular(self) -> tuple[Judged, ...]:
        """The acts that had no effect."""
        return tuple(one for one in self.judged if not one.regular)

    def _asked_of(self, side: Side) -> bool:
        """Whether a later day waits for the answer of this side."""
        party = self.requesting if side == "requesting" else self.requested
        return any(one.party != party for one in self.later_days)

    def side(self, party: str) -> Side | None:
        """The role of a party in this procedure, if it has one."""
        if party == self.requesting:
            return "requesting"
        return "requested" if party == self.requested else None

    def may(self, party: str) -> tuple[Row, ...]:
        """What this party may do now. A waiting period may still be running; ``judge`` knows the instant."""
        side = self.side(party) if self.state else "requesting"
        return tuple(row for row in self.open_rows if row.by == side)
