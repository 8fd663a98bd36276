"""Offers that nobody owes an answer to: who has not answered, and since when; what an answer was to.

Silence is no breach where no answer was promised, so there is no period and no deadline: only the time that
has passed since the other Party signed for what was offered. Both Parties, and any verifier, count the same.

Follows: docs/spec/procedures.md, Offers.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

import msgspec

from comity.lifecycle.clocks import began
from comity.lifecycle.stated import day, values
from comity.names import EntryRef

if TYPE_CHECKING:
    from comity.lifecycle.standing import Standing

ACCEPTED: Final = "accepted"
REMINDED: Final = "reminded"
_PROPOSING: Final = frozenset({"offered", "counter_offered", "asked"})


class Unanswered(msgspec.Struct, frozen=True, gc=False):
    """What one Party offered and the other has not answered.

    Attributes:
        party: Who has not answered.
        source: The entry that is not answered.
        since: When that party receipted it; when its author says it was done, where nobody has.
        is_receipted: The party has signed for it. Until then nobody can say that it was ignored.
        hoped_for: The day until which its author hopes for an answer. It binds nobody.
        reminders: The entries by which its author has reminded the party since, in order.
    """

    party: str
    source: EntryRef
    since: datetime
    is_receipted: bool
    hoped_for: date | None
    reminders: tuple[EntryRef, ...]

    def days(self, now: datetime) -> int:
        """How many whole days have passed since."""
        return max(timedelta(0), now - self.since).days


def unanswered(standing: Standing) -> Unanswered | None:
    """What stands unanswered, where an answer is hoped for and not owed; None where nothing does."""
    state = standing.procedure.state_of.get(standing.state)
    if state is None or state.owed or not state.turn or standing.final:
        return None
    acts = [one.act for one in standing.regular]
    party = standing.requesting if state.turn == "requesting" else standing.requested
    asked = next((act for act in reversed(acts) if act.party != party and act.act in _PROPOSING), None)
    if asked is None:
        return None
    since = acts[acts.index(asked) :]
    return Unanswered(
        party=party,
        source=asked.ref,
        since=began(asked, own=False),
        is_receipted=asked.receipted_at is not None,
        hoped_for=next(map(day, values(asked.stated, "answer_by")), None),
        reminders=tuple(act.ref for act in since if act.act == REMINDED and act.party == asked.party),
    )


def accepted(standing: Standing) -> EntryRef | None:
    """The entry whose offer was accepted: the latest of the other Party that the accepting one had seen."""
    acts = [one.act for one in standing.regular]
    said = next((act for act in reversed(acts) if act.act == ACCEPTED), None)
    if said is None:
        return None
    offers = (act for act in reversed(acts) if act.act in _PROPOSING and act.party != said.party)
    return next((act.ref for act in offers if said.had_seen(act.ref)), None)
