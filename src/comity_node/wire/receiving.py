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
from comity.mirror import Awaits, ForkProof, Offer, SendFrom
from comity.names import Origin
from comity_node.channels.errors import NotTrusted
from comity_node.channels.inviting import is_invitation, seat_since_met
from comity_node.channels.services import recognise
from comity_node.counterparts.queries import is_stopped
from comity_node.register import mirroring, misconduct, queries, telling
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


class AwaitsAnother(OurFault):
    """The delivery rests on entries of a third party that this node does not hold yet."""

    code = "awaits"

    def __init__(self, party: str, size: int) -> None:
        """``size``: how many entries of the log of ``party`` this node holds."""
        super().__init__(
            f"it rests on more of the log of {party} than the {size} entries held here",
            hint=f"deliver the log of {party} from entry {size} first",
        )
        self.party = party
        self.size = size


@dataclass(frozen=True)
class Taken:
    """What became of a delivery.

    Attributes:
        entries: How many entries were new.
        receipts: How many receipts were.
        start: Where the delivery began: its sender has our receipts up to there.
        channel: The channel it concerns.
        sender: Whose log it carried.
        carrier: Who brought it, and waits for the answer.
    """

    entries: int
    receipts: int
    start: int
    channel: str
    sender: str
    carrier: str

    @cached_property
    def answer(self) -> Bundle:
        """Our receipts and our news, made up only where somebody waits for them."""
        own, theirs = _logs(self.channel, self.sender)
        if self.carrier != self.sender:
            mirroring.give(theirs)
            return pack(own, _logs(self.channel, self.carrier)[1])
        # A sender starts after the last receipt it has: so it has ours up to there, and lacks all beyond.
        known = min(self.start, theirs.size)
        if theirs.receipt_known < known or mirroring.signed_for(theirs) < theirs.size:
            with transaction.atomic():
                mirroring.give(theirs)
                telling.author_has_receipts(theirs, known)
        return pack(own, theirs, receipts_after=self.start)


def receive(bundle: Bundle, carrier: str = "") -> Taken:
    """Take in a delivery.

    Args:
        bundle: The delivery.
        carrier: Who brought it, where that is not its sender: in a channel of many a member may bring what
            another authored. Nothing rests on its word: whatever counts is signed by its author.

    Raises:
        AwaitsAnother: It rests on what we do not hold of a third party's log.
        SendFromHere: It begins after the end of what we hold.
        NotHeardSinceRestore: We may have lost entries of our own, and have not asked yet.
        RecordSetBack: We have.
        NotTrusted: It proposes a channel, or invites into one, that has a party nobody here has met; or our
            officers have stopped dealing with whoever brings it. Noted.
        CounterpartBreach: It is refused whole, and the refusal noted.
    """
    carrier = carrier or bundle.sender
    try:
        return take_in(bundle, carrier)
    except (CounterpartBreach, NotTrusted) as refused:  # so that officers see whom they have to meet first
        mirroring.note_refusal(bundle.channel, carrier, refused, incoming=True)
        raise


def take_in(bundle: Bundle, carrier: str = "") -> Taken:
    """The same, with no note of a refusal; arguments and errors as for ``receive``."""
    carrier = carrier or bundle.sender
    if bundle.receiver != settings.NODE.party or bundle.sender == settings.NODE.party:
        raise NotForUs(f"a delivery for {bundle.receiver} came to {settings.NODE.party}")
    try:
        own, theirs = _logs(bundle.channel, bundle.sender)
    except UnknownOrigin:
        if queries.channel_logs(bundle.channel):
            return _join_one_met_since(bundle, carrier)
        if carrier != bundle.sender:
            raise
        invited = is_invitation(bundle)
        with transaction.atomic():  # a channel is set up with its first delivery, or not at all
            recognise(bundle)
            if not invited:
                return _join(bundle, *_logs(bundle.channel, bundle.sender), carrier)
        # An invitation sets up the logs alone: what it stands in is asked for from its beginning.
        own, theirs = _logs(bundle.channel, bundle.sender)
    return _join(bundle, own, theirs, carrier)


def _join_one_met_since(bundle: Bundle, carrier: str) -> Taken:
    """Take a delivery of a party that was invited before our officers had met it, once they have.

    Raises:
        UnknownOrigin: They have not, or it was never invited.
    """
    with transaction.atomic():
        if not seat_since_met(bundle.channel, bundle.sender):
            raise UnknownOrigin(
                f"{Origin(bundle.sender, bundle.channel)} is not known here: {bundle.sender} was not invited,"
                " or nobody here has confirmed its fingerprint",
                hint="compare the fingerprint of its passport: comity counterpart confirm",
            )
    return _join(bundle, *_logs(bundle.channel, bundle.sender), carrier)


def _join(bundle: Bundle, own: Log, theirs: Log, carrier: str) -> Taken:
    _refuse_if_stopped(carrier)
    refuse_while_lost(own)
    if own.many:
        return _join_many(bundle, own, theirs, carrier)
    receipts = mirroring.read_receipts(own, theirs, bundle.cosignatures)
    mirroring.refuse_if_set_back(own, receipts)
    before, covered = theirs.size, own.receipted
    if bundle.checkpoint:
        _take(theirs, bundle)
    mirroring.keep_receipts(own, theirs, receipts)
    new = theirs.size - before, own.receipted - covered
    return Taken(*new, bundle.start, bundle.channel, bundle.sender, carrier)


def _refuse_if_stopped(carrier: str) -> None:
    """Whoever brings it counts, by wire, as an answer or on a stick; of its author the log's keys decide.

    Raises:
        NotTrusted: Our officers deal with it no more.
    """
    if is_stopped(carrier):
        raise NotTrusted(
            f"nothing was taken in: our officers have stopped dealing with {carrier}",
            hint="an officer decides whether to deal with it again: comity counterpart restore",
        )


def _join_many(bundle: Bundle, own: Log, theirs: Log, carrier: str) -> Taken:
    """The same where others' receipts may come along, and others than the author may bring it."""
    logs = {log.pk: log for log in queries.channel_logs(bundle.channel)}
    if not any(log.party == carrier for log in logs.values()):
        raise NotForUs(f"{carrier} is no party of {bundle.channel} and brings a delivery of {bundle.sender}")
    try:
        found = mirroring.sort_receipts(list(logs.values()), bundle.cosignatures)
    except mirroring.ShownTooEarly as early:
        raise AwaitsAnother(early.log.party, early.log.size) from early
    read = {
        (log, giver): mirroring.read_receipts(logs[log], logs[giver], notes)
        for (log, giver), notes in found.items()
    }
    mirroring.refuse_if_set_back(
        own, [one for (log, _), some in read.items() if log == own.pk for one in some]
    )
    before = theirs.size
    if bundle.checkpoint:
        _take(theirs, bundle)
    kept = []
    for (log, giver), receipts in read.items():
        known = theirs if log == theirs.pk else logs[log]
        agreeing = receipts if known.ours else misconduct.compare_notes(known, receipts)
        kept += [(logs[log], logs[giver], agreeing)] if agreeing else []
    if kept:
        mirroring.keep_all(bundle.channel, kept)
    brought = next(log for log in logs.values() if log.party == carrier)
    mirroring.heard(brought, bundle.cosignatures, list(logs.values()))
    new = theirs.size - before, sum(map(len, read.values()))
    return Taken(*new, bundle.start, bundle.channel, bundle.sender, carrier)


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
    if isinstance(judgement, Awaits):
        raise AwaitsAnother(judgement.party, judgement.size)
    if isinstance(judgement, ForkProof):
        raise ForkProven(
            f"{theirs.origin}: its author signed two histories; both signatures are kept as proof"
        )
