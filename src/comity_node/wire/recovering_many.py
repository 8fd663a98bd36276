"""Fetch back what an old backup lacks of a channel of many, from each member in turn.

Any member holds every log. Our own is asked for to its end; of each other's as much as what came back had
seen, and our receipts had covered. A member may hold more of our log than another: nothing is signed before
each has answered, or our officers say that one need not be waited for.

Follows: docs/spec/wire.md, What an author lost.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from comity.errors import BadReceipt, CounterpartBreach
from comity.mirror import Returned
from comity_node.register import mirroring, queries, returning, returning_many
from comity_node.register.returning import Recovered, TwoHistoriesOfOurs
from comity_node.wire.parts import NO_ENTRIES, bounded, take
from comity_node.wire.receiving import ForkProven, NotForUs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from comity.mirror import Receipt
    from comity_node.register.models import Log
    from comity_node.wire.parts import Source


def recover_many(channel: str, source: Source, party: str) -> Recovered:
    """Take back all that a member holds and we lack; our log stays closed until others were heard as well.

    Raises:
        TwoHistoriesOfOurs: We signed others in the place of what was lost.
        CounterpartBreach: It did not answer, or what it gave back was refused whole, and the refusal noted.
    """
    logs = {log.party: log for log in queries.channel_logs(channel)}
    own = next(log for log in logs.values() if log.ours)
    try:
        done = _take_back(logs, own, source)
    except CounterpartBreach as breach:
        mirroring.note_refusal(channel, party, breach, incoming=True)
        raise
    except TwoHistoriesOfOurs:
        returning.close(own)
        raise
    if not done.missing:
        returning_many.note_given_back(own, party)
    return done


def _take_back(logs: Mapping[str, Log], own: Log, source: Source) -> Recovered:
    """Our own log first, which says by which keys we signed; then what we signed for, under whatever keys."""
    fetched = {party: _Fetched(log, source) for party, log in logs.items()}
    fetched[own.party].all_entries()
    notes = {party: one.all_receipts() for party, one in fetched.items()}
    wanted = {
        party: max(mirroring.signed_by_us(own, some), default=0)
        for party, some in notes.items()
        if party != own.party
    }
    _fetch_what_was_seen(fetched, own, wanted)
    receipts = _read(logs, [note for some in notes.values() for note in some], fetched)
    returning.heed(own, [one for (of, _), some in receipts.items() if of == own.party for one in some])
    return returning_many.take_back(logs, [one.entries for one in fetched.values()], receipts)


def _fetch_what_was_seen(fetched: Mapping[str, _Fetched], own: Log, wanted: Mapping[str, int]) -> None:
    """Fetch of each other log as much as all that came back had seen, and as we had signed for.

    Raises:
        BadReceipt: Less of one came back.
    """
    lacking = True
    while lacking:
        lacking = False
        forked = queries.forked(own.channel)  # of whom one part may be here and another there
        for party, one in fetched.items():
            seen = (other.entries.seen(party) for other in fetched.values())
            most = max([wanted.get(party, 0), *seen])
            if party == own.party or party in forked or one.entries.size >= most:
                continue
            lacking = True
            if not one.more_entries() and party not in queries.forked(own.channel):
                raise BadReceipt(
                    f"{one.entries.size} entries of the log of {party} came back; we had seen, or signed for,"
                    f" {most}"
                )


def _read(
    logs: Mapping[str, Log], notes: list[bytes], fetched: Mapping[str, _Fetched]
) -> dict[tuple[str, str], list[Receipt]]:
    """Receipts by whose log, and who gave them, the smallest first.

    What is signed by keys that nothing which came back announces cannot be read; where that is ours nothing
    goes on.
    """
    by_key = {log.pk: log for log in logs.values()}
    sizes = {log.pk: fetched[party].entries.size for party, log in logs.items()}
    found: dict[tuple[str, str], list[Receipt]] = {}
    for note in notes:
        try:
            sorted_ = mirroring.sort_receipts(list(logs.values()), [note], sizes)
        except mirroring.ShownTooEarly:
            continue
        for (of, by), some in sorted_.items():
            came = fetched[by_key[of].party].entries
            read = mirroring.read_receipts(by_key[of], by_key[by], some, came.seen_at)
            found.setdefault((by_key[of].party, by_key[by].party), []).extend(read)
    return {key: sorted(some, key=lambda one: one.size) for key, some in found.items()}


class _Fetched:
    """What comes back of one log, part by part."""

    def __init__(self, log: Log, source: Source) -> None:
        self.entries = Returned(mirroring.held(log))
        self._log = log
        self._source = source

    def all_entries(self) -> None:
        """Ask for entries until there are no more."""
        while self.more_entries():
            pass

    def more_entries(self) -> bool:
        """Ask for the next entries; whether any came."""
        before = self.entries.size
        part = self._source.part(self._log, before, NO_ENTRIES)
        if (part.channel, part.sender) != (self._log.channel, self._log.party):
            raise NotForUs(f"a part of {self._log.origin} was asked for, and something else came")
        try:
            take(self.entries, part, self._log)
        except ForkProven:  # the proof is kept; of the other logs everything is taken all the same
            return False
        return self.entries.size > before

    def all_receipts(self) -> list[bytes]:
        """Ask for all receipts of the log, by whomever.

        Raises:
            TooManyReceipts: There is no end of them.
        """
        notes: list[bytes] = []
        while True:
            part = self._source.part(self._log, NO_ENTRIES, len(notes))
            if not part.cosignatures:
                return notes
            notes = bounded([*notes, *part.cosignatures], self._log)
