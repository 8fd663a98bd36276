"""Bring a log to who lacks what it rests on: in parts, each after what its entries had seen of third parties.

Where several wrote in turns, no log can be taken whole before the others: each goes as far as what is held
of the others allows, and so on in turn. What had seen what has no circle, and whoever states to have seen so
much of a log holds a checkpoint of just that size, so there always is a next part.

Follows: docs/spec/wire.md, `awaits`.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Protocol

from comity.channel.bundle import read_bundle
from comity.entries import decode
from comity_node.register import queries, statements
from comity_node.register.bringing import has_been_brought
from comity_node.register.packing import held_by, part
from comity_node.wire.receiving import NotForUs, receive
from comity_node.wire.views import bundle_limits

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from comity.channel.bundle import Bundle
    from comity_node.register.models import Log


class Post(Protocol):
    """Whatever carries a delivery to the counterpart and brings back its answer."""

    def deliver(self, bundle: bytes) -> bytes:
        """Deliver, and return the answer."""
        ...


def answer_to(data: bytes, bundle: Bundle) -> Bundle:
    """Read an answer; it concerns what was asked, or a counterpart could speak for another through us.

    Raises:
        CounterpartBreach: It is malformed, or of another channel or party.
    """
    answer = read_bundle(data, bundle_limits())
    if (answer.channel, answer.sender) != (bundle.channel, bundle.receiver):
        raise NotForUs(f"{bundle.receiver} answered about {bundle.channel} with something else")
    return answer


class Stepping:
    """One party that lacks what deliveries rest on.

    Attributes:
        held: How much of each log it is known to hold, with what was made up for it so far.
    """

    def __init__(self, theirs: Log, awaits: tuple[str, int] | None = None) -> None:
        """Take up what it said.

        Args:
            theirs: Our mirror of its log.
            awaits: Whose log it says it must have first, and how much of it it holds.
        """
        self._theirs = theirs
        self._logs = {log.party: log for log in queries.channel_logs(theirs.channel)}
        self._forked = statements.forked(theirs.channel)
        self.held = {party: held_by(log, theirs) for party, log in self._logs.items()}
        if awaits is not None:
            self.held[awaits[0]] = awaits[1]

    def bring(self, post: Post, log: Log, start: int, end: int) -> int:
        """Deliver a log from ``start``, as far as what it rests on can be brought; says how far that was.

        Raises:
            Unreachable: The counterpart did not answer.
            RefusedByCounterpart: It refused a part for another reason.
        """
        came = start
        for one, bundle in self.parts(log, start, end):
            receive(answer_to(post.deliver(bundle.encode()), bundle))
            if not one.ours:
                has_been_brought(self._theirs, one, bundle.end)
            if one is log:
                came = bundle.end
        return came

    def parts(self, log: Log, start: int, end: int) -> Iterator[tuple[Log, Bundle]]:
        """What is to be delivered, in this order, each taken in before the next; and of which log it is."""
        while start < end:
            reach = self._next(log, start, end)
            if reach is None:
                return
            for party, seen in self._lacking(log, reach):
                third = self._logs.get(party)
                if third is not None and third.size >= seen:
                    yield from self.parts(third, self.held[party], seen)
            if self._lacking(log, reach):
                return
            bundle = part(log, self._theirs.party, start, (), end=reach)
            yield log, bundle
            start = self.held[log.party] = bundle.end

    def _next(self, log: Log, start: int, end: int) -> int | None:
        """The largest checkpoint that rests on what is held; the next there is, if none does."""
        sizes = statements.checkpoint_sizes(log, start, end)
        within = bisect_right(sizes, 0, key=lambda size: len(self._lacking(log, size)))
        return sizes[max(0, within - 1)] if sizes else None

    def _lacking(self, log: Log, size: int) -> Sequence[tuple[str, int]]:
        """What the first entries of a log had seen of third parties that is not held: of whom, how much."""
        seen = decode(statements.leaf(log.channel, log.party, size - 1)).seen
        thirds = seen.keys() - {self._theirs.party, *self._forked}
        return [(party, seen[party]) for party in sorted(thirds) if seen[party] > self.held.get(party, 0)]
