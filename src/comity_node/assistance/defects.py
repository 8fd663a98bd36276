"""What sends such requests back in practice, found in a draft or in the act it became; by comity.drafting."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comity import drafting
from comity.drafting import Severity
from comity.instruments import parties
from comity.lifecycle.stated import values
from comity_node.assistance import profiles
from comity_node.assistance.content import read
from comity_node.assistance.drafting import addressee
from comity_node.assistance.models import Request
from comity_node.register import standings
from comity_node.register.citing import text_address
from comity_node.register.rooms import Doubt

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from comity.drafting import Finding
    from comity.instruments import Authority, Instrument
    from comity.lifecycle import Table
    from comity_node.assistance.models import Draft
    from comity_node.register.acts import Act

_PRESERVATION: Final = "preservation"
_MOST: Final = 20
_WEIGHT: Final = {
    Severity.RETURNS: gettext_lazy("sent back for this"),
    Severity.WEAKENS: gettext_lazy("weakens it"),
    Severity.NOTE: gettext_lazy("worth a look"),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A defect as pages and the command show it, in the language of the reader.

    Attributes:
        place: The page its field stands on; empty where it is this one.
        href: Where the rule can be read that it rests on; empty where no instrument says it.
    """

    id: str
    severity: str
    weight: str
    field: str
    label: str
    what: str
    why: str
    todo: str
    basis: str
    verified: str
    place: str = ""
    href: str = ""

    @property
    def returns(self) -> bool:
        """Whether such requests are sent back for this alone."""
        return self.severity == Severity.RETURNS


def of_draft(draft: Draft, table: Table) -> list[Finding]:
    """What is found in a draft as it stands, by practice and by the latest profile of the requested party."""
    requested = addressee(draft)
    request = drafting.Request(
        instrument=table.instrument,
        procedure=table.procedure.id,
        types=_texts(draft.types),
        title=draft.title,
        language=draft.language,
        fields=_by_name(draft.fields),
        translation_language=draft.translation_language,
        translation=_by_name(draft.translation),
        authorship=drafting.read_authorship(draft.translated_by)[0],
        exhibits=[one.get("title") or one.get("sha256") or one.get("entry", "") for one in draft.exhibits],
        stated=draft.stated,
        authorities=_authorities(table.instrument, requested),
        preservations=_preservations(draft.channel),
    )
    return _found(request, draft.channel, requested)


def of_act(act: Act, table: Table) -> list[Finding]:
    """The same in the text of an act that opens a request; nothing in any other act."""
    name = act.kind.rpartition(".")[2]
    if name not in table.procedure.openings or not act.payload or table.instrument.id == standings.CHARTER:
        return []
    said = read(act.payload)
    requested = next(iter(values(act.stated, "requested")), "")
    request = drafting.Request(
        instrument=table.instrument,
        procedure=table.procedure.id,
        types=_texts(act.stated.get("types")),
        title=said.title,
        language=said.language,
        fields=dict(said.texts),
        translation_language=said.translation_language,
        translation=dict(said.translation),
        authorship=said.authorship,
        exhibits=[one.title or one.sha256 or one.entry for one in said.exhibits],
        stated=act.stated,
        authorities=_authorities(table.instrument, requested),
        preservations=_preservations(act.channel),
    )
    return _found(request, act.channel, requested)


def _found(request: drafting.Request, channel: str, requested: str) -> list[Finding]:
    required = profiles.current(channel, requested)
    unmet = (
        drafting.unmet(request, required.profile, version=required.ref)
        if required is not None and required.profile is not None
        else []
    )
    return sorted([*unmet, *drafting.defects(request)], key=lambda one: list(Severity).index(one.severity))


def shown(found: Sequence[Finding], instrument: Instrument) -> list[Shown]:
    """The findings in the reader's language, each with the name of its field."""
    labels = {field.id: _(field.label) for field in instrument.fields}
    labels |= {
        "title": _("Title"),
        "types": _("Types of assistance"),
        "translation_language": _("Language of the translation"),
    }
    return [
        Shown(
            id=one.id,
            severity=one.severity.value,
            weight=str(_WEIGHT[one.severity]),
            field=one.field,
            label=labels.get(one.field, one.field),
            what=_(one.says) % one.values,
            why=_(one.why),
            todo=_(one.todo),
            basis=one.basis,
            verified=one.verified.value,
            href=_rule_href(one, instrument),
        )
        for one in found
    ]


def _rule_href(found: Finding, instrument: Instrument) -> str:
    """Where the statement stands that a finding rests on: a defect, or the field that is asked for."""
    lists = (("defect", found.reason, instrument.defects), ("field", found.field, instrument.fields))
    for kind, name, statements in lists:
        if any(one.id == name and one.basis == found.basis for one in statements):
            return text_address(instrument, kind, name)
    return ""


def doubts(act: Act, table: Table) -> list[Doubt]:
    """What whoever signs an opening act should have seen: the findings for which requests are sent back."""
    return [
        Doubt(one.label, one.what, one.why, one.todo, one.basis, one.verified, one.href)
        for one in shown(of_act(act, table), table.instrument)
        if one.returns
    ]


def _authorities(instrument: Instrument, party: str) -> list[Authority]:
    known = parties().get(instrument.id)
    return [one for one in known.authorities if one.party == party] if known else []


def _preservations(channel: str) -> list[str]:
    """Preservations of ours that still stand: the request that follows should name its own."""
    standing = Request.objects.filter(channel=channel, procedure=_PRESERVATION, ours=True, final=False)
    return list(standing.order_by("-lodged_at").values_list("ref", flat=True)[:_MOST])


def _by_name(texts: Mapping[str, Any]) -> dict[str, str]:
    return {name: text for name, text in texts.items() if isinstance(text, str)}


def _texts(said: object) -> list[str]:
    return [said] if isinstance(said, str) else [str(one) for one in said] if isinstance(said, list) else []
