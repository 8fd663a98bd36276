"""Opening a channel: propose it, recognise a proposal, answer it."""

from __future__ import annotations

import base64
import secrets
from typing import TYPE_CHECKING

import msgspec
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from comity.channel.charter import Charter, ChosenInstrument, Coordinator, NamedWitness, PartyKeys, policy_of
from comity.entries import decode
from comity.errors import ComityError, NoSuchInstrument, UnknownOrigin
from comity.instruments import library, may_rest_on, stands
from comity.names import Origin, channel_id
from comity.tlog.vkey import VerifierKey
from comity_node.channels.errors import NotBinding, NotTrusted, TooManyProposals
from comity_node.channels.models import Channel
from comity_node.counterparts.queries import trusted
from comity_node.officials import services as officials
from comity_node.parties import queries as parties
from comity_node.register import queries, standings
from comity_node.register.acts import Act
from comity_node.register.keyring import keyring, own_log_keys, own_mirror_keys
from comity_node.register.services import Seat, open_log

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from comity.channel.bundle import Bundle
    from comity.instruments import Instrument
    from comity.names import EntryRef
    from comity_node.counterparts.queries import TrustedCounterpart
    from comity_node.officials.models import Official, PreparedAct


def draft_charter(
    *,
    counterpart: str,
    instruments: Sequence[str],
    purpose: str,
    languages: Sequence[str],
    coordinator: Coordinator,
    channel: str = "",
    exercise: bool = False,
) -> Charter:
    """Write the charter of a channel to be proposed. Nothing is stored.

    Args:
        counterpart: Its party code; its fingerprint must have been confirmed.
        instruments: Ids of the instruments that are to apply, beside the charter.
        purpose: What the channel is for.
        languages: BCP 47 tags.
        coordinator: Our coordinator.
        channel: Its id, where one was drawn before.
        exercise: Nothing done in it is meant.

    Raises:
        NotTrusted: Nothing crosses before the ceremony.
        NoSuchInstrument: One of the instruments is not known here.
        NotBinding: One of them does not bind both parties today, and it is no exercise.
    """
    other = _trusted(counterpart)
    chosen = [_known(name) for name in dict.fromkeys((standings.CHARTER, *instruments))]
    if not exercise:
        _must_bind(chosen, counterpart)
    channel = channel_id(channel) if channel else base64.b32encode(secrets.token_bytes(10)).decode().lower()
    return Charter(
        channel=channel,
        parties=[settings.NODE.party, counterpart],
        purpose=purpose,
        instruments=[ChosenInstrument(text.id, text.edition, text.digest) for text in chosen],
        languages=list(languages),
        coordinators={settings.NODE.party: coordinator},
        policy=_policy(channel, other),
        witnesses=[NamedWitness(one.vkey, one.address) for one in settings.NODE.witnesses],
        exercise=exercise,
    )


def proposal(charter: Charter) -> Act:
    """The act that proposes a charter, as it is to be signed."""
    return Act(
        channel=charter.channel,
        kind="channel.proposed",
        ref=charter.channel,
        stated={
            "requested": charter.parties[1],
            "instruments": [one.id for one in charter.instruments],
            "tables": [one.table for one in charter.instruments],
            **({"exercise": "yes"} if charter.exercise else {}),
        },
        payload=charter.document(),
    )


def propose(charter: Charter, *, by: Official) -> PreparedAct | EntryRef:
    """Propose a channel under a charter.

    Returns:
        The prepared proposal that awaits a second officer, or its entry.

    Raises:
        NotTrusted: Nothing crosses before the ceremony.
        OurFault: The official does not hold the power, or the channel was proposed before.
    """
    other = _trusted(charter.parties[1])
    with transaction.atomic():
        if not queries.channel_logs(charter.channel):
            _open_logs(charter.channel, other)
        return officials.prepare(proposal(charter), by=by)


def answering(*, channel: str, act: str, coordinator: Coordinator | None = None, note: str = "") -> Act:
    """The act that answers a proposed channel or withdraws our own proposal, as it is to be signed.

    Args:
        channel: Channel id.
        act: ``accepted``, ``declined`` or ``withdrawn``.
        coordinator: Our coordinator, where we accept.
        note: Plain words that go with the answer.
    """
    received = queries.entries(channel, ref=channel, prefix="channel.proposed")
    payload: dict[str, object] = {"note": note}
    if coordinator is not None:
        payload["coordinator"] = msgspec.to_builtins(coordinator)
    return Act(
        channel=channel,
        kind=f"channel.{act}",
        ref=channel,
        answers=tuple(one.ref for one in received[:1]),
        payload=payload,
    )


def answer(
    *, channel: str, act: str, by: Official, coordinator: Coordinator | None = None, note: str = ""
) -> PreparedAct | EntryRef:
    """Sign such an answer, or have it wait for a second officer.

    Raises:
        OurFault: The charter's table does not allow it now.
    """
    return officials.prepare(answering(channel=channel, act=act, coordinator=coordinator, note=note), by=by)


def recognise(bundle: Bundle) -> None:
    """Set up the logs of a channel a confirmed counterpart proposes to us.

    Raises:
        UnknownOrigin: The sender is not confirmed, or the delivery does not begin with a proposal to us.
        TooManyProposals: It has as many channels here that were never opened as this node keeps.
    """
    other = trusted(bundle.sender)
    origin = Origin(bundle.sender, bundle.channel)
    if other is None:
        raise UnknownOrigin(
            f"{origin} is not known here: nobody has confirmed the fingerprint of {bundle.sender}"
        )
    if bundle.start or not bundle.entries or not _is_a_proposal(bundle.entries[0], bundle.channel):
        raise UnknownOrigin(
            f"{origin} is not known here, and the delivery does not begin with its proposal to us"
        )
    if not queries.channel_logs(bundle.channel):
        _check_room(bundle.sender)
        _open_logs(bundle.channel, other)


def _check_room(party: str) -> None:
    """Every channel costs every list of this node; one counterpart must not fill them all."""
    most = settings.NODE.limits.unopened_channels
    shared = queries.channels_with(party)
    opened = Channel.objects.filter(channel__in=shared, opened_at__isnull=False).count()
    if len(shared) - opened >= most:
        raise TooManyProposals(f"the channel was not set up: {party} has {most} here that were never opened")


def _is_a_proposal(leaf: bytes, channel: str) -> bool:
    try:
        entry = decode(leaf)
    except ComityError:
        return False
    return (entry.kind, entry.ref, entry.stated.get("requested")) == (
        "channel.proposed",
        channel,
        settings.NODE.party,
    )


def _trusted(party: str) -> TrustedCounterpart:
    other = trusted(party)
    if other is None:
        raise NotTrusted(
            f"the channel was not proposed: nobody here has confirmed the fingerprint of {party}"
        )
    return other


def _known(name: str) -> Instrument:
    found = library().get(name)
    if found is None:
        known = ", ".join(sorted(library()))
        raise NoSuchInstrument(
            f"the channel was not proposed: no instrument {name} is known here", hint=f"known: {known}"
        )
    return found


def _must_bind(texts: Iterable[Instrument], counterpart: str) -> None:
    """Nothing in earnest rests on what does not bind both, as far as this node knows."""
    today, known = timezone.now().date(), parties.known()
    for text in texts:
        found = stands(text, known, settings.NODE.party, counterpart, on=today)
        if text.id != standings.CHARTER and not may_rest_on(found):
            raise NotBinding(
                f"the channel was not proposed: {text.short} does not bind {settings.NODE.party} and "
                f"{counterpart} today: {found.because}"
            )


def _policy(channel: str, other: TrustedCounterpart) -> str:
    own = settings.NODE.party
    parties = [
        PartyKeys(own, own_log_keys(Origin(own, channel)), own_mirror_keys()),
        PartyKeys(other.party, other.log_keys, other.mirror_keys),
    ]
    witnesses = [VerifierKey.parse(one.vkey) for one in settings.NODE.witnesses]
    return policy_of(channel, parties, witnesses).encode().decode()


def _open_logs(channel: str, other: TrustedCounterpart) -> None:
    """Both seats of the channel: ours, and our mirror of theirs."""
    own, theirs = Origin(settings.NODE.party, channel), Origin(other.party, channel)
    open_log(
        Seat(
            origin=own,
            ours=True,
            log_keys=own_log_keys(own),
            mirror_keys=own_mirror_keys(),
            recipients=[str(keyring().recipient)],
        )
    )
    open_log(
        Seat(
            origin=theirs,
            ours=False,
            log_keys=[key.renamed(str(theirs)) for key in other.log_keys],
            mirror_keys=other.mirror_keys,
            recipients=other.recipients,
        )
    )
