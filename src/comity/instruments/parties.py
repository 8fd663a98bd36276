"""Who is bound by an instrument, and by whom each Party acts: facts of a day, not rules.

They change without a word of the instrument changing, so they stand beside its text and outside its digest,
with the day they were looked up. What a record was made under never depends on them.

Follows: docs/spec/procedures.md, Parties.
"""

from __future__ import annotations

from collections.abc import Mapping  # noqa: TC003 - read at run time, with the form
from datetime import date

import msgspec

from comity.forms import learnt
from comity.instruments.citation import Cited


@learnt
class Party(Cited, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A State and what it has done about the instrument, which may be nothing, where that was found out.

    Attributes:
        code: Party code.
        signed: The day it signed.
        bound_from: The day it became bound; absent where it is not.
        bound_until: The last day it was bound.
    """

    code: str
    name: str
    signed: date | None = None
    bound_from: date | None = None
    bound_until: date | None = None

    @property
    def is_in(self) -> bool:
        """It is or becomes bound, and no last day is known."""
        return self.bound_from is not None and self.bound_until is None


@learnt
class Said(Cited, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A reservation or declaration of a Party, and the article it is about."""

    party: str
    id: str
    article: str
    text: str


@learnt
class Authority(Cited, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An authority a Party acts by.

    Attributes:
        role: ``central`` for requests, ``contact_point`` for what may not wait.
        name: What it is called in English.
        names: What it is called in other languages, by language.
        office: The office that acts for it in practice, where known.
        address: Where it is written to, in one line.
        languages: The languages a request to it is written in or translated into.
    """

    party: str
    role: str = "central"
    name: str
    names: Mapping[str, str] = msgspec.field(default_factory=dict)
    office: str = ""
    address: str = ""
    languages: tuple[str, ...] = ()


@learnt
class Parties(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """``parties.toml``: what is known of the Parties to an instrument.

    Attributes:
        as_of: The day it was looked up.
        complete: A State that is not listed is no Party. Otherwise nothing is known of it.
    """

    as_of: date
    complete: bool
    parties: tuple[Party, ...] = msgspec.field(default=(), name="party")
    reservations: tuple[Said, ...] = msgspec.field(default=(), name="reservation")
    declarations: tuple[Said, ...] = msgspec.field(default=(), name="declaration")
    authorities: tuple[Authority, ...] = msgspec.field(default=(), name="authority")

    def party(self, code: str) -> Party | None:
        """What is known of one State."""
        return next((one for one in self.parties if one.code == code), None)

    def acting_for(self, code: str) -> tuple[Authority, ...]:
        """The authorities by which one Party acts, as they are listed."""
        return tuple(one for one in self.authorities if one.party == code)

    def said_by(self, code: str) -> tuple[Said, ...]:
        """Its reservations, then its declarations."""
        return tuple(one for one in (*self.reservations, *self.declarations) if one.party == code)


NOBODY = Parties(as_of=date.min, complete=False)
