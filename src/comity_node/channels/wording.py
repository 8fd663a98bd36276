"""A charter and the answers to it, in words."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _

from comity.channel.accession import INVITED
from comity.channel.charter import Charter
from comity.channel.invitation import PASSPORT, PAYLOAD, Invitation
from comity.channel.passport import Passport
from comity.errors import ComityError
from comity.instruments import Mark, library, may_rest_on, stands, weakest
from comity_node.channels.forms import LANGUAGES
from comity_node.parties import queries as parties
from comity_node.register.citing import text_address
from comity_node.register.standings import CHARTER

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from comity.channel.charter import ChosenInstrument
    from comity_node.register.acts import Act


def facts(act: Act) -> list[tuple[str, str]]:
    """What an act on a channel says: the charter for a proposal, coordinator and note for an answer."""
    said = act.payload or {}
    if act.kind == "channel.proposed":
        return charter(said)
    return list(invited(said)) if act.kind == f"channel.{INVITED}" else _answer(said)


def invited(said: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Whom an invitation names, and the charter it shows; nothing where it cannot be read."""
    try:
        text = Invitation.read(said.get(PAYLOAD))
    except ComityError:
        return
    note = said.get(PASSPORT)
    with suppress(ComityError, UnicodeError):
        passport = Passport.parse(note.encode() if isinstance(note, str) else b"")
        name = next(iter(passport.about.names.values()), "")
        yield _("Party to be invited"), f"{text.newcomer.upper()} · {name}"
        yield _("Fingerprint of its passport"), passport.fingerprint.digits
    yield from charter(text.as_charter().document())
    yield (
        _("Coordinators"),
        "\n".join(f"{party.upper()}: {line}" for party, line in text.coordinators.items()),
    )
    yield _("What it can read"), will_read()


def will_read() -> str:
    """What a party that comes in later can read, and what not."""
    return _(
        "It is sent the open part of the record from the beginning: kinds, times, offices, references and "
        "sizes of all entries. What was sealed to others before stays closed to it. From its acceptance on, "
        "whatever is done in the channel is sealed to it too."
    )


def charter(document: Mapping[str, Any]) -> list[tuple[str, str]]:
    """A charter as rows; empty where it cannot be read."""
    try:
        read = Charter.read(document)
    except ComityError:
        return []
    names = dict(LANGUAGES)
    rows = [
        (_("Parties"), ", ".join(party.upper() for party in read.parties)),
        (_("Purpose"), read.purpose),
        (_("Rests on"), "\n".join(_instrument(one, read) for one in read.instruments)),
        (_("Languages"), ", ".join(str(names.get(code, code)) for code in read.languages)),
        *(
            (
                _("Coordinator of %(party)s") % {"party": party.upper()},
                coordinator(one.office, one.capacity, one.reached_by),
            )
            for party, one in read.coordinators.items()
        ),
        (_("Takes up from"), read.succeeds),
        (_("Within"), read.within),
        (_("Exercise"), _("Nothing done in this channel is meant.") if read.exercise else ""),
        (_("Neutral witnesses"), "\n".join(one.vkey.partition("+")[0] for one in read.witnesses)),
    ]
    return [(label, value) for label, value in rows if value]


def coordinator(*said: object) -> str:
    """A coordinator in one line."""
    return ", ".join(str(one)[:200] for one in said if one)


def basis(instruments: list[str], *, charter: str) -> str:
    """What a channel rests on, by the short names of its instruments; its charter where it has no other."""
    known = library()
    named = [known[one].short if one in known else one for one in instruments if one != charter]
    return ", ".join(named) or _("Channel charter")


def basis_href(instruments: list[str], *, charter: str) -> str:
    """Where that can be read; empty where it is more than one text, or none that this node has."""
    named = [one for one in instruments if one != charter] or [charter]
    text = library().get(named[0]) if len(named) == 1 else None
    return text_address(text) if text else ""


def identity(instruments: list[str], *, charter: str) -> str:
    """How far the identity of what a channel rests on was verified: the least of its instruments' marks.

    An instrument that this node does not have is known to nobody here.
    """
    known = library()
    named = [one for one in instruments if one != charter] or [charter]
    return weakest(known[one].identity_verified if one in known else Mark.UNKNOWN for one in named).value


def _answer(said: Mapping[str, Any]) -> list[tuple[str, str]]:
    named = said.get("coordinator")
    rows = []
    if isinstance(named, dict):
        rows.append((_("Our coordinator"), coordinator(*named.values())))
    note = said.get("note")
    return [*rows, *([(_("Note"), note)] if isinstance(note, str) and note else [])]


def _instrument(chosen: ChosenInstrument, charter: Charter) -> str:
    known = library().get(chosen.id)
    title = known.title.get("en", known.short) if known else chosen.id
    named = _("%(instrument)s, edition %(edition)s") % {"instrument": title, "edition": chosen.edition}
    if known is None or known.id == CHARTER or charter.exercise:
        return named
    found = stands(known, parties.known(), *charter.parties, on=timezone.now().date())
    if may_rest_on(found):
        return named
    return _("%(instrument)s; it does not bind both today: %(because)s") % {
        "instrument": named,
        "because": found.because,
    }
