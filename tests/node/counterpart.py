"""A counterpart in memory: its own keys and log, played with the core alone, that talks to our node.

boris = open_channel()                      # a channel both parties accepted; the node's keys exist
boris.does("assistance.request.lodged", "bb-2026-0001", stated=..., payload=...)   # authored and delivered
boris.receipts()                            # signs for everything on our log
"""

from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import timezone

from comity.entries import By, Entry, PayloadDigest, encode, instant
from comity.instruments import library
from comity.keys.keyring import Keyring
from comity.keys.sealing import seal
from comity.mirror import Offer, give_receipt
from comity.names import EntryRef, Origin
from comity.tlog.checkpoint import Checkpoint
from comity.tlog.merkle import CompactRange, leaf_hash
from comity.tlog.note import sign_note
from comity.tlog.signer import Cosigner, NoteSigner
from comity_node.register import mirroring, queries, rooms, services
from comity_node.register.acts import Act, Capacity
from comity_node.register.keyring import keyring, own_log_keys, own_mirror_keys
from comity_node.register.rooms import Room, Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from comity.keys.sealing import HybridRecipient
    from comity.mirror import Judgement

CHANNEL = "abcdefghijklmnop"
INSTRUMENT = "us-ru-1999"
OFFICE = By("central authority", "case officer")
SECONDED = By("central authority", "case officer", Capacity("prosecution", "coordinator"))


class Counterpart:
    """Party ``bb``: writes what it likes on its own log, delivers it, and receipts ours."""

    def __init__(self, party: str = "bb", channel: str = CHANNEL) -> None:
        self.keys = Keyring.generate(party)
        self.party = party
        self.channel = channel
        self.origin = Origin(party, channel)
        self.leaves: list[bytes] = []
        self.payloads: list[bytes | None] = []
        self.tree = CompactRange()
        self.delivered = 0

    # --- what others know of it -------------------------------------------------------------------------

    @property
    def log_signers(self) -> tuple[NoteSigner, Cosigner]:
        """Who signs its checkpoints."""
        at = int(timezone.now().timestamp())
        return NoteSigner(str(self.origin), self.keys.log.ed25519), Cosigner(
            str(self.origin), self.keys.log.mldsa44, at
        )

    def mirror_signers(self, at: int) -> tuple[Cosigner, Cosigner]:
        """Who gives its receipts."""
        name, pair = f"{self.party}.comity/mirror", self.keys.mirror
        return Cosigner(name, pair.ed25519, at), Cosigner(name, pair.mldsa44, at)

    def seat(self) -> services.Seat:
        """Its place in the channel, as our node keeps it."""
        return services.Seat(
            origin=self.origin,
            ours=False,
            log_keys=[signer.vkey for signer in self.log_signers],
            mirror_keys=[signer.vkey for signer in self.mirror_signers(1)],
            recipients=[str(self.keys.recipient)],
        )

    # --- what it does -----------------------------------------------------------------------------------

    def does(self, kind: str, ref: str, **said: Any) -> EntryRef:
        """Author one entry and deliver it; arguments as for ``writes``."""
        written = self.writes(kind, ref, **said)
        self.delivers()
        return written

    def writes(
        self,
        kind: str,
        ref: str,
        *,
        stated: Mapping[str, str | list[str]] | None = None,
        payload: Mapping[str, Any] | bytes | None = None,
        answers: tuple[EntryRef, ...] = (),
        at: datetime | None = None,
        seen: int | None = None,
        by: By = OFFICE,
        sealed: bytes | None = None,
    ) -> EntryRef:
        """Put an entry on its own log. It has seen all of ours unless ``seen`` says less.

        ``sealed`` is content somebody sealed before, instead of ``payload``.
        """
        sealed = sealed if payload is None else self.seals(payload)
        ours = queries.own_log(self.channel)
        held = ours.size if seen is None and ours is not None else seen or 0
        entry = Entry(
            v=1,
            kind=kind,
            at=instant(at or timezone.now()),
            by=by,
            ref=ref,
            re=[str(one) for one in answers],
            seen={settings.NODE.party: held, **self.seen_of_others()} if held else {},
            stated=dict(stated or {}),
            payload=PayloadDigest(hashlib.sha256(sealed).hexdigest(), len(sealed)) if sealed else None,
        )
        self.leaves.append(encode(entry))
        self.payloads.append(sealed)
        self.tree.append(leaf_hash(self.leaves[-1]))
        return EntryRef(self.origin, len(self.leaves) - 1)

    def seen_of_others(self) -> Mapping[str, int]:
        """What it has seen of third parties in a channel of many, where a test plays those."""
        return {}

    def third_recipients(self) -> Sequence[HybridRecipient]:
        """To whom it seals besides itself and us."""
        return ()

    def seals(self, payload: Mapping[str, Any] | bytes) -> bytes:
        """Seal content to both parties; bytes are sealed as they are, however hostile."""
        text = payload if isinstance(payload, bytes) else json.dumps(payload, ensure_ascii=False).encode()
        return seal(text, [self.keys.recipient, keyring().recipient, *self.third_recipients()])

    def checkpoint(self) -> bytes:
        """Its signed tree head."""
        text = Checkpoint(str(self.origin), self.tree.size, self.tree.root()).text()
        return sign_note(text, *self.log_signers).encode()

    def delivers(self) -> Judgement:
        """Offer our node everything it has not been given yet."""
        mirror = next(log for log in queries.their_logs(self.channel) if log.party == self.party)
        start, self.delivered = self.delivered, len(self.leaves)
        payloads = tuple(one for one in self.payloads[start:] if one is not None)
        return mirroring.take(
            mirror,
            Offer(
                checkpoint=self.checkpoint(),
                start=start,
                consistency=(),
                entries=tuple(self.leaves[start:]),
                payloads=payloads,
            ),
        )

    def receipts(self, *, late: timedelta = timedelta()) -> None:
        """Sign for everything that stands on our log, ``late`` after the present."""
        own = queries.own_log(self.channel)
        mirror = next(log for log in queries.their_logs(self.channel) if log.party == self.party)
        assert own is not None
        at = int((timezone.now() + late).timestamp())
        note = give_receipt(bytes(own.checkpoint), self.mirror_signers(at))
        mirroring.keep_receipts(own, mirror, mirroring.read_receipts(own, mirror, [note]))


def give_keys() -> Keyring:
    """Give the node under test a keyring in its home, once for the whole run."""
    place = settings.NODE.keyring
    if not place.exists():
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(Keyring.generate(settings.NODE.party).to_bytes(None))
    return keyring()


def open_channel(
    counterpart: Counterpart | None = None,
    *,
    instrument: str = INSTRUMENT,
    accepted: bool = True,
    also: tuple[str, ...] = (),
    states: Mapping[str, str] | None = None,
    meant: bool = False,
) -> Counterpart:
    """Open a channel between the node under test and a counterpart, under one instrument.

    Args:
        counterpart: Whom with; a new ``bb`` by default.
        instrument: The instrument that governs requests.
        accepted: Whether we have accepted its proposal.
        also: Further instruments.
        states: What its proposal states besides.
        meant: It is no exercise; nothing but the charter is of use then.
    """
    give_keys()
    other = counterpart or Counterpart()
    own = Origin(settings.NODE.party, other.channel)
    services.open_log(
        services.Seat(
            origin=own,
            ours=True,
            log_keys=own_log_keys(own),
            mirror_keys=own_mirror_keys(),
            recipients=[str(keyring().recipient)],
        )
    )
    services.open_log(other.seat())
    proposal = other.does(
        "channel.proposed",
        other.channel,
        stated={
            "requested": settings.NODE.party,
            "instruments": ["charter", instrument, *also],
            "tables": [library()[one].digest for one in ("charter", instrument, *also)],
            **({} if meant else {"exercise": "yes"}),  # no treaty binds States that do not exist
            **(states or {}),
        },
        payload={"purpose": "assistance"},
    )
    if accepted:
        _accept(other.channel, proposal)
        other.receipts()
    return other


def _accept(channel: str, proposal: EntryRef) -> None:
    if rooms.room_of("channel.accepted") is None:
        rooms.announce(
            Room(
                "channel",
                lambda acts, _party: [Verdict("practice", "?", False, "") for _ in acts],
                lambda _c, _r: None,
                [],
            )
        )
    act = Act(
        channel=channel, kind="channel.accepted", ref=channel, answers=(proposal,), payload={"note": ""}
    )
    services.append(
        act, by=Capacity("ministry", "coordinator"), second=Capacity("prosecution", "coordinator")
    )
