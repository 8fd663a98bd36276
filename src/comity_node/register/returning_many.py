"""What an old backup lacks of a channel of many: every log, and who signed for how much, from any member.

As between two, what comes back is judged by the core and stored in one transaction. What is more: all logs
come back together, because their entries have seen one another; and our own is signed on again only once
every other member has given back what it holds of it, since one may have received what another has not.

Follows: docs/spec/mirror.md, Returning; docs/spec/wire.md, What an author lost.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from comity import lifecycle
from comity.channel.membership import concern
from comity.entries import decode, depth
from comity.errors import BadReceipt, PayloadDoesNotMatch
from comity.keys.sealing import stanza_count
from comity.mirror import ForkProof, check_claims
from comity.names import EntryRef, Origin
from comity_node.register import membership, mirroring, misconduct, models, news, statements
from comity_node.register.packing import part
from comity_node.register.returning import (
    Recovered,
    TheirsForked,
    TwoHistoriesOfOurs,
    account_for_content,
    store,
)
from comity_node.register.services import project
from comity_node.register.tree import StoredTree

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from comity.channel.bundle import Bundle
    from comity.mirror import Receipt, Returned

    Signed = Mapping[tuple[str, str], Sequence[Receipt]]  # by whose log, and who gave them


def give_back(log: models.Log, receiver: str, *, start: int, passed: int) -> Bundle:
    """A part of a log as it stands here, with receipts for it by whoever gave them.

    Args:
        log: The log, whoever's it is.
        receiver: To whom the bundle is addressed.
        start: Index of the first entry wanted.
        passed: How many of its receipts, by size and party, are not wanted any more.
    """
    found = models.Receipt.objects.filter(log=log).order_by("size", "party")
    notes = found.values_list("note", flat=True)[passed : passed + mirroring.MOST_RECEIPTS]
    return part(log, receiver, start, [bytes(note) for note in notes])


def take_back(logs: Mapping[str, models.Log], parts: Sequence[Returned], receipts: Signed) -> Recovered:
    """Store what has come back of all logs, all of it or nothing.

    Our own stays closed to new acts (``held_elsewhere`` is -1 at the least) until :func:`reopen`.

    Raises:
        TwoHistoriesOfOurs: A receipt bears our signature over other entries than these.
        CounterpartBreach: What came back contradicts itself. Proof of a fork is kept, nothing else.
        HeadMoved: Somebody stored entries meanwhile; ask again.
    """
    own = next(log for log in logs.values() if log.ours)
    try:
        with transaction.atomic():
            return _take_back(own, logs, parts, receipts)
    except TheirsForked as forked:
        log = next(one for one in logs.values() if one.origin == forked.origin)
        misconduct.keep(log, forked.proof)
        raise BadReceipt(
            f"{log.origin}: other entries came back than those we had signed for: proof is kept"
        ) from None


def _take_back(
    own: models.Log, logs: Mapping[str, models.Log], parts: Sequence[Returned], receipts: Signed
) -> Recovered:
    now = timezone.now()
    statements.heads(own.channel, lock=True)
    account_for_content(own, parts, _check_seals(logs, parts))
    forked = statements.forked(own.channel)
    check_claims(parts, lambda party, index: decode(statements.leaf(own.channel, party, index)).seen, forked)
    touched = store(logs, parts, now)
    kept = 0
    for (of, by), given in receipts.items():
        if not given:
            continue
        log, sizes = logs[of], [one.size for one in given]
        covered = statements.receipted_below(log, by, min(sizes))
        kept += _keep(log, logs[by], given, now, is_forked=of in forked)
        touched |= set(statements.concerned(log, covered, max(sizes)))
    missing = max(0, own.held_elsewhere - own.size)
    own.held_elsewhere = own.held_elsewhere if missing else -1
    models.Log.objects.filter(pk=own.pk).update(held_elsewhere=own.held_elsewhere)
    project(own.channel, touched)
    news.ring_on_commit()
    ours = sum(len(one.fresh) for one in parts if one.party == own.party)
    return Recovered(ours, sum(len(one.fresh) for one in parts) - ours, receipts=kept, missing=missing)


def _check_seals(logs: Mapping[str, models.Log], parts: Sequence[Returned]) -> set[str]:
    """Hold each content against the parties it was meant for, by all that came back of who is in the channel.

    Returns:
        The entries whose content was never meant for us.

    Raises:
        PayloadDoesNotMatch: One is sealed to more or fewer.
    """
    channel = next(iter(logs.values())).channel
    acts = [
        (concerned, lifecycle.Act.of(ref, fresh.entry, depth=depth(fresh.index, fresh.entry.seen)))
        for one in parts
        for fresh in one.fresh
        if (concerned := concern(channel, fresh.entry)) is not None
        for ref in [EntryRef(Origin(one.party, channel), fresh.index)]
    ]
    closed: set[str] = set()
    for one in parts:
        parties = membership.sealing(logs[one.party], acts)
        for fresh in one.fresh:
            meant = parties(fresh.index, fresh.entry)
            if settings.NODE.party not in meant:
                closed.add(str(EntryRef(Origin(one.party, channel), fresh.index)))
            if fresh.payload is not None and stanza_count(fresh.payload) != len(meant):
                raise PayloadDoesNotMatch(
                    f"the content of entry {fresh.index} of {one.party} came back sealed to others than the"
                    f" {len(meant)} parties it is meant for"
                )
    return closed


def _keep(
    log: models.Log, giver: models.Log, receipts: Sequence[Receipt], now: datetime, *, is_forked: bool
) -> int:
    """Keep receipts for a log. Whoever else signed for another history proves its author's, not ours.

    Of whom two histories are proven already, nothing more is concluded from which of them was signed for.
    """
    tree = StoredTree(log)
    for receipt in () if is_forked else receipts:
        if receipt.size > log.size and giver.ours:
            raise BadReceipt(
                f"our receipt for {receipt.size} entries of {log.origin} came back with {log.size} of them"
            )
        if receipt.size > log.size or tree.root(receipt.size) == receipt.root:
            continue
        if log.ours:
            raise TwoHistoriesOfOurs(
                f"nothing was recovered: we signed two histories of {log.origin}; our signature stands under"
                " other entries than these"
            )
        proof = ForkProof(receipt.note, bytes(log.checkpoint), tree.prove_prefix(receipt.size, log.size))
        if giver.ours:
            raise TheirsForked(proof, log.origin)
        misconduct.keep(log, proof)
    kept = [mirroring.kept(giver, receipt) for receipt in receipts]
    return statements.add_receipts(log, kept, now) if kept else 0


def note_given_back(own: models.Log, party: str) -> None:
    """Note that a member has given back all it holds of our log, or that officers vouch for it."""
    own.heard = {**own.heard, party: own.size}
    models.Log.objects.filter(pk=own.pk).update(heard=own.heard)


def not_heard(own: models.Log) -> list[str]:
    """The members that have not given back what they hold of our log since it was closed."""
    members = (log for log in statements.heads(own.channel) if not log.ours)
    return sorted(
        log.party for log in members if log.place == log.Place.MEMBER and log.party not in own.heard
    )


def reopen(own: models.Log) -> bool:
    """Let our log be signed on again, if every member was heard and nothing is known to be missing."""
    if not_heard(own):
        return False
    rows = models.Log.objects.filter(pk=own.pk, held_elsewhere=-1, size=own.size)
    return rows.update(held_elsewhere=0, heard={}) == 1
