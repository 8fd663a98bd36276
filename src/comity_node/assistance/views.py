"""Pages on requests: the list, one request, drafting, and any act on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from comity.errors import ComityError
from comity.names import EntryRef
from comity_node.assistance import (
    access,
    certificates,
    following,
    handling,
    letters,
    listing,
    pages,
    queries,
    services,
    writing,
)
from comity_node.assistance.links import own_page
from comity_node.officials import services as officials
from comity_node.officials.telling import tell, tell_prepared, tell_signed
from comity_node.register import queries as register

if TYPE_CHECKING:
    from django.http import StreamingHttpResponse

    from comity_node.officials.models import PreparedAct
    from comity_node.officials.request import OfficialRequest


@require_GET
def requests(request: OfficialRequest) -> HttpResponse:
    """All requests of all channels, filtered and sorted as asked."""
    access.may_read(request.user)
    return render(request, "assistance/list.html", listing.request_list(request, now=timezone.now()))


@require_GET
def export(request: OfficialRequest, form: str) -> StreamingHttpResponse:
    """The list as filtered, as a file for a spreadsheet or a program."""
    access.may_read(request.user)
    return listing.exported(request, form, now=timezone.now())


@require_GET
def one_request(request: OfficialRequest, channel: str, ref: str, tab: str = "") -> HttpResponse:
    """One request: the same page on both sides, unless its procedure has a page of its own."""
    row = access.request(request.user, channel, ref)
    if not tab and (own := own_page(row.kinds, channel, ref)):
        return redirect(own)
    try:
        page = pages.one_request(row, tab or "overview", request.GET, official=request.user)
    except ComityError as unreadable:
        return render(request, "web/problem.html", _problem(unreadable), status=409)
    return render(request, "assistance/request.html", page)


@require_http_methods(["GET", "POST"])
def internal(request: OfficialRequest, channel: str, ref: str) -> HttpResponse:
    """How a request is handled here, and notes on it; nothing of this page is ever sent."""
    row = access.request(request.user, channel, ref)
    said = request.POST if request.method == "POST" else None
    try:
        page = pages.internal(row, request.user, said)
        form = page["note_form" if said and "text" in said else "form"]
        if form is None and said is not None:
            raise PermissionDenied
        if said is None or not form.is_valid():
            status = 422 if said is not None else 200
            return render(request, "assistance/handling.html", page, status=status)
        handling.keep(row, form, by=request.user)
    except ComityError as refused:
        return render(request, "web/problem.html", _problem(refused), status=409)
    messages.success(request, _("Kept. It stays with this authority."))
    return redirect("assistance:handling", channel=channel, ref=ref)


@require_http_methods(["GET", "POST"])
def act(request: OfficialRequest, channel: str, ref: str, act_name: str) -> HttpResponse:
    """Do any act of the procedure: fill in, read the exact text, sign."""
    access.request(request.user, channel, ref)
    page = writing.ActPage(channel, ref, act_name, official=request.user)
    said = request.POST if request.method == "POST" else page.kept(request)
    form = page.form(said, chosen=request.GET.get(certificates.CERTIFICATE, ""))
    if request.method == "GET" or not form.is_valid():
        page.suggest(form, request.GET.dict())
        return render(request, "assistance/act.html", page.context(form), status=422 if form.errors else 200)
    try:
        if "shown" not in request.POST:
            page.keep(request)
            return render(request, "web/confirm.html", page.confirmation(form, request.POST))
        done = officials.sign(page.proposed(form), shown=request.POST["shown"], by=request.user)
    except ComityError as refused:
        tell(request, refused)
        return render(request, "assistance/act.html", page.context(form), status=409)
    page.forget(request)
    return _done(request, done)


@require_GET
def drafts(request: OfficialRequest) -> HttpResponse:
    """The drafts of the reader's office."""
    access.may_draft(request.user)
    return render(request, "assistance/drafts.html", {"drafts": queries.drafts(request.user)[:200]})


@require_http_methods(["GET", "POST"])
def new_draft(request: OfficialRequest) -> HttpResponse:
    """Begin a request."""
    access.may_draft(request.user)
    form = writing.new_draft(request.POST or None, chosen=request.GET)
    if request.method == "GET" or not form.is_valid():
        return render(request, "assistance/new.html", {"form": form}, status=422 if form.errors else 200)
    begun = services.draft(**form.cleaned_data, language=request.user.language, by=request.user)
    return redirect("assistance:step", pk=begun.pk, name=writing.FIRST_STEP)


@require_http_methods(["GET", "POST"])
def draft(request: OfficialRequest, pk: int) -> HttpResponse:
    """Write a request; what is written is kept whether or not it is complete."""
    found = access.draft(request.user, pk)
    form = writing.draft_form(found, request.POST if request.method == "POST" else None)
    if request.method == "GET" or not form.is_valid():
        page = writing.draft(found, form)
        return render(request, "assistance/draft.html", page, status=422 if form.errors else 200)
    try:
        services.save_draft(found, by=request.user, **form.written())
    except ComityError as refused:
        tell(request, refused)
        return redirect("assistance:drafts")
    if request.POST.get("do") == "confirm":
        return redirect("assistance:submit", pk=pk)
    messages.success(request, _("The draft is saved. Nobody outside your office sees it."))
    return redirect("assistance:draft", pk=pk)


@require_http_methods(["GET", "POST"])
def step(request: OfficialRequest, pk: int, name: str) -> HttpResponse:
    """One step of writing a request; whatever is left, what was written is kept."""
    found = access.draft(request.user, pk)
    page = writing.StepPage(found, name, request.POST if request.method == "POST" else None)
    if request.method == "GET" or not page.form.is_valid():
        status = 422 if page.form.errors else 200
        return render(request, "assistance/step.html", page.context(), status=status)
    try:
        if page.form.fields:
            services.save_draft(found, by=request.user, **page.form.written())
    except ComityError as refused:
        tell(request, refused)
        return redirect("assistance:drafts")
    return redirect(page.next(request.POST.get("go", "")))


@require_http_methods(["GET", "POST"])
def submit(request: OfficialRequest, pk: int) -> HttpResponse:
    """Read the exact text of a request, and hand it over for signature."""
    found = access.draft(request.user, pk)
    try:
        if request.method == "GET":
            return render(request, "web/confirm.html", writing.submission(found, by=request.user))
        done = services.submit(found, shown=request.POST.get("shown", "-"), by=request.user)
    except ComityError as refused:
        tell(request, refused)
        return redirect("assistance:draft", pk=pk)
    return _done(request, done)


@require_POST
def follow(request: OfficialRequest, channel: str, ref: str) -> HttpResponse:
    """Draft the request that follows a preservation, from what the preservation says."""
    access.request(request.user, channel, ref)
    access.may_draft(request.user)
    try:
        begun = following.draft(channel, ref, by=request.user)
    except ComityError as refused:
        tell(request, refused)
        return redirect("assistance:request", channel=channel, ref=ref)
    messages.success(request, _("The request that follows is drafted from the preservation. Complete it."))
    return redirect("assistance:draft", pk=begun.pk)


@require_POST
def reopen(request: OfficialRequest, pk: int) -> HttpResponse:
    """Take up again a draft that was sent back."""
    found = access.draft(request.user, pk)
    try:
        services.reopen(found, by=request.user)
    except ComityError as refused:
        tell(request, refused)
    return redirect("assistance:draft", pk=pk)


@require_POST
def discard(request: OfficialRequest, pk: int) -> HttpResponse:
    """Throw an open draft away."""
    found = access.draft(request.user, pk)
    try:
        services.discard(found, by=request.user)
    except ComityError as refused:
        tell(request, refused)
    return redirect("assistance:drafts")


@require_GET
def letter(request: OfficialRequest, channel: str, ref: str) -> HttpResponse:
    """The formal letter of a request, signed, in the language asked for."""
    row = access.request(request.user, channel, ref)
    try:
        made = letters.of_request(row, _language(request), act=request.GET.get("entry", "")[:120])
    except ComityError as refused:
        return render(request, "web/problem.html", _no_letter(refused), status=409)
    return _file(made, letters.file_name(row.ref))


@require_GET
def draft_letter(request: OfficialRequest, pk: int) -> HttpResponse:
    """The letter a draft would become, marked and not signed."""
    found = access.draft(request.user, pk)
    try:
        made = letters.of_draft(found, _language(request))
    except ComityError as refused:
        return render(request, "web/problem.html", _no_letter(refused), status=409)
    return _file(made, f"draft-{letters.file_name(found.ref)}")


def _language(request: OfficialRequest) -> str:
    """The language asked for, or the reader's own."""
    own = letters.language_of(request.user.language)
    return letters.language_of(request.GET.get("language", "")[:35], own)


def _file(made: bytes, name: str) -> HttpResponse:
    """To be saved: it is made anew for whoever asks, and no browser keeps it."""
    return HttpResponse(
        made,
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )


def _no_letter(refused: ComityError) -> dict[str, str]:
    """Why no letter could be made."""
    return {
        "code": refused.code,
        "what": _("No letter was made"),
        "why": str(refused),
        "todo": refused.hint,
    }


def _done(request: OfficialRequest, done: PreparedAct | EntryRef) -> HttpResponse:
    if not isinstance(done, EntryRef):
        tell_prepared(request)
        return redirect("officials:approval", pk=done.pk)
    tell_signed(request, done)
    return redirect("assistance:request", channel=done.origin.channel, ref=register.entry(done).entry.ref)


def _problem(unreadable: ComityError) -> dict[str, str]:
    """A request this node cannot judge, because it lacks the text that applies."""
    return {
        "code": unreadable.code,
        "what": _("This request cannot be shown as it stands"),
        "why": str(unreadable),
        "todo": unreadable.hint,
    }
