"""Writing our own part of the record: open a log, put an act on it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from comity.entries import By, Capacity, Entry, PayloadDigest, depth, encode, instant
from comity.errors import OurFault
from comity.keys.sealing import seal
from comity.lifecycle.life import BEARING
from comity.names import EntryRef, Origin
from comity.tlog.checkpoint import Checkpoint
from comity.tlog.merkle import leaf_hash
from comity.tlog.note import sign_note
from comity_node.register import (
    dating,
    models,
    news,
    passages,
    recipients,
    rooms,
    rotations,
    standings,
    statements,
    touched,
)
from comity_node.register.keyring import log_signers
from comity_node.register.statements import NewEntry
from comity_node.register.storing import saying_why
from comity_node.register.tree import GrowingTree

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from comity.keys.sealing import Recipient
    from comity.tlog.vkey import VerifierKey
    from comity_node.register.acts import Act


# What stands under one checkpoint crosses in one delivery, and has to fit it.
MOST_TOGETHER: Final = 1000
MOST_BYTES_TOGETHER: Final = 16 * 2**20


class NoSuchChannel(OurFault):
    """This node has no log in that channel."""

    code = "no-such-channel"
    default_hint = "list the channels with `comity channel list`"


class RecordSetBack(OurFault):
    """A counterpart holds more of our log than we do: our record was set back, as by an old backup."""

    code = "record-set-back"
    default_hint = (
        "nothing more is signed here, so that no second history begins. What is missing is fetched back from"
        " the counterpart's mirror by itself, or now: `comity sync`; without a line, from its export with the"
        " payloads: `comity recover`"
    )


class NotHeardSinceRestore(OurFault):
    """The node was restored from a backup, and the counterpart may hold entries the backup lacks."""

    code = "not-heard-since-restore"
    default_hint = (
        "reach the counterpart: `comity sync` asks it for what the backup lacks; without a line, take its"
        " export with the payloads: `comity recover`"
    )


class TooMuchContent(OurFault):
    """The content of an act is larger than nodes accept from one another."""

    code = "too-much-content"
    default_hint = "shorten the text, or add what is long as an exhibit"


class TakesTwo(OurFault):
    """An act that one officer signed at once takes a second."""

    code = "takes-two"
    default_hint = "prepare it, and have a second officer approve it"


class ProceduresMixed(OurFault):
    """Acts of one batch must concern different procedures of one channel: none can see the others."""

    code = "procedures-mixed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """A party's place in a channel: its log, and the keys it uses there.

    ``seated``: it is asked or in; otherwise its log is made ready for when it is.
    """

    origin: Origin
    ours: bool
    log_keys: Sequence[VerifierKey]
    mirror_keys: Sequence[VerifierKey]
    recipients: Sequence[str]
    many: bool = False
    seated: bool = True


def open_log(seat: Seat) -> models.Log:
    """Set up the log of one party in a channel, still empty."""
    place = models.Log.Place.ASKED if seat.many and not seat.ours else models.Log.Place.MEMBER
    return models.Log.objects.create(
        origin=str(seat.origin),
        channel=seat.origin.channel,
        party=seat.origin.party,
        ours=seat.ours,
        log_keys="\n".join(map(str, seat.log_keys)),
        mirror_keys="\n".join(map(str, seat.mirror_keys)),
        recipients="\n".join(seat.recipients),
        many=seat.many,
        place=place if seat.seated else models.Log.Place.GONE,
    )


def append(act: Act, *, by: Capacity, second: Capacity | None = None) -> EntryRef:
    """Put one act on our log, signed, sealed and projected, in one transaction.

    The act is judged inside the transaction, so nothing can move between the judgement and the signature.

    Returns:
        Reference of the entry, durable once the transaction commits.

    Raises:
        OurFault: The act is not allowed now. Nothing was recorded.
    """
    return append_all([act], by=by, second=second)[0]


def append_all(
    acts: Sequence[Act], *, by: Capacity, second: Capacity | None = None, alone: bool = False
) -> list[EntryRef]:
    """Put several acts of one channel on our log under one checkpoint, all of them or none.

    Args:
        acts: What is put on record.
        by: In whose name.
        second: Who seconded it.
        alone: Whether nobody was asked yet if one officer may sign them.

    Raises:
        TakesTwo: Nobody was asked, and one of them takes a second officer.
        OurFault: One of them is not allowed now, two concern one procedure, or the disk is full. Nothing
            was recorded.
    """
    channel = _one_channel(acts)
    meant = recipients.meant_for(statements.heads(channel), acts)
    sealed = _sealed(acts, meant)
    signatories = By(by.office, by.capacity, second)
    with saying_why(), transaction.atomic():
        log, others = _own_log_and_others(channel)
        now_meant = recipients.meant_for([log, *others], acts)
        if meant != now_meant:  # somebody came in, or left, meanwhile
            sealed = _sealed(acts, now_meant)
        verdicts = rooms.verdicts(acts, log.party)
        if alone and any(one.second_needed for one in verdicts):
            raise TakesTwo(f"nothing was recorded: {acts[0].kind} takes a second officer")
        recipients.must_know_who_is_asked([log, *others], acts)
        now = timezone.now()
        at = dating.not_before_what_was_seen(channel, now)
        entries = [
            _entry(act, payload, signatories, others, at) for act, payload in zip(acts, sealed, strict=True)
        ]
        refs = _write(log, entries, [payload for payload in sealed if payload], now)
        project(channel, [(act.kind, act.ref) for act in acts])
        news.ring_on_commit()
    return refs


def project(channel: str, touched: Collection[tuple[str, str]]) -> None:
    """Have the rooms compute anew where the touched procedures stand.

    Args:
        channel: Channel of the entries.
        touched: Kind and ref of each new entry.
    """
    refs: dict[str, set[str]] = {}
    for kind, ref in touched:
        if (room := rooms.room_of(kind)) is not None:
            refs.setdefault(room.prefix, set()).add(ref)
    bearing = {(kind.rpartition(".")[0], ref) for kind, ref in touched if kind in standings.bearing_kinds()}
    if bearing:
        _add_what_it_bears_on(channel, refs, bearing)
    with standings.read_once():
        for room in rooms.rooms():
            if refs.get(room.prefix):
                passages.project(room, channel, refs[room.prefix])


def _add_what_it_bears_on(
    channel: str, refs: dict[str, set[str]], bearing: Collection[tuple[str, str]]
) -> None:
    """Add what an act in the life of the charter bears on: what was written since, and whatever goes on."""
    since = min(touched.first_depth(channel, [ref], f"{kinds}.") for kinds, ref in bearing)
    for room in rooms.rooms():
        if room.prefix not in BEARING:
            bears_on = room.open(channel) | touched.refs_since(channel, since, f"{room.prefix}.")
            refs.setdefault(room.prefix, set()).update(bears_on)


def _one_channel(acts: Sequence[Act]) -> str:
    channels = {act.channel for act in acts}
    if len(channels) != 1 or len({act.ref for act in acts}) != len(acts):
        raise ProceduresMixed("acts of one batch must concern different procedures of one channel")
    return channels.pop()


def _own_log_and_others(channel: str) -> tuple[models.Log, list[models.Log]]:
    """Our log of the channel, locked, and the mirrors of the others."""
    logs = statements.heads(channel, lock=True)
    own = next((log for log in logs if log.ours), None)
    if own is None:
        raise NoSuchChannel(f"there is no channel {channel} here; nothing was recorded")
    refuse_while_lost(own)
    return own, [log for log in logs if not log.ours]


def refuse_while_lost(own: models.Log) -> None:
    """Sign and take nothing in a channel while something of our own record in it may be lost.

    Raises:
        NotHeardSinceRestore: The node was restored, and the counterpart has not yet given back what it holds.
        RecordSetBack: A counterpart has shown that it holds more of our log than we do.
    """
    if own.held_elsewhere < 0:
        raise NotHeardSinceRestore(
            f"nothing was recorded: since this node was restored, nobody answered about {own.origin}"
        )
    if own.held_elsewhere > own.size:
        raise RecordSetBack(
            f"nothing was recorded: a counterpart holds {own.held_elsewhere} entries of our log {own.origin},"
            f" we hold {own.size}"
        )


def _sealed(acts: Sequence[Act], meant: Sequence[Sequence[Recipient]]) -> list[bytes | None]:
    return [_seal(act, recipients) for act, recipients in zip(acts, meant, strict=True)]


def _seal(act: Act, recipients: Sequence[Recipient]) -> bytes | None:
    """The act's payload, sealed."""
    if act.payload is None:
        return None
    sealed = seal(act.document(), recipients)
    most = settings.NODE.limits.payload_bytes
    if len(sealed) > most:
        raise TooMuchContent(
            f"nothing was recorded: its content takes {len(sealed):,} bytes sealed, of {most:,}"
        )
    return sealed


def _entry(act: Act, payload: bytes | None, by: By, others: Sequence[models.Log], at: datetime) -> Entry:
    return Entry(
        v=1,
        kind=act.kind,
        at=instant(at),
        by=by,
        ref=act.ref,
        re=[str(ref) for ref in act.answers],
        seen=_seen(others),
        stated=dict(act.stated),
        payload=PayloadDigest(hashlib.sha256(payload).hexdigest(), len(payload)) if payload else None,
    )


def _seen(others: Sequence[models.Log]) -> dict[str, int]:
    """What we have seen of each other log: what we hold, and no less than whatever we hold had seen.

    The second is more only of a log with two histories, of which another was shown the longer one; we say so,
    so that what we answer stands before our answer.
    """
    found = {log.party: log.size for log in others}
    for log in others:
        for party, size in log.seen.items():
            if size > found.get(party, size):
                found[party] = size
    return {party: size for party, size in found.items() if size}


def _write(
    log: models.Log,
    entries: Sequence[Entry],
    payloads: Sequence[bytes],
    now: datetime,
) -> list[EntryRef]:
    """Store entries, payloads, tree and signed checkpoint, and move the head if it is where we read it."""
    origin = Origin.parse(log.origin)
    leaves = [encode(entry) for entry in entries]
    _must_fit_a_delivery([*leaves, *payloads], len(leaves))
    hashes = [leaf_hash(leaf) for leaf in leaves]
    rows = [
        row(index, entry, leaf, digest)
        for index, (entry, leaf, digest) in enumerate(zip(entries, leaves, hashes, strict=True), log.size)
    ]
    tree = GrowingTree(log)
    tiles = tree.extend(hashes)
    checkpoint = Checkpoint(log.origin, tree.range.size, tree.range.root())
    pair = rotations.signing(log, "log")
    note = sign_note(checkpoint.text(), *log_signers(origin, int(now.timestamp()), pair)).encode()
    store_payloads(payloads)
    advance(log, tree, rows, tiles, seen=entries[-1].seen, checkpoint=note, now=now)
    return [EntryRef(origin, row.place) for row in rows]


def _must_fit_a_delivery(parts: Sequence[bytes], entries: int) -> None:
    """Refuse what could never be delivered: the log would not get past it."""
    total = sum(map(len, parts))
    if entries > MOST_TOGETHER or total > MOST_BYTES_TOGETHER:
        raise TooMuchContent(
            f"nothing was recorded: {entries:,} acts of {total:,} bytes at once; at most {MOST_TOGETHER:,} of"
            f" {MOST_BYTES_TOGETHER:,} fit one delivery"
        )


def row(index: int, entry: Entry, leaf: bytes, digest: bytes) -> NewEntry:
    """The stored form of one entry."""
    named = entry.payload.sha256 if entry.payload else ""
    return NewEntry(index, depth(index, entry.seen), entry.kind, entry.ref, leaf, digest, named)


def store_payloads(payloads: Sequence[bytes]) -> None:
    """Store sealed payloads under their digests."""
    statements.add_payloads((hashlib.sha256(one).hexdigest(), one) for one in payloads)


class HeadMoved(OurFault):
    """Somebody advanced the log between our reading and our writing; nothing was stored."""

    code = "head-moved"
    default_hint = "read again and repeat"


def advance(
    log: models.Log,
    tree: GrowingTree,
    rows: Sequence[NewEntry],
    tiles: Sequence[models.Tile],
    *,
    seen: dict[str, int],
    checkpoint: bytes,
    now: datetime,
) -> None:
    """Store entries and move the head of the log, only if its size is still the one we read.

    Raises:
        HeadMoved: The size is another by now.
    """
    before = log.size
    if not statements.move(log, tree.range, seen=seen, checkpoint=checkpoint):
        raise HeadMoved(f"{log.origin} is no longer at {before} entries")
    statements.add_entries(log, rows, now)
    models.Tile.objects.bulk_create(tiles)
    statements.add_checkpoint(log, log.size, checkpoint, now)
