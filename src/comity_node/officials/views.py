"""Approvals: the acts that wait for a second officer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from comity.errors import ComityError
from comity_node.officials import pages, queries, services
from comity_node.officials.errors import AlreadyDecided
from comity_node.officials.forms import ReturnForm, SecondForm
from comity_node.officials.telling import tell, tell_signed

if TYPE_CHECKING:
    from django.http import HttpResponse

    from comity_node.officials.models import PreparedAct
    from comity_node.officials.request import OfficialRequest


@require_GET
def approvals(request: OfficialRequest) -> HttpResponse:
    """What waits for the reader, and what they sent to others."""
    return render(request, "web/pages/approvals.html", pages.approvals(request.user))


@require_GET
def list_(request: OfficialRequest) -> HttpResponse:
    """Colleagues, their offices and roles."""
    return render(request, "web/pages/officials.html", pages.roster(request.user))


@require_GET
def approval(request: OfficialRequest, pk: int) -> HttpResponse:
    """The exact text to be signed, its basis, and who prepared it."""
    return _page(request, queries.approval(request.user, pk))


@require_POST
def second(request: OfficialRequest, pk: int) -> HttpResponse:
    """Approve the text that was shown."""
    prepared = queries.approval(request.user, pk)
    form = SecondForm(request.POST)
    try:
        if not form.is_valid() or form.cleaned_data["digest"] != prepared.digest:
            raise AlreadyDecided("the act was not signed: the text approved is not the text that waits")
        entry = services.second(prepared, by=request.user)
    except ComityError as refused:
        tell(request, refused)
    else:
        tell_signed(request, entry)
    return redirect("officials:approval", pk=pk)


@require_POST
def return_(request: OfficialRequest, pk: int) -> HttpResponse:
    """Send the act back with what should be changed."""
    prepared = queries.approval(request.user, pk)
    form = ReturnForm(request.POST)
    if not form.is_valid():
        return _page(request, prepared, form)
    try:
        services.return_(prepared, by=request.user, note=form.cleaned_data["note"])
    except ComityError as refused:
        tell(request, refused)
    return redirect("officials:approval", pk=pk)


@require_GET
def journal(request: OfficialRequest) -> HttpResponse:
    """What was done on this node, by whom."""
    return render(request, "officials/journal.html", {"lines": queries.journal(request.user)[:200]})


def _page(request: OfficialRequest, prepared: PreparedAct, form: ReturnForm | None = None) -> HttpResponse:
    may_second = queries.awaiting(request.user).filter(pk=prepared.pk).exists()
    shown = pages.seconding if may_second else pages.approval
    context = {
        "prepared": prepared,
        "may_return": prepared.state == prepared.State.AWAITING,
        "form": form or ReturnForm(),
        **shown(prepared, request.user),
    }
    template = "officials/second.html" if may_second else "officials/approval.html"
    return render(request, template, context, status=422 if form else 200)
