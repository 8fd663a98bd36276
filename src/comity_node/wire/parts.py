"""Parts of logs that are given back, from whatever source, judged as they come.

Follows: docs/spec/mirror.md, Returning.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from django.conf import settings

from comity.errors import CounterpartBreach
from comity.mirror import Offer, Returned
from comity_node.channels.key_changes import follow_returned
from comity_node.register import misconduct
from comity_node.register.returning import TwoHistoriesOfOurs
from comity_node.wire.receiving import ForkProven

if TYPE_CHECKING:
    from comity.channel.bundle import Bundle
    from comity_node.register.models import Log


NO_ENTRIES: Final = 10**17  # a start beyond every end


class TooManyReceipts(CounterpartBreach):
    """More receipts of one log are given back after a loss than this node takes."""

    code = "too-many-receipts"
    default_hint = (
        "compare the number of entries with the officers of whoever gives them back: of one log a party gives"
        " no more receipts than it has entries. If there are so many, raise recovered_receipts under [limits]"
        " in node.toml and run comity recover again"
    )


class Source(Protocol):
    """Whatever gives back parts of logs."""

    def part(self, log: Log, start: int, receipts: int, /) -> Bundle:
        """Entries of a log from ``start``, and its author's receipts for more than ``receipts`` entries.

        Raises:
            CounterpartBreach: It has none, or does not answer.
        """
        ...


def bounded(notes: list[bytes], log: Log) -> list[bytes]:
    """The receipts that came back so far beside a log, if they are no more than this node takes.

    They are judged once all are here, so that whoever gives them back could invent them without end.

    Raises:
        TooManyReceipts: They are more.
    """
    most = settings.NODE.limits.recovered_receipts
    if len(notes) > most:
        raise TooManyReceipts(
            f"nothing was recovered: more than {most:,} receipts came back beside the log {log.origin}"
        )
    return notes


def take(entries: Returned, part: Bundle, log: Log) -> None:
    """Take the next part of a log; if it announces other keys, it and what comes next are judged by them.

    Raises:
        TwoHistoriesOfOurs: It is ours, and we signed others in its place.
        ForkProven: Its author signed two histories; the proof is kept.
        CounterpartBreach: It is malformed or inconsistent.
    """
    follow_returned(log, entries, part)
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
        return
    if log.ours:
        raise TwoHistoriesOfOurs(
            f"nothing was recovered: we signed two histories of {log.origin}; our signature stands under"
            " other entries than those here"
        )
    misconduct.keep(log, proof)
    raise ForkProven(f"{log.origin}: its author signed two histories; both signatures are kept as proof")
