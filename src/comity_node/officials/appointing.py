"""Pages on who acts here: one official, their appointment and passwords, and the offices."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Final

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from comity.errors import ComityError
from comity_node.officials import access, pages, people, queries
from comity_node.officials.forms import NewOfficialForm, OfficeForm, ReasonForm, RolesForm
from comity_node.officials.telling import tell, told

if TYPE_CHECKING:
    from django.forms import Form
    from django.http import HttpResponse

    from comity_node.officials.models import Official
    from comity_node.officials.request import OfficialRequest

CHANGES: Final = {"suspend": people.suspend, "reinstate": people.reinstate, "end": people.end}


@require_GET
def official(request: OfficialRequest, pk: int) -> HttpResponse:
    """One official: office, roles, what they may do, and what was changed about them."""
    found = queries.roster().filter(pk=pk).first()
    if found is None:
        raise Http404
    return _page(request, found)


@never_cache
@require_http_methods(["GET", "POST"])
def new(request: OfficialRequest) -> HttpResponse:
    """Appoint somebody who is not yet here; their first password is shown once."""
    access.may_manage(request.user)
    form = NewOfficialForm(request.POST or None)
    if request.method == "GET" or not form.is_valid():
        return _form(request, form, _("Appoint an official"))
    password = _drawn()
    try:
        added = people.add_official(**form.cleaned_data, password=password, by=request.user)
    except ComityError as refused:
        form.add_error(None, told(refused))
        return _form(request, form, _("Appoint an official"))
    return _given(request, added, password)


@require_http_methods(["GET", "POST"])
def appoint(request: OfficialRequest, pk: int) -> HttpResponse:
    """Change the office and roles of an official."""
    found = access.managed(request.user, pk)
    held = {"office": found.office.code, "roles": found.roles}
    form = RolesForm(request.POST or None, initial=held)
    title = _("Office and roles of %(name)s") % {"name": found.display_name}
    if request.method == "GET" or not form.is_valid():
        return _form(request, form, title)
    try:
        people.appoint(found.login, **form.cleaned_data, by=request.user)
    except ComityError as refused:
        form.add_error(None, told(refused))
        return _form(request, form, title)
    messages.success(request, _("Appointed. The powers follow at once; the journal says who did it."))
    return redirect("officials:official", pk=pk)


@never_cache
@require_POST
def password(request: OfficialRequest, pk: int) -> HttpResponse:
    """Draw a new password for an official who lost theirs; it is shown once."""
    found = access.managed(request.user, pk)
    drawn = _drawn()
    try:
        people.set_password(found.login, password=drawn, by=request.user)
    except ComityError as refused:
        tell(request, refused)
        return redirect("officials:official", pk=pk)
    return _given(request, found, drawn)


@require_POST
def change(request: OfficialRequest, pk: int, change: str) -> HttpResponse:
    """Suspend, reinstate or relieve an official, for a stated reason."""
    found = access.managed(request.user, pk)
    if change not in CHANGES:
        raise Http404
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, found, form)
    try:
        CHANGES[change](found.login, by=request.user, reason=form.cleaned_data["reason"])
    except ComityError as refused:
        tell(request, refused)
    return redirect("officials:official", pk=pk)


@require_http_methods(["GET", "POST"])
def offices(request: OfficialRequest) -> HttpResponse:
    """The offices of this party; an administrator adds and renames them."""
    form = OfficeForm(request.POST or None)
    if request.method == "POST":
        access.may_manage(request.user)
        if form.is_valid():
            said = form.cleaned_data
            people.add_office(said["code"], names={"en": said["name"]}, by=request.user)
            return redirect("officials:offices")
    context = {
        "offices": queries.offices().prefetch_related("officials"),
        "form": form if access.holds(request.user, access.MANAGE) else None,
    }
    return render(request, "officials/offices.html", context, status=422 if form.errors else 200)


def _page(request: OfficialRequest, found: Official, form: ReasonForm | None = None) -> HttpResponse:
    context = {**pages.official(found, request.user), "form": form or ReasonForm()}
    return render(request, "officials/official.html", context, status=422 if form else 200)


def _form(request: OfficialRequest, form: Form, title: str) -> HttpResponse:
    context = {"form": form, "title": title, "roles": pages.roles()}
    return render(request, "officials/appoint.html", context, status=422 if form.errors else 200)


def _given(request: OfficialRequest, official: Official, password: str) -> HttpResponse:
    return render(request, "officials/given.html", {"official": official, "password": password})


def _drawn() -> str:
    return secrets.token_urlsafe(18)
