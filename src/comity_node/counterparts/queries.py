"""Whom this node trusts, and with which keys; what passports it holds."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.db import connection

from comity.channel import passport as core
from comity_node.counterparts.models import Ceremony, Counterpart, Introduction, Passport
from comity_node.register.keyring import today

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import QuerySet

    from comity.tlog.vkey import VerifierKey

# Asked for every request of a counterpart's node: ready made, as the register's statements are.
_IN_FORCE: Final = """
SELECT p."note" FROM "counterparts_counterpart" c JOIN "counterparts_passport" p ON p."id" = c."passport_id"
WHERE NOT c."is_stopped" ORDER BY c."party" """


@dataclass(frozen=True, slots=True)
class TrustedCounterpart:
    """A party whose fingerprint our officers confirmed: where it is, and the keys to believe.

    ``keys`` are those of today; ``pairs`` the keys of log and mirror that its passport names, also those that
    come or have just gone.
    """

    party: str
    version: int
    names: Mapping[str, str]
    address: str
    keys: Mapping[str, tuple[VerifierKey, ...]]
    recipients: tuple[str, ...]
    pairs: tuple[tuple[tuple[VerifierKey, ...], tuple[VerifierKey, ...]], ...]

    @property
    def log_keys(self) -> tuple[VerifierKey, ...]:
        """The keys of its logs; rename them to the origin of the channel."""
        return self.keys["log"]

    @property
    def mirror_keys(self) -> tuple[VerifierKey, ...]:
        """The keys of its receipts."""
        return self.keys["mirror"]

    def begun_with(
        self, named: tuple[bytes, bytes]
    ) -> tuple[tuple[VerifierKey, ...], tuple[VerifierKey, ...]]:
        """The pairs of log and mirror with these Ed25519 keys; those of today where it has no such pair."""
        pairs = (one for one in self.pairs if (one[0][0].public, one[1][0].public) == named)
        return next(pairs, (self.log_keys, self.mirror_keys))

    def with_keys(self, log: tuple[VerifierKey, ...], mirror: tuple[VerifierKey, ...]) -> TrustedCounterpart:
        """The same with these pairs as those of today."""
        return replace(self, keys={**self.keys, "log": log, "mirror": mirror})


def trusted(party: str) -> TrustedCounterpart | None:
    """Return the party if it may be dealt with now; None before the ceremony and while it is stopped."""
    row = Counterpart.objects.select_related("passport").filter(party=party, is_stopped=False).first()
    return None if row is None else _trusted(read(row.passport))


def is_stopped(party: str) -> bool:
    """Whether our officers, who once confirmed the party, deal with it no more."""
    return Counterpart.objects.filter(party=party, is_stopped=True).exists()


def all_trusted() -> list[TrustedCounterpart]:
    """Every party that may be dealt with now, by party code."""
    with connection.cursor() as cursor:
        cursor.execute(_IN_FORCE)
        return [_trusted(_parsed(bytes(note))) for (note,) in cursor.fetchall()]


def wire_keys() -> dict[str, bytes]:
    """The Ed25519 public keys that authenticate the nodes of trusted counterparts, by party code."""
    return {other.party: other.keys["wire"][0].public for other in all_trusted()}


def read(row: Passport) -> core.Passport:
    """The passport of a stored row, verified again on first use in each process."""
    return _parsed(bytes(row.note))


def counterpart(party: str) -> Counterpart | None:
    """What stands about a party now; None if it was never confirmed."""
    rows = Counterpart.objects.select_related("passport", "ceremony", "ceremony__held_by")
    return rows.filter(party=party).first()


def counterparts() -> QuerySet[Counterpart]:
    """Every party ever confirmed, by party code."""
    return Counterpart.objects.select_related("passport", "ceremony").order_by("party")


def offered() -> list[Passport]:
    """Passports that wait for a ceremony: the newest of each party that is newer than the one in force."""
    in_force = dict(Counterpart.objects.values_list("party", "passport__version"))
    refused = Ceremony.objects.filter(agreed=False).values("passport")
    newest: dict[str, Passport] = {}
    for row in Passport.objects.filter(ours=False).exclude(pk__in=refused).order_by("version", "pk"):
        if row.version > in_force.get(row.party, 0):
            newest[row.party] = row
    return [newest[party] for party in sorted(newest)]


def passport(pk: int) -> Passport | None:
    """One stored passport."""
    return Passport.objects.filter(pk=pk).first()


def introduction(pk: int) -> Introduction | None:
    """One stored introduction."""
    return Introduction.objects.filter(pk=pk).first()


def versions(party: str) -> QuerySet[Passport]:
    """Every passport stored of a party, newest first."""
    return Passport.objects.filter(party=party).order_by("-version", "-pk")


def note_of(party: str, digest: str) -> bytes | None:
    """The file of a passport by its SHA-256, whether it is in force or not; None where it is not held."""
    row = Passport.objects.filter(party=party, sha256=digest).first()
    return bytes(row.note) if row else None


def own() -> Passport | None:
    """Our passport as last issued."""
    return Passport.objects.filter(ours=True, party=settings.NODE.party).order_by("-version").first()


@lru_cache(maxsize=256)
def _parsed(note: bytes) -> core.Passport:
    return core.Passport.parse(note)


def _trusted(passport: core.Passport) -> TrustedCounterpart:
    about, day = passport.about, today()
    named = [passport.keys, passport.coming] if passport.coming else [passport.keys]
    return TrustedCounterpart(
        party=about.party,
        version=about.version,
        names=about.names,
        address=about.address,
        keys={**passport.keys, **{use: passport.at(day, use) for use in ("log", "mirror")}},
        recipients=tuple(about.sealing),
        pairs=tuple((one["log"], one["mirror"]) for one in named),
    )
