"""Take in a delivery, from the wire or from a stick, and make up the answer.

Receipts are read before anything is stored, entries are stored before receipts are kept: a delivery with a
false part is refused whole and changes nothing, except that proof of misconduct is kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from comity.errors import CounterpartBreach, OurFault, UnknownOrigin
from comity.mirror import ForkProof, Offer, SendFrom
from comity.names import Origin
from comity_node.channels.services import recognise
from comity_node.register import mirroring, queries
from comity_node.register.packing import pack
from comity_node.register.services import refuse_while_lost

if TYPE_CHECKING:
    from comity.channel.bundle import Bundle
    from comity_node.register.models import Log


class NotForUs(CounterpartBreach):
    """A delivery is addressed to another party, or carries our own log."""

    code = "not-for-us"


class ForkProven(CounterpartBreach):
    """The delivery proves that its author signed two histories of its log."""

    code = "fork-proven"
    default_hint = (
        "the proof is kept and shown; nothing more of this log is taken. Its author should compare its record"
        " with a backup and with what the counterpart holds"
    )


class SendFromHere(OurFault):
    """The delivery does not join what this node holds."""

    code = "send-from"

    def __init__(self, size: int) -> None:
        """``size``: how many entries of the log this node holds."""
        super().__init__(
            f"the delivery does not join what is held here: {size} entries", hint=f"send from entry {size}"
        )
        self.size = size


@dataclass(frozen=True)
class Taken:
    """What became of a delivery.

    Attributes:
        entries: How many entries were new.
        receipts: How many entries of ours were receipted for the first time.
        start: Where the delivery began: its sender has our receipts up to there.
        channel: The channel it concerns.
        sender: Whose delivery it was.
    """

    entries: int
    receipts: int
    start: int
    channel: str
    sender: str

    @cached_property
    def answer(self) -> Bundle:
        """Our receipts and our news, made up only where somebody waits for them."""
        own, theirs = _logs(self.channel, self.sender)
        # A sender starts after the last receipt it has: so it has ours up to there, and lacks all beyond.
        known = min(self.start, theirs.size)
        if theirs.receipt_known < known or theirs.receipted < theirs.size:
            with transaction.atomic():
                mirroring.give(theirs)
                mirroring.author_has_receipts(theirs, known)
        return pack(own, theirs, receipts_after=self.start)


def receive(bundle: Bundle) -> Taken:
    """Take in a delivery.

    Raises:
        SendFromHere: It begins after the end of what we hold.
        NotHeardSinceRestore: We may have lost entries of our own, and have not asked yet.
        RecordSetBack: We have.
        CounterpartBreach: It is refused whole, and the refusal noted.
    """
    try:
        return _receive(bundle)
    except CounterpartBreach as breach:
        mirroring.note_refusal(bundle.channel, bundle.sender, breach, incoming=True)
        raise


def _receive(bundle: Bundle) -> Taken:
    if bundle.receiver != settings.NODE.party or bundle.sender == settings.NODE.party:
        raise NotForUs(f"a delivery for {bundle.receiver} came to {settings.NODE.party}")
    try:
        own, theirs = _logs(bundle.channel, bundle.sender)
    except UnknownOrigin:
        with transaction.atomic():  # a channel is set up with its first delivery, or not at all
            recognise(bundle)
            return _take_in(bundle, *_logs(bundle.channel, bundle.sender))
    return _take_in(bundle, own, theirs)


def _take_in(bundle: Bundle, own: Log, theirs: Log) -> Taken:
    refuse_while_lost(own)
    receipts = mirroring.read_receipts(own, theirs, bundle.cosignatures)
    mirroring.refuse_if_set_back(own, receipts)
    before, covered = theirs.size, own.receipted
    if bundle.checkpoint:
        _take(theirs, bundle)
    mirroring.keep_receipts(own, theirs, receipts)
    return Taken(theirs.size - before, own.receipted - covered, bundle.start, bundle.channel, bundle.sender)


def _logs(channel: str, sender: str) -> tuple[Log, Log]:
    """Our log, and our mirror of the sender's."""
    logs = queries.channel_logs(channel)
    own = next((log for log in logs if log.ours), None)
    theirs = next((log for log in logs if log.party == sender), None)
    if own is None or theirs is None:
        raise UnknownOrigin(f"{Origin(sender, channel)} is not a log of any channel here")
    return own, theirs


def _take(theirs: Log, bundle: Bundle) -> None:
    offer = Offer(
        checkpoint=bundle.checkpoint,
        start=bundle.start,
        consistency=bundle.consistency,
        entries=bundle.entries,
        payloads=bundle.payloads,
    )
    judgement = mirroring.take(theirs, offer)
    if isinstance(judgement, SendFrom):
        raise SendFromHere(judgement.size)
    if isinstance(judgement, ForkProof):
        raise ForkProven(
            f"{theirs.origin}: its author signed two histories; both signatures are kept as proof"
        )
