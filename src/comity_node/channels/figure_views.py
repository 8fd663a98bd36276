"""The pages of figures: counted anew each time, for a period, and each number opened to its entries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from comity.reciprocity import encoded
from comity_node.channels import access, queries
from comity_node.channels import reciprocity as figures
from comity_node.channels.forms import PeriodForm
from comity_node.listing.export import export

if TYPE_CHECKING:
    from django.http import HttpResponseBase

    from comity_node.officials.request import OfficialRequest


@require_GET
def reciprocity(request: OfficialRequest, channel: str) -> HttpResponse:
    """What each side asked of the other, and what became of it."""
    found = access.readable(request.user, channel)
    form = PeriodForm(request.GET)
    as_of, since = form.period()
    counted = figures.figures(channel, as_of=as_of, since=since)
    context = {
        "channel": {"id": found.channel, "name": queries.name_of(found), "exercise": found.exercise},
        "form": form,
        "as_of": as_of,
        "since": since,
        "tables": figures.tables(counted),
        "terms": figures.terms_of(counted),
        "opened": figures.opened(counted, request.GET.get("of", ""), request.GET.get("figure", "")),
        "period": form.query(),
        "exports": [
            (name.upper(), reverse("channels:reciprocity-file", args=[channel, name]) + f"?{form.query()}")
            for name in ("csv", "json")
        ],
    }
    return render(request, "channels/reciprocity.html", context, status=422 if form.errors else 200)


@require_GET
def reciprocity_file(request: OfficialRequest, channel: str, form: str) -> HttpResponseBase:
    """The same as a file: JSON that both nodes write alike to the byte, or a row for each figure."""
    access.readable(request.user, channel)
    as_of, since = PeriodForm(request.GET).period()
    document = figures.document(channel, as_of=as_of, since=since)
    if form == "json":
        return HttpResponse(encoded(document), content_type="application/json")
    return export(figures.rows(document), figures.COLUMNS, form=form, name=f"reciprocity-{channel}")
