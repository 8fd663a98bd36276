"""Passports are read in, compared, and from then on trusted; ours is issued.

Reading in a passport gives its party nothing. Trust begins when an officer has compared fingerprints with the
party's officers, and passes on only to successors signed by the keys that were compared.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from comity.channel import passport as core
from comity.errors import NotASuccessor
from comity_node.counterparts import queries
from comity_node.counterparts.errors import NoSuchCounterpart, NotCompared, OlderPassport, OwnPassport
from comity_node.counterparts.models import Ceremony, Counterpart, Passport
from comity_node.officials.access import require
from comity_node.officials.models import Journal

if TYPE_CHECKING:
    from comity_node.officials.models import Official


@transaction.atomic
def import_passport(data: bytes, *, by: Official | None = None) -> Passport:
    """Store a counterpart's passport; reading the same file in again changes nothing.

    A successor signed by the keys we confirmed is in force at once. Anything else waits for a ceremony, and
    what was in force before stays in force: a file alone moves nobody.

    Raises:
        NotEmpowered: The official may not import passports.
        OwnPassport: It is in our own name.
        ComityError: It is not a passport, or not signed by its own keys.
    """
    if by is not None:
        require(by, "counterpart.import")
    passport = core.Passport.parse(data)
    about = passport.about
    if about.party == settings.NODE.party:
        raise OwnPassport("the passport was not stored: it is in our own name")
    row, new = Passport.objects.get_or_create(
        sha256=sha256(data).hexdigest(),
        defaults={
            "party": about.party,
            "version": about.version,
            "note": data,
            "ours": False,
            "stored_by": by,
        },
    )
    if new:
        Journal.objects.create(official=by, did="passport.imported", about=str(row))
        follow(about.party, by=by)
    return row


@transaction.atomic
def hold_ceremony(
    passport: Passport, *, by: Official, fingerprint: str, path: str, with_whom: str, agreed: bool = True
) -> Ceremony:
    """Record that fingerprints were compared; where they agreed, the party is trusted from now on.

    Args:
        passport: The passport whose fingerprint was read aloud.
        by: The officer who compared.
        fingerprint: The fingerprint they were shown, as digits or words: it must be this passport's.
        path: How the officers were connected.
        with_whom: The other officer. Private to this node.
        agreed: Whether every word agreed; if not, nothing becomes trusted and the passport is refused.

    Raises:
        NotEmpowered: The official may not confirm counterparts.
        NotCompared: What was shown was another passport's fingerprint.
        OlderPassport: A newer one is in force.
    """
    capacity = require(by, "counterpart.confirm")
    if not queries.read(passport).fingerprint.matches(fingerprint):
        raise NotCompared("nothing was confirmed: that is not the fingerprint of this passport")
    standing = (
        Counterpart.objects.select_for_update(of=("self",))
        .select_related("ceremony", "passport")
        .filter(party=passport.party)
        .first()
    )
    if passport.ours or (standing and not may_be_compared(standing, passport)):
        raise OlderPassport(
            f"nothing was confirmed: version {passport.version} is not newer than what is in force"
        )
    ceremony = Ceremony.objects.create(
        passport=passport,
        agreed=agreed,
        path=path,
        with_whom=with_whom,
        office=capacity.office,
        held_by=by,
    )
    did = "counterpart.confirmed" if agreed else "counterpart.refused"
    Journal.objects.create(official=by, did=did, about=str(passport))
    if agreed:
        Counterpart.objects.update_or_create(
            party=passport.party,
            defaults={"passport": passport, "ceremony": ceremony, "is_stopped": False},
        )
        follow(passport.party, by=by)
    elif standing is not None and standing.is_introduced and _same_keys(passport, standing.passport):
        # Whoever vouched for these keys was wrong, or lied: nothing more rests on that.
        Counterpart.objects.filter(pk=standing.pk).update(is_stopped=True)
        Journal.objects.create(official=by, did="counterpart.stopped", about=passport.party)
    return ceremony


def _same_keys(one: Passport, other: Passport) -> bool:
    return queries.read(one).fingerprint == queries.read(other).fingerprint


def may_be_compared(standing: Counterpart, passport: Passport) -> bool:
    """Whether a ceremony moves anything: the passport is newer, or what is in force was never compared."""
    if standing.is_introduced:
        return passport.version >= standing.passport.version
    return passport.version > standing.passport.version


def stop(party: str, *, by: Official) -> None:
    """Deal with a party no more, at once: nothing of theirs is accepted until trust is restored."""
    _set_stopped(party, by=by, stopped=True)


def restore(party: str, *, by: Official) -> None:
    """Deal again with a party that was stopped, under the passport in force."""
    _set_stopped(party, by=by, stopped=False)


@transaction.atomic
def _set_stopped(party: str, *, by: Official, stopped: bool) -> None:
    require(by, "counterpart.confirm")
    if not Counterpart.objects.filter(party=party).update(is_stopped=stopped):
        raise NoSuchCounterpart(f"nothing was changed: {party} was never confirmed here")
    did = "counterpart.stopped" if stopped else "counterpart.restored"
    Journal.objects.create(official=by, did=did, about=party)


def follow(party: str, *, by: Official | None) -> None:
    """Put into force every stored version that follows the one in force, signed by its keys."""
    standing = Counterpart.objects.select_for_update().select_related("passport").filter(party=party).first()
    while standing is not None and (successor := _successor(standing.passport)) is not None:
        standing.passport = successor
        standing.save(update_fields=["passport"])
        Journal.objects.create(official=by, did="passport.followed", about=str(successor))


def _successor(row: Passport) -> Passport | None:
    old = queries.read(row)
    for candidate in Passport.objects.filter(party=row.party, version=row.version + 1, ours=False).order_by(
        "pk"
    ):
        try:
            core.verify_successor(old, queries.read(candidate))
        except NotASuccessor:
            continue
        return candidate
    return None
