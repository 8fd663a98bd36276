"""What a Party says of when it held the other's acts: its receipts, and its own acts that had seen them.

A receipt that is dated ahead would let its signer's own clock start late. Nobody can have received later than
it says it held: an act of its own that had seen the other's, or a receipt for more of the other's log, binds
it to that time. Both Parties and any verifier have these words, so they all come to the same start.

Follows: docs/spec/procedures.md, Clocks; docs/adr/0012-when-a-receipt-counts.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from msgspec.structs import replace

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from comity.lifecycle.standing import Act


@dataclass(frozen=True, slots=True)
class Held:
    """At ``at``, by its own word, the other Party held the first ``size`` entries of ``author``'s log."""

    author: str
    size: int
    at: datetime

    def bound(self, act: Act) -> Act:
        """The act, received no later than this; the same object where this says nothing new of it."""
        if act.receipted_at is None or act.receipted_at <= self.at:
            return act
        if act.party != self.author or act.counts_as.index >= self.size:
            return act
        return replace(act, receipted_at=self.at)


class Words:
    """Whether a Party's word binds any receipt it has given so far: mostly it does not."""

    def __init__(self) -> None:
        self._latest: dict[str, datetime] = {}

    def of(self, act: Act) -> Iterator[Held]:
        """What this act, or its receipt, says that was held earlier than some receipt has it."""
        for author, latest in self._latest.items():
            if author != act.party and act.at < latest and act.seen.get(author):
                yield Held(author, act.seen[author], act.at)
        if act.receipted_at is not None:
            latest_own = self._latest.get(act.party)
            if latest_own is not None and act.receipted_at < latest_own:
                yield Held(act.party, act.counts_as.index, act.receipted_at)
            else:
                self._latest[act.party] = act.receipted_at
