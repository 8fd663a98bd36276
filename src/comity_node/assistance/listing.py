"""The page that lists requests, and the same list for a spreadsheet."""

from __future__ import annotations

import csv
import itertools
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from django.http import StreamingHttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from comity.instruments import library
from comity_node.assistance import access, queries
from comity_node.assistance.forms import Filters
from comity_node.assistance.judging import PROCEDURE
from comity_node.officials.access import holds

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import QueryDict

    from comity_node.assistance.models import Request
    from comity_node.officials.request import OfficialRequest

_COLUMNS: Final = ("title", "requesting", "basis", "standing", "due", "last")
_HEADINGS: Final = (
    "channel",
    "reference",
    "title",
    "requesting",
    "requested",
    "standing",
    "lodged",
    "due",
    "last",
)
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def request_list(request: OfficialRequest, *, now: datetime) -> dict[str, Any]:
    """The list of requests with its filters, columns and pages."""
    filters = _filters(request.GET)
    page = queries.requests(_wanted(filters, request.GET), now=now)
    return {
        "filters": filters,
        "reset_href": request.path,
        "export_href": f"{reverse('assistance:export')}?{request.GET.urlencode()}",
        "new_href": reverse("assistance:new") if holds(request.user, access.DRAFT) else "",
        "drafts_href": reverse("assistance:drafts") if holds(request.user, access.DRAFT) else "",
        "columns": _columns(request.GET),
        "rows": page.rows,
        "pages": {
            "first": page.first,
            "last": page.last,
            "total": page.total,
            "previous_href": _with(request.GET, page=page.number - 1) if page.number > 1 else "",
            "next_href": _with(request.GET, page=page.number + 1) if page.last < page.total else "",
        },
        "empty": {
            "what": _("No request is listed"),
            "why": _("Either none was made yet, or none fits the filter."),
        },
        "now": now,
    }


class _Line:
    """Where a row of the table is written: straight to the reader, however long the table."""

    def write(self, text: str) -> str:
        """Hand the line on."""
        return text


def export(request: OfficialRequest, *, now: datetime) -> StreamingHttpResponse:
    """The list as filtered, as comma-separated values; times in UTC."""
    rows = queries.all_requests(_wanted(_filters(request.GET), request.GET), now=now)
    write = csv.writer(_Line()).writerow
    lines = itertools.chain([write(_HEADINGS)], (write(_cells(row)) for row in rows.iterator(1000)))
    answer = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="requests.csv"'
    return answer


def _cells(row: Request) -> list[str]:
    said = [row.channel, row.ref, queries.title(row), row.requesting, row.requested, row.state]
    instants = [row.lodged_at, row.due_at, row.last_at]
    return [*map(_plain, said), *(at.isoformat() if at else "" for at in instants)]


def _filters(said: QueryDict) -> Filters:
    procedures = [
        one.procedure(PROCEDURE)
        for one in library().values()
        if any(p.id == PROCEDURE for p in one.procedures)
    ]
    return Filters(said, procedures=procedures)


def _wanted(filters: Filters, said: QueryDict) -> queries.Wanted:
    """What the filters ask for; a filter that makes no sense is as good as none."""
    filters.is_valid()
    kept = {name: value for name, value in filters.cleaned_data.items() if value}
    page = said.get("page", "1")
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 9 else 1
    return queries.Wanted(**kept, sort=said.get("sort", "-last"), page=number)


def _columns(said: QueryDict) -> list[dict[str, str]]:
    names = (_("Request"), _("Requesting"), _("Legal basis"), _("Standing"), _("Clock"), _("Last entry"))
    sort = said.get("sort", "-last")
    directions = {True: "descending", False: "ascending"}
    return [
        {
            "label": label,
            "href": _with(said, sort=f"-{name}" if sort == name else name),
            "sorted": directions[sort.startswith("-")] if sort.lstrip("-") == name else "",
        }
        for name, label in zip(_COLUMNS, names, strict=True)
    ]


def _with(said: QueryDict, **changed: object) -> str:
    kept = [
        (name, value) for name, values in said.lists() for value in values if name not in {*changed, "page"}
    ]
    return "?" + urlencode([*kept, *((name, str(value)) for name, value in changed.items())])


def _plain(cell: str) -> str:
    """A cell no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
