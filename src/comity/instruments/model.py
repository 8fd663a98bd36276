"""What an instrument says, as data: every leaf with its article and how far it has been verified.

Nothing here is code about a treaty. The attribute names are the keys of the TOML, and a key the model does
not know is an error, so that a misspelt rule cannot silently have no effect.

Follows: docs/spec/procedures.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final, Literal, TypeVar

import msgspec

from comity.errors import NotInInstrument
from comity.forms import learnt
from comity.instruments.citation import Cited, Mark, weakest
from comity.instruments.notice import Notice  # noqa: TC001 - msgspec reads the fields of a rule
from comity.instruments.procedure import Procedure

ASSISTANCE: Final = ("assistance",)
Kind = Literal["bilateral", "multilateral", "eu_act", "model", "arrangement"]
SharedGround = Literal[
    "military_only",
    "political_offence",
    "discriminatory_purpose",
    "sovereignty",
    "security",
    "ordre_public",
    "essential_interests",
    "no_dual_criminality",
    "double_jeopardy",
    "domestic_law_forbids",
    "contrary_to_mla_system",
    "non_conforming_request",
    "de_minimis",
    "available_otherwise",
    "coercion_not_available",
    "other_stated",
]


@learnt
class Fact(Cited, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One line of the instrument's identity: when it was signed, in force, registered."""

    id: str
    label: str
    value: str


@learnt
class AssistanceType(Cited, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A kind of help the instrument provides for.

    Attributes:
        coercive: It is done against the will of somebody, so that only law can be its basis.
        procedures: The procedures in which it is asked for.
    """

    id: str
    label: str
    coercive: bool = False
    procedures: tuple[str, ...] = ASSISTANCE


@learnt
class Field(Cited, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Something a request contains, and why it is asked.

    Attributes:
        needed: ``always``, ``as necessary`` (to the extent necessary and possible), or ``by practice``
            (not in the instrument; added because requests of this kind fail without it).
        types: The types of assistance it serves; empty means all.
        procedures: The procedures whose opening it belongs to.
    """

    id: str
    label: str
    why: str
    needed: Literal["always", "as necessary", "by practice"]
    types: tuple[str, ...] = ()
    procedures: tuple[str, ...] = ASSISTANCE


@learnt
class Ground(Cited, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A ground on which the requested Party must, or may, refuse.

    Attributes:
        vocabulary: The same ground in the words shared by all instruments, so that figures can be compared.
        procedures: The procedures in which it may be invoked.
    """

    id: str
    label: str
    kind: Literal["mandatory", "optional"]
    vocabulary: tuple[SharedGround, ...]
    procedures: tuple[str, ...] = ASSISTANCE


@learnt
class NotAGround(Cited, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is sometimes offered as a ground and is not one, or needs checking before use."""

    id: str
    label: str


@learnt
class Defect(Cited, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A reason for returning a request as incomplete that is not simply a missing field."""

    id: str
    label: str
    remedy: str
    procedures: tuple[str, ...] = ASSISTANCE


@learnt
class Condition(Cited, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A condition on which assistance may be given."""

    id: str
    label: str
    procedures: tuple[str, ...] = ASSISTANCE


@learnt
class Rule(Cited, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A rule officials read beside a request; ``subject`` groups rules on one page.

    Attributes:
        notice: The period of notice it sets for leaving the instrument, as data.
    """

    id: str
    subject: str
    text: str
    notice: Notice | None = None


@learnt
class Precedence(Cited, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Before which other instruments this one steps back.

    Attributes:
        yields_to: Kinds of instruments, as ``bilateral``, or ids.
        in_lieu: Whether the Parties may agree to apply this one instead, each time by word of both.
        procedures: In which procedures; empty means all.
    """

    yields_to: tuple[str, ...]
    in_lieu: bool
    procedures: tuple[str, ...] = ()


@learnt
class Form(Cited, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A certificate that accompanies evidence, with the data it takes."""

    id: str
    label: str
    data: tuple[str, ...]


@learnt
class Article(Cited, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An article of the instrument, covered by rows that cite it or out of scope for a stated reason."""

    number: int
    topic: str
    out_of_scope: str = ""


@learnt
class InstrumentText(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """``instrument.toml`` as written: everything but the procedures.

    Attributes:
        kind: ``arrangement`` binds politically and carries no compulsion; ``model`` binds nobody by itself.
        in_force: The day it entered into force; absent where it has not, or binds in no such sense. The
            source is its fact ``in_force``.
    """

    id: str
    short: str
    kind: Kind
    in_force: date | None = None
    title: Mapping[str, str]
    edition: str
    edition_on: date
    checked_by: str
    identity: tuple[Fact, ...] = msgspec.field(default=(), name="fact")
    types: tuple[AssistanceType, ...] = msgspec.field(default=(), name="type")
    fields: tuple[Field, ...] = msgspec.field(default=(), name="field")
    grounds: tuple[Ground, ...] = msgspec.field(default=(), name="ground")
    not_grounds: tuple[NotAGround, ...] = msgspec.field(default=(), name="not_a_ground")
    defects: tuple[Defect, ...] = msgspec.field(default=(), name="defect")
    conditions: tuple[Condition, ...] = msgspec.field(default=(), name="condition")
    rules: tuple[Rule, ...] = msgspec.field(default=(), name="rule")
    forms: tuple[Form, ...] = msgspec.field(default=(), name="form")
    precedence: tuple[Precedence, ...] = ()
    articles: tuple[Article, ...] = msgspec.field(default=(), name="article")


class Instrument(InstrumentText, frozen=True, kw_only=True):
    """A legal basis with its procedures: what a channel is opened under.

    Attributes:
        procedures: Its procedure tables.
        digest: SHA-256 over the listing of its files. Channel openings and requests state it, so that both
            Parties prove they apply the same text.
    """

    procedures: tuple[Procedure, ...]
    digest: str

    def procedure(self, name: str) -> Procedure:
        """The table of one procedure, as ``assistance``.

        Raises:
            NotInInstrument: The instrument has no such procedure.
        """
        return _named(name, "procedure", self.short, self.procedures)

    def ground(self, name: str) -> Ground:
        """A ground for refusal.

        Raises:
            NotInInstrument: The instrument knows no such ground.
        """
        return _named(name, "ground for refusal", self.short, self.grounds)

    def field(self, name: str) -> Field:
        """A field of a request.

        Raises:
            NotInInstrument: The instrument knows no such field.
        """
        return _named(name, "field of a request", self.short, self.fields)

    def fields_for(self, *types: str, procedure: str = "assistance") -> tuple[Field, ...]:
        """The fields a request for these types of assistance may contain, in the instrument's order."""
        wanted = frozenset(types)
        return tuple(
            field
            for field in self.fields
            if procedure in field.procedures and (not field.types or wanted.intersection(field.types))
        )

    def types_in(self, procedure: str) -> tuple[AssistanceType, ...]:
        """What may be asked for in a procedure, in the instrument's order."""
        return tuple(kind for kind in self.types if procedure in kind.procedures)

    @property
    def identity_verified(self) -> Mark:
        """How far the instrument's own identity was verified: the least mark among its facts."""
        return weakest(fact.verified for fact in self.identity)

    @property
    def reasons(self) -> tuple[Field | Defect, ...]:
        """Why a request may be returned as incomplete: a field is missing, or it has a known defect."""
        return (*self.fields, *self.defects)

    def rules_on(self, subject: str) -> tuple[Rule, ...]:
        """The rules on one subject, as ``confidentiality``."""
        return tuple(rule for rule in self.rules if rule.subject == subject)

    def labels(self) -> Mapping[str, str]:
        """Every text an official reads, by its place in the instrument: what translators are given."""
        return dict(_texts(self.id, msgspec.to_builtins(self)))


_Named = TypeVar("_Named", Procedure, Ground, Field)


def _named(name: str, what: str, instrument: str, among: tuple[_Named, ...]) -> _Named:
    for one in among:
        if one.id == name:
            return one
    known = ", ".join(one.id for one in among) or "none"
    raise NotInInstrument(f"{instrument} has no {what} {name[:60]!r}", hint=f"it has: {known}")


_TEXT_KEYS = frozenset(
    {
        "label",
        "why",
        "remedy",
        "text",
        "value",
        "note",
        "topic",
        "out_of_scope",
        "meaning",
        "sentence",
        "declares",
    }
)


def _texts(place: str, value: object) -> Iterable[tuple[str, str]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in _TEXT_KEYS and isinstance(inner, str) and inner:
                yield f"{place}.{key}", inner
            elif isinstance(inner, (dict, list, tuple)):
                yield from _texts(f"{place}.{key}", inner)
    elif isinstance(value, (list, tuple)):
        for at, inner in enumerate(value):
            name = inner.get("id", inner.get("number", at)) if isinstance(inner, dict) else at
            yield from _texts(f"{place}.{name}", inner)
