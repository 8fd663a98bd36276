"""What the pages show of a passport: rows for the templates, nothing decided here."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comity_node.counterparts import clocks, introductions, queries, services

if TYPE_CHECKING:
    from collections.abc import Iterator

    from comity.channel.passport import Passport as Read
    from comity.keys.fingerprint import Fingerprint
    from comity_node.counterparts.introductions import Word
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
_HOW = {
    "in person": gettext_lazy("in person"),
    "telephone": gettext_lazy("by telephone"),
    "video": gettext_lazy("by video"),
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
    if standing.is_introduced:
        return Trust(_("accepted on others' word, never compared"), "open")
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
    compared = standing is not None and in_force and not standing.is_introduced
    return {
        "party": {
            "code": about.party,
            "name": name(read, language),
            "ours": row.ours,
            "trust": where.word,
            "tone": where.tone,
            "version": about.version,
            "signed_at": row.stored_at,
            "checked_at": standing.ceremony.held_at if standing and compared else None,
            "checked_by": standing.ceremony.held_by.display_name if standing and compared else "",
            "address": about.address,
            "clock": clocks.clock(row.party) if in_force else None,
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
        "introductions": []
        if row.ours
        else [_word(word, language) for word in introductions.words(row.party)],
        "accept_href": _accept(row, standing, reader),
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
        "introduced": [
            {
                "party": one.party,
                "to": one.to,
                "at": one.stored_at,
                "href": reverse("counterparts:introduction", args=[one.pk]),
            }
            for one in introductions.given()
        ],
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


def introducing(standing: Counterpart, language: str) -> dict[str, Any]:
    """Fill the page on which a counterpart is introduced: what will be signed of it."""
    read, ceremony = queries.read(standing.passport), standing.ceremony
    return {
        "party": {"code": standing.party, "name": name(read, language)},
        "fingerprint": _fingerprint(read.fingerprint, language),
        "compared_at": ceremony.held_at,
        "how": str(_HOW[ceremony.path]),
        "version": standing.passport.version,
        "back_href": reverse("counterparts:passport", args=[standing.passport_id]),
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
        "checked_at": standing.ceremony.held_at
        if standing and in_force and not standing.is_introduced
        else None,
        "introduced_by": standing.ceremony.with_whom if standing and standing.is_introduced else "",
        "in_force": in_force,
        "is_stopped": bool(standing and in_force and standing.is_stopped),
    }


def _word(word: Word, language: str) -> dict[str, Any]:
    """What one introduction says, and what it is worth here."""
    said = word.read.said
    worth = next(
        Trust(says, tone)
        for so, says, tone in (
            (word.against, _("its author vouches for other keys as well: proof of misconduct"), "irregular"),
            (word.fits is False, _("officers here compared, and the keys are others"), "irregular"),
            (word.fits, _("the same keys as officers here compared"), "done"),
            (not word.counts, _("its author is not dealt with, or was never compared here"), "ended"),
            (True, _("nobody here has compared yet"), "open"),
        )
        if so
    )
    return {
        "introducer": said.introducer,
        "compared": said.compared,
        "how": str(_HOW[said.how]),
        "version": word.read.passport.about.version,
        "words": word.read.passport.fingerprint.words(language),
        "worth": worth.word,
        "tone": worth.tone,
        "href": reverse("counterparts:introduction", args=[word.row.pk]),
    }


def _accept(row: Passport, standing: Counterpart | None, reader: Official) -> str:
    """Where a party may be accepted on others' word, if this node's rule and the words allow it."""
    needed = settings.NODE.introductions_needed
    if row.ours or standing is not None or not needed or not reader.has_perm("counterpart.confirm"):
        return ""
    enough = len(introductions.who_vouches(row)) >= needed
    return reverse("counterparts:accept", args=[row.pk]) if enough else ""


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
    newer = standing is None or services.may_be_compared(standing, row)
    if not row.ours and newer and reader.has_perm("counterpart.confirm"):
        href = reverse("counterparts:ceremony", args=[row.pk])
        yield {"label": _("Compare fingerprints"), "href": href, "weight": "primary"}
    if standing is None or row.ours or row.version > standing.passport.version:
        return
    may_vouch = not standing.is_stopped and not standing.is_introduced
    if may_vouch and reader.has_perm("counterpart.confirm"):
        href = reverse("counterparts:introduce", args=[row.party])
        yield {"label": _("Introduce it to another party"), "href": href, "weight": "plain"}
    if reader.has_perm("channel.propose"):
        with suppress(NoReverseMatch):
            yield {"label": _("Propose a channel"), "href": reverse("channels:propose"), "weight": "plain"}
