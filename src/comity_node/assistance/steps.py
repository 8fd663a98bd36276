"""The steps in which a request is written, and how far each has come.

A step holds the fields of the instrument that belong together; one for which the instrument asks nothing is
passed over. The steps are data (``steps.toml``); what each field asks, and by which article, is for the
instrument to say.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Final

import msgspec
from django.utils.translation import gettext as _

from comity.forms import learnt
from comity_node.assistance import drafting, marking, translations
from comity_node.assistance.drafting import STATED, TRANSLATED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from comity.lifecycle import Table
    from comity_node.assistance.drafting import Missing
    from comity_node.assistance.models import Draft

MARKING: Final = "marking"
TRANSLATION: Final = "translation"
EXHIBITS: Final = "exhibits"
REVIEW: Final = "review"
AUTHORITY: Final = "authority"
_BASIS: Final = "basis"
_MEASURES: Final = "measures"


@learnt
class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A step: what it is called, what it is for, and the fields that belong to it."""

    id: str
    title: str
    why: str
    fields: tuple[str, ...]
    head: tuple[str, ...] = ()


@learnt
class _Steps(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    step: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Placed:
    """A step of one draft.

    Attributes:
        names: The names of the form's fields in it.
        written: How many of the instrument's fields hold something.
        gaps: What it still lacks.
    """

    id: str
    title: str
    why: str
    names: tuple[str, ...]
    written: int
    gaps: tuple[Missing, ...]

    @property
    def demanded(self) -> int:
        """How many of the gaps the instrument demands to be filled."""
        return sum(gap.demanded for gap in self.gaps)


def placed(draft: Draft, table: Table, gaps: Sequence[Missing]) -> list[Placed]:
    """The steps of a draft, in order: those its instrument asks something in, then the last three."""
    asked = [field.id for field in table.instrument.fields_for(*draft.types, procedure=draft.procedure)]
    stated = [STATED + one.id for one in drafting.statements(draft, table)]
    own = {step.id: _names(step, asked, stated) for step in _steps()}
    known = [
        _placed(step.id, _(step.title), _(step.why), own[step.id], draft, gaps)
        for step in _steps()
        if own[step.id]
    ]
    return [
        *known,
        _placed(
            MARKING,
            _("Markings"),
            _("To whom it may go on, what may be done with it, how reliable it is."),
            tuple(marking.fields()),
            draft,
            (),
        ),
        _placed(
            TRANSLATION,
            _("Translation"),
            _("Each paragraph beside its original; say who translated it, and whether it is certified."),
            ("translation_language", *translations.fields(), *(TRANSLATED + name for name in asked)),
            draft,
            (),
        ),
        _placed(
            EXHIBITS,
            _("Exhibits"),
            _("What goes with it: warrants, orders, lists. Each is named by its hash."),
            ("on_record", "exhibits"),
            draft,
            (),
        ),
        _placed(
            REVIEW, _("Review"), _("All of it once more, before the text that is signed."), (), draft, gaps
        ),
    ]


def place_of(field: str) -> str:
    """The step a field of the form stands in."""
    name = field.removeprefix(STATED)
    if field == "translation_language":
        return TRANSLATION
    found = (step.id for step in _steps() if name in (*step.fields, *step.head))
    return next(found, _BASIS if field.startswith(STATED) else _MEASURES)


def _names(step: Step, asked: Sequence[str], stated: Sequence[str]) -> tuple[str, ...]:
    fields = [name for name in asked if place_of(name) == step.id]
    return (*step.head, *(stated if step.id == _BASIS else ()), *fields)


def _placed(
    id_: str, title: str, why: str, names: tuple[str, ...], draft: Draft, gaps: Sequence[Missing]
) -> Placed:
    written = sum(bool(str(draft.fields.get(name, "")).strip()) for name in names)
    return Placed(
        id_, title, why, names, written, tuple(gap for gap in gaps if id_ == REVIEW or gap.field in names)
    )


@cache
def _steps() -> tuple[Step, ...]:
    text = resources.files(__package__).joinpath("steps.toml").read_text("utf-8")
    return msgspec.toml.decode(text, type=_Steps).step
