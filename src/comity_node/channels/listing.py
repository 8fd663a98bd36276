"""The page that lists channels, and the same list as a file."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _

from comity_node.channels import queries
from comity_node.channels.forms import Filters
from comity_node.listing import table
from comity_node.listing.export import Column, export

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import QueryDict, StreamingHttpResponse

    from comity_node.channels.queries import Line
    from comity_node.officials.request import OfficialRequest

PAGE: Final = 50
_SORT: Final = "name"
_NEVER: Final = datetime.min.replace(tzinfo=UTC)
_SORTS: Final[dict[str, Callable[[Line], Any]]] = {
    "name": lambda line: line.name.casefold(),
    "counterpart": lambda line: line.party,
    "basis": lambda line: line.basis,
    "standing": lambda line: line.standing,
    "entries": lambda line: line.ours_size + line.theirs_size,
    "unreceipted": lambda line: line.unreceipted,
    "last": lambda line: line.last_heard or _NEVER,
}
_EXPORTED: Final[tuple[Column[Line], ...]] = (
    Column("channel", lambda line: line.channel),
    Column("name", lambda line: line.name),
    Column("counterpart", lambda line: line.party),
    Column("basis", lambda line: line.basis),
    Column("verified", lambda line: line.verified),
    Column("standing", lambda line: line.standing),
    Column("succeeded_by", lambda line: line.successor.channel if line.successor else ""),
    Column("entries_ours", lambda line: line.ours_size),
    Column("entries_theirs", lambda line: line.theirs_size),
    Column("unreceipted", lambda line: line.unreceipted),
    Column("unreceipted_since", lambda line: line.oldest_unreceipted),
    Column("last_received", lambda line: line.last_heard),
)


def channel_list(request: OfficialRequest) -> dict[str, Any]:
    """The list of channels with its filters, columns and pages."""
    filters = _filters(request.GET)
    found = _lines(filters, request.GET)
    number = table.nearest_page(table.page_number(request.GET), size=PAGE, total=len(found))
    return {
        "filters": filters,
        "reset_href": request.path,
        "exports": table.exports(request.GET, lambda form: reverse("channels:export", args=[form])),
        "columns": table.head(
            request.GET, _columns(), sort=_sort(request.GET), numbers=("entries", "unreceipted")
        ),
        "rows": found[(number - 1) * PAGE : number * PAGE],
        "pages": table.pages(request.GET, number=number, size=PAGE, total=len(found)),
        "empty": _empty(filters),
    }


def exported(request: OfficialRequest, form: str) -> StreamingHttpResponse:
    """The list as filtered, as a file."""
    return export(_lines(_filters(request.GET), request.GET), _EXPORTED, form=form, name="channels")


def _filters(said: QueryDict) -> Filters:
    return Filters(
        said,
        counterparts=queries.counterparts(),
        became=[(name, str(label)) for name, label in queries.BECAME.items()],
    )


def _lines(filters: Filters, said: QueryDict) -> list[Line]:
    """The channels wanted, in order; a filter that makes no sense is as good as none."""
    filters.is_valid()
    sort = _sort(said)
    found = queries.lines(queries.wanted(**filters.cleaned_data))
    return sorted(found, key=_SORTS[sort.lstrip("-")], reverse=sort.startswith("-"))


def _sort(said: QueryDict) -> str:
    sort = said.get("sort", _SORT)
    return sort if sort.removeprefix("-") in _SORTS else _SORT


def _columns() -> list[tuple[str, str]]:
    return [
        ("name", _("Channel")),
        ("counterpart", _("Counterpart")),
        ("basis", _("Legal basis")),
        ("standing", _("Standing")),
        ("entries", _("Entries: ours | theirs")),
        ("unreceipted", _("No receipt yet")),
        ("last", _("Last entry received")),
    ]


def _empty(filters: Filters) -> dict[str, str]:
    if filters.changed_data:
        return {"what": _("No channel is listed"), "why": _("None fits the filter.")}
    return {
        "what": _("No channel"),
        "why": _("A channel is proposed once a counterpart's fingerprint has been compared."),
        "href": reverse("counterparts:list"),
        "label": _("Counterparts"),
    }
