"""A channel of many parties as one real node has it: the others are played with the core alone.

They sign, seal and answer as nodes do, and their processor time is not counted. What the node does is done by
its own functions, in its own process, on its own disk.
"""

from __future__ import annotations

import hashlib
import json
import time
from dataclasses import replace
from statistics import median
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone

from comity.channel.bundle import Bundle
from comity.entries import Entry, PayloadDigest, encode, instant
from comity.instruments import library
from comity.keys.sealing import seal
from comity.mirror import give_receipt
from comity.names import Origin, channel_id
from comity.tlog.merkle import leaf_hash
from comity_node.register import queries, services, telling
from comity_node.register.acts import Act, Capacity
from comity_node.register.keyring import keyring, own_log_keys, own_mirror_keys
from comity_node.register.packing import is_news, pack, to_tell
from comity_node.wire.receiving import receive
from tests.node.counterpart import SECONDED, Counterpart

if TYPE_CHECKING:
    from comity.names import EntryRef

_FIRST = Capacity("central-authority", "case officer")
_SECOND = Capacity("central-authority", "coordinator")
_LETTERS = str.maketrans("0123456789", "abcdefghij")
_TEXT = json.dumps({"text": "x" * 1000}).encode()


class Member(Counterpart):
    """One of the others."""

    def __init__(self, party: str, channel: str) -> None:
        super().__init__(party, channel)
        self.note = b""

    def puts(self, kind: str, ref: str, sealed: bytes, *, answers: tuple[EntryRef, ...] = ()) -> None:
        """Put an entry on its log, having seen all that our node holds."""
        named = PayloadDigest(hashlib.sha256(sealed).hexdigest(), len(sealed))
        logs = queries.channel_logs(self.channel)
        seen = {log.party: log.size for log in logs if log.size and log.party != self.party}
        entry = Entry(
            v=1, kind=kind, at=instant(timezone.now()), by=SECONDED, ref=ref, seen=seen, payload=named,
            re=[str(one) for one in answers],
        )  # fmt: skip
        self.leaves.append(encode(entry))
        self.payloads.append(sealed)
        self.tree.append(leaf_hash(self.leaves[-1]))
        self.note = self.checkpoint()

    def delivery(self, signed_for: list[bytes]) -> Bundle:
        """What it has not delivered, with its receipts under these notes."""
        start, self.delivered = self.delivered, len(self.leaves)
        signers = self.mirror_signers(int(timezone.now().timestamp()))
        return Bundle(
            channel=self.channel,
            sender=self.party,
            receiver=settings.NODE.party,
            start=start,
            checkpoint=self.note,
            consistency=(),
            entries=tuple(self.leaves[start:]),
            payloads=tuple(one for one in self.payloads[start:] if one),
            cosignatures=tuple(give_receipt(note, signers) for note in signed_for),
        )


class Crowd:
    """A channel of so many parties, ours among them."""

    def __init__(self, parties: int) -> None:
        self.channel = channel_id(f"crowdedroom{parties:05}".translate(_LETTERS))
        self.members = [Member(f"x-member{number}", self.channel) for number in range(1, parties)]
        self._open_logs()
        names = [one.party for one in self.members]
        stated = {
            "requested": names if parties > 2 else names[0],
            "instruments": ["charter", "us-ru-1999"],
            "tables": [library()[one].digest for one in ("charter", "us-ru-1999")],
            "exercise": "yes",
        }
        proposed = self._acts("channel.proposed", self.channel, stated, {"purpose": "measurement"})
        for one in self.members:
            one.puts("channel.accepted", self.channel, self._sealed(), answers=(proposed,))
            receive(one.delivery([]))
        self.spent: dict[str, list[float]] = {"act": [], "deliver": [], "take": []}

    def _open_logs(self) -> None:
        own, many = Origin(settings.NODE.party, self.channel), len(self.members) > 1
        seats = [
            services.Seat(
                origin=own, ours=True, log_keys=own_log_keys(own), mirror_keys=own_mirror_keys(),
                recipients=[str(keyring().recipient)], many=many,
            )
        ]  # fmt: skip
        for seat in (*seats, *(one.seat() for one in self.members)):
            services.open_log(replace(seat, many=many))

    def _sealed(self) -> bytes:
        """Content sealed to everybody: one text for all, since sealing it is not what is measured there."""
        return seal(_TEXT, [keyring().recipient, *(one.keys.recipient for one in self.members)])

    def _acts(self, kind: str, ref: str, stated: dict, payload: dict) -> EntryRef:
        act = Act(channel=self.channel, kind=kind, ref=ref, stated=stated, payload=payload)
        return services.append(act, by=_FIRST, second=_SECOND)

    # --- one round: we act, and tell all; each of the others acts, and tells us -----------------------------

    def round(self, number: int) -> None:
        """Let everybody note something, and sign for what everybody noted."""
        payload = {"text": "x" * 1000}
        self._spend("act", lambda: self._acts("measurement.noted", f"crowd-{number}", {}, payload))
        own = queries.own_log(self.channel)
        heads = {settings.NODE.party: bytes(own.checkpoint), **{one.party: one.note for one in self.members}}
        sealed = self._sealed()
        for one in self.members:
            one.puts("measurement.noted", f"{one.party}-{number}", sealed)
            bundle = one.delivery([note for party, note in heads.items() if party != one.party])
            self._spend("take", lambda bundle=bundle: receive(bundle).answer.encode())
            heads[one.party] = one.note
        for one in self.members:
            self._spend("deliver", lambda party=one.party: self._deliver(party))

    def _spend(self, what: str, do) -> None:
        begun = time.thread_time()
        do()
        self.spent[what].append(time.thread_time() - begun)

    def _deliver(self, party: str) -> None:
        """Make up all that a party lacks, as an exchange does until there is no news."""
        while True:
            logs = {log.party: log for log in queries.channel_logs(self.channel)}
            own, theirs = logs[settings.NODE.party], logs[party]
            if not is_news(own, theirs):
                return
            number, told = to_tell(own, theirs)
            bundle = pack(own, theirs, others=told)
            bundle.encode()
            given = telling.told(theirs, len(bundle.cosignatures) - len(told))
            telling.author_has_receipts(theirs, given)
            telling.knows_of_others(theirs, number)
            if not bundle.cosignatures:
                return


def crowd(parties: int, rounds: int) -> dict[str, float]:
    """Processor seconds in a channel of so many: of acting, of one delivery out, of one taken in."""
    one = Crowd(parties)
    for number in range(rounds + 1):
        one.round(number)
        if not number:
            for spent in one.spent.values():
                spent.clear()
    return {what: median(spent) for what, spent in one.spent.items()}
