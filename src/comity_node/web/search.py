"""Search: one page over the record, and the drafts of the reader's own office."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from comity.contacts import KINDS as POINTS
from comity.instruments import library
from comity_node.assistance import seeking as assistance
from comity_node.assistance.judging import casework
from comity_node.finding.excerpt import excerpt
from comity_node.finding.words import LONGEST_SOUGHT, terms
from comity_node.listing import table
from comity_node.officials.access import holds, require
from comity_node.register import queries, rooms, seeking
from comity_node.register.standings import CHARTER, TALK

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpResponse, QueryDict

    from comity.instruments import Procedure
    from comity_node.assistance.models import Draft
    from comity_node.officials.request import OfficialRequest
    from comity_node.register.models import Passage

PAGE: Final = 25
FIRST: Final = 8  # of each sort, where all are shown
DRAFTS: Final = "draft"
SORTS: Final = {
    "request": gettext_lazy("Requests"),
    "talk": gettext_lazy("Talks"),
    "exhibit": gettext_lazy("Exhibits"),
    "contact": gettext_lazy("Contact points"),
    DRAFTS: gettext_lazy("Drafts of your office"),
    "entry": gettext_lazy("Entries"),
}


class Filters(forms.Form):
    """What is sought, and by what it is narrowed down."""

    words = forms.CharField(
        label=gettext_lazy("Words, reference or hash"), required=False, max_length=LONGEST_SOUGHT
    )
    sort = forms.ChoiceField(label=gettext_lazy("What"), required=False)
    channel = forms.ChoiceField(label=gettext_lazy("Channel"), required=False)
    side = forms.ChoiceField(
        label=gettext_lazy("Whose"),
        required=False,
        choices=[
            ("", gettext_lazy("Both")),
            ("ours", gettext_lazy("Ours")),
            ("theirs", gettext_lazy("Theirs")),
        ],
    )
    kinds = forms.ChoiceField(label=gettext_lazy("Procedure"), required=False)
    standing = forms.ChoiceField(label=gettext_lazy("Standing"), required=False)
    since = forms.DateField(
        label=gettext_lazy("From"), required=False, widget=forms.DateInput({"type": "date"})
    )
    until = forms.DateField(
        label=gettext_lazy("Until"), required=False, widget=forms.DateInput({"type": "date"})
    )

    def __init__(self, said: QueryDict) -> None:
        super().__init__(said)
        choices = {
            "sort": SORTS.items(),
            "channel": [(log.channel, f"{log.party.upper()} · {log.channel}") for log in _theirs()],
            "kinds": [(room.prefix, _kind_of(room.prefix)) for room in rooms.rooms() if room.heads],
            "standing": [("open", _("Open")), *_states().items()],
        }
        for name, offered in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField), "it is declared above"
            field.choices = [("", _("Any")), *offered]


@require_GET
def search(request: OfficialRequest) -> HttpResponse:
    """What holds the words sought, by sort; only what the reader may see in the lists."""
    require(request.user, "record.read")
    filters = Filters(request.GET)
    filters.is_valid()  # a filter that makes no sense is as good as none
    said = filters.cleaned_data
    wanted, sort = terms(said.get("words", "")), said.get("sort", "")
    found = seeking.seek(seeking.Sought(**{name: value for name, value in said.items() if value}))
    drafts = _drafts(request, said) if sort in ("", DRAFTS) else []
    groups = [
        *(_group(request.GET, one, found[one], wanted, whole=sort == one) for one in found),
        *([_draft_group(request.GET, drafts, wanted, whole=sort == DRAFTS)] if drafts else []),
    ]
    order = [*SORTS]
    page: dict[str, Any] = {
        "filters": filters,
        "reset_href": request.path,
        "asked": bool(said.get("words")),
        "groups": sorted((one for one in groups if one["total"]), key=lambda one: order.index(one["sort"])),
        "empty": _empty(wanted),
        "most": seeking.MOST,
    }
    return render(request, "web/pages/search.html", page)


def _drafts(request: OfficialRequest, said: dict[str, Any]) -> list[tuple[Draft, str]]:
    """Drafts have neither side nor standing: a filter by those leaves none."""
    narrowed = any(said.get(name) for name in ("side", "standing", "kinds", "since", "until"))
    if narrowed or not holds(request.user, "assistance.draft") or said.get("side") == "theirs":
        return []
    found = assistance.drafts(request.user, said.get("words", ""))
    return [one for one in found if said.get("channel") in (None, "", one[0].channel)]


def _group(
    said: QueryDict, sort: str, found: seeking.Found, wanted: Sequence[str], *, whole: bool
) -> dict[str, Any]:
    frame, start, stop = _frame(said, sort, len(found.keys), whole=whole)
    hits = [_hit(one, wanted) for one in found.passages(start, stop)]
    return {**frame, "is_all": found.is_all, "internal": False, "hits": hits}


def _draft_group(
    said: QueryDict, drafts: Sequence[tuple[Draft, str]], wanted: Sequence[str], *, whole: bool
) -> dict[str, Any]:
    frame, start, stop = _frame(said, DRAFTS, len(drafts), whole=whole)
    hits = [
        {
            "title": excerpt(draft.title or _("Without a title yet"), wanted),
            "href": reverse("assistance:draft", args=[draft.pk]),
            "ref": draft.ref,
            "at": draft.updated_at,
            "text": excerpt(text, wanted),
        }
        for draft, text in drafts[start:stop]
    ]
    return {**frame, "is_all": True, "internal": True, "hits": hits}


def _frame(said: QueryDict, sort: str, total: int, *, whole: bool) -> tuple[dict[str, Any], int, int]:
    """The heading of a group, and from where to where it is shown: whole in pages, or as a beginning."""
    number = table.nearest_page(table.page_number(said), size=PAGE, total=total) if whole else 1
    size = PAGE if whole else FIRST
    start = (number - 1) * size
    pages = table.pages(said, number=number, size=size, total=total) if whole and total > size else None
    frame = {
        "sort": sort,
        "label": SORTS[sort],
        "total": total,
        "pages": pages,
        "more_href": table.address(said, sort=sort) if not whole and total > size else "",
    }
    return frame, start, start + size


def _hit(one: Passage, wanted: Sequence[str]) -> dict[str, Any]:
    title = one.title or (_act(one.kind) if one.kind else _("Sent without a title"))
    return {
        "title": excerpt(title, wanted),
        "href": _href(one),
        "ref": one.ref,
        "act": _act(one.kind) if one.kind and one.title else "",
        "ours": one.ours,
        "party": one.party,
        "at": one.at,
        "text": excerpt(one.text, wanted) if one.text else [],
    }


def _href(one: Passage) -> str:
    if one.origin:
        return reverse("web:entry", args=[one.party, one.channel, one.index])
    room = rooms.room_of(one.kinds)
    return room.page(one.channel, one.ref) if room else ""


def _empty(wanted: Sequence[str]) -> dict[str, str]:
    if not wanted:
        return {
            "what": _("Nothing was sought yet"),
            "why": _("Give words, part of a reference or the beginning of a hash. Every word must be there."),
        }
    return {
        "what": _("Nothing was found"),
        "why": _("Words are compared by their beginnings, in every language. Try fewer or shorter ones."),
    }


def _theirs() -> list[Any]:
    return [log for log in queries.all_logs() if not log.ours]


def _procedures() -> list[Procedure]:
    """The tables of what can be found: requests, talks and contact points."""
    found = [one.procedure for one in casework()]
    return [*found, *(one for one in library()[CHARTER].procedures if one.kinds in (TALK, POINTS))]


def _states() -> dict[str, str]:
    """The states that can be sought, as the first table that knows each calls it; "open" is offered apart."""
    found: dict[str, str] = {}
    for one in _procedures():
        for state in one.states:
            found.setdefault(state.id, _(state.label))
    return {code: label for code, label in found.items() if code != "open"}


@lru_cache(maxsize=1)
def _labels() -> dict[str, str]:
    """What each kind of act is called in the first table that knows it."""
    found: dict[str, str] = {}
    for one in _procedures():
        for act in one.acts:
            found.setdefault(one.kind(act.id), act.label)
    return found


def _act(kind: str) -> str:
    return _(_labels().get(kind, "")) or kind


def _kind_of(kinds: str) -> str:
    return " · ".join(part.replace("_", " ").capitalize() for part in kinds.split("."))
