"""Pages on counterparts: the list, a passport, the ceremony, our own passport."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from comity.errors import ComityError
from comity_node.counterparts import access, introductions, own, pages, queries, services
from comity_node.counterparts.forms import CeremonyForm, ImportForm, IntroduceForm
from comity_node.officials.telling import tell, told

if TYPE_CHECKING:
    from comity_node.officials.request import OfficialRequest


@require_GET
def list_(request: OfficialRequest) -> HttpResponse:
    """Every party we trust, the passports that wait for a ceremony, and our own."""
    access.reader(request.user)
    context = pages.counterparts(request.user, request.LANGUAGE_CODE)
    return render(request, "counterparts/list.html", context)


@require_GET
def passport(request: OfficialRequest, pk: int) -> HttpResponse:
    """One passport, and where it stands with us."""
    row = access.passport(request.user, pk)
    context = pages.passport(row, request.user, request.LANGUAGE_CODE)
    return render(request, "web/pages/passport.html", context)


@require_GET
def download(request: OfficialRequest, pk: int) -> HttpResponse:
    """A passport as its file."""
    row = access.passport(request.user, pk)
    file = HttpResponse(bytes(row.note), content_type="text/plain; charset=utf-8")
    file["Content-Disposition"] = f'attachment; filename="{row.party}-passport-{row.version}.txt"'
    return file


@require_http_methods(["GET", "POST"])
def import_(request: OfficialRequest) -> HttpResponse:
    """Read in a passport a counterpart sent."""
    if not request.user.has_perm("counterpart.import"):
        raise Http404
    form = ImportForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        try:
            row = introductions.import_file(form.cleaned_data["file"], by=request.user)
        except ComityError as refused:
            form.add_error("file", told(refused))
        else:
            return redirect("counterparts:passport", pk=row.pk)
    return render(request, "counterparts/import.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def ceremony(request: OfficialRequest, pk: int) -> HttpResponse:
    """Compare fingerprints with the other party's officer, and record what was found."""
    row = access.to_compare(request.user, pk)
    shown = queries.read(row).fingerprint
    form = CeremonyForm(request.POST or None, initial={"fingerprint": shown.digits})
    if form.is_valid():
        said = form.cleaned_data
        try:
            services.hold_ceremony(
                row,
                by=request.user,
                fingerprint=said["fingerprint"],
                path=said["path"],
                with_whom=said["with_whom"],
                agreed=said["agrees"] == "yes",
            )
        except ComityError as refused:
            tell(request, refused)
        return redirect("counterparts:passport", pk=pk)
    context = pages.ceremony(row, request.LANGUAGE_CODE)
    return render(
        request, "web/pages/ceremony.html", {**context, "form": form}, status=422 if form.errors else 200
    )


@require_http_methods(["GET", "POST"])
def introduce(request: OfficialRequest, party: str) -> HttpResponse:
    """Introduce a counterpart to another, by a file to be sent."""
    standing = access.to_introduce(request.user, party)
    form = IntroduceForm(request.POST or None, party=party)
    if form.is_valid():
        try:
            row = introductions.introduce(party, to=form.cleaned_data["to"], by=request.user)
        except ComityError as refused:
            form.add_error("to", told(refused))
        else:
            messages.success(request, _("The introduction is signed. Download it below and send it."))
            return redirect(f"{reverse('counterparts:list')}#introduction-{row.pk}")
    context = {**pages.introducing(standing, request.LANGUAGE_CODE), "form": form}
    return render(request, "counterparts/introduce.html", context, status=422 if form.errors else 200)


@require_GET
def introduction(request: OfficialRequest, pk: int) -> HttpResponse:
    """An introduction as its file."""
    row = access.introduction(request.user, pk)
    file = HttpResponse(bytes(row.note), content_type="text/plain; charset=utf-8")
    name = f"{row.introducer}-introduces-{row.party}-to-{row.to}.txt"
    file["Content-Disposition"] = f'attachment; filename="{name}"'
    return file


@require_POST
def accept(request: OfficialRequest, pk: int) -> HttpResponse:
    """Deal with a party on the word of others, where our rule allows it."""
    row = access.to_compare(request.user, pk)
    try:
        introductions.accept(row, by=request.user)
    except ComityError as refused:
        tell(request, refused)
    return redirect("counterparts:passport", pk=pk)


@require_POST
def stop(request: OfficialRequest, party: str) -> HttpResponse:
    """Deal with a party no more, at once."""
    return _set_stopped(request, party, stopped=True)


@require_POST
def restore(request: OfficialRequest, party: str) -> HttpResponse:
    """Deal again with a party that was stopped."""
    return _set_stopped(request, party, stopped=False)


@require_POST
def issue(request: OfficialRequest) -> HttpResponse:
    """Issue our own passport anew."""
    if not request.user.has_perm("passport.issue"):
        raise Http404
    try:
        row = own.issue_passport(by=request.user)
    except ComityError as refused:
        tell(request, refused)
        return redirect("counterparts:list")
    messages.success(request, _("Version %(version)s of our passport is current.") % {"version": row.version})
    return redirect("counterparts:passport", pk=row.pk)


def _set_stopped(request: OfficialRequest, party: str, *, stopped: bool) -> HttpResponse:
    if not request.user.has_perm("counterpart.confirm"):
        raise Http404
    try:
        (services.stop if stopped else services.restore)(party, by=request.user)
    except ComityError as refused:
        tell(request, refused)
    return redirect("counterparts:list")
