"""What an old backup lacks of the record: given back to a counterpart, and taken back from one.

Giving back signs nothing and changes nothing: it is a read of what stands here. Taking back is judged by the
core entry by entry, and stored with both logs, their receipts and their projections in one transaction. What
was signed for before is not signed for again: a second receipt for one size would bear a later time.

Follows: docs/spec/wire.md, What an author lost; docs/spec/mirror.md, Returning.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.utils import timezone

from comity.entries import decode
from comity.errors import BadReceipt, OurFault, PayloadDoesNotMatch
from comity.lifecycle.stated import values
from comity.mirror import ForkProof, Returned, check_claims
from comity.names import EntryRef, Origin
from comity_node.register import mirroring, misconduct, models, news, statements, telling
from comity_node.register.packing import part
from comity_node.register.services import advance, project, row, store_payloads
from comity_node.register.tree import GrowingTree, StoredTree

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from comity.channel.bundle import Bundle
    from comity.entries import Entry
    from comity.mirror import Receipt


class TwoHistoriesOfOurs(OurFault):
    """This node signed other entries in the place of those it had lost: its log has two histories."""

    code = "two-histories-of-ours"
    default_hint = (
        "sign nothing more in this channel. If no counterpart and no witness has the newer entries, restore"
        " the same backup once more and recover before anybody signs; otherwise tell the counterpart, and go"
        " on in a successor channel"
    )


class TheirsForked(Exception):
    """What came back of their log contradicts what they signed before. Caught here, never shown."""

    def __init__(self, proof: ForkProof, origin: str = "") -> None:
        """``proof``: both signatures; ``origin``: whose log it is, where there are several."""
        super().__init__()
        self.proof = proof
        self.origin = origin


_DISPOSING: Final = ("recalled", "destroyed", "erased")  # acts that say whose content is gone


@dataclass(frozen=True, slots=True)
class Lost:
    """What has come back of one log: its entries, and receipts its author gave for the other log."""

    entries: Returned
    receipts: Sequence[Receipt]


@dataclass(frozen=True, slots=True)
class Recovered:
    """What was taken back.

    Attributes:
        own: Entries of our log.
        theirs: Entries of the counterpart's log.
        receipts: Receipts, ours and theirs.
        missing: How many entries of our log the counterpart signed for and did not give back.
    """

    own: int
    theirs: int
    receipts: int
    missing: int


# --- giving back ------------------------------------------------------------------------------------


def give_back(log: models.Log, other: models.Log, *, start: int, receipts: int) -> Bundle:
    """A part of a log as it stands here, with its author's receipts for the other log.

    Args:
        log: The log, whoever's it is.
        other: The other log of the channel.
        start: Index of the first entry wanted.
        receipts: Size of the last receipt by the author of ``log`` that is not wanted any more.
    """
    most = mirroring.MOST_RECEIPTS
    given = statements.receipt_notes(other, log.party, beyond=receipts, most=most)
    return part(log, other.party, start, [note for _, note in given])


# --- taking back ------------------------------------------------------------------------------------


def heed(own: models.Log, receipts: Sequence[Receipt]) -> None:
    """Take what receipts say of our log as true before anything else: they bear our own signature.

    Whatever comes of the recovery, nothing is signed on a log that is known to go on, or to go another way.

    Raises:
        TwoHistoriesOfOurs: One of them stands under other entries than those we hold.
    """
    tree = StoredTree(own)
    if any(tree.root(one.size) != one.root for one in receipts if one.size <= own.size):
        raise TwoHistoriesOfOurs(
            f"nothing was recovered: we signed two histories of {own.origin}; our signature stands under"
            " other entries than those here"
        )
    most = max((one.size for one in receipts), default=0)
    if most > own.size:
        models.Log.objects.filter(pk=own.pk, held_elsewhere__lt=most).update(held_elsewhere=most)
        own.held_elsewhere = max(own.held_elsewhere, most)


def take_back(own: models.Log, theirs: models.Log, ours_lost: Lost, theirs_lost: Lost) -> Recovered:
    """Store what has come back of both logs, all of it or nothing.

    Our log stays closed to new acts (``held_elsewhere`` is -1 at the least) until :func:`reopen`.

    Raises:
        TwoHistoriesOfOurs: A receipt bears our signature over other entries than these.
        CounterpartBreach: What came back contradicts itself. Proof of a fork is kept, nothing else.
        HeadMoved: Somebody stored entries meanwhile; ask again.
    """
    try:
        with transaction.atomic():
            return _take_back(own, theirs, ours_lost, theirs_lost)
    except TheirsForked as forked:
        misconduct.keep(theirs, forked.proof)
        raise BadReceipt(
            f"{theirs.origin}: its author gave back other entries than those we had signed for: proof is kept"
        ) from None


def _take_back(own: models.Log, theirs: models.Log, ours_lost: Lost, theirs_lost: Lost) -> Recovered:
    now = timezone.now()
    logs = {own.party: own, theirs.party: theirs}
    statements.heads(own.channel, lock=True)
    account_for_content(own, [ours_lost.entries, theirs_lost.entries])
    covered = {log.pk: log.receipted for log in logs.values()}
    check_claims([ours_lost.entries, theirs_lost.entries])
    touched = store(logs, [ours_lost.entries, theirs_lost.entries], now)
    given = _keep(theirs, own, ours_lost.receipts, now)
    shown = [receipt for receipt in theirs_lost.receipts if receipt.size <= own.size]
    received = _keep(own, theirs, shown, now)
    for log in logs.values():
        touched |= set(statements.concerned(log, covered[log.pk], log.receipted))
    if given:
        telling.author_has_receipts(theirs, ours_lost.receipts[-1].size)
    missing = max(0, own.held_elsewhere - own.size)
    own.held_elsewhere = own.held_elsewhere if missing else -1
    models.Log.objects.filter(pk=own.pk).update(held_elsewhere=own.held_elsewhere)
    project(own.channel, touched)
    news.ring_on_commit()
    counts = len(ours_lost.entries.fresh), len(theirs_lost.entries.fresh)
    return Recovered(*counts, receipts=given + received, missing=missing)


def account_for_content(
    own: models.Log, parts: Sequence[Returned], closed: Collection[str] = frozenset()
) -> None:
    """Take back nothing that lacks content, unless an act of our own log says why it is gone.

    We recalled it, and they destroyed it; or we destroyed it, or erased our own. Anything else was kept back.

    Args:
        own: Our log.
        parts: What came back of each log.
        closed: The entries whose content was never sealed to us.

    Raises:
        PayloadDoesNotMatch: Content was kept back.
    """
    lacking = {
        str(EntryRef(Origin(one.party, own.channel), fresh.index)): fresh.entry
        for one in parts
        for fresh in one.fresh
        if fresh.payload is None and fresh.entry.payload is not None
    }
    gone = _said_to_be_gone(own, parts) if lacking else set()
    kept_back = [
        name
        for name, entry in lacking.items()
        if name not in gone and name not in closed and not _copies(entry, gone)
    ]
    if kept_back:
        raise PayloadDoesNotMatch(
            f"the content of {len(kept_back)} entries was kept back, as that of {kept_back[0]}: no act of"
            " ours says that it is gone; nothing was taken back",
            hint="ask for it again, or take it from an export with the payloads: comity recover",
        )


def _said_to_be_gone(own: models.Log, parts: Sequence[Returned]) -> set[str]:
    """The entries that our own log says were recalled, destroyed or erased."""
    held = own.entries.filter(kind__regex=rf"\.({'|'.join(_DISPOSING)})$").values_list("leaf", flat=True)
    returned = (fresh.entry for one in parts if one.party == own.party for fresh in one.fresh)
    return {
        name
        for entry in chain(map(decode, map(bytes, held)), returned)
        if entry.act in _DISPOSING
        for name in values(entry.stated, "entries")
    }


def _copies(entry: Entry, gone: set[str]) -> bool:
    """Whether it says in another language what is gone."""
    return entry.act == "attached" and not gone.isdisjoint(map(str, entry.answers))


def store(logs: Mapping[str, models.Log], parts: Sequence[Returned], now: datetime) -> set[tuple[str, str]]:
    """Store the entries of both logs, each at its place in the common order; give back what they touch."""
    for one in parts:
        if one.fresh:
            _advance(logs[one.party], one, now)
    return {(fresh.entry.kind, fresh.entry.ref) for one in parts for fresh in one.fresh}


def _advance(log: models.Log, returned: Returned, now: datetime) -> None:
    tree = GrowingTree(log)
    tiles = tree.extend([fresh.leaf_hash for fresh in returned.fresh])
    store_payloads([fresh.payload for fresh in returned.fresh if fresh.payload is not None])
    named = [fresh.entry.payload for fresh in returned.fresh if fresh.payload is None and fresh.entry.payload]
    statements.add_lacking((one.sha256, one.size) for one in named)
    *earlier, (_, checkpoint) = returned.checkpoints
    rows = [row(fresh.index, fresh.entry, fresh.leaf, fresh.leaf_hash) for fresh in returned.fresh]
    seen = returned.fresh[-1].entry.seen
    advance(log, tree, rows, tiles, seen=seen, checkpoint=checkpoint, now=now)
    for size, note in earlier:
        statements.add_checkpoint(log, size, note, now)


def _keep(log: models.Log, giver: models.Log, receipts: Sequence[Receipt], now: datetime) -> int:
    """Keep receipts for a log, each for exactly the entries that stand in it now."""
    tree = StoredTree(log)
    for receipt in receipts:
        if receipt.size > log.size:
            raise BadReceipt(
                f"our receipt for {receipt.size} entries of {log.origin} came back with {log.size} of them"
            )
        if tree.root(receipt.size) == receipt.root:
            continue
        if log.ours:
            raise TwoHistoriesOfOurs(
                f"nothing was recovered: we signed two histories of {log.origin}; our signature stands under"
                " other entries than these"
            )
        proof = tree.prove_prefix(receipt.size, log.size)
        raise TheirsForked(ForkProof(receipt.note, bytes(log.checkpoint), proof))
    kept = [mirroring.kept(giver, receipt) for receipt in receipts]
    return statements.add_receipts(log, kept, now) if kept else 0


def close(own: models.Log) -> None:
    """Let nothing more be signed on our log: another history of it bears our signature."""
    beyond = own.size + 1
    models.Log.objects.filter(pk=own.pk, held_elsewhere__lt=beyond).update(held_elsewhere=beyond)


def reopen(own: models.Log) -> bool:
    """Let our log be signed on again, if nothing is known to be missing and nobody wrote meanwhile."""
    rows = models.Log.objects.filter(pk=own.pk, held_elsewhere=-1, size=own.size)
    return rows.update(held_elsewhere=0) == 1
