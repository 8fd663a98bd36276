"""What a request says so far, and how the checks read it and say what they found."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Final

from comity.drafting.authorship import Authorship
from comity.drafting.catalogue import Row, Severity, catalogue
from comity.drafting.words import languages, plain, primary, says_nothing

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from comity.instruments import Authority, Cited, Field, Ground, Instrument, Mark

TITLE: Final = "title"
TYPES: Final = "types"
TRANSLATION: Final = "translation_language"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A request as far as it is written, as plain data.

    Attributes:
        stated: The codes its opening act states.
        authorship: Who answers for the translation.
        exhibits: The titles of the exhibits it names, or their digests where they have none.
        authorities: The authorities by which the requested Party acts under the instrument, as far as known.
        preservations: References of preservations on record that the requesting Party asked for here.
    """

    instrument: Instrument
    procedure: str
    types: Sequence[str]
    title: str
    language: str
    fields: Mapping[str, str]
    translation_language: str = ""
    translation: Mapping[str, str]
    authorship: Authorship = field(default_factory=Authorship)
    exhibits: Sequence[str] = ()
    stated: Mapping[str, str | Sequence[str]]
    authorities: Sequence[Authority] = ()
    preservations: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A defect found in a request.

    Attributes:
        id: Which defect of the catalogue.
        reason: The code by which an instrument returns a request for it, or empty.
        field: The field it concerns: of the instrument, or ``title``, ``types``, ``translation_language``.
        says: What is wrong, with places for ``values``: what a translator is given.
        why: Why it matters.
        todo: What to do now.
        basis: The article, or the practice or source, it rests on.
    """

    id: str
    reason: str
    severity: Severity
    field: str
    says: str
    values: Mapping[str, str]
    why: str
    todo: str
    basis: str
    verified: Mark

    @property
    def what(self) -> str:
        """What is wrong."""
        return self.says % self.values


class Reading:
    """A request as the checks read it: its texts in one form, and its fields by the part they play."""

    def __init__(self, request: Request) -> None:
        self.request = request
        self.catalogue = catalogue()
        self.types = frozenset(request.types)
        asked = request.instrument.fields_for(*request.types, procedure=request.procedure)
        self.fields: dict[str, Field] = {field.id: field for field in asked}
        self.texts = {name: plain(request.fields.get(name, "")) for name in self.fields}
        self.translated = {name: plain(request.translation.get(name, "")) for name in self.fields}
        self.title = plain(request.title)

    def ids(self, *roles: str) -> list[str]:
        """The fields of this request that play one of these parts, in the instrument's order."""
        wanted = {name for role in roles for name in self.catalogue.role[role]}
        return [name for name in self.fields if name in wanted]

    def said(self, *roles: str) -> dict[str, str]:
        """Those of them that say something."""
        return {name: self.texts[name] for name in self.ids(*roles) if not says_nothing(self.texts[name])}

    def together(self, *roles: str) -> str:
        """What these say, as one text."""
        return "\n".join(self.said(*roles).values())

    @cached_property
    def everything(self) -> str:
        """Title and every field, as one text."""
        return "\n".join([self.title, *self.texts.values()])

    def asks(self, sort: str) -> bool:
        """Whether a type of assistance of this sort is asked for."""
        return not self.types.isdisjoint(self.catalogue.sort[sort])

    @property
    def is_listed(self) -> bool:
        """Whether there are lists of words for the language the request is written in."""
        return primary(self.request.language) in languages()

    @property
    def is_coercive(self) -> bool:
        """Whether something is asked for that is done against somebody's will."""
        kinds = self.request.instrument.types_in(self.request.procedure)
        return any(kind.coercive for kind in kinds if kind.id in self.types)

    def ground(self, vocabulary: str) -> Ground | None:
        """The ground of the instrument that this word of the shared vocabulary stands for."""
        for ground in self.request.instrument.grounds:
            if vocabulary in ground.vocabulary and self.request.procedure in ground.procedures:
                return ground
        return None

    def found(
        self, name: str, field: str, /, *, rests_on: Cited | None = None, **values: object
    ) -> list[Finding]:
        """A defect of the catalogue, as found in this request; nothing where it is not looked for.

        Args:
            name: Which defect.
            field: The field it concerns.
            rests_on: What it rests on, where that is not what instrument or catalogue say of it.
            values: What its sentence is filled in with.
        """
        row = self.catalogue.row(name)
        procedure = self.request.procedure
        if row.applies and procedure not in row.applies:
            return []
        cited = rests_on or self._of_instrument(row)
        return [
            Finding(
                id=row.id,
                reason=row.reason,
                severity=row.severity_in.get(procedure, row.severity),
                field=field,
                says=row.says,
                values={key: str(value) for key, value in values.items()},
                why=row.why,
                todo=row.todo,
                basis=cited.basis,
                verified=cited.verified,
            )
        ]

    def _of_instrument(self, row: Row) -> Cited:
        """The instrument's own row for the reason, if it has one."""
        known = (
            defect
            for defect in self.request.instrument.defects
            if defect.id == row.reason and self.request.procedure in defect.procedures
        )
        return next(known, row)


def some(found: Sequence[object], most: int = 5) -> str:
    """The first few of what was found, and how many more there are."""
    shown = ", ".join(quoted(str(one)) for one in found[:most])
    return f"{shown} (+{len(found) - most})" if len(found) > most else shown


def quoted(text: str, most: int = 80) -> str:
    """A passage short enough for a sentence, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"
