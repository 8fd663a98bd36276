"""Later days for running clocks: asked for by one Party, and agreed to or declined by the other.

An answer is to the latest asking its author had seen, as with conditions: nobody agrees to a day it has not
read. Both Parties may ask at once; each is answered for itself.

Follows: docs/spec/procedures.md, Clocks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from comity.lifecycle.clocks import end_of_day
from comity.lifecycle.standing import LaterDay
from comity.lifecycle.stated import values

if TYPE_CHECKING:
    from comity.instruments import Row
    from comity.lifecycle.clocks import Clocks
    from comity.lifecycle.standing import Act

MOST_OPEN = 20  # of each Party; an older one is answered by nobody who reads them all


class Extensions:
    """What was asked for so far in one procedure, and is still open."""

    def __init__(self, clocks: Clocks) -> None:
        self._clocks = clocks
        self._open: list[LaterDay] = []

    def open(self) -> tuple[LaterDay, ...]:
        """What was asked for and not answered, the latest last."""
        return tuple(self._open)

    def objection(self, row: Row, act: Act) -> str | None:
        """Why the act can have no effect on any clock, or None; one that crosses is noted all the same."""
        if row.crosses and row.extends == "asks":
            return None
        if row.extends != "asks":
            open_to_it = self._answered(act) is not None
            return None if open_to_it else "no later day that the other Party asked for is open"
        name = values(act.stated, "clock")[0]
        due = self._clocks.due(name, act)
        if due is None:
            return None if self._clocks.ended_unseen(name, act) else "this clock does not run"
        return None if end_of_day(act, "until") > due else f"it runs until {due:%Y-%m-%d %H:%M} UTC already"

    def take(self, act: Act, row: Row) -> None:
        """Note what is asked, or settle what was."""
        if row.extends == "asks":
            clock = values(act.stated, "clock")[0]
            self._ask(LaterDay(act.ref, act.party, clock, end_of_day(act, "until")))
            return
        asked = self._answered(act)
        assert asked is not None, "the row was held against what is open"
        self._open.remove(asked)
        if row.extends == "agrees":
            self._clocks.extend(asked.clock, asked.until, by=act)

    def _ask(self, asked: LaterDay) -> None:
        own = [one for one in self._open if one.party == asked.party]
        if len(own) >= MOST_OPEN:
            self._open.remove(own[0])
        self._open.append(asked)

    def _answered(self, act: Act) -> LaterDay | None:
        theirs = (one for one in reversed(self._open) if one.party != act.party)
        return next((one for one in theirs if act.had_seen(one.asked)), None)
