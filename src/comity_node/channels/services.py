"""Opening a channel: propose it, recognise a proposal, answer it."""

from __future__ import annotations

import base64
import secrets
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import msgspec
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from comity.channel.charter import (
    MAX_PARTIES,
    Charter,
    ChosenInstrument,
    Coordinator,
    NamedWitness,
    PartyKeys,
    policy_of,
)
from comity.entries import decode
from comity.errors import ComityError, NoSuchInstrument, UnknownOrigin
from comity.instruments import library, may_rest_on, stands
from comity.lifecycle.stated import values
from comity.mirror import signed_checkpoint
from comity.names import Origin, channel_id
from comity.tlog.vkey import VerifierKey
from comity_node.channels import inviting
from comity_node.channels.errors import (
    NotBinding,
    NotTrusted,
    TooManyParties,
    TooManyProposals,
)
from comity_node.channels.models import Channel
from comity_node.channels.neighbours import Belongs, must_belong
from comity_node.channels.seating import as_named, keys_in, named_keys, open_logs, own_pair
from comity_node.counterparts.queries import trusted
from comity_node.officials import services as officials
from comity_node.parties import queries as parties
from comity_node.register import queries, standings
from comity_node.register.acts import Act
from comity_node.register.keyring import own_log_keys, own_mirror_keys

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from comity.channel.bundle import Bundle
    from comity.instruments import Instrument
    from comity.names import EntryRef
    from comity_node.counterparts.queries import TrustedCounterpart
    from comity_node.officials.models import Official, PreparedAct


_BY_ITSELF: Final = Belongs()
_BILATERAL: Final = 2


def draft_charter(
    *,
    counterparts: Sequence[str],
    instruments: Sequence[str],
    purpose: str,
    languages: Sequence[str],
    coordinator: Coordinator,
    channel: str = "",
    exercise: bool = False,
    belongs: Belongs = _BY_ITSELF,
) -> Charter:
    """Write the charter of a channel to be proposed. Nothing is stored.

    Args:
        counterparts: Party codes of those invited, one or many; each fingerprint must have been confirmed.
        instruments: Ids of the instruments that are to apply, beside the charter.
        purpose: What the channel is for.
        languages: BCP 47 tags.
        coordinator: Our coordinator.
        channel: Its id, where one was drawn before.
        exercise: Nothing done in it is meant.
        belongs: The channel it takes up from, and the channel of many it is within.

    Raises:
        NotTrusted: Nothing crosses before the ceremony.
        NoSuchInstrument: One of the instruments is not known here.
        NotBinding: One of them does not bind all parties today, and it is no exercise.
        NoSuccession: There is no such channel with these counterparts, or it goes on.
        NotWithin: They are not all members of that channel of many, or they are all its members.
        TooManyParties: A channel has at most fifty.
    """
    others = [_trusted(party) for party in dict.fromkeys(counterparts)]
    if not 0 < len(others) < MAX_PARTIES:
        raise TooManyParties(f"a channel is between two and {MAX_PARTIES} parties, not {len(others) + 1}")
    chosen = [_known(name) for name in dict.fromkeys((standings.CHARTER, *instruments))]
    if not exercise:
        for other in others:
            _must_bind(chosen, other.party)
    must_belong(belongs, {other.party for other in others})
    channel = channel_id(channel) if channel else base64.b32encode(secrets.token_bytes(10)).decode().lower()
    return Charter(
        channel=channel,
        parties=[settings.NODE.party, *(other.party for other in others)],
        purpose=purpose,
        instruments=[ChosenInstrument(text.id, text.edition, text.digest) for text in chosen],
        languages=list(languages),
        coordinators={settings.NODE.party: coordinator},
        policy=_policy(channel, others),
        witnesses=[NamedWitness(one.vkey, one.address) for one in settings.NODE.witnesses],
        exercise=exercise,
        succeeds=belongs.succeeds,
        within=belongs.within,
    )


def proposal(charter: Charter) -> Act:
    """The act that proposes a charter, as it is to be signed."""
    return Act(
        channel=charter.channel,
        kind="channel.proposed",
        ref=charter.channel,
        stated={
            "requested": charter.parties[1] if len(charter.parties) == _BILATERAL else charter.parties[1:],
            "instruments": [one.id for one in charter.instruments],
            "tables": [one.table for one in charter.instruments],
            **({"exercise": "yes"} if charter.exercise else {}),
            **({"succeeds": charter.succeeds} if charter.succeeds else {}),
            **({"within": charter.within} if charter.within else {}),
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
    others = [_trusted(party) for party in charter.parties[1:]]
    with transaction.atomic():
        if not queries.channel_logs(charter.channel):
            named = keys_in(charter)
            seated = [as_named(one, named) for one in others]
            open_logs(charter.channel, seated, own_pair(named), many=len(others) > 1, ours=True)
        return officials.prepare(proposal(charter), by=by)


def answering(*, channel: str, act: str, coordinator: Coordinator | None = None, note: str = "") -> Act:
    """The act that answers a proposed channel or withdraws our own proposal, as it is to be signed.

    Args:
        channel: Channel id.
        act: ``accepted``, ``declined`` or ``withdrawn``.
        coordinator: Our coordinator, where we accept.
        note: Plain words that go with the answer.
    """
    opened = standings.opened(channel)
    stated = inviting.withdrawing(opened) if act == "withdrawn" else {}
    payload: dict[str, object] = {"note": note}
    if coordinator is not None:
        payload["coordinator"] = msgspec.to_builtins(coordinator)
    return Act(
        channel=channel,
        kind=f"channel.{act}",
        ref=channel,
        answers=inviting.answered(opened),
        stated=stated,
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
    """Set up the logs of a channel a confirmed counterpart proposes to us, or invites us into.

    Raises:
        UnknownOrigin: The sender is not confirmed, or the delivery does not begin with a proposal to us.
        NotTrusted: It is proposed to others too, and nobody here has confirmed one of them.
        TooManyProposals: It has as many channels here that were never opened as this node keeps.
    """
    origin = Origin(bundle.sender, bundle.channel)
    if inviting.is_invitation(bundle) and not queries.channel_logs(bundle.channel):
        _check_room(bundle.sender)
        inviting.recognise(bundle)
        return
    if trusted(bundle.sender) is None:
        raise UnknownOrigin(
            f"{origin} is not known here: nobody has confirmed the fingerprint of {bundle.sender}"
        )
    invited = _invited(bundle)
    if settings.NODE.party not in invited:
        raise UnknownOrigin(
            f"{origin} is not known here, and the delivery does not begin with its proposal to us"
        )
    if not queries.channel_logs(bundle.channel):
        _check_room(bundle.sender)
        named = named_keys(bundle)
        others = [party for party in (bundle.sender, *invited) if party != settings.NODE.party]
        seated = [_as_it_signs(as_named(_trusted(party), named), bundle) for party in others]
        open_logs(bundle.channel, seated, own_pair(named), many=len(others) > 1, ours=True)


def _as_it_signs(other: TrustedCounterpart, bundle: Bundle) -> TrustedCounterpart:
    """The counterpart with that pair of its keys, present or coming, under which the channel begins."""
    origin = str(Origin(other.party, bundle.channel))
    for log, mirror in other.pairs if len(other.pairs) > 1 and other.party == bundle.sender else ():
        with suppress(ComityError):
            signed_checkpoint(bundle.checkpoint, [key.renamed(origin) for key in log])
            return replace(other, keys={**other.keys, "log": log, "mirror": mirror})
    return other


def _check_room(party: str) -> None:
    """Every channel costs every list of this node; one counterpart must not fill them all."""
    most = settings.NODE.limits.unopened_channels
    shared = queries.channels_with(party)
    opened = Channel.objects.filter(channel__in=shared, opened_at__isnull=False).count()
    if len(shared) - opened >= most:
        raise TooManyProposals(f"the channel was not set up: {party} has {most} here that were never opened")


def _invited(bundle: Bundle) -> tuple[str, ...]:
    """To whom the delivery proposes a channel, if it begins with a proposal."""
    try:
        if bundle.start or not bundle.entries:
            return ()
        entry = decode(bundle.entries[0])
    except ComityError:
        return ()
    if (entry.kind, entry.ref) != ("channel.proposed", bundle.channel):
        return ()
    parties = values(entry.stated, "requested")
    fit = len(parties) < MAX_PARTIES and len({bundle.sender, *parties}) == len(parties) + 1
    return parties if fit else ()


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


def _policy(channel: str, others: Sequence[TrustedCounterpart]) -> str:
    own = settings.NODE.party
    parties = [
        PartyKeys(own, own_log_keys(Origin(own, channel)), own_mirror_keys()),
        *(PartyKeys(other.party, other.log_keys, other.mirror_keys) for other in others),
    ]
    witnesses = [VerifierKey.parse(one.vkey) for one in settings.NODE.witnesses]
    return policy_of(channel, parties, witnesses).encode().decode()
