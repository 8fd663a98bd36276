"""Fetch back what an old backup lacks, from the counterpart's mirror or from an export of it.

Our own log is asked for first, to its end; then as much of the counterpart's as our entries had seen and our
receipts had covered. What we had signed for bounds both, so nobody can flood us here. Everything is judged
before anything is stored (:mod:`comity.mirror.returning`), and our log is opened again only where no word we
have, a receipt or a witness's, speaks of more of it than came back.

Follows: docs/spec/wire.md, What an author lost.
"""

from __future__ import annotations

import logging
from itertools import pairwise
from typing import TYPE_CHECKING, Final, Protocol

from django.conf import settings

from comity.channel.bundle import read_bundle
from comity.errors import BadReceipt, CounterpartBreach
from comity.mirror import Offer, Returned
from comity_node.register import mirroring, returning
from comity_node.register.returning import Lost, Recovered, TwoHistoriesOfOurs
from comity_node.wire.exchange import exchange, logs_of
from comity_node.wire.line import RefusedByCounterpart
from comity_node.wire.receiving import ForkProven, NotForUs
from comity_node.wire.views import bundle_limits
from comity_node.witness import services as witness

if TYPE_CHECKING:
    from collections.abc import Callable

    from comity.channel.bundle import Bundle
    from comity.mirror import Receipt
    from comity_node.register.models import Log
    from comity_node.wire.exchange import Exchanged
    from comity_node.wire.line import Line

LOG: Final = logging.getLogger("comity.recovery")
_NO_ENTRIES: Final = 10**17  # a start beyond every end


class KeptBack(CounterpartBreach):
    """Less of our record came back than somebody has signed for."""

    code = "kept-back"
    default_hint = (
        "nothing is signed in this channel until the rest is here: ask the counterpart for its export with"
        " the payloads, and compare the number of entries with its officers. Entries it never received are on"
        " no other disk; then go on in a successor channel"
    )


class Source(Protocol):
    """Whatever gives back parts of logs."""

    def part(self, log: Log, start: int, receipts: int, /) -> Bundle:
        """Entries of a log from ``start``, and its author's receipts for more than ``receipts`` entries.

        Raises:
            CounterpartBreach: It has none, or does not answer.
        """
        ...


class OverTheLine:
    """A counterpart's node as a source."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def part(self, log: Log, start: int, receipts: int, /) -> Bundle:
        """Ask its node."""
        answer = self._line.part(log.channel, log.party, start, receipts)
        return read_bundle(answer, bundle_limits())


def exchange_whole(channel: str, line: Line, *, ask: bool = True) -> tuple[Recovered | None, Exchanged]:
    """Exchange about a channel, after what this node may have lost of it was fetched back.

    A counterpart that accuses us of two histories is not believed: it is asked for our own signatures.

    Raises:
        TwoHistoriesOfOurs: We did sign two.
        ComityError: As :func:`recover` and :func:`comity_node.wire.exchange.exchange`.
    """
    own, theirs = logs_of(channel)
    recovered = recover(channel, OverTheLine(line)) if own.is_closed else None
    try:
        return recovered, exchange(channel, line, ask=ask, logs=None if recovered else (own, theirs))
    except RefusedByCounterpart as refused:
        if refused.their_code == ForkProven.code:
            recover(channel, OverTheLine(line))
        raise


def recover(channel: str, source: Source) -> Recovered:
    """Take back all that is missing of a channel's record, and open our log again.

    Raises:
        TwoHistoriesOfOurs: We signed others in the place of what was lost.
        KeptBack: Less came back than was signed for; what came is kept, and our log stays closed.
        CounterpartBreach: It did not answer, or what it gave back was refused whole, and the refusal noted.
    """
    own, theirs = logs_of(channel)
    try:
        done = _take_back(own, theirs, source)
    except CounterpartBreach as breach:
        mirroring.note_refusal(channel, theirs.party, breach, incoming=True)
        raise
    except TwoHistoriesOfOurs:
        returning.close(own)
        raise
    counts = {"own": done.own, "theirs": done.theirs, "receipts": done.receipts, "missing": done.missing}
    LOG.warning("recovered", extra={"party": theirs.party, "channel": channel, **counts})
    if done.missing:
        raise KeptBack(
            f"{theirs.party} has signed for {own.size + done.missing} entries of our log {own.origin},"
            f" and gave back {own.size}"
        )
    _ask_witnesses(own)
    returning.reopen(own)
    return done


def _take_back(own: Log, theirs: Log, source: Source) -> Recovered:
    ours_lost = _fetch(own, theirs, source, lambda _: True)
    wanted = max([ours_lost.entries.seen(theirs.party), *(one.size for one in ours_lost.receipts)])
    theirs_lost = _fetch(theirs, own, source, lambda held: held < wanted)
    returning.heed(own, theirs_lost.receipts)
    if theirs_lost.entries.size < wanted:
        raise BadReceipt(
            f"{theirs.party} gave back {theirs_lost.entries.size} entries of its log {theirs.origin};"
            f" we had seen and signed for {wanted}"
        )
    return returning.take_back(own, theirs, ours_lost, theirs_lost)


def _fetch(log: Log, other: Log, source: Source, wants: Callable[[int], bool]) -> Lost:
    """One log, part by part: its entries while more are wanted, and all its author's receipts we lack."""
    entries = Returned(mirroring.held(log))
    receipts: list[Receipt] = []
    known = other.receipted
    while True:
        before = entries.size
        wanted = wants(before)
        part = _asked(source.part(log, before if wanted else _NO_ENTRIES, known), log, other)
        if wanted:
            _take(entries, part, log)
        fresh = _receipts(part, log, other, known)
        receipts += fresh
        known = fresh[-1].size if fresh else known
        if entries.size == before and not fresh:
            return Lost(entries, receipts)


def _asked(part: Bundle, log: Log, other: Log) -> Bundle:
    """It is what was asked for, or a counterpart could speak of another channel through our question."""
    if (part.channel, part.sender, part.receiver) != (log.channel, log.party, other.party):
        raise NotForUs(f"a part of {log.origin} was asked for, and something else came")
    return part


def _take(entries: Returned, part: Bundle, log: Log) -> None:
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
    mirroring.keep_misconduct(log, proof)
    raise ForkProven(f"{log.origin}: its author signed two histories; both signatures are kept as proof")


def _receipts(part: Bundle, log: Log, other: Log, known: int) -> list[Receipt]:
    receipts = mirroring.read_receipts(other, log, part.cosignatures)
    sizes = [known, *(one.size for one in receipts)]
    if any(later <= earlier for earlier, later in pairwise(sizes)):
        raise BadReceipt(f"receipts for {other.origin} came back that do not grow from the one before")
    return receipts


def _ask_witnesses(own: Log) -> None:
    """A witness has seen no entry, but may have seen that there were more.

    Raises:
        KeptBack: One has.
    """
    if not settings.NODE.witnesses or not own.size:
        return
    most, name = witness.furthest(own)
    if most > own.size:
        raise KeptBack(
            f"the witness {name} has cosigned {most} entries of our log {own.origin}; {own.size} came back"
        )
