"""Letting another party into a channel of many: what the proposal says by itself, and what agreeing takes.

Officials choose the party. What it will be shown of the channel, and under which passport it is met, the node
writes down; every other member's node holds that against what it reads and knows itself.

Follows: docs/spec/charter.md, Accession.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from comity.channel import accession
from comity.channel.accession import NAMES_NEWCOMER
from comity.channel.charter import MAX_PARTIES, PartyKeys
from comity.channel.invitation import PASSPORT, PAYLOAD
from comity.channel.passport import Passport
from comity.errors import ComityError
from comity.instruments import may_rest_on, stands
from comity.lifecycle.stated import values
from comity_node.assistance.errors import (
    AlreadyIn,
    CharterReadsOtherwise,
    NewcomerNotMet,
    NoLegalBasis,
    StaysOfTwo,
)
from comity_node.assistance.models import Request
from comity_node.counterparts import queries as counterparts
from comity_node.parties import queries as parties
from comity_node.register import chartered, inviting, standings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from comity.channel.invitation import Invitation
    from comity.instruments import Stated
    from comity_node.counterparts.queries import TrustedCounterpart
    from comity_node.register.acts import Act
    from comity_node.register.ground import Ground

KINDS: Final = accession.KINDS
BY_THE_NODE: Final = frozenset({PASSPORT, PAYLOAD})  # what the proposal states by itself
_PROPOSED: Final = f"{KINDS}.proposed"
_ACCEPTED: Final = f"{KINDS}.accepted"


def offered(channel: str) -> dict[str, list[tuple[str, str]]]:
    """The parties that may be proposed: those our officers have met that are neither in nor asked."""
    known = standings.opened(channel).seats.now
    met = (one for one in counterparts.all_trusted() if one.party not in known.members | known.asked)
    return {
        NAMES_NEWCOMER: [
            (one.party, f"{one.party.upper()} · {next(iter(one.names.values()), one.party)}") for one in met
        ]
    }


def derived(channel: str, kinds: str, said: Mapping[str, Any]) -> tuple[dict[str, str], dict[str, Any]]:
    """What a proposal states, and seals, besides what its author wrote; nothing of another procedure.

    Raises:
        NewcomerNotMet: Nobody here has confirmed the party's fingerprint.
    """
    newcomer = next(iter(values(said, NAMES_NEWCOMER)), "")
    if kinds != KINDS or not newcomer:
        return {}, {}
    met = _met(newcomer)
    passport = _passport(newcomer)
    text = inviting.shown(channel, PartyKeys(newcomer, met.log_keys, met.mirror_keys))
    return (
        {PASSPORT: passport.digest, PAYLOAD: text.digest},
        {PASSPORT: passport.note.decode(), PAYLOAD: text.document()},
    )


def to_be_invited() -> list[tuple[str, str, str]]:
    """What all have agreed to and we have not carried out: channel, reference and party of each accession."""
    agreed = Request.objects.filter(kinds=KINDS, ours=True, state="accepted")
    channels = agreed.order_by("channel").values_list("channel", flat=True).distinct()
    return [
        (channel, ref, newcomer)
        for channel in channels
        for ref, newcomer in inviting.waiting(channel, settings.NODE.party)
    ]


def check(act: Act, party: str, ground: Ground) -> None:
    """See to it that the newcomer was met, is not in, is bound, and is shown what we read ourselves.

    Raises:
        StaysOfTwo: The channel is one of two.
        NewcomerNotMet: Nobody here has confirmed its fingerprint, or that of another passport than is meant.
        AlreadyIn: It is in the channel, or asked, or there is no room.
        CharterReadsOtherwise: It would be shown something else than the charter as it reads here.
        NoLegalBasis: A text of the channel does not bind us and it today, and the channel is no exercise.
    """
    if act.kind not in (_PROPOSED, _ACCEPTED):
        return
    if not ground.life.many:
        raise StaysOfTwo("nothing was recorded: a channel of two stays one of two")
    found = _proposal(act)
    if found is None:
        raise CharterReadsOtherwise("nothing was recorded: what the party would be shown cannot be read here")
    passport, text = found
    _must_have_met(passport)
    known = ground.opened.seats.now
    if text.newcomer in known.members | known.asked or len(text.everyone) > MAX_PARTIES:
        raise AlreadyIn(
            f"nothing was recorded: {text.newcomer} is in the channel or asked, or {MAX_PARTIES} parties are"
        )
    if _read_here(text) != text.digest:
        raise CharterReadsOtherwise(
            f"nothing was recorded: {text.newcomer} would be shown another charter than reads here now"
        )
    _must_be_bound(text.newcomer, party, ground)


def facts(act: Act) -> Iterator[tuple[str, str]]:
    """Whom it is about, what that party would be shown, and what it would not."""
    found = _proposal(act) if act.kind in (_PROPOSED, _ACCEPTED) else None
    if found is None:
        return
    passport, text = found
    yield (
        _("Party to be invited"),
        f"{text.newcomer.upper()} · {next(iter(passport.about.names.values()), '')}",
    )
    yield _("Fingerprint of its passport"), passport.fingerprint.digits
    yield _("Reached at"), passport.about.address
    yield _("It is shown the purpose"), text.purpose
    yield (
        _("It is shown what the channel rests on"),
        "; ".join(
            f"{one.id} ({_('edition %(edition)s') % {'edition': one.edition}})" for one in text.instruments
        ),
    )
    yield (
        _("It is shown the coordinators"),
        "\n".join(f"{party.upper()}: {line}" for party, line in text.coordinators.items()),
    )
    yield (
        _("What will be so"),
        _(
            "Once all have agreed it can be invited. Before it answers it is sent the open part of the "
            "record from the beginning: kinds, times, offices, references and sizes of all entries; and "
            "their content as it was sealed to others, which it cannot open. Content is sealed to it from "
            "its acceptance on."
        ),
    )


def _proposal(act: Act) -> tuple[Passport, Invitation] | None:
    """The passport and the text that an act proposes, or agrees to, as they stand on record."""
    opening = None if act.kind == _PROPOSED else inviting.proposed(act.channel, act.ref)
    stated: Stated = act.stated if opening is None else opening.stated
    said = (act.payload or {}) if opening is None else inviting.said_by(opening.ref)
    text = chartered.agreed_text(act.channel, stated, said)
    note = said.get(PASSPORT)
    try:
        passport = Passport.parse(note.encode()) if isinstance(note, str) else None
    except (ComityError, UnicodeError):
        return None
    if text is None or passport is None or values(stated, PASSPORT) != (passport.digest,):
        return None
    is_of_it = passport.about.party == text.newcomer and values(stated, NAMES_NEWCOMER) == (text.newcomer,)
    return (passport, text) if is_of_it else None


def _met(party: str) -> TrustedCounterpart:
    found = counterparts.trusted(party)
    if found is None:
        raise NewcomerNotMet(f"nothing was recorded: nobody here has confirmed the fingerprint of {party}")
    return found


def _passport(party: str) -> Passport:
    row = counterparts.counterpart(party)
    assert row is not None, "it was met"
    return counterparts.read(row.passport)


def _must_have_met(passport: Passport) -> None:
    _met(passport.about.party)
    if _passport(passport.about.party).fingerprint != passport.fingerprint:
        raise NewcomerNotMet(
            f"nothing was recorded: the passport of {passport.about.party} that is meant has another "
            "fingerprint than the one confirmed here"
        )


def _read_here(text: Invitation) -> str:
    """The digest of what this node would show the same newcomer, under the keys the text names for it."""
    met = _met(text.newcomer)
    named = text.keys()[text.newcomer]
    pair = next((one for one in met.pairs if (one[0][0].public, one[1][0].public) == named), None)
    log, mirror = pair or (met.log_keys, met.mirror_keys)
    return inviting.shown(text.channel, PartyKeys(text.newcomer, log, mirror)).digest


def _must_be_bound(newcomer: str, party: str, ground: Ground) -> None:
    if standings.is_exercise(ground.opening):
        return
    for text in ground.texts:
        found = stands(text, parties.known(), party, newcomer, on=timezone.now().date())
        if text.id != standings.CHARTER and not may_rest_on(found):
            raise NoLegalBasis(
                f"nothing was recorded: {text.short} does not bind {party} and {newcomer} today: "
                f"{found.because}"
            )
