"""The page of one request, tab by tab."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from comity.drafting import aligned
from comity.instruments import editions
from comity_node.assistance import (
    access,
    attached,
    calling,
    counting,
    handling,
    offers,
    profiles,
    queries,
    suspending,
    translations,
)
from comity_node.assistance.certificates import in_words
from comity_node.assistance.content import Named
from comity_node.assistance.detail import Detail, detail, labels
from comity_node.assistance.following import FOLLOWED_UP
from comity_node.assistance.links import address, place
from comity_node.assistance.offers import Fact
from comity_node.assistance.projecting import MOST_NAMED
from comity_node.listing import table
from comity_node.officials import powers
from comity_node.officials.access import holds
from comity_node.register import rooms
from comity_node.register.citing import row_address, text_address

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import QueryDict

    from comity.names import EntryRef
    from comity_node.assistance.attached import Beside
    from comity_node.assistance.content import Content
    from comity_node.assistance.detail import Said
    from comity_node.assistance.models import Request
    from comity_node.officials.models import Official

LISTED: Final = 50
OPENED: Final = 20
# What one entry may take of a page that shows several. A counterpart may seal a megabyte of it.
LONGEST_SHOWN: Final = 50_000
MOST_PARTS: Final = 60
INTERNAL: Final = "handling"
MOST_PAIRS: Final = 500


def one_request(row: Request, tab: str, said: QueryDict, *, official: Official) -> dict[str, Any]:
    """One tab of a request's page."""
    found = detail(row.channel, row.ref, row.kinds)
    if found is None or tab not in TABS:
        raise Http404
    acts = offers.offers(found, official)
    return {
        **frame(row, tab),
        "acts": acts,
        "has_aside": any(one.aside for one in acts),
        "theirs_next": [
            {"label": _(one.sentence), "row": one, "href": row_address(one)} for one in found.theirs
        ],
        "call": calling.call(found, language=official.language) if tab == "overview" else None,
        "suggested": suggested(found, acts),
        "follow_href": _follow(found, official),
        "source": source(row.channel, row.arose_from),
        "may_translate": holds(official, powers.rule(attached.ATTACHED).sign),
        "add_href": _add_exhibit(row, official) if tab == "evidence" else "",
        **TABS[tab](found, row, said),
    }


def source(channel: str, arose_from: str) -> dict[str, str] | None:
    """What something arose from, as its page names it; None where that is nothing on record here."""
    found = queries.source(channel, arose_from) if arose_from else None
    if found is None:
        return None
    href = reverse("assistance:request", args=[channel, found.ref])
    return {"ref": found.ref, "title": queries.title(found), "href": href}


def internal(row: Request, official: Official, said: QueryDict | None = None) -> dict[str, Any]:
    """The part of a request's page that never leaves this node: how it is handled, and notes."""
    found = detail(row.channel, row.ref, row.kinds)
    if found is None:
        raise Http404
    return {**frame(row, INTERNAL), **handling.page(row, found, official, said)}


def frame(row: Request, tab: str) -> dict[str, Any]:
    """What stands around any part of a request's page."""
    return {
        "request_": _head(row),
        "tab": tab,
        "tabs": _tabs(row, tab),
        "trail": [
            {"label": _("Requests"), "href": reverse("assistance:list")},
            {"label": row.ref, "href": ""},
        ],
        "now": timezone.now(),
    }


def suggested(found: Detail, acts: Iterable[offers.Offer]) -> list[rooms.Suggestion]:
    """What others at this node hold to come next, as far as the reader may do it now."""
    open_now = {offer.href for offer in acts if not offer.because}
    said = rooms.suggestions(found.channel, found.ref)
    return [one for one in said if not one.act or one.href.partition("?")[0] in open_now]


def _follow(found: Detail, official: Official) -> str:
    """Where the request that follows a preservation is drafted, for those who may, while one may follow."""
    open_now = FOLLOWED_UP in {row.act for row in found.ours} and holds(official, access.DRAFT)
    return reverse("assistance:follow", args=[found.channel, found.ref]) if open_now else ""


def _overview(found: Detail, row: Request, said: QueryDict) -> dict[str, Any]:
    names = labels(found.instrument)
    types = "\n".join(_(names.get(one, one.replace("_", " "))) for one in row.types)
    sort = found.procedure.statement_of.get("sort")
    state = found.procedure.state_of.get(found.standing.state)
    facts = [
        Fact(_("Standing"), _(state.meaning) if state else _("Nothing regular has opened this request.")),
        Fact(_("Stage of execution, as reported"), handling.stages(found).get(row.stage, "")),
        Fact(_(sort.label) if sort else _("Types of assistance"), types),
        *(Fact(_("Condition"), f"{name}: {condition.standing}") for name, condition in found.conditions),
        Fact(_("Accepted as offered in"), _entry_in_words(found.folded.accepted)),
        Fact(_("Earlier conditions"), _not_shown(found.folded.conditions - len(found.conditions))),
    ]
    start, stop, pages = table.from_the_end(said, size=OPENED, total=found.size)
    shown = found.said(start, stop)
    later = attached.beside(row.channel, [one.entry.ref for one in shown])
    return {
        "facts": [fact for fact in facts if fact.value],
        "said": [{**_said(one, names), **_later(later.get(one.entry.ref), one, names)} for one in shown],
        "pages": pages,
        **suspending.panel(found),
        **counting.panel(found),
    }


def _entry_in_words(ref: EntryRef | None) -> str:
    return f"{ref.origin.party.upper()} {ref.index}" if ref is not None else ""


def _not_shown(count: int) -> str:
    return _("%(count)s more stand in the entries that stated them") % {"count": count} if count else ""


def one_in_words(one: Said, found: Detail) -> dict[str, Any]:
    """One entry of a request as a page shows it, for a page of its own on one procedure."""
    return _said(one, labels(found.instrument))


def _said(one: Said, names: dict[str, str]) -> dict[str, Any]:
    """An entry with as much of its content as a page can bear; the whole of it stands on its own page."""
    parts, is_cut = _parts(one.content, names)
    return {
        "entry": one.entry,
        "content": one.content,
        "texts": parts,
        "is_cut": is_cut,
        "translated_by": list(translations.words(one.content)),
        "profile": _profile(one),
    }


def _later(beside: Beside | None, one: Said, names: dict[str, str]) -> dict[str, Any]:
    """The translations attached after sending, each beside the original, and how many are not shown."""
    if beside is None:
        return {"later": [], "later_left": []}
    texts = one.content.texts
    together = [(by, replace(by.content, texts=texts, language=one.content.language)) for by in beside.shown]
    later = [
        {
            "by": by,
            "texts": [part for part in _parts(content, names)[0] if part["other"]],
            "translated_by": list(translations.words(content)),
        }
        for by, content in together
    ]
    return {"later": later, "later_left": beside.left}


def _profile(one: Said) -> list[tuple[str, str]]:
    """What an entry that publishes a profile says, in words."""
    if one.content.profile is None:
        return []
    as_of = dict(one.entry.stated_codes).get("as_of", "")
    return profiles.facts(one.content.profile, party=one.entry.ref.origin.party, as_of=as_of)


def _basis(found: Detail, row: Request, _said: QueryDict) -> dict[str, Any]:
    rules = [
        {
            "article": one.basis,
            "verified": one.verified.value,
            "href": text_address(found.instrument, "rule", one.id),
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


def _correspondence(found: Detail, _row: Request, said: QueryDict) -> dict[str, Any]:
    ours, theirs = found.sides
    return {**_in_order(found, said), "ours": ours, "theirs": theirs}


def _in_order(found: Detail, said: QueryDict) -> dict[str, Any]:
    """One page of the entries in the order both parties read them, the latest first asked for."""
    start, stop, pages = table.from_the_end(said, size=LISTED, total=found.size)
    return {"entries": found.entries(start, stop), "pages": pages}


def _evidence(_found: Detail, row: Request, said: QueryDict) -> dict[str, Any]:
    total = len(row.exhibits)
    number = table.nearest_page(table.page_number(said), size=LISTED, total=total)
    return {
        "named": [Named(**one) for one in row.exhibits[(number - 1) * LISTED : number * LISTED]],
        "pages": table.pages(said, number=number, size=LISTED, total=total),
        "most": MOST_NAMED if total >= MOST_NAMED else 0,
        "empty": {
            "what": _("No exhibit is named"),
            "why": _("Exhibits stand here once an act of execution names them."),
        },
    }


def _add_exhibit(row: Request, official: Official) -> str:
    """Where an exhibit for this request is added, for those who may."""
    page = address("evidence:add", row.channel) if official.has_perm("evidence.add") else ""
    return f"{page}?request={row.ref}" if page else ""


def _deadlines(found: Detail, _row: Request, _said: QueryDict) -> dict[str, Any]:
    clocks = found.clocks
    return {"clocks": clocks, "clocks_not_shown": found.folded.clocks - len(clocks)}


def _log(found: Detail, _row: Request, said: QueryDict) -> dict[str, Any]:
    part = _in_order(found, said)
    return {
        "pages": part["pages"],
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
            for one in part["entries"]
        ],
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
        "chronology": _("Chronology"),
        "log": _("Log"),
        INTERNAL: _("Internal"),
    }
    return [
        {
            "label": label,
            "href": _tab_href(row, name),
            "current": name == current,
            "internal": name == INTERNAL,
            "count": len(row.exhibits) if name == "evidence" else 0,
        }
        for name, label in names.items()
    ]


def _tab_href(row: Request, name: str) -> str:
    if name == "chronology":
        return reverse("assistance:chronology", args=[row.channel, row.ref])
    return reverse("assistance:tab", args=[row.channel, row.ref, name])


def _head(row: Request) -> dict[str, Any]:
    listed, text = queries.listed(row), editions().get(row.table)
    procedures = text.procedures if text else ()
    procedure = next((one for one in procedures if one.kinds == row.kinds), None)
    return {
        "sort": _(procedure.title) if procedure else _("Request"),
        "words": {side: _(word) for side, word in procedure.words.items()} if procedure else {},
        "ref": row.ref,
        "title": listed.title,
        "ours": row.ours,
        "requested_ours": row.requested == settings.NODE.party,
        "requesting": row.requesting,
        "requested": row.requested,
        "standing": listed.standing,
        "tone": listed.tone,
        "channel": row.channel,
        "channel_name": row.channel,
        "channel_href": address("channels:channel", row.channel),
        "instrument": row.basis,
        "instrument_href": text_address(text) if text else "",
        "verified": row.verified,
        "irregular": row.irregular,
        "suspended": row.suspended,
        "exercise": row.exercise,
        "unreceipted": row.unreceipted,
        "clock": listed.clock,
        "silence": listed.silence,
    }


def _parts(content: Content, names: dict[str, str]) -> tuple[list[dict[str, Any]], bool]:
    """The parts of a text in the instrument's order, whatever order they were sealed in; the rest as sent.

    Returns:
        As many parts, each as long, as one page can bear of one entry, and whether that is not all of them.
    """
    translated = dict(content.translation)
    places = {name: place for place, name in enumerate(names)}
    in_order = sorted(content.texts, key=lambda part: places.get(part[0], len(places)))
    left, parts = LONGEST_SHOWN, list[dict[str, Any]]()
    for name, text in in_order[:MOST_PARTS]:
        own = text[:left]
        other = translated.get(name, "")[: left - len(own)]
        left -= len(own) + len(other)
        label = _(names[name]) if name in names else "" if name == "text" else in_words(name)
        pairs = aligned(own, other)[:MOST_PAIRS] if other else []
        parts.append({"label": label, "own": own, "other": other, "pairs": pairs})
    shown = sum(len(part["own"]) + len(part["other"]) for part in parts)
    whole = sum(len(text) + len(translated.get(name, "")) for name, text in in_order)
    return [part for part in parts if part["own"]], shown < whole
