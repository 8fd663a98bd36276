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
from typing import TYPE_CHECKING, Final

from django.conf import settings

from comity.channel.bundle import read_bundle
from comity.errors import BadReceipt, CounterpartBreach, OurFault
from comity.mirror import Returned
from comity.tlog.checkpoint import Checkpoint
from comity.tlog.note import parse_note
from comity_node.register import mirroring, misconduct, queries, returning, returning_many, rotations
from comity_node.register.keyring import KeysNotHere
from comity_node.register.returning import Lost, Recovered, TwoHistoriesOfOurs
from comity_node.wire.exchange import Exchanged, exchange, logs_of
from comity_node.wire.line import RefusedByCounterpart, Unreachable
from comity_node.wire.parts import NO_ENTRIES, bounded, take
from comity_node.wire.receiving import ForkProven, NotForUs
from comity_node.wire.recovering_many import recover_many
from comity_node.wire.views import bundle_limits
from comity_node.witness import services as witness

if TYPE_CHECKING:
    from collections.abc import Callable

    from comity.channel.bundle import Bundle
    from comity_node.register.models import Log
    from comity_node.wire.line import Line
    from comity_node.wire.parts import Source

LOG: Final = logging.getLogger("comity.recovery")


class KeptBack(CounterpartBreach):
    """Less of our record came back than somebody has signed for."""

    code = "kept-back"
    default_hint = (
        "nothing is signed in this channel until the rest is here: ask the counterpart for its export with"
        " the payloads, and compare the number of entries with its officers. Entries it never received are on"
        " no other disk; then go on in a successor channel"
    )


class KeysLost(OurFault):
    """The record came back, and the keys that sign it now did not: they were changed after the backup."""

    code = "keys-lost"
    default_hint = (
        "put back a keyring that has the present keys, from a backup made after the change or by its"
        " custodians, and run comity recover again; if there is none, export the channel and go on in a"
        " successor channel"
    )


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
    party = line.party
    own, theirs = logs_of(channel, party)
    recovered = _recovered(own, line) if own.is_closed else None
    if recovered is not None and own.many and logs_of(channel, party)[0].is_closed:
        return recovered, Exchanged()  # others may hold more of our log: nothing is signed before they answer
    try:
        done = exchange(channel, line, party, ask=ask, logs=None if recovered else (own, theirs))
    except RefusedByCounterpart as refused:
        if refused.their_code == ForkProven.code:
            recover(channel, OverTheLine(line), party)
        raise
    finally:
        # Also where something was refused: it may be so only because two histories are known to one of us.
        if own.many:
            _hear_of_forks(channel, line)
    return recovered, done


def _recovered(own: Log, line: Line) -> Recovered:
    """What a counterpart gives back; of many, nothing where it has given back all it holds before."""
    if own.many and line.party in own.heard and own.held_elsewhere <= own.size:
        reopen_once_heard(own)
        return Recovered(0, 0, 0, 0)
    try:
        return recover(own.channel, OverTheLine(line), line.party)
    finally:  # what did not come back may be what its author signed two histories of
        if own.many:
            _hear_of_forks(own.channel, line)


def _hear_of_forks(channel: str, line: Line) -> None:
    """Take the proofs the counterpart says it has and we lack: its word alone is worth nothing.

    What proves nothing is noted against whoever showed it, and keeps neither other proofs nor entries back.

    Raises:
        Unreachable: It does not answer any more.
    """
    logs = {log.party: log for log in queries.their_logs(channel)}
    for author in sorted((line.forked & logs.keys()) - queries.forked(channel)):
        try:
            misconduct.hear_of(logs[author], line.misconduct(channel, author))
        except Unreachable:
            raise
        except CounterpartBreach as breach:
            mirroring.note_refusal(channel, line.party, breach, incoming=True)


def recover(channel: str, source: Source, party: str = "") -> Recovered:
    """Take back all that is missing of a channel's record, and open our log again.

    Raises:
        TwoHistoriesOfOurs: We signed others in the place of what was lost.
        KeptBack: Less came back than was signed for; what came is kept, and our log stays closed.
        CounterpartBreach: It did not answer, or what it gave back was refused whole, and the refusal noted.
    """
    own, theirs = logs_of(channel, party)
    if own.many:
        return _recover_of_many(own, theirs.party, source)
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
    _must_hold_our_keys(own)
    returning.reopen(own)
    return done


def _recover_of_many(own: Log, party: str, source: Source) -> Recovered:
    """The same in a channel of many: our log is opened again once every member was heard.

    Raises:
        KeptBack: Less came back of our log than somebody has signed for; what came is kept. Another member
            may hold the rest.
    """
    done = recover_many(own.channel, source, party)
    LOG.warning("recovered", extra={"party": party, "channel": own.channel, "own": done.own})
    if done.missing:
        raise KeptBack(
            f"{party} gave back our log {own.origin} without the last {done.missing} entries that somebody"
            " has signed for"
        )
    reopen_once_heard(logs_of(own.channel, party)[0])
    return done


def reopen_once_heard(own: Log) -> None:
    """In a channel of many: open our log again if every member was heard, and no witness knows of more.

    Raises:
        KeptBack: A witness does.
    """
    if not returning_many.not_heard(own):
        _ask_witnesses(own)
        _must_hold_our_keys(own)
        returning_many.reopen(own)


def _take_back(own: Log, theirs: Log, source: Source) -> Recovered:
    """All of our own log first; then what we signed for of theirs, it may be under keys not read yet."""
    ours = _entries(own, theirs, source, lambda _: True)
    given = _notes(own, theirs, source, theirs.receipted)
    signed = max(mirroring.signed_by_us(own, given), default=0)
    wanted = max(ours.seen(theirs.party), signed)
    others = _entries(theirs, own, source, lambda held: held < wanted)
    shown = _notes(theirs, own, source, own.receipted)
    ours_lost = Lost(ours, mirroring.read_receipts(theirs, own, given, others.seen_at))
    theirs_lost = Lost(others, mirroring.read_receipts(own, theirs, shown, ours.seen_at))
    returning.heed(own, theirs_lost.receipts)
    if others.size < wanted:
        raise BadReceipt(
            f"{theirs.party} gave back {others.size} entries of its log {theirs.origin};"
            f" we had seen and signed for {wanted}"
        )
    return returning.take_back(own, theirs, ours_lost, theirs_lost)


def _entries(log: Log, other: Log, source: Source, wants: Callable[[int], bool]) -> Returned:
    """One log, part by part, while more is wanted; each part by the keys that the ones before announce."""
    entries = Returned(mirroring.held(log))
    while wants(before := entries.size):
        take(entries, _asked(source.part(log, before, NO_ENTRIES), log, other), log)
        if entries.size == before:
            break
    return entries


def _notes(log: Log, other: Log, source: Source, known: int) -> list[bytes]:
    """All receipts by the author of a log for the other that we lack, each for more than the one before.

    Raises:
        TooManyReceipts: There is no end of them.
    """
    notes: list[bytes] = []
    while True:
        part = _asked(source.part(log, NO_ENTRIES, known), log, other)
        sizes = [known, *(Checkpoint.parse(parse_note(note).text).size for note in part.cosignatures)]
        if any(later <= earlier for earlier, later in pairwise(sizes)):
            raise BadReceipt(f"receipts for {other.origin} came back that do not grow from the one before")
        if not part.cosignatures:
            return notes
        notes, known = bounded([*notes, *part.cosignatures], log), sizes[-1]


def _asked(part: Bundle, log: Log, other: Log) -> Bundle:
    """It is what was asked for, or a counterpart could speak of another channel through our question."""
    if (part.channel, part.sender, part.receiver) != (log.channel, log.party, other.party):
        raise NotForUs(f"a part of {log.origin} was asked for, and something else came")
    return part


def _must_hold_our_keys(own: Log) -> None:
    """Let nothing be signed again without the keys that now sign: what old ones would sign nobody may take.

    Raises:
        KeysLost: Our keys were changed after the backup, and the keyring is from before that.
    """
    fresh = next(log for log in queries.channel_logs(own.channel) if log.ours)
    try:
        for role in ("log", "mirror"):
            rotations.signing(fresh, role)
    except KeysNotHere as missing:
        raise KeysLost(f"all of {own.origin} is back, and nothing is signed on it: {missing}") from missing


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
