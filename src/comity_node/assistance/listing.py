"""The page that lists requests, and the same list as a file."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _

from comity_node.assistance import access, queries, saved
from comity_node.assistance.forms import Filters
from comity_node.assistance.judging import casework
from comity_node.listing import table
from comity_node.listing.export import Column, export
from comity_node.officials.access import holds

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import QueryDict, StreamingHttpResponse

    from comity_node.assistance.models import Request
    from comity_node.officials.request import OfficialRequest

_SORT: Final = "-last"
EXPORTED: Final[tuple[Column[Request], ...]] = (
    Column("channel", lambda row: row.channel),
    Column("reference", lambda row: row.ref),
    Column("title", queries.title),
    Column("exercise", lambda row: "yes" if row.exercise else ""),
    Column("requesting", lambda row: row.requesting),
    Column("requested", lambda row: row.requested),
    Column("standing", lambda row: row.state),
    Column("lodged", lambda row: row.lodged_at),
    Column("due", lambda row: row.due_at),
    Column("last", lambda row: row.last_at),
)


def request_list(request: OfficialRequest, *, now: datetime) -> dict[str, Any]:
    """The list of requests with its filters, columns and pages."""
    filters = _filters(request.GET)
    wanted = replace(_wanted(filters, request.GET), reader=request.user.pk)
    page = queries.requests(wanted, now=now)
    return {
        "filters": filters,
        "reset_href": request.path,
        "exports": table.exports(request.GET, lambda form: reverse("assistance:export", args=[form])),
        "new_href": reverse("assistance:new") if holds(request.user, access.DRAFT) else "",
        "drafts_href": reverse("assistance:drafts") if holds(request.user, access.DRAFT) else "",
        "columns": table.head(request.GET, _columns(), sort=wanted.sort),
        "rows": page.rows,
        "pages": table.pages(request.GET, number=page.number, size=queries.PAGE, total=page.total),
        "empty": {
            "what": _("No request is listed"),
            "why": _("Either none was made yet, or none fits the filter."),
        },
        "now": now,
        "tabs": _tabs(request),
        "query": saved.query_of(request.GET),
        "saved_href": reverse("assistance:saved"),
        "bulk_href": reverse("assistance:bulk"),
    }


def exported(request: OfficialRequest, form: str, *, now: datetime) -> StreamingHttpResponse:
    """The list as filtered, as a file."""
    wanted = replace(_wanted(_filters(request.GET), request.GET), reader=request.user.pk)
    rows = queries.all_requests(wanted, now=now)
    return export(rows.iterator(1000), EXPORTED, form=form, name="requests")


def _filters(said: QueryDict) -> Filters:
    return Filters(said, procedures=[table.procedure for table in casework()])


def _wanted(filters: Filters, said: QueryDict) -> queries.Wanted:
    """What the filters ask for; a filter that makes no sense is as good as none."""
    filters.is_valid()
    kept = {name: value for name, value in filters.cleaned_data.items() if value}
    # Whoever looks at what is open wants to know what ends first.
    usual = queries.DUE if kept.get("standing") == "open" or kept.get("overdue") else _SORT
    return queries.Wanted(**{"sort": usual, **kept}, page=table.page_number(said))


def wanted(said: QueryDict) -> queries.Wanted:
    """What an address asks for, as the page reads it."""
    return _wanted(_filters(said), said)


def _tabs(request: OfficialRequest) -> list[dict[str, Any]]:
    """All of them, what is open by what ends first, and the reader's saved filters."""
    here = saved.query_of(request.GET)
    kept = saved.filters(request.user)[: saved.MOST]
    asked = [(_("All"), ""), (_("Open, due first"), "standing=open&sort=due")]
    asked += [(one.name, one.query) for one in kept]
    return [
        {
            "label": label,
            "href": f"{request.path}?{query}" if query else request.path,
            "current": query == here,
        }
        for label, query in asked
    ]


def _columns() -> list[tuple[str, str]]:
    return [
        ("title", _("Request")),
        ("requesting", _("Requesting")),
        ("basis", _("Legal basis")),
        ("standing", _("Standing")),
        ("due", _("Clock")),
        ("last", _("Last entry")),
    ]
