"""Introductions: what those we trust say of a third party's keys, and what we say to others.

An introduction gives nobody trust. It is shown to the officer who compares. Where node.toml names a number,
an officer may accept a party never compared here on the word of so many; it is shown as that everywhere, and
a ceremony can be held at any time.

Follows: docs/spec/passport.md, Introductions.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction

from comity.channel import introduction as core
from comity.channel.passport import identity_signers
from comity.errors import ComityError, OurFault
from comity_node.counterparts import queries, services
from comity_node.counterparts.errors import OwnPassport
from comity_node.counterparts.models import Ceremony, Counterpart, Introduction
from comity_node.officials.access import require
from comity_node.officials.models import Journal
from comity_node.register.keyring import keyring, today

if TYPE_CHECKING:
    from comity.channel.introduction import Contradiction
    from comity.channel.passport import Passport as Read
    from comity.tlog.vkey import VerifierKey
    from comity_node.counterparts.models import Passport
    from comity_node.officials.models import Official


class NotForUs(OurFault):
    """An introduction is addressed to another party."""

    code = "not-for-us"
    default_hint = "ask its author for one that is addressed to us"


class CannotIntroduce(OurFault):
    """A party can be introduced only by who compared its fingerprint, and only to another that is trusted."""

    code = "cannot-introduce"
    default_hint = "compare fingerprints with both first; what rests on others' word is not passed on"


class NotEnoughWords(OurFault):
    """The introductions of a party do not suffice by this node's rule, or something speaks against them."""

    code = "not-enough-words"
    default_hint = "compare fingerprints with its officers: that needs nobody's word"


@dataclass(frozen=True, slots=True)
class Word:
    """One introduction, and what it is worth here now.

    Attributes:
        row: As it is stored.
        read: What it says.
        counts: Whether its author is dealt with, and was itself compared here.
        fits: Whether the keys it vouches for are those that officers here compared, or that followed from
            them; None where nobody has compared yet.
        against: Introductions by the same author that contradict it.
    """

    row: Introduction
    read: core.Introduction
    counts: bool
    fits: bool | None
    against: tuple[Introduction, ...]


@transaction.atomic
def introduce(party: str, *, to: str, by: Official) -> Introduction:
    """Introduce one counterpart to another, by a file for the other.

    Raises:
        NotEmpowered: The official may not confirm counterparts.
        CannotIntroduce: One of the two is not dealt with, or rests on introductions itself.
    """
    require(by, "counterpart.confirm")
    standing = _compared(party)
    if party == to:
        raise CannotIntroduce(f"nothing was signed: {party} knows itself")
    _compared(to)
    ceremony = standing.ceremony
    said = core.Said(
        introducer=settings.NODE.party,
        to=to,
        issued=today(),
        compared=ceremony.held_at.date().isoformat(),
        how=_how(ceremony),
        version=ceremony.passport.version,
        passport=bytes(standing.passport.note).decode(),
    )
    ring = keyring()
    pair = identity_signers(ring)[:2]
    note = core.introduce(said, *pair)
    read = core.read_introduction(note, {ring.party: [signer.vkey for signer in pair]}.get)
    row = _keep(read, standing.passport, by, ours=True)
    Journal.objects.create(official=by, did="counterpart.introduced", about=str(row))
    return row


@transaction.atomic
def import_introduction(data: bytes, *, by: Official | None = None) -> Introduction:
    """Store a third party's introduction, and the passport in it; nobody is trusted by that.

    Raises:
        NotEmpowered: The official may not import passports.
        NotForUs: It is addressed to another party.
        OwnPassport: It introduces us.
        ComityError: It is none, or its author is not dealt with here.
    """
    if by is not None:
        require(by, "counterpart.import")
    read = core.read_introduction(data, _identity_of)
    if read.about == settings.NODE.party:
        raise OwnPassport("the introduction was not stored: it introduces us")
    if read.said.to != settings.NODE.party:
        raise NotForUs(f"the introduction was not stored: it is addressed to {read.said.to}")
    passport = services.import_passport(read.passport.note, by=by)
    row = _keep(read, passport, by, ours=False)
    Journal.objects.create(official=by, did="introduction.imported", about=str(row))
    return row


def import_file(data: bytes, *, by: Official | None = None) -> Passport:
    """Read in what a counterpart sent, a passport or an introduction; gives back the passport in it.

    Raises:
        ComityError: It is neither, or is not accepted.
    """
    if core.is_introduction(data):
        return import_introduction(data, by=by).passport
    return services.import_passport(data, by=by)


@transaction.atomic
def accept(passport: Passport, *, by: Official) -> Counterpart:
    """Deal with a party on the word of others, where our rule lets their number suffice.

    Raises:
        NotEmpowered: The official may not confirm counterparts.
        NotEnoughWords: Too few vouch for these keys, something speaks against them, or the party was compared
            here before: then nobody's word replaces another comparison.
    """
    capacity = require(by, "counterpart.confirm")
    needed = settings.NODE.introductions_needed
    if not needed:
        raise NotEnoughWords("nothing was accepted: by this node's rule introductions never suffice")
    if Counterpart.objects.select_for_update().filter(party=passport.party).exists():
        raise NotEnoughWords(f"nothing was accepted: {passport.party} has been confirmed here before")
    if Ceremony.objects.filter(passport__party=passport.party, agreed=False).exists():
        raise NotEnoughWords(f"nothing was accepted: a comparison with {passport.party} has failed here")
    said = [word for word in words(passport.party) if word.counts]
    if any(word.against for word in said) or not _agree(said):
        raise NotEnoughWords(f"nothing was accepted: what is said of {passport.party} is contradictory")
    vouching = sorted(who_vouches(passport))
    if len(vouching) < needed:
        raise NotEnoughWords(
            f"nothing was accepted: {len(vouching)} of {needed} vouch for these keys of {passport.party}"
        )
    ceremony = Ceremony.objects.create(
        passport=passport,
        agreed=True,
        path=Ceremony.Path.INTRODUCTION,
        with_whom=", ".join(vouching)[:200],
        office=capacity.office,
        held_by=by,
    )
    Journal.objects.create(official=by, did="counterpart.accepted", about=str(passport))
    standing = Counterpart.objects.create(party=passport.party, passport=passport, ceremony=ceremony)
    services.follow(passport.party, by=by)
    standing.refresh_from_db()
    return standing


def words(party: str) -> list[Word]:
    """Every introduction of a party to us, the newest first."""
    rows = list(
        Introduction.objects.filter(party=party, ours=False).select_related("passport").order_by("-pk")
    )
    compared = set(
        Counterpart.objects.filter(is_stopped=False)
        .exclude(ceremony__path=Ceremony.Path.INTRODUCTION)
        .values_list("party", flat=True)
    )
    known = _compared_here(party)
    read = {row.pk: _read(row) for row in rows}
    return [
        Word(
            row,
            read[row.pk],
            row.introducer in compared,
            None if known is None else read[row.pk].passport.fingerprint.digits in known,
            tuple(other for other in rows if read[row.pk].contradicts(read[other.pk])),
        )
        for row in rows
    ]


def who_vouches(passport: Passport) -> set[str]:
    """Who, of those we compared and deal with, has introduced the party under the keys of this passport."""
    prints = queries.read(passport).fingerprint
    return {
        word.row.introducer
        for word in words(passport.party)
        if word.counts and not word.against and word.read.passport.fingerprint == prints
    }


def introduced() -> dict[str, list[str]]:
    """Every party that is dealt with on introductions alone, and who vouched for it."""
    rows = Counterpart.objects.filter(ceremony__path=Ceremony.Path.INTRODUCTION).select_related("ceremony")
    return {row.party: row.ceremony.with_whom.split(", ") for row in rows}


def given() -> list[Introduction]:
    """What we said of parties to others, the newest first."""
    return list(Introduction.objects.filter(ours=True).order_by("-pk"))


def contradictions(introducer: str) -> list[Contradiction]:
    """Proofs that an introducer said two things that cannot both be honest, as files for anyone."""
    rows = Introduction.objects.filter(introducer=introducer, ours=False).order_by("pk")
    read = [_read(row) for row in rows]
    author = _author(introducer)
    proofs = (
        core.Contradiction(author, one, other)
        for one, other in combinations(read, 2)
        if author is not None and one.contradicts(other)
    )
    return [proof for proof in proofs if _holds(proof)]


def _holds(proof: Contradiction) -> bool:
    """Whether it convinces a stranger: not where the author's identity changed between the two."""
    try:
        core.Contradiction.parse(proof.encode())
    except ComityError:
        return False
    return True


def _author(party: str) -> Read | None:
    standing = queries.counterpart(party)
    return None if standing is None else queries.read(standing.passport)


def _compared(party: str) -> Counterpart:
    """A party that is dealt with, and was compared here."""
    standing = queries.counterpart(party)
    if standing is None or standing.is_stopped or standing.is_introduced:
        raise CannotIntroduce(f"nothing was signed: {party} was not compared here, or is not dealt with")
    return standing


def _compared_here(party: str) -> set[str] | None:
    """The fingerprints of a party that were compared here and agreed, or followed; None if none ever were."""
    rows = Ceremony.objects.filter(passport__party=party).exclude(path=Ceremony.Path.INTRODUCTION)
    agreed = [queries.read(row.passport) for row in rows.select_related("passport") if row.agreed]
    if not rows:
        return None
    standing = queries.counterpart(party)
    in_force = [queries.read(standing.passport)] if standing and not standing.is_introduced else []
    return {one.fingerprint.digits for one in (*agreed, *in_force)}


def _agree(said: list[Word]) -> bool:
    """Whether nobody vouches for other keys under one version of the passport."""
    prints: dict[int, set[str]] = {}
    for word in said:
        passport = word.read.passport
        prints.setdefault(passport.about.version, set()).add(passport.fingerprint.digits)
    return all(len(one) == 1 for one in prints.values())


def _identity_of(party: str) -> tuple[VerifierKey, ...] | None:
    standing = queries.counterpart(party)
    if standing is None or standing.is_stopped:
        return None
    return queries.read(standing.passport).keys["identity"]


def _how(ceremony: Ceremony) -> core.How:
    found: dict[str, core.How] = {"in person": "in person", "telephone": "telephone", "video": "video"}
    return found[ceremony.path]


def _keep(read: core.Introduction, passport: Passport, by: Official | None, *, ours: bool) -> Introduction:
    row, _ = Introduction.objects.get_or_create(
        sha256=read.digest,
        defaults={
            "introducer": read.said.introducer,
            "party": read.about,
            "to": read.said.to,
            "passport": passport,
            "ours": ours,
            "note": read.note,
            "stored_by": by,
        },
    )
    return row


def _read(row: Introduction) -> core.Introduction:
    """What a stored introduction says: its signatures were verified when it came, under the keys of then."""
    return core.stored_introduction(bytes(row.note))
