"""On what footing two parties stand on a day: which instruments bind them, and which of these governs.

The core has no day of its own: whoever asks says which.

Follows: docs/spec/procedures.md, Parties.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from comity.instruments.citation import Mark, weakest
from comity.instruments.parties import NOBODY

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from comity.instruments.model import Instrument, Precedence
    from comity.instruments.parties import Parties, Party

_LAW: Final = frozenset({"bilateral", "multilateral", "eu_act"})


class Binds(StrEnum):
    """Whether an instrument binds two parties."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "not known"


@dataclass(frozen=True, slots=True)
class Footing:
    """What one instrument is between two parties on a day.

    Attributes:
        instrument: The instrument.
        binds: Whether it binds both.
        because: Why, in words.
        verified: How far that was verified.
        yields_to: The instruments that come before it between these two.
        in_lieu: It yields, and both may agree to apply it instead.
    """

    instrument: Instrument
    binds: Binds
    because: str
    verified: Mark
    yields_to: tuple[Instrument, ...] = ()
    in_lieu: bool = False

    @property
    def is_law(self) -> bool:
        """It is law, and may carry compulsion; an arrangement binds politically, a model not at all."""
        return self.instrument.kind in _LAW

    @property
    def governs(self) -> bool:
        """It is law between the two, and nothing comes before it."""
        return self.binds is Binds.YES and self.is_law and not self.yields_to


def footings(
    instruments: Iterable[Instrument],
    parties: Mapping[str, Parties],
    one: str,
    other: str,
    *,
    on: date,
    procedure: str = "assistance",
) -> list[Footing]:
    """What each instrument is between two parties on a day, what governs first.

    Args:
        instruments: The instruments to look at.
        parties: What is known of the Parties, by id of the instrument.
        one: Party code.
        other: Party code.
        on: The day.
        procedure: For what; an instrument may step back in some procedures only.
    """
    alone = [_alone(text, parties.get(text.id, NOBODY), (one, other), on) for text in instruments]
    law = [found.instrument for found in alone if found.binds is Binds.YES and found.is_law]
    placed = [_beside(found, law, procedure) for found in alone]
    return sorted(placed, key=lambda found: (_ORDER[found.binds], not found.is_law, bool(found.yields_to)))


def may_rest_on(found: Footing) -> bool:
    """Whether what two parties do in earnest may rest on an instrument.

    A model stands in for a treaty that is not written out yet; a Party nobody looked up may be one.
    """
    return found.binds is not Binds.NO or found.instrument.kind == "model"


_ORDER: Final = {Binds.YES: 0, Binds.UNKNOWN: 1, Binds.NO: 2}


def _alone(text: Instrument, known: Parties, codes: tuple[str, str], on: date) -> Footing:
    """Whether it binds both, leaving other instruments aside."""
    if text.kind == "model":
        return Footing(text, Binds.NO, "a model treaty binds nobody by itself", Mark.READ)
    if text.kind in _LAW and (text.in_force is None or text.in_force > on):
        since = f"before {text.in_force}" if text.in_force else "yet"
        return Footing(text, Binds.NO, f"it is not in force {since}", _in_force_verified(text))
    each = [_party(known, code, on) for code in codes]
    for binds in (Binds.NO, Binds.UNKNOWN):
        if found := [one for one in each if one[0] is binds]:
            return Footing(text, binds, "; ".join(because for _, because, _ in found), found[0][2])
    return Footing(
        text, Binds.YES, "; ".join(because for _, because, _ in each), weakest(mark for _, _, mark in each)
    )


def _in_force_verified(text: Instrument) -> Mark:
    return next((fact.verified for fact in text.identity if fact.id == "in_force"), Mark.UNKNOWN)


def _party(known: Parties, code: str, on: date) -> tuple[Binds, str, Mark]:
    """Whether one party is bound on the day, why, and how far that was verified."""
    party = known.party(code)
    name = party.name if party else code.upper()
    if party is None and known.complete:
        return Binds.NO, f"{name} is not a Party", Mark.CONFIRMED
    if party is None:
        return Binds.UNKNOWN, f"whether {name} is a Party is not known here", Mark.UNKNOWN
    return _bound(party, on), _course(party, on), party.verified


def _bound(party: Party, on: date) -> Binds:
    since, until = party.bound_from, party.bound_until
    return Binds.YES if since and since <= on and (until is None or on <= until) else Binds.NO


def _course(party: Party, on: date) -> str:
    if party.bound_from is None:
        return f"{party.name} signed and is not bound" if party.signed else f"{party.name} is not a Party"
    if party.bound_from > on:
        return f"{party.name} is bound from {party.bound_from}"
    if party.bound_until and party.bound_until < on:
        return f"{party.name} was bound until {party.bound_until}"
    return f"{party.name} is bound since {party.bound_from}"


def steps_back(text: Instrument, others: Iterable[Instrument], procedure: str) -> tuple[Instrument, ...]:
    """Which of the others, where both apply, a text steps back before in a procedure they provide for too."""
    rules = _rules(text, procedure)
    return tuple(
        other
        for other in others
        if other.id != text.id
        and any(one.id == procedure for one in other.procedures)
        and any(other.id in rule.yields_to or other.kind in rule.yields_to for rule in rules)
    )


def _rules(text: Instrument, procedure: str) -> list[Precedence]:
    return [rule for rule in text.precedence if procedure in (rule.procedures or (procedure,))]


def _beside(found: Footing, law: list[Instrument], procedure: str) -> Footing:
    """The same among the other instruments that bind the two."""
    before = steps_back(found.instrument, law, procedure) if found.binds is Binds.YES else ()
    if not before:
        return found
    return Footing(
        found.instrument,
        found.binds,
        found.because,
        found.verified,
        yields_to=before,
        in_lieu=any(rule.in_lieu for rule in _rules(found.instrument, procedure)),
    )
