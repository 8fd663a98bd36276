"""What the pages show of a passport: rows for the templates, nothing decided here."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comity_node.counterparts import queries

if TYPE_CHECKING:
    from collections.abc import Iterator

    from comity.channel.passport import Passport as Read
    from comity.keys.fingerprint import Fingerprint
    from comity_node.counterparts.models import Counterpart, Passport
    from comity_node.officials.models import Official

_LANGUAGES = dict(settings.LANGUAGES)
_ROLES = {
    "central": gettext_lazy("Central authority"),
    "competent": gettext_lazy("Competent authority"),
    "contact": gettext_lazy("Point of contact"),
    "diplomatic": gettext_lazy("Diplomatic contact"),
    "technical": gettext_lazy("Technical contact"),
    "duty": gettext_lazy("Duty officer, day and night"),
}
_POWERS = {"request": gettext_lazy("makes requests"), "execute": gettext_lazy("executes requests")}
_USES = {
    "identity": gettext_lazy("Identity: signs this passport"),
    "log": gettext_lazy("Log: signs what the party writes"),
    "mirror": gettext_lazy("Mirror: gives receipts"),
    "witness": gettext_lazy("Witness: marks tree heads it saw"),
    "wire": gettext_lazy("Wire: signs what its node sends"),
}
_ALGORITHMS = {b"\x01": "Ed25519", b"\x04": "Ed25519", b"\x06": "ML-DSA-44"}


@dataclass(frozen=True, slots=True)
class Trust:
    """Where a passport stands with us: a word for it and the shape beside the word."""

    word: str
    tone: str


def trust(row: Passport, standing: Counterpart | None) -> Trust:
    """Say where a passport stands with us."""
    if row.ours:
        return Trust(_("our own"), "ours")
    if standing is None or row.version > standing.passport.version:
        return Trust(_("not compared yet"), "open")
    if standing.passport_id != row.pk:
        return Trust(_("no longer in force"), "ended")
    if standing.is_stopped:
        return Trust(_("stopped by us"), "frozen")
    return Trust(_("trusted"), "done")


def name(read: Read, language: str) -> str:
    """The party's name in the reader's language, or in English, or in the first it gives."""
    names = read.about.names
    return names.get(language) or names.get("en") or next(iter(names.values()))


def passport(row: Passport, reader: Official, language: str) -> dict[str, Any]:
    """Fill the passport page."""
    read, standing = queries.read(row), queries.counterpart(row.party)
    about, where = read.about, trust(row, standing)
    in_force = standing is not None and standing.passport_id == row.pk
    return {
        "party": {
            "code": about.party,
            "name": name(read, language),
            "ours": row.ours,
            "trust": where.word,
            "tone": where.tone,
            "version": about.version,
            "signed_at": row.stored_at,
            "checked_at": standing.ceremony.held_at if standing and in_force else None,
            "checked_by": standing.ceremony.held_by.display_name if standing and in_force else "",
            "address": about.address,
        },
        "names": [
            {"language": code, "called": _LANGUAGES.get(code, code), "name": text}
            for code, text in about.names.items()
        ],
        "keys": list(_keys(read)),
        "authorities": [
            {
                "name": one.names.get(language) or next(iter(one.names.values())),
                "roles": _ROLES.get(one.role, one.role),
                "instruments": ", ".join(str(_POWERS.get(power, power)) for power in one.powers),
            }
            for one in about.authorities
        ],
        "contacts": [
            {
                "kind": _ROLES.get(one.role, one.role),
                "name": one.authority,
                "how": " ".join(filter(None, (one.telephone, one.other))),
                "hours": f"{one.hours} {one.time_zone}",
                "languages": ", ".join(one.languages),
            }
            for one in about.contacts
        ],
        "acts": list(_acts(row, standing, reader)),
        "download_href": reverse("counterparts:download", args=[row.pk]),
        "history": [
            {"version": one.version, "at": one.stored_at, "change": trust(one, standing).word}
            for one in queries.versions(row.party)
        ],
    }


def counterparts(reader: Official, language: str) -> dict[str, Any]:
    """Fill the list: parties we trust, passports that wait, our own."""
    trusted = list(queries.counterparts())
    standing = {row.party: row for row in trusted}
    rows = [row.passport for row in trusted] + queries.offered()
    return {
        "columns": [
            {"label": _("Party")},
            {"label": _("Trust")},
            {"label": _("Passport"), "number": True},
            {"label": _("Compared")},
        ],
        "rows": [_line(row, standing.get(row.party), language) for row in rows],
        "own": queries.own(),
        "import_href": reverse("counterparts:import") if reader.has_perm("counterpart.import") else "",
        "may_confirm": reader.has_perm("counterpart.confirm"),
        "may_issue": reader.has_perm("passport.issue"),
        "empty": {
            "what": _("No counterpart yet."),
            "why": _("A counterpart begins with its passport, read in here and compared over another path."),
        },
    }


def ceremony(row: Passport, language: str) -> dict[str, Any]:
    """Fill the ceremony: their fingerprint and ours, as words and as digits."""
    read, own = queries.read(row), queries.own()
    return {
        "party": {"code": row.party, "name": name(read, language)},
        "theirs": _fingerprint(read.fingerprint, language),
        "ours": _fingerprint(queries.read(own).fingerprint, language) if own else None,
        "back_href": reverse("counterparts:passport", args=[row.pk]),
    }


def _line(row: Passport, standing: Counterpart | None, language: str) -> dict[str, Any]:
    where = trust(row, standing)
    in_force = standing is not None and standing.passport_id == row.pk
    return {
        "code": row.party,
        "name": name(queries.read(row), language),
        "href": reverse("counterparts:passport", args=[row.pk]),
        "trust": where.word,
        "tone": where.tone,
        "passport_version": row.version,
        "checked_at": standing.ceremony.held_at if standing and in_force else None,
        "in_force": in_force,
        "is_stopped": bool(standing and in_force and standing.is_stopped),
    }


def _fingerprint(read: Fingerprint, language: str) -> dict[str, list[str]]:
    """A fingerprint as the ceremony shows it."""
    return {"words": read.words(language).split(), "digits": read.digits.split()}


def _keys(read: Read) -> Iterator[dict[str, str]]:
    for use, keys in read.keys.items():
        for key in keys:
            yield {
                "use": str(_USES.get(use, use)),
                "name": key.name,
                "algorithm": _ALGORITHMS.get(key.kind, "ML-DSA-44"),
                "vkey": str(key),
                "fingerprint": key.public.hex(),
            }


def _acts(row: Passport, standing: Counterpart | None, reader: Official) -> Iterator[dict[str, str]]:
    newer = standing is None or row.version > standing.passport.version
    if not row.ours and newer and reader.has_perm("counterpart.confirm"):
        href = reverse("counterparts:ceremony", args=[row.pk])
        yield {"label": _("Compare fingerprints"), "href": href, "weight": "primary"}
    if not row.ours and not newer and reader.has_perm("channel.propose"):
        with suppress(NoReverseMatch):
            yield {"label": _("Propose a channel"), "href": reverse("channels:propose"), "weight": "plain"}
