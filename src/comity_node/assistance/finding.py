"""Pages that find and keep: saved filters, the chronology and the case file, acts on several requests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from comity.errors import ComityError
from comity_node.assistance import access, bulk, casefile, handling, listing, pages, saved
from comity_node.assistance import chronology as line
from comity_node.listing.export import FORMS, export
from comity_node.officials.telling import tell

if TYPE_CHECKING:
    from django.http import StreamingHttpResponse

    from comity_node.assistance.models import Request
    from comity_node.officials.request import OfficialRequest

_TAKE: Final = "mine"


@require_http_methods(["GET", "POST"])
def saved_filters(request: OfficialRequest) -> HttpResponse:
    """The filters the reader keeps, and those of their office; a new one by its name."""
    access.may_read(request.user)
    if request.method == "GET":
        return render(request, "assistance/saved.html", {"filters": saved.filters(request.user)[:200]})
    query = QueryDict(request.POST.get("query", "")[:1000])
    try:
        kept = saved.save(
            request.POST.get("name", ""), query, is_shared="shared" in request.POST, by=request.user
        )
    except ComityError as refused:
        tell(request, refused)
        return redirect(f"{reverse('assistance:list')}?{saved.query_of(query)}")
    return redirect("assistance:saved-filter", pk=kept.pk)


@require_http_methods(["GET", "POST"])
def saved_filter(request: OfficialRequest, pk: int) -> HttpResponse:
    """The list by a saved filter; or share it, keep it to oneself, remove it."""
    access.may_read(request.user)
    kept = saved.one(request.user, pk)
    if request.method == "GET":
        return redirect(f"{reverse('assistance:list')}?{kept.query}")
    if request.POST.get("do") == "remove":
        saved.remove(kept, by=request.user)
    else:
        saved.share(kept, is_shared=request.POST.get("do") == "share", by=request.user)
    return redirect("assistance:saved")


@require_GET
def chronology(request: OfficialRequest, channel: str, ref: str) -> HttpResponse:
    """Everything of one file in one line of time."""
    row = access.request(request.user, channel, ref)
    on_record = "on_record" in request.GET
    try:
        events = line.chronology(row, request.user, now=timezone.now(), on_record=on_record)
        page = pages.frame(row, "chronology")
    except ComityError as unreadable:
        return render(request, "web/problem.html", _problem(unreadable), status=409)
    query = "?on_record=1" if on_record else ""
    page |= {
        "days": line.days(events),
        "on_record": on_record,
        "files": line.linked(row),
        "exports": [
            {
                "label": form.upper(),
                "href": reverse("assistance:chronology-file", args=[channel, ref, form]) + query,
            }
            for form in FORMS
        ],
    }
    return render(request, "assistance/chronology.html", page)


@require_GET
def chronology_file(
    request: OfficialRequest, channel: str, ref: str, form: str
) -> StreamingHttpResponse | HttpResponse:
    """The same as a file for a spreadsheet or a program."""
    row = access.request(request.user, channel, ref)
    try:
        events = line.chronology(row, request.user, now=timezone.now(), on_record="on_record" in request.GET)
    except ComityError as unreadable:
        return render(request, "web/problem.html", _problem(unreadable), status=409)
    return export(events, line.COLUMNS, form=form, name="chronology")


@require_GET
def case_file(request: OfficialRequest, channel: str, ref: str) -> HttpResponse:
    """The whole file, to be printed."""
    row = access.request(request.user, channel, ref)
    try:
        made = casefile.of_request(row, casefile.language(request.GET.get("language", ""), request.user))
    except ComityError as refused:
        return render(request, "web/problem.html", _problem(refused), status=409)
    name = f"file-{casefile.file_name(ref)}"
    return HttpResponse(
        made,
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )


@require_POST
def selected(request: OfficialRequest) -> HttpResponse | StreamingHttpResponse:
    """Do one thing with the requests that were selected in the list."""
    access.may_read(request.user)
    do, back = request.POST.get("do", ""), f"{reverse('assistance:list')}?{saved.query_of(_query(request))}"
    try:
        rows = bulk.chosen(request.POST.getlist("one"))
    except ComityError as refused:
        tell(request, refused)
        return redirect(back)
    if not rows:
        return redirect(back)
    if do in FORMS:
        return export(rows, listing.EXPORTED, form=do, name="requests")
    if do == _TAKE:
        return _take(request, rows, back)
    if do not in bulk.ACTS:
        raise Http404
    if "confirmed" in request.POST:
        shown = dict(one.rpartition(" ")[::2] for one in request.POST.getlist("shown")[: bulk.MOST])
        done = bulk.sign(rows, do, shown, by=request.user)
        return render(request, "assistance/signed.html", {"done": done, "back": back})
    page = {"proposals": bulk.propose(rows, do, by=request.user), "do": do, "back": back}
    return render(request, "assistance/selected.html", {**page, "query": request.POST.get("query", "")})


def _take(request: OfficialRequest, rows: list[Request], back: str) -> HttpResponse:
    """Answer for those selected from now on; it is internal, so nothing is signed."""
    try:
        taken = handling.take(rows, by=request.user)
    except ComityError as refused:
        tell(request, refused)
    else:
        messages.success(request, _("You answer for %(count)s more requests now.") % {"count": taken})
    return redirect(back)


def _query(request: OfficialRequest) -> QueryDict:
    return QueryDict(request.POST.get("query", "")[:1000])


def _problem(refused: ComityError) -> dict[str, str]:
    return {
        "code": refused.code,
        "what": _("The file cannot be shown"),
        "why": str(refused),
        "todo": refused.hint,
    }
