"""What a draft must hold before it can be lodged, and the act it becomes, by the instrument's own list."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext as _

from comity.names import EntryRef
from comity_node.assistance import acceding, chartering, profiles
from comity_node.register import queries
from comity_node.register.acts import Act
from comity_node.register.citing import text_address

if TYPE_CHECKING:
    from collections.abc import Mapping

    from comity.instruments import Instrument, Procedure, Statement
    from comity.lifecycle import Table
    from comity_node.assistance.models import Draft

LONGEST_TEXT: Final = 50_000
TRANSLATED: Final = "translated_"  # the same of a translation of a field
STATED: Final = "stated_"  # what the fields of a form are called by which an act states its codes
_IN_LIEU_OF: Final = "in_lieu_of"
_OF_ITSELF: Final = frozenset({"instrument", "table", "requested", "types", chartering.TABLES})
_NUMBER: Final = re.compile(r"[0-9]{1,9}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Missing:
    """Something a draft does not say yet.

    Attributes:
        field: Name of the field in the form.
        label: What it is called.
        demanded: The instrument demands it of every request; otherwise practice only recommends it.
        basis_href: Where that can be read; empty where no page shows it.
    """

    field: str
    label: str
    basis: str
    verified: str
    demanded: bool
    basis_href: str = ""


def missing(draft: Draft, table: Table) -> list[Missing]:
    """What the draft lacks, by the instrument's own list, in its order."""
    offered = table.instrument.types_in(draft.procedure)
    known = {kind.id for kind in offered}
    gaps = []
    if not draft.title.strip():
        gaps.append(
            Missing("title", _("Title"), _("practice: a request is found by its title"), "?", demanded=True)
        )
    if known and not known.intersection(draft.types):
        basis, mark = offered[0].basis, offered[0].verified.value
        gaps.append(Missing("types", _("Types of assistance"), basis, mark, demanded=True))
    gaps += [
        Missing(
            *(field.id, _(field.label), field.basis, field.verified.value),
            demanded=field.needed == "always",
            basis_href=text_address(table.instrument, "field", field.id),
        )
        for field in table.instrument.fields_for(*draft.types, procedure=draft.procedure)
        if _is_asked(field.needed, field.types) and not str(draft.fields.get(field.id, "")).strip()
    ]
    demanded = set(table.procedure.act(draft.act).must_state)
    gaps += [
        Missing(STATED + one.id, _(one.label), "", "?", demanded=True)
        for one in statements(draft, table)
        if one.id in demanded and not draft.stated.get(one.id)
    ]
    return gaps


def addressee(draft: Draft) -> str:
    """The party a draft is addressed to; of older drafts, the only one there is."""
    return draft.requested or next(log.party for log in queries.their_logs(draft.channel))


def _addressed(draft: Draft, table: Table) -> str | list[str]:
    """To whom its act is addressed: what changes or ends the charter, to each of the others."""
    others = queries.others(draft.channel)
    if is_for_all(table.procedure) and len(others) > 1:
        return others
    return addressee(draft)


def is_for_all(procedure: Procedure) -> bool:
    """Whether a procedure is begun with every other party of the channel at once."""
    return procedure.statement_of["requested"].many


def to_act(draft: Draft, table: Table) -> Act:
    """The opening act that a draft becomes, with the text everybody will be shown."""
    instrument, procedure = table
    requested = addressee(draft)
    derived, sealed = acceding.derived(draft.channel, procedure.kinds, draft.stated)
    of_itself: dict[str, str | list[str]] = {
        "instrument": instrument.id,
        "table": instrument.digest,
        "requested": _addressed(draft, table),
        "types": [kind.id for kind in instrument.types_in(draft.procedure) if kind.id in draft.types],
        chartering.TABLES: chartering.digests(draft.stated),
    }
    asked = {one.id for one in procedure.statements_by[draft.act]}
    stated: dict[str, str | list[str]] = {
        one.id: draft.stated[one.id] for one in statements(draft, table) if draft.stated.get(one.id)
    }
    return Act(
        channel=draft.channel,
        kind=procedure.kind(draft.act),
        ref=draft.ref,
        answers=(EntryRef.parse(draft.arose_from),) if draft.arose_from else (),
        stated={
            **{
                name: value
                for name, value in of_itself.items()
                if name in asked and (value or name == "types")
            },
            **stated,
            **derived,
        },
        payload={**_payload(draft, instrument), **_checked_against(draft.channel, requested), **sealed},
    )


def statements(draft: Draft, table: Table) -> list[Statement]:
    """What the opening act states besides what follows from the draft itself, as the form of the request."""
    left_out = _OF_ITSELF if draft.stated.get(_IN_LIEU_OF) else _OF_ITSELF | {_IN_LIEU_OF}
    if table.procedure.kinds == acceding.KINDS:
        left_out |= acceding.BY_THE_NODE
    return [one for one in table.procedure.statements_by[draft.act] if one.id not in left_out]


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


def _payload(draft: Draft, instrument: Instrument) -> Mapping[str, Any]:
    chosen = [field.id for field in instrument.fields_for(*draft.types, procedure=draft.procedure)]
    payload: dict[str, Any] = {
        "title": draft.title.strip(),
        "language": draft.language,
        "fields": _filled(draft.fields, chosen),
        "exhibits": draft.exhibits,
        **({"marking": draft.marking} if draft.marking else {}),
        **({"affected": draft.affected} if draft.affected else {}),
    }
    translated = _filled(draft.translation, chosen)
    if translated:
        made = {"by": draft.translated_by} if draft.translated_by else {}
        payload["translation"] = {"language": draft.translation_language, "fields": translated, **made}
    return payload


def _checked_against(channel: str, requested: str) -> dict[str, Any]:
    """The profile the request is held against, so that nobody has to guess later which one was known."""
    known = profiles.current(channel, requested)
    return {"checked_against": {"entry": known.entry, "as_of": known.on}} if known else {}


def _filled(texts: Mapping[str, str], chosen: list[str]) -> dict[str, str]:
    return {name: texts[name].strip() for name in chosen if texts.get(name, "").strip()}
