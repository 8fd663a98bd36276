"""Keeping the counterparts' logs: take in what they offer, and give or note receipts.

The order is fixed. What is offered is judged without touching anything. What is accepted is stored, head
included, in one transaction that takes effect only if the head is where it was judged. Only after that
transaction stands is the receipt signed, and only after the receipt is stored is it sent.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from comity.entries import decode
from comity.errors import BadCheckpoint, BadReceipt, ComityError
from comity.mirror import (
    Accepted,
    ForkProof,
    Held,
    Judgement,
    Offer,
    Receipt,
    consider,
    give_receipt,
    read_receipt,
)
from comity.mirror.generations import signed_by
from comity.names import Origin
from comity.tlog.checkpoint import Checkpoint
from comity.tlog.note import parse_note
from comity_node.register import membership, misconduct, models, news, rotations, statements, voiding
from comity_node.register.keyring import keyring, mirror_signers
from comity_node.register.rotations import vkeys
from comity_node.register.services import HeadMoved, RecordSetBack, advance, project, row, store_payloads
from comity_node.register.statements import NewReceipt
from comity_node.register.tree import GrowingTree, StoredTree

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from comity.keys.keyring import KeyPair
    from comity.tlog.note import Note

MOST_RECEIPTS: Final = 32
_ATTEMPTS: Final = 5
_LONGEST_REASON: Final = 500


class ShownTooEarly(Exception):
    """A receipt rests on entries of ``log`` that are not held here yet."""

    def __init__(self, log: models.Log) -> None:
        super().__init__(log.origin)
        self.log = log


def held(log: models.Log) -> Held:
    """What we hold of a counterpart's log, as the core judges by it."""
    tree = StoredTree(log)
    everyone = statements.heads(log.channel)
    both = frozenset(one.party for one in everyone)
    return Held(
        origin=Origin.parse(log.origin),
        keys=rotations.log_generations(log),
        tree=GrowingTree(log).range,
        checkpoint=bytes(log.checkpoint),
        root_at=tree.root,
        leaf_at=tree.leaf,
        prove=lambda size: tree.prove_prefix(size, log.size),
        seen=log.seen,
        sizes={other.party: other.size for other in everyone if other.pk != log.pk},
        seals_to=membership.sealing(log) if log.many else lambda _index, _entry: both,
        us=settings.NODE.party,
        many=log.many,
        seen_by=lambda party, index: decode(statements.leaf(log.channel, party, index)).seen,
        forked=statements.forked(log.channel) if log.many else frozenset(),
    )


def take(log: models.Log, offer: Offer, *, checked: Callable[[], None] = lambda: None) -> Judgement:
    """Judge an offer of a counterpart's log and store what is accepted.

    Args:
        log: Our mirror of it.
        offer: What came.
        checked: Called between the judgement and the storing; tests hold a delivery there.

    Returns:
        What was decided. A fork proof has been kept; of a log once proven forked nothing more is taken, and
        that proof is the answer.

    Raises:
        CounterpartBreach: The offer is malformed or inconsistent. Nothing was stored.
    """
    for attempt in range(_ATTEMPTS):
        if attempt:
            log.refresh_from_db()
        proven = statements.fork_proof(log)
        judgement = ForkProof.parse(proven) if proven else consider(offer, held(log))
        checked()
        try:
            return _keep(log, judgement)
        except HeadMoved:
            if attempt == _ATTEMPTS - 1:
                raise
    raise AssertionError  # pragma: no cover - the loop returns or raises


def _keep(log: models.Log, judgement: Judgement) -> Judgement:
    """Keep what was judged; what others signed for may still show that its author has two histories."""
    if isinstance(judgement, Accepted):
        try:
            _store(log, judgement)
        except misconduct.AnotherHistory as shown:
            log.refresh_from_db()
            judgement = shown.proof
    if isinstance(judgement, ForkProof):
        misconduct.keep(log, judgement)
    return judgement


def _store(log: models.Log, accepted: Accepted) -> None:
    now = timezone.now()
    with transaction.atomic():
        statements.hold(log.channel)
        rows = [row(fresh.index, fresh.entry, fresh.leaf, fresh.leaf_hash) for fresh in accepted.fresh]
        tree = GrowingTree(log)
        tiles = tree.extend([fresh.leaf_hash for fresh in accepted.fresh])
        store_payloads([fresh.payload for fresh in accepted.fresh if fresh.payload is not None])
        absent = [one.entry.payload for one in accepted.fresh if one.payload is None and one.entry.payload]
        statements.add_erased(((one.sha256, one.size) for one in absent), now)
        seen = accepted.fresh[-1].entry.seen
        advance(log, tree, rows, tiles, seen=seen, checkpoint=accepted.note, now=now)
        if log.many:
            for giver, refused in voiding.leave_out_retired(log, log.size - len(accepted.fresh)):
                note_refusal(log.channel, giver, refused, incoming=True)
        project(log.channel, {(fresh.entry.kind, fresh.entry.ref) for fresh in accepted.fresh})
        if log.many:
            misconduct.compare_with_others(log, log.size - len(accepted.fresh))
        news.ring_on_commit()


# --- receipts we give -------------------------------------------------------------------------------


def give(log: models.Log) -> int:
    """Sign for everything we hold of a counterpart's log; returns for how many entries we have signed."""
    covered = signed_for(log)
    if covered < log.size:
        now = timezone.now().replace(microsecond=0)
        signers = mirror_signers(int(now.timestamp()), _mirror_pair(log.channel))
        note = give_receipt(bytes(log.checkpoint), signers)
        receipt = NewReceipt(settings.NODE.party, log.size, now, note)
        with transaction.atomic():
            statements.hold(log.channel)
            if statements.add_receipts(log, [receipt], now):
                # Our clocks start when we sign: the rooms look at what this receipt is the first to cover.
                project(log.channel, statements.concerned(log, covered, log.size))
    return log.size


def signed_for(log: models.Log) -> int:
    """How many entries of a counterpart's log we have signed for."""
    return statements.receipted_by(log, settings.NODE.party) if log.many else log.receipted


def _mirror_pair(channel: str) -> KeyPair | None:
    """Our mirror's keys in a channel; None where they were never changed, and all channels have the same."""
    if not keyring().retired.mirror:
        return None
    own = next((one for one in statements.heads(channel) if one.ours), None)
    return None if own is None else rotations.signing(own, "mirror")


def given_since(log: models.Log, size: int) -> list[bytes]:
    """Our receipts beyond ``size``, oldest first: all the author lacks, so that both know the same times."""
    if size >= log.size:
        return []
    give(log)
    found = statements.receipt_notes(log, settings.NODE.party, beyond=size, most=MOST_RECEIPTS)
    return [note for _, note in found]


# --- receipts we get --------------------------------------------------------------------------------


def read_receipts(
    own: models.Log,
    giver: models.Log,
    notes: Sequence[bytes],
    seen_at: Callable[[int, str], int | None] = lambda _size, _party: None,
) -> list[Receipt]:
    """Read receipts that a counterpart gave for our log; nothing is kept yet.

    Args:
        own: The log they are for.
        giver: The log of whoever gave them.
        notes: The receipts.
        seen_at: How much of another party's log the last of so many entries had seen, where those entries
            came back and are not stored yet.

    Raises:
        CounterpartBreach: One of them is not a receipt of this log by this counterpart.
    """
    origin = Origin.parse(own.origin)
    log_keys, mirror_keys = rotations.log_generations(own), rotations.mirror_generations(giver)
    found = [read_receipt(note, origin, log_keys=log_keys, mirror_keys=mirror_keys) for note in notes]
    for one in found:
        if one.retired_at is None:
            continue
        came = seen_at(one.size, giver.party)
        seen = voiding.seen_by(own, one.size, giver.party) if came is None else came
        if one.is_by_retired_keys(seen):
            raise voiding.by_retired(own.origin, one.size, giver.party)
    return found


def sort_receipts(
    logs: Sequence[models.Log], notes: Sequence[bytes], sizes: Mapping[int, int] | None = None
) -> dict[tuple[int, int], list[bytes]]:
    """Receipts of any log of a channel by any of its parties, by their rows here: the log's, and the giver's.

    Args:
        logs: The logs of the channel.
        notes: The receipts.
        sizes: How much there is of each, by row, where more came back than is stored.

    Raises:
        ShownTooEarly: One is signed by keys that entries not held here announce, or may have retired.
        CounterpartBreach: One is of a log that is not here, or cosigned by nobody who is.
    """
    of_origin = {log.origin: log for log in logs}
    forked = statements.forked(logs[0].channel)
    sorted_: dict[tuple[int, int], list[bytes]] = {}
    for data in notes:
        note = parse_note(data)
        log = of_origin.get(note.text.partition("\n")[0])
        others = [one for one in logs if log is not None and one.pk != log.pk]
        giver = next((one for one in others if is_giver(note, one)), None)
        if log is None or giver is None:
            raise BadReceipt("a receipt came of a log, or by a party, that is not of this channel here")
        if (unread := _unread(note, log, giver, (sizes or {}).get(log.pk, log.size))) is not None:
            # Of whom two histories are proven nothing more is read, and so no new keys either.
            if unread.party in forked:
                continue
            raise ShownTooEarly(unread)
        if not statements.holds_receipt(log, giver.party, data):
            sorted_.setdefault((log.pk, giver.pk), []).append(data)
    return sorted_


def is_giver(note: Note, log: models.Log) -> bool:
    """Whether a log's author is whose mirror signed a note, as its lines say, by whatever keys."""
    names = {key.name for key in vkeys(log.mirror_keys)}
    return any(line.name in names for line in note.signatures)


def _unread(note: Note, log: models.Log, giver: models.Log, held: int) -> models.Log | None:
    """Whose log must be read on before a receipt can be judged, if one must.

    Its keys may be of those that an entry announces which is not here yet. And whether keys that were retired
    may have signed follows from what the last entry receipted had seen.
    """
    for party, keys in ((log, rotations.log_generations(log)), (giver, rotations.mirror_generations(giver))):
        try:
            signed = signed_by(note, keys)
        except BadCheckpoint:
            return None if party.ours else party
    size = Checkpoint.parse(note.text).size
    return log if signed.until is not None and size > held and not log.ours else None


def signed_by_us(giver: models.Log, notes: Iterable[bytes]) -> Iterable[int]:
    """The sizes of those receipts that bear the cosignatures of one of our own pairs, whatever else they do.

    Our own signature says that we held so much, also where the keys of the log are not known yet.
    """
    for data in notes:
        note = parse_note(data)
        with suppress(ComityError):
            signed_by(note, rotations.mirror_generations(giver))
            yield Checkpoint.parse(note.text).size


def refuse_if_set_back(own: models.Log, receipts: Sequence[Receipt]) -> None:
    """Stop everything if a receipt bears our own signature over what we do not hold: our record was set back.

    Asked before entries are judged: those that answer what we have lost would look like their author's lies.

    Raises:
        RecordSetBack: One does. It is noted, and nothing more is signed here until what is lost is recovered.
    """
    tree = StoredTree(own)
    lost = [one.size for one in receipts if one.size > own.size or tree.root(one.size) != one.root]
    if not lost:
        return
    beyond = max(*lost, own.size + 1)
    models.Log.objects.filter(pk=own.pk, held_elsewhere__lt=beyond).update(held_elsewhere=beyond)
    raise RecordSetBack(
        f"a counterpart holds {max(lost)} entries of our log {own.origin}; we hold {own.size}, or others"
    )


def heard(log: models.Log, notes: Sequence[bytes], logs: Sequence[models.Log]) -> None:
    """Note which receipts for its own log a counterpart has shown to have, so that nobody need bring them."""
    known = dict(log.heard)
    for note in map(parse_note, notes):
        if note.text.partition("\n")[0] == log.origin:
            for giver in logs:
                if giver.pk != log.pk and note.signed_by(vkeys(giver.mirror_keys)):
                    known[giver.party] = max(known.get(giver.party, 0), Checkpoint.parse(note.text).size)
    if known != log.heard:
        models.Log.objects.filter(pk=log.pk).update(heard=known)


def keep_receipts(own: models.Log, giver: models.Log, receipts: Sequence[Receipt]) -> None:
    """Keep receipts that were read, and have the rooms look at the clocks they start."""
    if receipts:
        keep_all(own.channel, [(own, giver, receipts)])


def keep_all(channel: str, read: Iterable[tuple[models.Log, models.Log, Sequence[Receipt]]]) -> None:
    """Keep receipts of several logs of a channel: each with the log it is of and the one of its giver.

    The rooms look once at all they cover: among fifty, one delivery has receipts for fifty logs.
    """
    now = timezone.now()
    touched: set[tuple[str, str]] = set()
    with transaction.atomic():
        statements.hold(channel)
        for log, giver, receipts in read:
            # Of two exchanges at once the later receipt may come first: the earlier still moves clocks below.
            covered = statements.receipted_below(log, giver.party, min(one.size for one in receipts))
            statements.add_receipts(log, [kept(giver, receipt) for receipt in receipts], now)
            touched.update(statements.concerned(log, covered, max(one.size for one in receipts)))
        project(channel, touched)
        news.ring_on_commit()


def kept(giver: models.Log, receipt: Receipt) -> NewReceipt:
    """A receipt in the form it is stored in."""
    return NewReceipt(giver.party, receipt.size, datetime.fromtimestamp(receipt.at, UTC), receipt.note)


# --- what was exchanged -----------------------------------------------------------------------------


def note_refusal(channel: str, party: str, error: ComityError, *, incoming: bool) -> None:
    """Note in the local journal what was refused and why; the same thing twice running is noted once.

    A counterpart's own words may be in it: as much of them as fits a line, and nothing that moves a cursor.
    """
    because = "".join(letter if letter.isprintable() else "\ufffd" for letter in str(error)[:_LONGEST_REASON])
    last = (
        models.Delivery.objects.filter(channel=channel, party=party, incoming=incoming)
        .order_by("-pk")
        .first()
    )
    if last is None or (last.code, last.because) != (error.code, because):
        models.Delivery.objects.create(
            channel=channel,
            party=party,
            incoming=incoming,
            code=error.code,
            because=because,
            at=timezone.now(),
        )
