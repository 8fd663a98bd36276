"""What a draft must hold before it can be lodged, and the act it becomes, by the instrument's own list."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext as _

from comity_node.assistance.judging import OPENING, PREFIX, PROCEDURE
from comity_node.register import queries
from comity_node.register.acts import Act

if TYPE_CHECKING:
    from collections.abc import Mapping

    from comity.instruments import Instrument, Statement
    from comity_node.assistance.models import Draft

LONGEST_TEXT: Final = 50_000
_NUMBER: Final = re.compile(r"[0-9]{1,9}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Missing:
    """Something a draft does not say yet.

    Attributes:
        field: Name of the field in the form.
        label: What it is called.
        demanded: The instrument demands it of every request; otherwise practice only recommends it.
    """

    field: str
    label: str
    basis: str
    verified: str
    demanded: bool


def missing(draft: Draft, instrument: Instrument) -> list[Missing]:
    """What the draft lacks, by the instrument's own list, in its order."""
    known = {kind.id for kind in instrument.types}
    gaps = []
    if not draft.title.strip():
        gaps.append(
            Missing("title", _("Title"), _("practice: a request is found by its title"), "?", demanded=True)
        )
    if not known.intersection(draft.types):
        basis, mark = _source_of_types(instrument)
        gaps.append(Missing("types", _("Types of assistance"), basis, mark, demanded=True))
    gaps += [
        Missing(
            field.id, _(field.label), field.basis, field.verified.value, demanded=field.needed == "always"
        )
        for field in instrument.fields_for(*draft.types)
        if _is_asked(field.needed, field.types) and not str(draft.fields.get(field.id, "")).strip()
    ]
    return gaps


def to_act(draft: Draft, instrument: Instrument) -> Act:
    """The opening act that a draft becomes, with the text everybody will be shown."""
    requested = next(log.party for log in queries.their_logs(draft.channel))
    return Act(
        channel=draft.channel,
        kind=f"{PREFIX}.{OPENING}",
        ref=draft.ref,
        stated={
            "instrument": instrument.id,
            "table": instrument.digest,
            "requested": requested,
            "types": [kind.id for kind in instrument.types if kind.id in draft.types],
            **{
                statement.id: draft.stated[statement.id]
                for statement in optional_statements(instrument)
                if draft.stated.get(statement.id)
            },
        },
        payload=_payload(draft, instrument),
    )


def optional_statements(instrument: Instrument) -> list[Statement]:
    """What the opening act may state beyond what it must, as the form of the request."""
    procedure = instrument.procedure(PROCEDURE)
    return [procedure.statement_of[name] for name in procedure.act_of[OPENING].may_state]


def next_reference(beginning: str, ours: set[str], elsewhere: set[str]) -> str:
    """The next free number after a beginning such as ``aa-2026-``: ``aa-2026-0001``.

    Args:
        beginning: What our references of this year begin with.
        ours: References that we have given; numbering goes on from the highest.
        elsewhere: References that a counterpart used in our stead. They are passed over and not counted on
            from, or one entry of theirs could use up our numbers.
    """
    numbers = [ref.removeprefix(beginning) for ref in ours]
    number = max((int(one) for one in numbers if _NUMBER.fullmatch(one)), default=0) + 1
    while (ref := f"{beginning}{number:04}") in elsewhere:
        number += 1
    return ref


def _is_asked(needed: str, types: tuple[str, ...]) -> bool:
    """Demanded of every request, or belonging to the very type of assistance chosen."""
    return needed == "always" or bool(types)


def _source_of_types(instrument: Instrument) -> tuple[str, str]:
    """Where the instrument lists what may be asked for."""
    return next(((one.basis, one.verified.value) for one in instrument.types), ("", "?"))


def _payload(draft: Draft, instrument: Instrument) -> Mapping[str, Any]:
    chosen = [field.id for field in instrument.fields_for(*draft.types)]
    payload: dict[str, Any] = {
        "title": draft.title.strip(),
        "language": draft.language,
        "fields": _filled(draft.fields, chosen),
        "exhibits": draft.exhibits,
    }
    translated = _filled(draft.translation, chosen)
    if translated:
        payload["translation"] = {"language": draft.translation_language, "fields": translated}
    return payload


def _filled(texts: Mapping[str, str], chosen: list[str]) -> dict[str, str]:
    return {name: texts[name].strip() for name in chosen if texts.get(name, "").strip()}
