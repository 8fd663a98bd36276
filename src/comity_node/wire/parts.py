"""Parts of logs that are given back, from whatever source, judged as they come.

Follows: docs/spec/mirror.md, Returning.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from comity.mirror import Offer, Returned
from comity_node.channels.key_changes import follow_returned
from comity_node.register import misconduct
from comity_node.register.returning import TwoHistoriesOfOurs
from comity_node.wire.receiving import ForkProven

if TYPE_CHECKING:
    from comity.channel.bundle import Bundle
    from comity_node.register.models import Log


NO_ENTRIES: Final = 10**17  # a start beyond every end


class Source(Protocol):
    """Whatever gives back parts of logs."""

    def part(self, log: Log, start: int, receipts: int, /) -> Bundle:
        """Entries of a log from ``start``, and its author's receipts for more than ``receipts`` entries.

        Raises:
            CounterpartBreach: It has none, or does not answer.
        """
        ...


def take(entries: Returned, part: Bundle, log: Log) -> None:
    """Take the next part of a log; if it announces other keys, what comes next is judged by them.

    Raises:
        TwoHistoriesOfOurs: It is ours, and we signed others in its place.
        ForkProven: Its author signed two histories; the proof is kept.
        CounterpartBreach: It is malformed or inconsistent.
    """
    proof = entries.take(
        Offer(
            checkpoint=part.checkpoint,
            start=part.start,
            consistency=part.consistency,
            entries=part.entries,
            payloads=part.payloads,
        )
    )
    if proof is None:
        follow_returned(log, entries)
        return
    if log.ours:
        raise TwoHistoriesOfOurs(
            f"nothing was recovered: we signed two histories of {log.origin}; our signature stands under"
            " other entries than those here"
        )
    misconduct.keep(log, proof)
    raise ForkProven(f"{log.origin}: its author signed two histories; both signatures are kept as proof")
