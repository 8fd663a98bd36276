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

from comity.entries import depth
from comity.errors import BadCheckpoint, ClaimsTheUnseen, EntriesDoNotMatch
from comity.mirror.consider import Accepted, AlreadyHeld, Fresh, Held, Offer, consider
from comity.mirror.fork import ForkProof
from comity.names import MAX_INDEX

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from comity.mirror.generations import Generation
    from comity.tlog.vkey import VerifierKey


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
        if held.many:  # what others had seen, and who was in, comes back as well: it is looked at when it has
            self._held = replace(
                self._held, seen_by=lambda _party, _index: {}, seals_to=lambda _index, _: frozenset()
            )

    @property
    def size(self) -> int:
        """How many entries there are with what has come back."""
        return self._held.tree.size

    def seen(self, party: str) -> int:
        """How much of another log what has come back has seen."""
        return self._held.seen.get(party, 0)

    def seen_at(self, size: int, party: str) -> int | None:
        """How much of another log the last of so many entries had seen; None where that came before."""
        place = size - 1 - self.start
        return self.fresh[place].entry.seen.get(party, 0) if 0 <= place < len(self.fresh) else None

    def learn(self, keys: tuple[VerifierKey, ...] | tuple[Generation, ...]) -> None:
        """Judge what comes next by these keys too: what came back has announced them."""
        self._held = replace(self._held, keys=keys)

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


def check_claims(
    parts: Sequence[Returned],
    held: Callable[[str, int], Mapping[str, int]] | None = None,
    forked: Collection[str] = (),
) -> None:
    """Hold what came back of all logs of a channel together: each entry came after everything it had seen.

    Args:
        parts: What came back of each log.
        held: What a stored entry had seen, by party and index; where there are third parties.
        forked: Parties proven to have signed two histories: who has seen which cannot be told.

    Raises:
        ClaimsTheUnseen: An entry says it has seen what is neither held nor came back before it, or has not
            seen what that had.
    """
    sizes = {part.party: part.start for part in parts}
    came = ((part.party, fresh) for part in parts for fresh in part.fresh)
    for party, fresh in sorted(came, key=lambda one: depth(one[1].index, one[1].entry.seen)):
        if any(size > sizes.get(other, 0) for other, size in fresh.entry.seen.items() if other not in forked):
            raise ClaimsTheUnseen(
                f"entry {fresh.index} of {party} says it has seen what did not come back with it",
                hint="ask for it again; if it repeats, the counterpart keeps something back",
            )
        sizes[party] += 1
    if held is not None:
        _check_causes(parts, held, forked)


def _check_causes(
    parts: Sequence[Returned], held: Callable[[str, int], Mapping[str, int]], forked: Collection[str]
) -> None:
    """Whoever saw an entry saw what that had seen."""
    came = {(part.party, fresh.index): fresh.entry.seen for part in parts for fresh in part.fresh}
    for (party, index), seen in came.items():
        for other, size in seen.items():
            if other in forked:
                continue
            place = other, size - 1
            cause = came[place] if place in came else held(*place)
            stood = {**seen, party: index}
            if any(least > stood.get(third, 0) for third, least in cause.items() if third not in forked):
                raise ClaimsTheUnseen(
                    f"entry {index} of {party} says it has seen entry {size - 1} of {other}, and not what"
                    " that had seen"
                )
