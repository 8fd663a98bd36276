"""Inviting another party into a channel of many, and being invited: whose logs there will be, and whose keys.

The first delivery a newcomer gets is the invitation alone, under a checkpoint of its author. By it the logs
of all parties are set up here, empty; then each is sent from its beginning, as to anybody. Nothing is
believed for having come with an invitation: every log is judged by its own author's keys, and what the
charter was when all agreed, by the digest each of them signed for.

Follows: docs/spec/charter.md, Accession; docs/spec/wire.md, A newcomer.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction

from comity.channel.accession import INVITED, NAMES_ACCESSION
from comity.channel.charter import PartyKeys
from comity.channel.invitation import EARLIER, PASSPORT, PAYLOAD, Invitation
from comity.channel.passport import Passport
from comity.entries import decode
from comity.errors import ComityError, PayloadDoesNotMatch, UnknownOrigin
from comity.lifecycle.courses import CONCERNS
from comity.lifecycle.stated import values
from comity.mirror import signed_checkpoint
from comity.names import Origin
from comity.tlog.merkle import consistency_roots, leaf_hash
from comity_node.channels.errors import KeysNotKnown, NotAgreed, NotTrusted
from comity_node.channels.seating import open_logs, own_pair
from comity_node.counterparts import queries as passports
from comity_node.counterparts import services as counterparts
from comity_node.counterparts.queries import trusted
from comity_node.officials import services as officials
from comity_node.register import chartered, inviting, membership, payloads, queries, standings
from comity_node.register.acts import Act

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from comity.channel.bundle import Bundle
    from comity.channel.membership import Membership
    from comity.entries import Entry
    from comity.names import EntryRef
    from comity_node.counterparts.queries import TrustedCounterpart
    from comity_node.officials.models import Official, PreparedAct
    from comity_node.register.standings import Opened

KIND = f"channel.{INVITED}"


# --- by whom is in -----------------------------------------------------------------------------------


def invitation(channel: str, ref: str) -> Act:
    """The act that invites the party of an accession, as it is to be signed.

    Args:
        channel: Channel id.
        ref: The accession, which all have agreed to.

    Raises:
        NotAgreed: There is none of ours, or its text cannot be read, or the charter reads otherwise by now.
        NotTrusted: Nobody here has confirmed the party's fingerprint, or it is stopped.
    """
    opening = inviting.proposed(channel, ref)
    said = inviting.said_by(opening.ref) if opening is not None else {}
    text = chartered.agreed_text(channel, opening.stated, said) if opening is not None else None
    if opening is None or text is None or opening.party != settings.NODE.party:
        raise NotAgreed(f"nobody was invited: {ref[:60]} is no accession that we proposed in this channel")
    other = _trusted([text.newcomer])[0]
    log, mirror = other.begun_with(text.keys()[text.newcomer])
    if inviting.shown(channel, PartyKeys(other.party, log, mirror)).digest != text.digest:
        raise NotAgreed(f"nobody was invited: the charter reads otherwise than when {ref} was agreed to")
    earlier = _earlier(text)
    return Act(
        channel=channel,
        kind=KIND,
        ref=channel,
        answers=(opening.ref,),
        stated={"requested": text.newcomer, NAMES_ACCESSION: ref, PAYLOAD: text.digest},
        payload={
            PAYLOAD: text.document(),
            PASSPORT: said.get(PASSPORT, ""),
            **({EARLIER: earlier} if earlier else {}),
        },
    )


def prepared(channel: str, ref: str) -> Act:
    """The same, with our mirror of the party's log set up: content can be sealed to it once it is signed.

    Raises:
        OurFault: As :func:`invitation`.
    """
    act = invitation(channel, ref)
    with transaction.atomic():
        seat(channel, Invitation.read((act.payload or {})[PAYLOAD]))
    return act


def invite(channel: str, ref: str, *, by: Official) -> PreparedAct | EntryRef:
    """Sign such an invitation, or have it wait for a second officer.

    Raises:
        OurFault: As :func:`invitation`; or it would have no effect.
    """
    with transaction.atomic():
        return officials.prepare(prepared(channel, ref), by=by)


def agreed(channel: str, party: str) -> str | None:
    """Reference of our accession of a party that all have agreed to and that was not carried out; or None."""
    waiting = inviting.waiting(channel, settings.NODE.party)
    return next((ref for ref, newcomer in waiting if newcomer == party), None)


def asked_by_us(opened: Opened) -> list[str]:
    """The parties that we invited, at the beginning or later, and that may still answer."""
    known, us = opened.seats.now, settings.NODE.party
    return [party for party in known.asked if known.courses[party].requesting == us]


def withdrawing(opened: Opened) -> dict[str, list[str]]:
    """Whom the withdrawal of what we proposed concerns, where some of them were invited later."""
    asked = sorted(asked_by_us(opened))
    return {CONCERNS: asked} if opened.seats.now.invited.keys() & set(asked) else {}


def answered(opened: Opened) -> tuple[EntryRef, ...]:
    """What an answer of ours answers: the invitation by which we are asked, or else the proposal."""
    invited = opened.seats.now.invited.get(settings.NODE.party)
    first = (one.ref for one in opened.acts if one.act == "proposed")
    return (invited.ref,) if invited is not None else tuple(first)[:1]


def _earlier(text: Invitation) -> dict[str, list[str]]:
    """By party, the passports by which keys can be followed that were changed since the channel began."""
    changed = [log.party for log in queries.channel_logs(text.channel) if log.rotations]
    return {
        party: [passports.read(row).note.decode() for row in passports.versions(party).order_by("version")]
        for party in changed
    }


def seat(channel: str, text: Invitation) -> None:
    """Set up our mirror of a newcomer's log, where there is none and its passport was compared here.

    Nothing is sent to it, or sealed to it, before it is invited on record.
    """
    party = text.newcomer
    other = trusted(party)
    is_here = any(log.party == party for log in queries.channel_logs(channel))
    if other is None or is_here or party == settings.NODE.party:
        return
    log, mirror = other.begun_with(text.keys()[party])
    open_logs(channel, [other.with_keys(log, mirror)], many=True, seated=False)


def seat_since_met(channel: str, party: str) -> bool:
    """Set up our mirror of a party that came in before our officers had met it; whether it is there."""
    seat_invited(channel, standings.opened(channel).seats.now)
    if not any(log.party == party for log in queries.channel_logs(channel)):
        return False
    membership.seat(channel, membership.of(channel))
    return True


def seat_invited(channel: str, known: Membership) -> None:
    """Set up our mirrors of the logs of all that were invited whose passports were compared here."""
    here = {log.party for log in queries.channel_logs(channel)}
    for party, act in known.invited.items():
        if party in here:
            continue
        text = chartered.agreed_text(channel, act.stated, inviting.said_by(act.ref))
        if text is not None and text.newcomer == party:
            seat(channel, text)


# --- by whom is invited ------------------------------------------------------------------------------


def is_invitation(bundle: Bundle, *, of: str = "") -> bool:
    """Whether a delivery is nothing but an invitation of a party, by default of us."""
    entry = _only_entry(bundle)
    return entry is not None and values(entry.stated, "requested") == (of or settings.NODE.party,)


def recognise(bundle: Bundle) -> None:
    """Set up the logs of a channel that we are invited into, all empty.

    Raises:
        UnknownOrigin: Nobody here has confirmed the sender's fingerprint.
        NotTrusted: Nobody here has confirmed that of one of the parties.
        KeysNotKnown: The keys with which a party began do not follow from its passport.
        CounterpartBreach: The entry does not stand in its author's log, or says something else than agreed.
    """
    entry = _only_entry(bundle)
    sender = trusted(bundle.sender)
    if entry is None or sender is None:
        raise UnknownOrigin(
            f"{Origin(bundle.sender, bundle.channel)} is not known here: nobody has confirmed the fingerprint"
            f" of {bundle.sender}"
        )
    said = _content(bundle, entry)
    text = chartered.agreed_text(bundle.channel, entry.stated, said)
    if text is None or bundle.sender not in text.parties or text.newcomer != settings.NODE.party:
        raise PayloadDoesNotMatch("an invitation does not show the charter whose digest it states")
    others = _trusted([party for party in text.everyone if party != settings.NODE.party])
    _must_stand_in_its_log(bundle, text, sender, said)
    named = text.keys()
    seated = [_begun(one, named[one.party], said) for one in others]
    open_logs(bundle.channel, seated, own_pair(named), many=True, ours=True, we_are_in=False)


def _only_entry(bundle: Bundle) -> Entry | None:
    if not bundle.start or len(bundle.entries) != 1 or len(bundle.payloads) != 1:
        return None
    try:
        entry = decode(bundle.entries[0])
    except ComityError:
        return None
    return entry if (entry.kind, entry.ref) == (KIND, bundle.channel) else None


def _content(bundle: Bundle, entry: Entry) -> Mapping[str, Any]:
    """What the invitation says, if it is what its entry names."""
    sealed, digest = bundle.payloads[0], entry.payload
    if digest is None or hashlib.sha256(sealed).hexdigest() != digest.sha256:
        raise PayloadDoesNotMatch("the payload of an invitation is not the one its entry names")
    return payloads.document(sealed)


def _must_stand_in_its_log(
    bundle: Bundle, text: Invitation, sender: TrustedCounterpart, said: Mapping[str, Any]
) -> None:
    """Whoever brought it: its author signed a log in which this entry is the last.

    The proof that a log of n + 1 entries extends one of n holds the last leaf, beside the last subtree of n.
    """
    origin = str(Origin(bundle.sender, bundle.channel))
    pairs = [*(log for log, _ in sender.pairs), *(log for log, _ in _pairs_told(sender, said))]
    start, end = bundle.start, bundle.start + 1
    for log in pairs:
        try:
            checkpoint = signed_checkpoint(bundle.checkpoint, [key.renamed(origin) for key in log])
        except ComityError:
            continue
        proof = bundle.consistency
        _old, new = consistency_roots(start, end, proof)
        is_last = len(proof) > 1 and proof[1] == leaf_hash(bundle.entries[0])
        if (checkpoint.origin, checkpoint.size, checkpoint.root) == (origin, end, new) and is_last:
            return
    raise PayloadDoesNotMatch(
        f"an invitation into {text.channel} does not stand in the log of {bundle.sender}"
    )


def _begun(
    other: TrustedCounterpart, named: tuple[bytes, bytes], said: Mapping[str, Any]
) -> TrustedCounterpart:
    """A party with the pairs its log began with, by its passport or by those before it that it signed."""
    for log, mirror in (*other.pairs, *_pairs_told(other, said)):
        if (log[0].public, mirror[0].public) == named:
            return other.with_keys(log, mirror)
    raise KeysNotKnown(
        f"the channel was not set up: the keys with which {other.party} began in it follow from no passport "
        "of the identity that was confirmed here"
    )


def _pairs_told(other: TrustedCounterpart, said: Mapping[str, Any]) -> list[Any]:
    """The pairs of earlier passports that came along, of the identity that our officers compared."""
    found = []
    for earlier in _passports_told(other.party, said):
        found += [(one["log"], one["mirror"]) for one in (earlier.keys, earlier.coming) if one]
        counterparts.import_passport(earlier.note)  # by them the announcements of keys are read
    return found


def _passports_told(party: str, said: Mapping[str, Any]) -> Iterable[Passport]:
    told = said.get(EARLIER)
    notes = told.get(party) if isinstance(told, dict) else None
    standing = passports.counterpart(party)
    if standing is None or not isinstance(notes, list):
        return
    for note in notes:
        try:
            read = Passport.parse(note.encode()) if isinstance(note, str) else None
        except (ComityError, UnicodeError):
            continue
        if read is not None and read.fingerprint == passports.read(standing.passport).fingerprint:
            yield read


def _trusted(parties: Iterable[str]) -> list[TrustedCounterpart]:
    found = {party: trusted(party) for party in parties}
    missing = sorted(party for party, one in found.items() if one is None)
    if missing:
        raise NotTrusted(
            f"the channel was not set up: nobody here has confirmed the fingerprint of {', '.join(missing)}"
        )
    return [one for one in found.values() if one is not None]
