"""The charter of a channel as it reads now: what was signed at its opening, with what was amended since."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import msgspec
from django.conf import settings

from comity.channel.accession import INVITED
from comity.channel.amendment import Wording, read_wording
from comity.channel.charter import MAX_SHORT, Charter, Coordinator
from comity.channel.invitation import PAYLOAD, Invitation
from comity.entries import readable
from comity.errors import ComityError
from comity.lifecycle.basis import AMENDMENT
from comity.lifecycle.stated import values
from comity_node.register import payloads, queries

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from comity.instruments import Stated
    from comity.lifecycle import Act, Life
    from comity.names import EntryRef
    from comity_node.register.queries import Received


@dataclass(frozen=True, slots=True)
class Chartered:
    """What can be amended of a charter, in words.

    Attributes:
        purpose: What the channel is for.
        languages: BCP 47 tags.
        coordinators: Each party's, in a line, as far as the proposal or an amendment names it.
        instruments: Digests by id, in the order in which they came.
    """

    purpose: str
    languages: tuple[str, ...]
    coordinators: dict[str, str]
    instruments: dict[str, str]


def opened_with(life: Life) -> Charter | None:
    """The charter the channel was opened with; None where it cannot be read: no payload stops a page.

    Whoever came in later has the one it was shown, as it read by then; none where that is not the one all
    agreed to.
    """
    invited = _invited(life)
    if invited is not None:
        text = shown_by(invited)
        return text.as_charter() if text is not None else None
    opening = next((one.act.ref for one in life.opening.regular), None)
    try:
        return Charter.read(_document(opening)) if opening is not None else None
    except ComityError:
        return None


def _invited(life: Life) -> Act | None:
    """The invitation by which we came in later; None where we were there from the beginning."""
    us = (settings.NODE.party,)
    acts = (one.act for one in life.opening.regular if one.act.act == INVITED)
    return next((act for act in acts if values(act.stated, "requested") == us), None)


def shown_by(invited: Act) -> Invitation | None:
    """What an invitation shows to the party it names, if that is the very charter all agreed to."""
    text = agreed_text(invited.ref.origin.channel, invited.stated, _document(invited.ref))
    return text if text is not None and values(invited.stated, "requested") == (text.newcomer,) else None


def agreed_text(channel: str, stated: Stated, said: Mapping[str, object]) -> Invitation | None:
    """The charter that a newcomer is shown, if it is of this channel and the one whose digest is stated."""
    try:
        read = Invitation.read(said.get(PAYLOAD))
    except ComityError:
        return None
    is_it = values(stated, PAYLOAD) == (read.digest,) and read.channel == channel
    return read if is_it else None


def answers(opening: Iterable[Received]) -> dict[str, str]:
    """The coordinator that each party named when it accepted, in a line, as far as it can be read."""
    said = {one.party: answer(one) for one in opening if one.entry.act == "accepted"}
    return {party: _line(Coordinator(**named)) for party, named in said.items() if named}


def answer(received: Received) -> dict[str, Any]:
    """The coordinator that a party named when it accepted, as far as it can be read."""
    try:
        said = (payloads.payload(received) or {}).get("coordinator")
        named = msgspec.convert(said, Coordinator)
    except (ComityError, msgspec.ValidationError):
        return {}
    texts = (named.office, named.capacity, named.reached_by or "-")
    return dict(said) if said and all(readable(text, most=MAX_SHORT) for text in texts) else {}


def _line(one: Coordinator) -> str:
    return ", ".join(filter(None, (one.office, one.capacity, one.reached_by)))


def amended(life: Life) -> list[tuple[str, Act, Wording]]:
    """The amendments in force, in order: the party that proposed each, its acceptance, and its wording."""
    proposals = {ref: one.regular[0].act for ref, one in life.standings_of(AMENDMENT).items() if one.regular}
    by = ((proposals[change.ref], change.agreed) for change in life.basis.changes)
    return [(proposal.party, agreed, wording(proposal.ref)) for proposal, agreed in by]


def wording(ref: EntryRef) -> Wording:
    """What an amendment's proposal says; nothing where its content is gone or cannot be opened."""
    return read_wording(_document(ref))


def reads_now(life: Life, charter: Charter | None) -> Chartered:
    """The charter as it reads once every amendment is in it."""
    found = Chartered(
        charter.purpose if charter else "",
        tuple(charter.languages) if charter else (),
        _coordinators(life, charter),
        life.basis.now(),
    )
    invited = _invited(life)
    for party, agreed, said in amended(life):
        if invited is None or not invited.knew(agreed):  # what we were shown had it in it
            found = with_wording(found, party, said)
    return found


def _coordinators(life: Life, charter: Charter | None) -> dict[str, str]:
    invited = _invited(life)
    text = shown_by(invited) if invited is not None else None
    if text is not None:
        return text.coordinators
    if charter is None:
        return {}
    return {party: _line(one) for party, one in charter.coordinators.items()}


def with_wording(found: Chartered, party: str, said: Wording) -> Chartered:
    """The same after an amendment that a party proposed."""
    named = {party: said.coordinator} if said.coordinator else {}
    return Chartered(
        said.purpose or found.purpose,
        said.languages or found.languages,
        {**found.coordinators, **named},
        found.instruments,
    )


def _document(ref: EntryRef) -> dict[str, object]:
    try:
        return payloads.payload(queries.entry(ref)) or {}
    except ComityError:
        return {}
