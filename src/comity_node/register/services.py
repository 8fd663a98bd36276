"""Writing our own part of the record: open a log, put an act on it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from comity.entries import By, Capacity, Entry, PayloadDigest, depth_after, encode, instant
from comity.errors import OurFault
from comity.keys.sealing import parse_recipient, seal
from comity.names import EntryRef, Origin
from comity.tlog.checkpoint import Checkpoint
from comity.tlog.merkle import leaf_hash
from comity.tlog.note import sign_note
from comity_node.register import models, news, rooms
from comity_node.register.keyring import log_signers
from comity_node.register.storing import saying_why
from comity_node.register.tree import GrowingTree

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from comity.keys.sealing import Recipient
    from comity.tlog.vkey import VerifierKey
    from comity_node.register.acts import Act


class NoSuchChannel(OurFault):
    """This node has no log in that channel."""

    code = "no-such-channel"
    default_hint = "list the channels with `comity channel list`"


class RecordSetBack(OurFault):
    """A counterpart holds more of our log than we do: our record was set back, as by an old backup."""

    code = "record-set-back"
    default_hint = (
        "nothing more is signed here, so that no second history begins: restore this node's newest backup."
        " The missing entries are not lost: the counterpart's mirror holds them, and its export shows them"
    )


class NotHeardSinceRestore(OurFault):
    """The node was restored from a backup, and the counterpart may hold entries the backup lacks."""

    code = "not-heard-since-restore"
    default_hint = "reach the counterpart first: `comity sync`; its receipts show whether anything is missing"


class TooMuchContent(OurFault):
    """The content of an act is larger than nodes accept from one another."""

    code = "too-much-content"
    default_hint = "shorten the text, or add what is long as an exhibit"


class ProceduresMixed(OurFault):
    """Acts of one batch must concern different procedures of one channel: none can see the others."""

    code = "procedures-mixed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """A party's place in a channel: its log, and the keys it uses there."""

    origin: Origin
    ours: bool
    log_keys: Sequence[VerifierKey]
    mirror_keys: Sequence[VerifierKey]
    recipients: Sequence[str]


def open_log(seat: Seat) -> models.Log:
    """Set up the log of one party in a channel, still empty."""
    return models.Log.objects.create(
        origin=str(seat.origin),
        channel=seat.origin.channel,
        party=seat.origin.party,
        ours=seat.ours,
        log_keys="\n".join(map(str, seat.log_keys)),
        mirror_keys="\n".join(map(str, seat.mirror_keys)),
        recipients="\n".join(seat.recipients),
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


def append_all(acts: Sequence[Act], *, by: Capacity, second: Capacity | None = None) -> list[EntryRef]:
    """Put several acts of one channel on our log under one checkpoint, all of them or none.

    Raises:
        OurFault: One of them is not allowed now, two concern one procedure, or the disk is full. Nothing
            was recorded.
    """
    channel = _one_channel(acts)
    recipients = _recipients(channel)
    sealed = [_sealed(act, recipients) for act in acts]
    signatories = By(by.office, by.capacity, second)
    with saying_why(), transaction.atomic():
        log, others = _own_log_and_others(channel)
        for act in acts:
            rooms.verdict(act, log.party)
        now = timezone.now()
        entries = [
            _entry(act, payload, signatories, others, now) for act, payload in zip(acts, sealed, strict=True)
        ]
        refs = _write(log, others, entries, [payload for payload in sealed if payload], now)
        project(channel, [(act.kind, act.ref) for act in acts])
        news.ring_on_commit()
    return refs


def project(channel: str, touched: Iterable[tuple[str, str]]) -> None:
    """Have the rooms compute anew where the touched procedures stand.

    Args:
        channel: Channel of the entries.
        touched: Kind and ref of each new entry.
    """
    refs: dict[str, set[str]] = {}
    for kind, ref in touched:
        if (room := rooms.room_of(kind)) is not None:
            refs.setdefault(room.prefix, set()).add(ref)
    for room in rooms.rooms():
        if room.prefix in refs:
            room.project(channel, refs[room.prefix])


def _one_channel(acts: Sequence[Act]) -> str:
    channels = {act.channel for act in acts}
    if len(channels) != 1 or len({act.ref for act in acts}) != len(acts):
        raise ProceduresMixed("acts of one batch must concern different procedures of one channel")
    return channels.pop()


def _own_log_and_others(channel: str) -> tuple[models.Log, list[models.Log]]:
    """Our log of the channel, locked, and the mirrors of the others."""
    logs = list(models.Log.objects.select_for_update().filter(channel=channel).order_by("origin"))
    own = next((log for log in logs if log.ours), None)
    if own is None:
        raise NoSuchChannel(f"there is no channel {channel} here; nothing was recorded")
    if own.held_elsewhere < 0:
        raise NotHeardSinceRestore(
            f"nothing was recorded: since this node was restored, nobody answered about {own.origin}"
        )
    if own.held_elsewhere > own.size:
        raise RecordSetBack(
            f"nothing was recorded: a counterpart holds {own.held_elsewhere} entries of our log {own.origin},"
            f" we hold {own.size}"
        )
    return own, [log for log in logs if not log.ours]


def _recipients(channel: str) -> list[Recipient]:
    """To whom payloads are sealed: every party of the channel."""
    texts = models.Log.objects.filter(channel=channel).order_by("origin").values_list("recipients", flat=True)
    return [parse_recipient(line) for text in texts for line in text.splitlines()]


def _sealed(act: Act, recipients: Sequence[Recipient]) -> bytes | None:
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


def _entry(act: Act, payload: bytes | None, by: By, others: Sequence[models.Log], now: datetime) -> Entry:
    return Entry(
        v=1,
        kind=act.kind,
        at=instant(now),
        by=by,
        ref=act.ref,
        re=[str(ref) for ref in act.answers],
        seen={log.party: log.size for log in others if log.size},
        stated=dict(act.stated),
        payload=PayloadDigest(hashlib.sha256(payload).hexdigest(), len(payload)) if payload else None,
    )


def _write(
    log: models.Log,
    others: Sequence[models.Log],
    entries: Sequence[Entry],
    payloads: Sequence[bytes],
    now: datetime,
) -> list[EntryRef]:
    """Store entries, payloads, tree and signed checkpoint, and move the head if it is where we read it."""
    origin = Origin.parse(log.origin)
    deepest_seen = [other.depth for other in others]
    leaves = [encode(entry) for entry in entries]
    hashes = [leaf_hash(leaf) for leaf in leaves]
    rows, depth = [], log.depth
    for place, (entry, leaf, digest) in enumerate(zip(entries, leaves, hashes, strict=True)):
        depth = depth_after(depth, deepest_seen)
        rows.append(row(log, log.size + place, depth, entry, leaf, digest, now))
    tree = GrowingTree(log)
    tiles = tree.extend(hashes)
    checkpoint = Checkpoint(log.origin, tree.range.size, tree.range.root())
    note = sign_note(checkpoint.text(), *log_signers(origin, int(now.timestamp()))).encode()
    store_payloads(payloads)
    advance(log, tree, rows, tiles, depth=depth, seen=entries[-1].seen, checkpoint=note, now=now)
    return [EntryRef(origin, row.index) for row in rows]


def row(
    log: models.Log, index: int, depth: int, entry: Entry, leaf: bytes, digest: bytes, now: datetime
) -> models.Entry:
    """The stored form of one entry."""
    return models.Entry(
        log=log,
        index=index,
        depth=depth,
        kind=entry.kind,
        ref=entry.ref,
        leaf=leaf,
        leaf_hash=digest,
        payload=entry.payload.sha256 if entry.payload else "",
        stored_at=now,
    )


def store_payloads(payloads: Sequence[bytes]) -> None:
    """Store sealed payloads under their digests."""
    models.Payload.objects.bulk_create(
        [
            models.Payload(sha256=hashlib.sha256(one).hexdigest(), size=len(one), sealed=one)
            for one in payloads
        ],
        ignore_conflicts=True,
    )


class HeadMoved(OurFault):
    """Somebody advanced the log between our reading and our writing; nothing was stored."""

    code = "head-moved"
    default_hint = "read again and repeat"


def advance(
    log: models.Log,
    tree: GrowingTree,
    rows: Sequence[models.Entry],
    tiles: Sequence[models.Tile],
    *,
    depth: int,
    seen: dict[str, int],
    checkpoint: bytes,
    now: datetime,
) -> None:
    """Store entries and move the head of the log, only if its size is still the one we read.

    The condition stands in the statement itself: no level of transaction isolation has to be trusted for it.

    Raises:
        HeadMoved: The size is another by now.
    """
    moved = models.Log.objects.filter(pk=log.pk, size=log.size).update(
        size=tree.range.size, peaks=tree.range.to_bytes(), depth=depth, seen=seen, checkpoint=checkpoint
    )
    if moved != 1:
        raise HeadMoved(f"{log.origin} is no longer at {log.size} entries")
    models.Entry.objects.bulk_create(rows)
    models.Tile.objects.bulk_create(tiles)
    models.Checkpoint.objects.create(log=log, size=tree.range.size, note=checkpoint, stored_at=now)
    log.size, log.peaks, log.depth, log.seen, log.checkpoint = (
        tree.range.size,
        tree.range.to_bytes(),
        depth,
        seen,
        checkpoint,
    )
