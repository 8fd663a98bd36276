"""The head and the foot of a letter: who writes to whom, when, under what, and how to check it."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from comity_node.assistance import lettering, translations
from comity_node.assistance.detail import stated_words
from comity_node.counterparts import queries as counterparts
from comity_node.letters.letter import DATA, ENTRY, PROOF, Line
from comity_node.letters.wording import grouped
from comity_node.register.letter_key import letter_key

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from comity.channel.description import Authority, Contact, Description
    from comity.entries import By
    from comity.instruments import Row
    from comity.lifecycle import Table
    from comity_node.assistance.content import Content
    from comity_node.register.queries import Received

GROUPS: Final = 6  # 96 bits of the hash: more than anybody makes a second entry for
_IN_THE_HEAD: Final = frozenset({"instrument", "table", "requested"})


@dataclass(frozen=True, slots=True)
class Said:
    """An act, on record or not, as a letter needs it."""

    table: Table
    row: Row | None
    act: str
    channel: str
    ref: str
    kind: str
    author: str
    addressee: str
    at: datetime
    stated: Mapping[str, str | list[str]]
    payload: Mapping[str, Any]
    content: Content
    received: Received | None = None

    @property
    def is_copy(self) -> bool:
        """Whether another party than ours did the act."""
        return self.author != settings.NODE.party


def types(said: Said) -> list[str]:
    """The types of assistance asked for."""
    listed = said.stated.get("types") or []
    return [listed] if isinstance(listed, str) else list(listed)


def _about(party: str) -> Description | None:
    """What a party says of itself in the passport we hold of it."""
    if party == settings.NODE.party:
        row = counterparts.own()
        return counterparts.read(row).about if row else None
    known = counterparts.counterpart(party)
    return counterparts.read(known.passport).about if known else None


def who(party: str, by: By | None) -> tuple[str, ...]:
    """A party and its office, with where that is reached: from its passport, as far as we hold one."""
    about = _about(party)
    names = about.names if about else settings.NODE.names if party == settings.NODE.party else {}
    name = lettering.named_in(names)
    lines = [f"{name} ({party.upper()})" if name else party.upper()]
    if about is None:
        return (*lines, by.office) if by else tuple(lines)
    central = next((one.code for one in about.authorities if one.role == "central"), "")
    office = by.office if by else central
    lines.append(_office(about, office))
    contact = _contact(about, office)
    if contact:
        reached = " ".join(filter(None, (contact.telephone, contact.other)))
        lines += [reached, f"{contact.hours} ({contact.time_zone})" if contact.hours else ""]
    return tuple(line for line in lines if line)


def _authority(about: Description | None, office: str) -> Authority | None:
    """The authority of a passport that an entry names: entries write an office by its name, or its code."""
    listed = about.authorities if about else []
    return next((one for one in listed if office == one.code or office in one.names.values()), None)


def _office(about: Description | None, office: str) -> str:
    found = _authority(about, office)
    return lettering.named_in(found.names, office) if found else office


def _contact(about: Description, office: str) -> Contact | None:
    found = _authority(about, office)
    own = [one for one in about.contacts if found and one.authority == found.code]
    return next(iter((*own, *about.contacts)), None)


def when(said: Said) -> str:
    """The date in UTC and, where the author's passport says where its clocks stand, as they show it."""
    about = _about(said.author)
    contact = next(iter(about.contacts), None) if about else None
    lines = [date_format(said.at), f"{said.at:%Y-%m-%d %H:%M} UTC"]
    if contact and contact.time_zone != "UTC":
        with contextlib.suppress(KeyError, ValueError, OSError):  # a zone this machine's tables lack
            local = said.at.astimezone(ZoneInfo(contact.time_zone))
            lines.append(f"{local:%Y-%m-%d %H:%M} {contact.time_zone}")
    return "\n".join(lines)


def head(said: Said) -> tuple[Line, ...]:
    """Date, reference, act, instrument and edition, provision, and the codes the act states."""
    instrument, rule = said.table.instrument, said.table.procedure.act_of.get(said.act)
    cited = said.row
    marked = f" [{cited.verified.value}]" if cited and cited.verified.value != lettering.READ else ""
    identity = instrument.identity_verified.value
    under = lettering.named_in(instrument.title, instrument.short)
    lines = [
        Line(_("Date"), when(said)),
        Line(_("Reference"), said.ref),
        Line(_("Act"), _(rule.label) if rule else said.kind),
        Line(_("Under"), under + ("" if identity == lettering.READ else f" [{identity}]")),
        Line(_("Declaration"), _(rule.declares) if rule else ""),
        Line(_("Provision"), f"{cited.basis}{marked}" if cited else ""),
        Line(_("Edition"), f"{instrument.edition} ({instrument.digest[:16]})"),
    ]
    lines += [Line(label, value) for label, value in said.content.marking]
    lines += [
        Line(_("Translation: %s") % label.lower(), value) for label, value in translations.words(said.content)
    ]
    stated = {name: value for name, value in said.stated.items() if name not in _IN_THE_HEAD}
    lines += [Line(label, value.replace("\n", "; ")) for label, value in stated_words(said.table, stated)]
    return tuple(line for line in lines if line.text)


def head_marks(said: Said) -> tuple[str, ...]:
    """The marks that the head shows."""
    found = [said.table.instrument.identity_verified.value, said.row.verified.value if said.row else ""]
    return tuple(mark for mark in found if mark != lettering.READ)


def signatories(author: str, by: By) -> tuple[Line, ...]:
    """Offices and capacities: the record holds no names of persons, and so does no letter."""
    about = _about(author)
    lines = [Line(_("Signed by"), f"{_office(about, by.office)}, {by.capacity}")]
    if by.second:
        lines.append(Line(_("Seconded by"), f"{_office(about, by.second.office)}, {by.second.capacity}"))
    return tuple(lines)


def record(said: Said) -> tuple[Line, ...]:
    """Where the act stands in the record, and with what this file is signed."""
    assert said.received is not None, "only what is on record has a place there"
    receipt = said.received.receipted_at
    return (
        Line(_("Entry"), str(said.received.ref), code=True),
        Line(_("Leaf hash"), said.received.leaf_hash, code=True),
        Line(_("Code"), grouped(said.received.leaf_hash, groups=GROUPS), code=True),
        Line(
            _("Receipted"), f"{receipt:%Y-%m-%d %H:%M} UTC" if receipt else _("not yet, when this was made")
        ),
        Line(_("Certificate"), letter_key().fingerprint, code=True),
    )


def checking() -> tuple[str, ...]:
    """How a reader makes sure."""
    return (
        _(
            "To check: the code is the beginning of the leaf hash, which the page of this entry shows on "
            "either side. The files attached prove the entry without either: comity request read-letter "
            "FILE, then comity verify with the proof it takes out. Compare the certificate over another path."
        ),
    )


def notices(said: Said, *, exercise: bool) -> tuple[str, ...]:
    """What must be read before the rest."""
    found = []
    if exercise:
        found.append(_("EXERCISE. This is practice in a channel opened for it. Nothing real is asked."))
    if said.received is None:
        found.append(_("DRAFT. Not signed, not on record, of no effect."))
    if said.is_copy:
        parties = {"author": said.author.upper(), "copier": settings.NODE.party.upper()}
        found.append(
            _(
                "Copy from the record. The act is that of %(author)s; the file was made and signed by "
                "%(copier)s, whose signature is for the copy and not for the act."
            )
            % parties
        )
    return tuple(found)


def phrases(*, exercise: bool, is_draft: bool) -> dict[str, str]:
    """What the layout itself says."""
    stamps = (
        _("EXERCISE, nothing real is asked") if exercise else "",
        _("DRAFT, not signed, of no effect") if is_draft else "",
    )
    return {
        "stamp": " · ".join(filter(None, stamps)),
        "continued": _("continued"),
        "page": _("{page} of {pages}"),
        "code": _("Code"),
        "to": _("To"),
        "blank": _("Not stated"),
        "exhibits": _("Exhibits"),
        "entry": _("Entry"),
        "signatories": _("Signatories"),
        "record": _("In the record"),
        "picture": _("QR code of the entry's reference and its leaf hash"),
        "picture_under": _("reference and hash"),
        f"file:{DATA}": _("The data of the act"),
        f"file:{ENTRY}": _("The entry as it stands in the record"),
        f"file:{PROOF}": _("Proof that the entry stands in the record"),
    }
