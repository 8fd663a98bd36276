"""The page of one request, tab by tab."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from comity_node.assistance import offers, queries
from comity_node.assistance.detail import Detail, detail, labels
from comity_node.assistance.links import address, place
from comity_node.assistance.offers import Fact

if TYPE_CHECKING:
    from comity_node.assistance.content import Content
    from comity_node.assistance.models import Request
    from comity_node.officials.models import Official


def one_request(row: Request, tab: str, *, official: Official) -> dict[str, Any]:
    """One tab of a request's page."""
    found = detail(row.channel, row.ref)
    if found is None or tab not in TABS:
        raise Http404
    return {
        "request_": _head(row),
        "tab": tab,
        "tabs": _tabs(row, tab),
        "trail": [
            {"label": _("Requests"), "href": reverse("assistance:list")},
            {"label": row.ref, "href": ""},
        ],
        "acts": offers.offers(found, official),
        "theirs_next": [{"label": _(one.sentence), "row": one} for one in found.theirs],
        "now": timezone.now(),
        "add_href": _add_exhibit(row, official) if tab == "evidence" else "",
        **TABS[tab](found, row),
    }


def _overview(found: Detail, row: Request) -> dict[str, Any]:
    names = labels(found.instrument)
    types = "\n".join(_(names.get(one, one)) for one in row.types)
    state = found.procedure.state_of.get(found.standing.state)
    facts = [
        Fact(_("Standing"), _(state.meaning) if state else _("Nothing regular has opened this request.")),
        Fact(_("Types of assistance"), types),
        *(Fact(_("Condition"), f"{name}: {condition.standing}") for name, condition in found.conditions),
    ]
    said = found.said()
    return {
        "facts": [fact for fact in facts if fact.value],
        "said": [
            {"entry": one.entry, "content": one.content, "texts": _parts(one.content, names)} for one in said
        ],
    }


def _basis(found: Detail, row: Request) -> dict[str, Any]:
    rules = [
        {
            "article": one.basis,
            "verified": one.verified.value,
            "href": "",
            "says": _(one.text),
            "applies": one.subject.replace("_", " "),
        }
        for one in found.instrument.rules
    ]
    return {
        "provisions": rules,
        "precedence": found.instrument.title.get("en", found.instrument.short),
        "edition": {"since": found.instrument.edition_on, "digest": row.table or found.instrument.digest},
    }


def _correspondence(found: Detail, _row: Request) -> dict[str, Any]:
    ours, theirs = found.sides
    return {"entries": found.entries, "ours": ours, "theirs": theirs}


def _evidence(found: Detail, _row: Request) -> dict[str, Any]:
    return {
        "named": found.exhibits(),
        "empty": {
            "what": _("No exhibit is named"),
            "why": _("Exhibits stand here once an act of execution names them."),
        },
    }


def _add_exhibit(row: Request, official: Official) -> str:
    """Where an exhibit for this request is added, for those who may."""
    page = address("evidence:add", row.channel) if official.has_perm("evidence.add") else ""
    return f"{page}?request={row.ref}" if page else ""


def _deadlines(found: Detail, _row: Request) -> dict[str, Any]:
    return {"clocks": found.clocks}


def _log(found: Detail, _row: Request) -> dict[str, Any]:
    return {
        "rows": [
            {
                "ref": one.ref,
                "title": one.title,
                "href": one.href,
                "at": one.at,
                "leaf_hash": one.leaf_hash,
                "receipt": one.receipt,
                "sent_at": one.sent_at,
                "reader": one.reader,
                "proof_href": address("web:proof", *place(one.ref)),
            }
            for one in found.entries
        ]
    }


TABS: Final = {
    "overview": _overview,
    "basis": _basis,
    "correspondence": _correspondence,
    "evidence": _evidence,
    "deadlines": _deadlines,
    "log": _log,
}


def _tabs(row: Request, current: str) -> list[dict[str, Any]]:
    names = {
        "overview": _("Overview"),
        "basis": _("Legal basis"),
        "correspondence": _("Correspondence"),
        "evidence": _("Evidence"),
        "deadlines": _("Deadlines"),
        "log": _("Log"),
    }
    return [
        {
            "label": label,
            "href": reverse("assistance:tab", args=[row.channel, row.ref, name]),
            "current": name == current,
            "count": len(row.exhibits) if name == "evidence" else 0,
        }
        for name, label in names.items()
    ]


def _head(row: Request) -> dict[str, Any]:
    listed = queries.listed(row)
    return {
        "ref": row.ref,
        "title": listed.title,
        "ours": row.ours,
        "requesting": row.requesting,
        "requested": row.requested,
        "standing": listed.standing,
        "tone": listed.tone,
        "channel": row.channel,
        "channel_name": row.channel,
        "channel_href": address("channels:channel", row.channel),
        "instrument": row.basis,
        "verified": row.verified,
        "irregular": row.irregular,
        "unreceipted": row.unreceipted,
        "clock": listed.clock,
    }


def _parts(content: Content, names: dict[str, str]) -> list[dict[str, str]]:
    """The parts of a text in the instrument's order, whatever order they were sealed in; the rest as sent."""
    translated = dict(content.translation)
    places = {name: place for place, name in enumerate(names)}
    return [
        {
            "label": _(names[name]) if name in names else "" if name == "text" else name,
            "own": text,
            "other": translated.get(name, ""),
        }
        for name, text in sorted(content.texts, key=lambda part: places.get(part[0], len(places)))
    ]
