"""The pages of figures: counted anew each time, for a period, and each number opened to its entries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from comity.channel.published_figures import KINDS
from comity.errors import ComityError
from comity.reciprocity import encoded
from comity_node.channels import access, pairs, publishing, report
from comity_node.channels import reciprocity as figures
from comity_node.channels.charts import charts
from comity_node.channels.period import PeriodForm
from comity_node.listing.export import export
from comity_node.officials import powers
from comity_node.officials.access import holds
from comity_node.register import stating

if TYPE_CHECKING:
    from django.http import HttpResponseBase

    from comity_node.channels.models import Channel
    from comity_node.officials.request import OfficialRequest

_MOST_LISTED: Final = 20


@require_GET
def reciprocity(request: OfficialRequest, channel: str) -> HttpResponse:
    """What each side asked of the other, and what became of it."""
    found = access.readable(request.user, channel)
    form = PeriodForm(request.GET, parties=found.everyone)
    as_of, since = form.period()
    everything = figures.figures(channel, as_of=as_of, since=since, by=form.cut())
    two = form.two()
    counted = pairs.between(everything, two) if two else everything
    drawn = charts(counted)
    by_pair = found.many and not two
    context = {
        "channel": {"id": found.channel, "name": found.name, "exercise": found.exercise},
        "form": form,
        "as_of": as_of,
        "since": since,
        "grid": pairs.grid(everything, found.everyone) if by_pair else [],
        "tables": []
        if by_pair
        else [{**one, "chart": drawn.get(one["key"])} for one in figures.tables(counted)],
        "terms": figures.terms_of(counted),
        "opened": figures.opened(counted, request.GET.get("of", ""), request.GET.get("figure", "")),
        "period": form.query(),
        "statements": _statements(channel),
        "reports": [
            (
                name,
                reverse("channels:reciprocity-report", args=[channel]) + f"?{form.query()}&language={code}",
            )
            for code, name in report.languages(found)
        ],
        "state_href": _state_href(request, found, form),
        "exports": [
            (name.upper(), reverse("channels:reciprocity-file", args=[channel, name]) + f"?{form.query()}")
            for name in ("csv", "json")
        ],
    }
    return render(request, "channels/reciprocity.html", context, status=422 if form.errors else 200)


def _statements(channel: str) -> list[dict[str, Any]]:
    """The statements of figures on record, the latest first."""
    return [
        {
            "ref": one.ref,
            "href": reverse("assistance:request", args=[channel, one.ref]),
            "ours": one.sides[0].received.ours,
            "party": one.sides[0].received.party,
            "as_of": one.as_of,
            "since": one.since,
            "standing": _(one.standing.label),
        }
        for one in stating.statements(channel, most=_MOST_LISTED)
    ]


def _state_href(request: OfficialRequest, found: Channel, form: PeriodForm) -> str:
    """Where the figures of the day asked for are stated, for those who may."""
    may = found.opened_at and holds(request.user, powers.rule(f"{KINDS}.stated").sign)
    said = {name: form.cleaned_data.get(name) for name in ("as_of", "since")}
    query = urlencode({name: str(value) for name, value in said.items() if value})
    return f"{reverse('assistance:state-figures', args=[found.channel])}?{query}" if may else ""


@require_GET
def reciprocity_file(request: OfficialRequest, channel: str, form: str) -> HttpResponseBase:
    """The same as a file: JSON that both nodes write alike to the byte, or a row for each figure."""
    access.readable(request.user, channel)
    as_of, since = PeriodForm(request.GET).period()
    document = figures.document(channel, as_of=as_of, since=since)
    if form == "json":
        return HttpResponse(encoded(document), content_type="application/json")
    return export(figures.rows(document), figures.COLUMNS, form=form, name=f"reciprocity-{channel}")


@require_GET
def reciprocity_report(request: OfficialRequest, channel: str) -> HttpResponse:
    """The figures of a day to be printed, in English and one other language."""
    found = access.readable(request.user, channel)
    as_of, since = PeriodForm(request.GET).period()
    language = request.GET.get("language", request.user.language)[:35]
    try:
        made = report.report(
            found, as_of=as_of.date(), since=since.date() if since else None, language=language
        )
    except ComityError as refused:
        return _problem(request, _("No report was made"), refused)
    name = f'attachment; filename="reciprocity-{channel}-{as_of:%Y-%m-%d}.pdf"'
    return HttpResponse(made, content_type="application/pdf", headers={"Content-Disposition": name})


@require_GET
def statement(request: OfficialRequest, channel: str, ref: str) -> HttpResponse:
    """A statement of figures as the file that is published."""
    access.readable(request.user, channel)
    try:
        made = publishing.statement_file(channel, ref)
    except ComityError as refused:
        return _problem(request, _("No statement was written"), refused)
    name = f'attachment; filename="figures-{channel}-{ref}.json"'
    return HttpResponse(made, content_type="application/json", headers={"Content-Disposition": name})


def _problem(request: OfficialRequest, what: str, refused: ComityError) -> HttpResponse:
    said = {"code": refused.code, "what": what, "why": str(refused), "todo": refused.hint}
    return render(request, "web/problem.html", said, status=409)
