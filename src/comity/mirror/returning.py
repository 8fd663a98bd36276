"""Take back what we have lost of a record from whoever mirrors it, judged as anything of a counterpart's is.

A node restored from an old backup holds a shorter record than its counterpart. What it lacks of its *own* log
the counterpart's mirror holds, under its own signature; what it lacks of the counterpart's log is sent once
more. Both come together: each log's entries have seen the other's, and stand in the common order only so.

What can be returned is bounded by what was signed. Nobody else can make an entry of our log, so nothing is
adopted here that its author did not sign; but whoever returns it can keep back the end of it, and no proof
shows what was kept back. The caller holds the sizes against every other word it has: receipts, witnesses.

Follows: docs/spec/mirror.md, Returning.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from comity.errors import BadCheckpoint, ClaimsTheUnseen, EntriesDoNotMatch
from comity.mirror.consider import Accepted, AlreadyHeld, Fresh, Held, Offer, consider
from comity.mirror.fork import ForkProof
from comity.names import MAX_INDEX

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class Returned:
    """What comes back of one log beyond what is held, part by part."""

    def __init__(self, held: Held) -> None:
        """Begin at the end of what is held.

        Args:
            held: What we hold. How much exists of the other logs is not known yet: it comes back as well.
        """
        self.party = held.origin.party
        self.start = held.tree.size
        self.fresh: list[Fresh] = []
        self.checkpoints: list[tuple[int, bytes]] = []
        self._held = replace(held, sizes=dict.fromkeys(held.sizes, MAX_INDEX), returning=True)

    @property
    def size(self) -> int:
        """How many entries there are with what has come back."""
        return self._held.tree.size

    def seen(self, party: str) -> int:
        """How much of another log what has come back has seen."""
        return self._held.seen.get(party, 0)

    def take(self, offer: Offer) -> ForkProof | None:
        """Take the next part.

        Returns:
            Proof that the log's author signed two histories, if that is what came; nothing is kept then.

        Raises:
            CounterpartBreach: It is malformed or inconsistent.
        """
        if not offer.checkpoint or (self.fresh and not offer.entries):
            return None
        if offer.start != self.size:
            raise EntriesDoNotMatch(
                f"entries of {self._held.origin} were asked for from {self.size}, and came from {offer.start}"
            )
        judged = consider(offer, self._held)
        if isinstance(judged, ForkProof):
            return judged
        if isinstance(judged, Accepted):
            self._keep(judged)
        elif not isinstance(judged, AlreadyHeld) or offer.entries:
            raise BadCheckpoint(
                f"entries of {self._held.origin} came under a checkpoint that does not cover them"
            )
        return None

    def _keep(self, judged: Accepted) -> None:
        self.fresh += judged.fresh
        self.checkpoints.append((judged.checkpoint.size, judged.note))
        self._held = replace(
            self._held,
            tree=judged.tree,
            checkpoint=judged.note,
            seen=judged.fresh[-1].entry.seen,
            root_at=_only_forward,
        )


def _only_forward(size: int) -> bytes:
    raise EntriesDoNotMatch(f"a part that goes back to {size} entries came after one that goes further")


def in_causal_order(parts: Sequence[Returned]) -> Iterator[tuple[Returned, Fresh]]:
    """What came back of all logs of a channel, each entry after everything it had seen.

    Raises:
        ClaimsTheUnseen: An entry says it has seen what is neither held nor came back before it.
    """
    sizes = {part.party: part.start for part in parts}
    waiting = {part.party: iter(part.fresh) for part in parts}
    heads = {party: next(fresh, None) for party, fresh in waiting.items()}
    moved = True
    while moved:
        moved = False
        for part in parts:
            while (head := heads[part.party]) is not None and _stands_on(head, sizes):
                yield part, head
                sizes[part.party] += 1
                heads[part.party] = next(waiting[part.party], None)
                moved = True
    for party, head in heads.items():
        if head is not None:
            raise ClaimsTheUnseen(
                f"entry {head.index} of {party} says it has seen what did not come back with it",
                hint="ask for it again; if it repeats, the counterpart keeps something back",
            )


def _stands_on(fresh: Fresh, sizes: dict[str, int]) -> bool:
    return all(size <= sizes.get(party, 0) for party, size in fresh.entry.seen.items())
