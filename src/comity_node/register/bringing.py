"""Bring a member of a channel of many what a third party wrote that cannot reach it.

Nothing rests on who brings: all of it bears its author's signatures. What is brought is what that author
would deliver: its entries, its receipts for the member's log, and what others gave for its own.

Follows: docs/spec/wire.md, Where there are many.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.utils import timezone

from comity_node.register import membership, mirroring, models, queries, statements
from comity_node.register.packing import held_by, part, readable

if TYPE_CHECKING:
    from comity.channel.bundle import Bundle

_AGAIN: Final = timedelta(days=1)


def is_lacking(log: models.Log, receiver: models.Log) -> bool:
    """Whether a member has lacked what a third party wrote, or signed for, so long that it may be cut off.

    Whoever is brought a log is also brought the receipts that come in for it later: its author would tell
    who holds what, and cannot.
    """
    if {log.place, receiver.place} != {models.Log.Place.MEMBER}:
        return False
    if _is_brought(log, receiver) and _to_bring(log, receiver):
        return True
    held = held_by(log, receiver)
    since = queries.stored_at(log, held) if held < log.size else None
    given = queries.last_receipt(receiver, log.party)
    if given is not None and given.size > receiver.heard.get(log.party, 0):
        since = min(since or given.stored_at, given.stored_at)
    return since is not None and since < timezone.now() - timedelta(seconds=settings.NODE.relay_seconds)


def relayed(log: models.Log, receiver: models.Log, start: int) -> tuple[Bundle, int]:
    """A part of a third party's log as that party would deliver it, to one that it cannot reach.

    Returns:
        The delivery, and up to which number of storing it carries what others gave for that log.
    """
    known = receiver.heard.get(log.party, 0)
    given = statements.receipt_notes(receiver, log.party, beyond=known, most=mirroring.MOST_RECEIPTS)
    rows = _to_bring(log, receiver)
    of_others = readable(log, receiver, [note for _, note in rows])
    notes = [*readable(log, receiver, [note for _, note in given]), *of_others]
    number = rows[len(of_others) - 1][0] if of_others else _brought_before(log, receiver)
    return part(log, receiver.party, start, notes), number


def _is_brought(log: models.Log, receiver: models.Log) -> bool:
    """Whether all that a member has of a log is what we brought: else its author, or another, reaches it."""
    brought = receiver.brought.get(log.party)
    return brought is not None and held_by(log, receiver) <= brought["size"]


def _to_bring(log: models.Log, receiver: models.Log) -> list[tuple[int, bytes]]:
    """Others' receipts for a third party's log that a member cut off from its author may lack."""
    after = _brought_before(log, receiver)
    most = mirroring.MOST_RECEIPTS
    return statements.receipts_to_bring(log, receiver.party, settings.NODE.party, after=after, most=most)


def _brought_before(log: models.Log, receiver: models.Log) -> int:
    """Up to which number of storing a member has the receipts for a log, as far as can be known.

    What its author could tell it, it had told by the time the member last signed for that log. It may have
    been cut off from those who signed by then already: what came in on the day before is brought again.
    """
    brought = receiver.brought.get(log.party, {"receipts": 0})["receipts"]
    if _is_brought(log, receiver):
        return int(brought)
    signed = queries.last_receipt(log, receiver.party)
    if signed is None:
        return int(brought)
    before = models.Receipt.objects.filter(log=log, stored_at__lt=signed.stored_at - _AGAIN)
    return max(int(brought), before.order_by("-pk").values_list("pk", flat=True).first() or 0)


def is_unmet(own: models.Log, theirs: models.Log) -> bool:
    """Whether a party that is asked may not know of the channel: it has signed for nothing of ours yet."""
    is_asked = theirs.many and theirs.place == models.Log.Place.ASKED
    return is_asked and not theirs.size and not held_by(own, theirs)


def invitation_of(theirs: models.Log) -> Bundle | None:
    """The invitation of a party that came in later, alone, as its author delivers it first; None where none.

    It is the entry with the checkpoint it was signed under, and the proof that it is the last of that log.
    """
    act = membership.of(theirs.channel).invited.get(theirs.party)
    if act is None:
        return None
    log = next(one for one in statements.heads(theirs.channel) if one.party == act.party)
    return part(log, theirs.party, act.ref.index, (), end=act.ref.index + 1)


def has_been_brought(theirs: models.Log, log: models.Log, size: int, receipts: int | None = None) -> None:
    """A party took what we brought it of another's log.

    Args:
        theirs: Our mirror of the party's log.
        log: The log that was brought.
        size: How much of it the party has now.
        receipts: Up to which number of storing receipts for it came along; left out where none did.
    """
    theirs.refresh_from_db(fields=["brought"])
    number = _brought_before(log, theirs) if receipts is None else receipts
    before = theirs.brought.get(log.party, {"size": 0, "receipts": 0})
    now = {"size": max(before["size"], size), "receipts": max(before["receipts"], number)}
    if now != before:
        theirs.brought = {**theirs.brought, log.party: now}
        models.Log.objects.filter(pk=theirs.pk).update(brought=theirs.brought)
