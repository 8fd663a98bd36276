"""Pages on which lists are read: all of them, one, what is on it, one object, a proof."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from comity import protected
from comity.errors import ComityError
from comity_node.officials.telling import tell, told
from comity_node.protected_objects import access, pages, queries, revealing, services
from comity_node.protected_objects.forms import OpeningForm, ProofForm
from comity_node.protected_objects.models import ListedObject

if TYPE_CHECKING:
    from comity_node.officials.request import OfficialRequest


@require_GET
def lists(request: OfficialRequest) -> HttpResponse:
    """The lists of both sides, and ours that are written down and not declared."""
    access.may_read(request.user)
    return render(request, "protected_objects/lists.html", pages.lists(request.user, request.GET))


@require_http_methods(["GET", "POST"])
def list_(request: OfficialRequest, channel: str, ref: str) -> HttpResponse:
    """One list without what is on it; POST says why it is opened, and opens it."""
    row = access.one(request.user, channel, ref)
    form = OpeningForm(request.POST or None, alerts=queries.alerts(channel))
    if request.method == "POST" and form.is_valid():
        try:
            visit = services.open_(row, by=request.user, **form.cleaned_data)
            return redirect("protected_objects:opened", channel=channel, ref=ref, visit=visit.pk)
        except ComityError as refused:
            tell(request, refused)
    context = {"form": form, **pages.one(row, request.user)}
    return render(request, "protected_objects/list.html", context, status=422 if form.errors else 200)


@require_GET
def opened(request: OfficialRequest, channel: str, ref: str, visit: int) -> HttpResponse:
    """What is on a list, for whoever said why, as long as that lasts."""
    row = access.one(request.user, channel, ref)
    found = access.visit(request.user, row, visit)
    return render(request, "protected_objects/opened.html", pages.opened(row, found, request.GET))


@require_GET
def object_(request: OfficialRequest, channel: str, ref: str, visit: int, leaf: str) -> HttpResponse:
    """One object of a list that is open; that it was looked at is noted."""
    row = access.one(request.user, channel, ref)
    found = access.visit(request.user, row, visit)
    shown = pages.object_of(row, leaf)
    if shown is None:
        raise Http404
    services.open_(row, by=request.user, why=found.why, alert=found.alert, what="object", leaf=leaf)
    context = pages.object_(row, found, shown, request.user)
    return render(request, "protected_objects/object.html", context)


@require_GET
def proof(request: OfficialRequest, channel: str, ref: str, visit: int, leaf: str) -> HttpResponse:
    """What shows that an object was on the list, as a file that stands alone; that it was taken is noted.

    It is TLP:RED like the list.
    """
    row = access.one(request.user, channel, ref)
    found = access.visit(request.user, row, visit)
    try:
        data = revealing.reveal_file(row, leaf)
        services.open_(row, by=request.user, why=found.why, alert=found.alert, what="proof", leaf=leaf)
    except ComityError as refused:
        tell(request, refused)
        return redirect("protected_objects:opened", channel=channel, ref=ref, visit=visit)
    name = f"{ref}-{leaf[:8]}.reveal.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(data, content_type="application/json", headers=headers)


@require_http_methods(["GET", "POST"])
def verify(request: OfficialRequest) -> HttpResponse:
    """Hold a reveal that somebody handed over against our own record."""
    access.may_read(request.user)
    form = ProofForm(request.POST or None, request.FILES or None)
    context: dict[str, object] = {"form": form}
    if request.method == "POST" and form.is_valid():
        try:
            said, found = revealing.verify(form.cleaned_data["file"].read(pages.MOST_PROOF))
            shown = ListedObject(name=found.name, said=protected.written(found))
            context |= {"holds": True, "said": said, "facts": pages.facts_of(shown)}
        except ComityError as wrong:
            context |= {"holds": False, "because": told(wrong)}
    return render(request, "protected_objects/verify.html", context, status=422 if form.errors else 200)
