"""A party as the core alone makes one: a log of its own, a mirror of the other's, and letters."""

from __future__ import annotations

from copy import deepcopy

from comity.channel.bundle import Bundle, read_bundle
from comity.entries import decode
from comity.errors import ComityError
from comity.mirror import ForkProof, Offer, SendFrom, give_receipt, read_receipt
from tests.core.mirror.parties import AT, CHANNEL, Author, Store, root_of


class SetBack(ComityError):
    """The other side holds more of our log than we do."""

    code = "set-back"


class Party:
    """One side of a channel. What it would lose in a crash is exactly what ``backup`` gives."""

    def __init__(self, name: str, seed: int) -> None:
        self.pen = Author(name, seed)
        self.receipted = 0
        self.convicted: ForkProof | None = None
        self.stopped = False
        self.asked_for = 0

    def meets(self, other: Party) -> None:
        """Take up the other's keys."""
        self.other_keys = other.pen.mirror_vkeys
        self.mirror = Store(other.pen)

    def writes(self, text: str) -> None:
        """Put a fact on record, having seen all we hold of theirs."""
        held = len(self.mirror.leaves)
        self.pen.writes(text, seen={self.mirror.author.party: held} if held else {})

    def letter(self) -> bytes:
        """Everything of ours without a receipt, and our receipt for all of theirs."""
        offer = self.pen.offer(self.receipted) if self.pen.leaves else None
        receipt = ()
        if self.mirror.leaves and self.convicted is None:
            receipt = (give_receipt(self.mirror.checkpoint, self.pen.cosigners(AT)),)
        return Bundle(
            channel=CHANNEL,
            sender=self.pen.party,
            receiver=self.mirror.author.party,
            start=self.receipted,
            checkpoint=offer.checkpoint if offer else b"",
            consistency=offer.consistency if offer else (),
            entries=offer.entries if offer else (),
            cosignatures=receipt,
        ).encode()

    def opens(self, letter: bytes) -> None:
        """Judge a letter, and keep what is accepted."""
        bundle = read_bundle(letter)
        receipts = [
            read_receipt(note, self.pen.origin, log_keys=self.pen.vkeys, mirror_keys=self.other_keys)
            for note in bundle.cosignatures
        ]
        for receipt in receipts:
            if receipt.root != root_of(self.pen.leaves[: receipt.size]):
                self.stopped = True
                raise SetBack("we were set back")
        self.mirror.sizes = {self.pen.party: len(self.pen.leaves)}
        if bundle.checkpoint and self.convicted is None:
            self._takes(bundle)
        self.receipted = max([self.receipted, *(receipt.size for receipt in receipts)])

    def _takes(self, bundle: Bundle) -> None:
        offer = Offer(
            checkpoint=bundle.checkpoint,
            start=bundle.start,
            consistency=bundle.consistency,
            entries=bundle.entries,
            payloads=bundle.payloads,
        )
        judgement = self.mirror.takes(offer)
        if isinstance(judgement, ForkProof):
            self.convicted = judgement
        if isinstance(judgement, SendFrom):
            self.asked_for = judgement.size

    def backup(self) -> Party:
        """The whole of what is on disk."""
        return deepcopy(self)

    def recovers(self, other: Party) -> None:
        """Fetch what of our log only the other side still holds, and all of theirs before we write again.

        Our own signature says that the log is ours. What we had seen, our entries say: to write on with
        less seen would be refused.
        """
        self.pen.leaves = list(other.mirror.leaves)
        self.pen.payloads = [None] * len(self.pen.leaves)
        self.stopped = False
        whole = other.backup()
        whole.receipted = 0
        self.opens(whole.letter())

    def texts(self) -> list[str]:
        """The facts on our log."""
        return [str(decode(leaf).stated["text"]) for leaf in self.pen.leaves]
