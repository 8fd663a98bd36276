"""Pages on contact points and checks: one point, listing and changing ours, asking and answering checks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from comity.errors import ComityError
from comity_node.contact_point import access, pages, queries, services, signing
from comity_node.contact_point.forms import (
    AnswerForm,
    AskForm,
    DoubtForm,
    ExplainForm,
    PointForm,
    SureForm,
)
from comity_node.officials.telling import tell
from comity_node.register import queries as register

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from django.forms import Form
    from django.http import HttpResponse, StreamingHttpResponse

    from comity_node.officials.request import OfficialRequest
    from comity_node.register.acts import Act

    Made = Callable[[], Sequence[Act]]

_ON_CHECKS = {"answered": AnswerForm, "explained": ExplainForm, "closed": AnswerForm}


@require_GET
def point(request: OfficialRequest, channel: str, ref: str) -> HttpResponse:
    """One point: who is there now, its versions, and the checks of it."""
    row = access.point(request.user, channel, ref)
    return render(request, "contact_point/point.html", pages.point(row, request.user))


@require_http_methods(["GET", "POST"])
def add(request: OfficialRequest) -> HttpResponse:
    """List a point of ours in the channels chosen."""
    access.may(request.user, access.LIST)
    form = PointForm(request.POST or None, channels=pages.channels(queries.open_channels()))

    def made() -> list[Act]:
        said = form.cleaned_data
        assert form.point is not None, "a form that is valid has read it"
        kept = {name: said[name] for name in ("kind", "channels", "confirm_by")}
        return services.listing(form.point, **kept)

    return _act(request, form, made, title=_("List a contact point"), back=reverse("web:contacts"))


@require_http_methods(["GET", "POST"])
def change(request: OfficialRequest, channel: str, ref: str) -> HttpResponse:
    """Change a point of ours."""
    row = access.own_point(request.user, channel, ref)
    same = queries.rows(ref)
    form = PointForm(
        request.POST or None,
        channels=pages.channels([one.channel for one in same]),
        before=row.said,
        kind=row.kind,
    )

    def made() -> list[Act]:
        said = form.cleaned_data
        assert form.point is not None, "a form that is valid has read it"
        return services.amendment(ref, form.point, channels=said["channels"], confirm_by=said["confirm_by"])

    return _act(request, form, made, title=_("Change the contact point"), back=_page(channel, ref))


@require_http_methods(["GET", "POST"])
def confirm(request: OfficialRequest, channel: str, ref: str) -> HttpResponse:
    """Confirm that a point of ours is as it was listed."""
    return _sure(request, channel, ref, withdraws=False)


@require_http_methods(["GET", "POST"])
def withdraw(request: OfficialRequest, channel: str, ref: str) -> HttpResponse:
    """Withdraw a point of ours."""
    return _sure(request, channel, ref, withdraws=True)


@require_http_methods(["GET", "POST"])
def doubt(request: OfficialRequest, channel: str, ref: str) -> HttpResponse:
    """Tell the owner of a point that it does not answer."""
    access.may(request.user, access.CHECK)
    row = access.point(request.user, channel, ref)
    if row.ours:
        raise Http404
    form = DoubtForm(request.POST or None)

    def made() -> list[Act]:
        return [services.doubt(channel, ref, **form.cleaned_data)]

    return _act(request, form, made, title=_("Say that the point does not answer"), back=_page(channel, ref))


@require_GET
def checks(request: OfficialRequest) -> HttpResponse:
    """The history of checks, those of both sides."""
    access.may_read(request.user)
    return render(request, "contact_point/checks.html", pages.checks(request))


@require_GET
def export_checks(request: OfficialRequest, form: str) -> StreamingHttpResponse:
    """The history as filtered, as a file."""
    access.may_read(request.user)
    return pages.exported_checks(request, form)


@require_http_methods(["GET", "POST"])
def ask(request: OfficialRequest, channel: str) -> HttpResponse:
    """Ask a check in a channel."""
    access.may(request.user, access.CHECK)
    if channel not in queries.open_channels():
        raise Http404
    form = AskForm(request.POST or None, parties=register.others(channel), chosen=request.GET)

    def made() -> list[Act]:
        return [services.asking(channel, **form.cleaned_data)]

    return _act(request, form, made, title=_("Ask a communication check"), back=reverse("web:contacts"))


@require_GET
def check(request: OfficialRequest, channel: str, ref: str) -> HttpResponse:
    """One check: how it went with each party it was asked of."""
    found = access.check(request.user, channel, ref)
    return render(request, "contact_point/check.html", pages.check(found, request.user))


@require_http_methods(["GET", "POST"])
def act_on_check(request: OfficialRequest, channel: str, ref: str, act: str) -> HttpResponse:
    """Answer a check, explain why it was not answered, or close it."""
    access.may(request.user, access.CHECK)
    access.check(request.user, channel, ref)
    if act not in _ON_CHECKS:
        raise Http404
    form = _ON_CHECKS[act](request.POST or None)

    def made() -> list[Act]:
        said = form.cleaned_data
        stated = {name: said[name] for name in ("cause",) if name in said}
        return [services.on_check(channel, ref, act, stated=stated, text=said.get("text", ""))]

    back = reverse("contact_point:check", args=[channel, ref])
    return _act(request, form, made, title=str(pages.ACTS[act]), back=back)


def _sure(request: OfficialRequest, channel: str, ref: str, *, withdraws: bool) -> HttpResponse:
    access.own_point(request.user, channel, ref)
    same = [one.channel for one in queries.rows(ref)]
    form = SureForm(request.POST or None, channels=pages.channels(same), withdraws=withdraws)

    def made() -> list[Act]:
        said = form.cleaned_data
        if withdraws:
            return services.withdrawal(ref, channels=said["channels"])
        return services.confirmation(ref, channels=said["channels"], confirm_by=said["confirm_by"])

    title = _("Withdraw the contact point") if withdraws else _("Confirm the contact point")
    return _act(request, form, made, title=title, back=_page(channel, ref))


def _act(request: OfficialRequest, form: Form, made: Made, *, title: str, back: str) -> HttpResponse:
    """The form of acts, the page on which their exact texts are read, and their signature."""
    page = {"form": form, "title": title, "back_href": back, "own": settings.NODE.party}
    if request.method == "GET" or "change" in request.POST or not form.is_valid():
        status = 422 if form.errors and "change" not in request.POST else 200
        return render(request, "contact_point/form.html", page, status=status)
    try:
        acts = made()
        if "shown" not in request.POST:
            context = signing.to_be_read(request, acts, title=title, back=back)
            return render(request, "contact_point/confirm.html", context)
        signing.sign(request, acts)
    except ComityError as refused:
        tell(request, refused)
        return render(request, "contact_point/form.html", page, status=409)
    return redirect(back)


def _page(channel: str, ref: str) -> str:
    return reverse("contact_point:point", args=[channel, ref])
