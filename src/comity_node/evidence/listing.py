"""The page that lists exhibits, and the same list as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _

from comity_node.evidence import pages, queries
from comity_node.evidence.brief import STATES
from comity_node.evidence.forms import Filters
from comity_node.listing import table
from comity_node.listing.export import Column, export

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import QueryDict, StreamingHttpResponse

    from comity_node.evidence.models import Exhibit
    from comity_node.officials.request import OfficialRequest

PAGE: Final = 50
_EXPORTED: Final[tuple[Column[Exhibit], ...]] = (
    Column("channel", lambda one: one.channel),
    Column("reference", lambda one: one.ref),
    Column("file", lambda one: one.name),
    Column("description", lambda one: one.description),
    Column("size", lambda one: one.size),
    Column("sha256", lambda one: one.sha256),
    Column("provided_by", lambda one: one.provider),
    Column("provided_to", lambda one: one.receiver),
    Column("office", lambda one: one.office),
    Column("request", lambda one: one.request),
    Column("state", lambda one: one.state),
    Column("added", lambda one: one.added_at),
    Column("entry", lambda one: one.entry),
    Column("cannot_be_read", lambda one: one.malformed),
)


def exhibit_list(request: OfficialRequest) -> dict[str, Any]:
    """The list of exhibits with its filters and pages."""
    filters = _filters(request.GET)
    part, place = table.page_of(request.GET, _wanted(filters), size=PAGE)
    return {
        "filters": filters,
        "reset_href": request.path,
        "exports": table.exports(request.GET, lambda form: reverse("evidence:export", args=[form])),
        "exhibits": [pages.card(one) for one in part],
        "pages": place,
        "empty": {
            "what": _("No exhibit is listed"),
            "why": _("Either neither side has added one yet, or none fits the filter."),
        },
    }


def exported(request: OfficialRequest, form: str) -> StreamingHttpResponse:
    """The list as filtered, as a file."""
    return export(_wanted(_filters(request.GET)).iterator(1000), _EXPORTED, form=form, name="exhibits")


def _filters(said: QueryDict) -> Filters:
    return Filters(said, states=STATES.items(), channels=queries.channels())


def _wanted(filters: Filters) -> QuerySet[Exhibit]:
    """The exhibits wanted; a filter that makes no sense is as good as none."""
    filters.is_valid()
    return queries.wanted(**filters.cleaned_data)
