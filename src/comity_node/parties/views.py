"""Pages on the Parties to an instrument: what is in use and its history, newer facts, taking back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from comity.errors import ComityError
from comity_node.officials.telling import tell, told
from comity_node.parties import access, pages, queries, services
from comity_node.parties.forms import ConfirmForm, OfferForm

if TYPE_CHECKING:
    from comity_node.officials.request import OfficialRequest


@require_GET
def parties(request: OfficialRequest, instrument: str) -> HttpResponse:
    """Where what is known of the Parties comes from, and every decision on it."""
    text = access.instrument(instrument)
    return render(request, "parties/parties.html", pages.room(text, request.user))


@require_GET
def file(_request: OfficialRequest, instrument: str, number: int) -> HttpResponse:
    """A text that was in use, as its file."""
    access.instrument(instrument)
    row = queries.history(instrument).filter(number=number).exclude(sha256="").first()
    if row is None:
        raise Http404
    answer = HttpResponse(row.text.encode(), content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{instrument}-parties-{row.as_of}.toml"'
    return answer


@require_http_methods(["GET", "POST"])
def update(request: OfficialRequest, instrument: str) -> HttpResponse:
    """Give newer facts, and read what they would change."""
    access.keeper(request.user)
    text = access.instrument(instrument)
    form = OfferForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        said = form.cleaned_data
        try:
            found = services.offer(instrument, said["raw"], by=request.user)
        except ComityError as refused:
            form.add_error(None, told(refused))
        else:
            kept = {"text": found.text, "shown": found.shown, "source": said["source"]}
            page = {**pages.offered(text, found), "form": ConfirmForm(initial=kept)}
            return render(request, "parties/confirm.html", page)
    page = {**pages.room(text, request.user), "form": form}
    return render(request, "parties/update.html", page, status=422 if form.errors else 200)


@require_POST
def take(request: OfficialRequest, instrument: str) -> HttpResponse:
    """Put facts into use exactly as they were shown."""
    access.keeper(request.user)
    access.instrument(instrument)
    form = ConfirmForm(request.POST)
    if not form.is_valid():
        messages.error(
            request, _("Nothing was taken: what was sent is not what the page showed. Begin again.")
        )
        return redirect("parties:update", instrument=instrument)
    said = form.cleaned_data
    try:
        row = services.take(
            instrument, said["text"].encode(), shown=said["shown"], source=said["source"], by=request.user
        )
    except ComityError as refused:
        tell(request, refused)
        return redirect("parties:update", instrument=instrument)
    messages.success(request, _("In use from now on: what was looked up on %(day)s.") % {"day": row.as_of})
    return redirect("parties:parties", instrument=instrument)


@require_POST
def take_back(request: OfficialRequest, instrument: str) -> HttpResponse:
    """Use again what was in use before, or what ships."""
    access.keeper(request.user)
    access.instrument(instrument)
    number = request.POST.get("number", "")
    try:
        services.take_back(
            instrument,
            by=request.user,
            to_shipped=request.POST.get("to") == "shipped",
            shown=int(number) if number.isascii() and number.isdecimal() and len(number) < 10 else 0,
        )
    except ComityError as refused:
        tell(request, refused)
    else:
        messages.success(request, _("Taken back. The history keeps what was in use until now."))
    return redirect("parties:parties", instrument=instrument)
