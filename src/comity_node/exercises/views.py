"""Pages on exercises: those there were, the debrief of one, and its export."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from comity.errors import ComityError
from comity_node.assistance.models import Request
from comity_node.channels.models import Channel
from comity_node.exercises import access, page
from comity_node.exercises.gathering import KINDS
from comity_node.listing import table
from comity_node.listing.export import export

if TYPE_CHECKING:
    from django.http import HttpResponse, StreamingHttpResponse

    from comity_node.officials.request import OfficialRequest

_MOST = 200


@require_GET
def exercises(request: OfficialRequest) -> HttpResponse:
    """The exercises on record, the latest first."""
    access.may_read(request.user)
    names = dict(Channel.objects.values_list("channel", "purpose"))
    found = Request.objects.filter(kinds=KINDS).exclude(state="").order_by("-lodged_at")[:_MOST]
    rows = [
        {
            "href": f"{reverse('exercises:debrief', args=[one.channel])}?exercise={one.ref}",
            "title": names.get(one.channel, one.channel),
            "ref": one.ref,
            "party": one.requesting,
            "ours": one.ours,
            "at": one.lodged_at,
            "standing": one.label,
            "tone": "done" if one.final else "open",
        }
        for one in found
    ]
    return render(request, "exercises/list.html", {"rows": rows})


@require_GET
def debrief(request: OfficialRequest, channel: str) -> HttpResponse:
    """What became of an exercise: the same page on both sides, to be printed."""
    try:
        held, found = access.debrief(request.user, channel, request.GET.get("exercise", ""))
    except ComityError as unreadable:
        problem = {"code": unreadable.code, "what": str(unreadable), "why": "", "todo": unreadable.hint}
        return render(request, "web/problem.html", problem, status=409)
    exports = table.exports(request.GET, lambda form: reverse("exercises:export", args=[channel, form]))
    return render(
        request,
        "exercises/debrief.html",
        {"channel": held, "exercise": page.shown(found), "exports": exports},
    )


@require_GET
def exported(request: OfficialRequest, channel: str, form: str) -> StreamingHttpResponse:
    """Acts, expectations and clocks of an exercise as a file."""
    _held, found = access.debrief(request.user, channel, request.GET.get("exercise", ""))
    return export(page.rows(found), page.COLUMNS, form=form, name=f"exercise-{channel}")
