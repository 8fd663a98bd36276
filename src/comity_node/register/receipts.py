"""Receipts that travel alone: as a file, or on paper, where deliveries go one way only.

What they say is verified as in any delivery. Handing one out does not count as its author having it: that
is known only from what the author sends next, so the next delivery carries it once more.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import Max

from comity.errors import BadCheckpoint, BadSignature, OurFault, UnknownOrigin
from comity.mirror import PaperReceipt
from comity.mirror.generations import signed_by
from comity.names import Origin
from comity.tlog.checkpoint import Checkpoint
from comity.tlog.note import parse_note
from comity_node.register import mirroring, models, queries, rotations
from comity_node.register.rotations import vkeys

if TYPE_CHECKING:
    from datetime import datetime

    from comity.mirror import Receipt


class NothingToReceipt(OurFault):
    """Nothing of that log is here to give a receipt for, or none of that size was given."""

    code = "nothing-to-receipt"


class NotOfThisLog(OurFault):
    """The receipt is for entries that this node has not signed a checkpoint of."""

    code = "not-of-this-log"
    default_hint = (
        "check that the sheet is for this node's log, and that this node was not restored from a backup"
    )


class KeysNotRead(OurFault):
    """A receipt is signed by mirror keys that nothing read here so far has announced."""

    code = "keys-not-read"
    default_hint = (
        "if its giver has changed its keys, take in its delivery first: an entry of its log announces them"
    )


@dataclass(frozen=True, slots=True)
class Kept:
    """A receipt that came alone, now kept.

    Attributes:
        channel: Channel id.
        giver: Whose receipt it is.
        receipt: What it says.
        fresh: How many entries were receipted by it for the first time.
    """

    channel: str
    giver: str
    receipt: Receipt
    fresh: int


def last_of_parties() -> dict[str, datetime]:
    """When each other party last signed for entries of ours, by its own time."""
    rows = models.Receipt.objects.filter(log__ours=True).order_by("party").values("party")
    return dict(rows.annotate(last=Max("given_at")).values_list("party", "last"))


def given(theirs: models.Log, size: int | None = None) -> bytes:
    """Our receipt for a counterpart's log: the newest, which is signed now if need be, or the one of a size.

    Raises:
        NothingToReceipt: There is none.
    """
    mirroring.give(theirs)
    found = models.Receipt.objects.filter(log=theirs, party=settings.NODE.party)
    chosen = (found if size is None else found.filter(size=size)).order_by("size").last()
    if chosen is None:
        what = "no entry" if size is None else f"no receipt for {size:,} entries"
        raise NothingToReceipt(f"there is {what} of {theirs.origin} here")
    return bytes(chosen.note)


def sheet(theirs: models.Log, size: int | None = None) -> PaperReceipt:
    """The same to be put on paper.

    Raises:
        NothingToReceipt: There is none.
    """
    (own,) = (log for log in queries.channel_logs(theirs.channel) if log.ours)
    return PaperReceipt.of(given(theirs, size), vkeys(own.mirror_keys))


def take(note: bytes) -> Kept:
    """Take in a receipt for a log of ours.

    Raises:
        UnknownOrigin: It is for no log of ours, or by nobody in its channel.
        KeysNotRead: Its giver's keys are not known here yet.
        RecordSetBack: It bears our own signature over what we do not hold.
        CounterpartBreach: It does not verify.
    """
    parsed = parse_note(note)
    own = _ours(Checkpoint.parse(parsed.text).origin)
    givers = [log for log in queries.their_logs(own.channel) if mirroring.is_giver(parsed, log)]
    if len(givers) != 1:
        raise UnknownOrigin(f"nobody in the channel of {own.origin} has signed this as a receipt")
    giver = givers[0]
    if not any(line.is_by(key) for line in parsed.signatures for key in vkeys(giver.mirror_keys)):
        raise KeysNotRead(
            f"the receipt was not kept: the mirror keys of {giver.party} that signed it are not known here"
        )
    return _keep(own, giver, note)


def enter(text: str) -> Kept:
    """Take in a receipt that was typed or scanned from a sheet.

    Raises:
        PaperMisread: Lines do not fit their check.
        PaperIncomplete: Lines are missing.
        UnknownOrigin: It is for no log of ours, or by nobody in its channel.
        NotOfThisLog: We have signed no checkpoint of that size.
        KeysNotRead: No keys of its giver that are known here have signed it.
        CounterpartBreach: It does not verify.
    """
    paper = PaperReceipt.read(text)
    own = _ours(str(paper.origin))
    giver = next((log for log in queries.their_logs(own.channel) if log.party == paper.giver), None)
    if giver is None:
        raise UnknownOrigin(f"{paper.giver} has no log in the channel of {own.origin}")
    signed = models.Checkpoint.objects.filter(log=own, size=paper.size).values_list("note", flat=True).first()
    if signed is None:
        raise NotOfThisLog(
            f"the receipt was not kept: it is for {paper.size:,} entries, and no checkpoint of"
            f" {own.origin} has that size"
        )
    return _keep(own, giver, _whole(paper, bytes(signed), giver))


def _whole(paper: PaperReceipt, signed: bytes, giver: models.Log) -> bytes:
    """The receipt with its giver's signatures: by whichever of its pairs they verify, the newest first.

    Paper does not say which keys signed.

    Raises:
        KeysNotRead: They verify under none that are known here.
    """
    for _logs, mirrors, _told in reversed(rotations.pairs(giver)):
        note = paper.receipt(signed, mirrors)
        try:
            signed_by(parse_note(note), mirrors)
        except (BadCheckpoint, BadSignature):
            continue
        return note
    raise KeysNotRead(
        f"the receipt was not kept: no mirror keys of {giver.party} that are known here have signed it"
    )


def _ours(origin: str) -> models.Log:
    log = queries.own_log(Origin.parse(origin).channel)
    if log is None or log.origin != origin:
        raise UnknownOrigin(f"{origin} is not a log of this node")
    return log


def _keep(own: models.Log, giver: models.Log, note: bytes) -> Kept:
    receipts = mirroring.read_receipts(own, giver, [note])
    mirroring.refuse_if_set_back(own, receipts)
    before = own.receipted
    mirroring.keep_receipts(own, giver, receipts)
    own.refresh_from_db()
    return Kept(own.channel, giver.party, receipts[0], own.receipted - before)
