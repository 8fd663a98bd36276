"""Keeping the counterparts' logs: take in what they offer, and give or note receipts.

The order is fixed. What is offered is judged without touching anything. What is accepted is stored, head
included, in one transaction that takes effect only if the head is where it was judged. Only after that
transaction stands is the receipt signed, and only after the receipt is stored is it sent.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from comity.entries import depth_after
from comity.mirror import (
    Accepted,
    ForkProof,
    Fresh,
    Held,
    Judgement,
    Offer,
    consider,
    give_receipt,
    read_receipt,
)
from comity.names import Origin
from comity.tlog.vkey import VerifierKey
from comity_node.register import models, news, statements
from comity_node.register.keyring import mirror_signers
from comity_node.register.services import HeadMoved, RecordSetBack, advance, project, row, store_payloads
from comity_node.register.statements import NewEntry, NewReceipt
from comity_node.register.tree import GrowingTree, StoredTree

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from comity.errors import ComityError
    from comity.mirror import Receipt

MOST_RECEIPTS: Final = 32
_ATTEMPTS: Final = 5
_LONGEST_REASON: Final = 500


@lru_cache(maxsize=256)  # every delivery of a log asks for the same few
def vkeys(text: str) -> tuple[VerifierKey, ...]:
    """The verifier keys a log row lists."""
    return tuple(VerifierKey.parse(line) for line in text.splitlines())


def held(log: models.Log) -> Held:
    """What we hold of a counterpart's log, as the core judges by it."""
    tree = StoredTree(log)
    everyone = statements.heads(log.channel)
    return Held(
        origin=Origin.parse(log.origin),
        keys=vkeys(log.log_keys),
        tree=GrowingTree(log).range,
        checkpoint=bytes(log.checkpoint),
        root_at=tree.root,
        leaf_at=tree.leaf,
        prove=lambda size: tree.prove_prefix(size, log.size),
        seen=log.seen,
        sizes={other.party: other.size for other in everyone if other.pk != log.pk},
        parties=len(everyone),
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
            _keep(log, judgement)
        except HeadMoved:
            if attempt == _ATTEMPTS - 1:
                raise
            continue
        return judgement
    raise AssertionError  # pragma: no cover - the loop returns or raises


def _keep(log: models.Log, judgement: Judgement) -> None:
    if isinstance(judgement, ForkProof):
        keep_misconduct(log, judgement)
    if isinstance(judgement, Accepted):
        _store(log, judgement)


def _store(log: models.Log, accepted: Accepted) -> None:
    now = timezone.now()
    with transaction.atomic():
        statements.hold(log.channel)
        rows = _rows(log, accepted.fresh)
        tree = GrowingTree(log)
        tiles = tree.extend([fresh.leaf_hash for fresh in accepted.fresh])
        store_payloads([fresh.payload for fresh in accepted.fresh if fresh.payload is not None])
        seen = accepted.fresh[-1].entry.seen
        advance(log, tree, rows, tiles, seen=seen, checkpoint=accepted.note, now=now)
        project(log.channel, {(fresh.entry.kind, fresh.entry.ref) for fresh in accepted.fresh})
        news.ring_on_commit()


def _rows(log: models.Log, fresh: Sequence[Fresh]) -> list[NewEntry]:
    @cache  # consecutive entries have mostly seen the same
    def last_seen(party: str, size: int) -> int:
        return statements.depth_of(log.channel, party, size - 1)

    rows, depth = [], log.depth
    for one in fresh:
        depth = depth_after(depth, [last_seen(party, size) for party, size in one.entry.seen.items()])
        rows.append(row(one.index, depth, one.entry, one.leaf, one.leaf_hash))
    return rows


def keep_misconduct(log: models.Log, proof: ForkProof) -> models.Misconduct:
    """Keep a fork proof for good."""
    data = proof.encode()
    kept, _ = models.Misconduct.objects.get_or_create(
        sha256=hashlib.sha256(data).hexdigest(),
        defaults={"log": log, "proof": data, "found_at": timezone.now()},
    )
    news.ring()
    return kept


# --- receipts we give -------------------------------------------------------------------------------


def give(log: models.Log) -> int:
    """Sign for everything we hold of a counterpart's log; returns for how many entries we have signed."""
    if log.receipted < log.size:
        now = timezone.now().replace(microsecond=0)
        note = give_receipt(bytes(log.checkpoint), mirror_signers(int(now.timestamp())))
        receipt = NewReceipt(settings.NODE.party, log.size, now, note)
        with transaction.atomic():
            statements.hold(log.channel)
            covered = log.receipted
            if statements.add_receipts(log, [receipt], now):
                # Our clocks start when we sign: the rooms look at what this receipt is the first to cover.
                project(log.channel, statements.concerned(log, covered, log.size))
    return log.receipted


def given_since(log: models.Log, size: int) -> list[bytes]:
    """Our receipts beyond ``size``, oldest first: all the author lacks, so that both know the same times."""
    if size >= log.size:
        return []
    give(log)
    found = statements.receipt_notes(log, settings.NODE.party, beyond=size, most=MOST_RECEIPTS)
    return [note for _, note in found]


# --- receipts we get --------------------------------------------------------------------------------


def read_receipts(own: models.Log, giver: models.Log, notes: Sequence[bytes]) -> list[Receipt]:
    """Read receipts that a counterpart gave for our log; nothing is kept yet.

    Raises:
        CounterpartBreach: One of them is not a receipt of this log by this counterpart.
    """
    origin = Origin.parse(own.origin)
    log_keys, mirror_keys = vkeys(own.log_keys), vkeys(giver.mirror_keys)
    return [read_receipt(note, origin, log_keys=log_keys, mirror_keys=mirror_keys) for note in notes]


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


def keep_receipts(own: models.Log, giver: models.Log, receipts: Sequence[Receipt]) -> None:
    """Keep receipts that were read, and have the rooms look at the clocks they start."""
    if not receipts:
        return
    now = timezone.now()
    with transaction.atomic():
        statements.hold(own.channel)
        # Of two exchanges at once the later receipt may come first: the earlier still moves clocks below it.
        covered = statements.receipted_below(own, min(receipt.size for receipt in receipts))
        statements.add_receipts(own, [kept(giver, receipt) for receipt in receipts], now)
        project(own.channel, statements.concerned(own, covered, max(one.size for one in receipts)))
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


def author_has_receipts(theirs: models.Log, size: int) -> None:
    """The author of a log is known to have our receipts up to this size: they need not be sent again."""
    if theirs.receipt_known < size:
        statements.receipts_known(theirs, size)


def told(theirs: models.Log, count: int) -> int:
    """The size up to which the author has our receipts once it has taken the next ``count`` of them."""
    if not count:
        return theirs.receipt_known
    known = theirs.receipt_known
    found = statements.receipt_notes(theirs, settings.NODE.party, beyond=known, most=count)
    return found[-1][0]
