"""Pages on case systems: their tokens, what they handed over for signature, and the hooks that tell them."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from comity.errors import ComityError
from comity.names import EntryRef
from comity_node.api import access, handing, hooks, queries, services
from comity_node.api.forms import BackForm, HookForm, TokenForm
from comity_node.assistance.offers import confirmation
from comity_node.officials import services as officials
from comity_node.officials.access import holds
from comity_node.officials.telling import tell, tell_prepared, tell_signed, told

if TYPE_CHECKING:
    from django.forms import Form
    from django.http import HttpResponse

    from comity_node.api.models import HandedOver
    from comity_node.officials.models import Official
    from comity_node.officials.request import OfficialRequest


@require_GET
def systems(request: OfficialRequest) -> HttpResponse:
    """What waits for the reader, the tokens they may see, and the hooks."""
    reader = request.user
    may_manage = holds(reader, access.HOOKS)
    context = {
        "waiting": [{"one": one, "href": handing.page_of(one)} for one in queries.waiting(reader)],
        "tokens": [_token(one, reader) for one in queries.tokens(reader)],
        "hooks": queries.hooks() if may_manage else [],
        "may_issue": holds(reader, access.ISSUE),
        "may_manage": may_manage,
    }
    return render(request, "api/systems.html", context)


def _token(one: Any, reader: Official) -> dict[str, Any]:  # noqa: ANN401 - a Token
    state = queries.state(one)
    return {
        "one": one,
        "state": {"live": _("live"), "not drawn": _("not drawn yet"), "revoked": _("revoked")}.get(
            state, _("expired")
        ),
        "tone": {"live": "done", "not drawn": "open"}.get(state, "ended"),
        "may_draw": state == "not drawn" and one.official == reader,
        "may_revoke": state in ("live", "not drawn"),
    }


@require_http_methods(["GET", "POST"])
def issue(request: OfficialRequest) -> HttpResponse:
    """Issue a token; its official draws the secret."""
    access.may_administer(request.user, access.ISSUE)
    form = TokenForm(request.POST or None)
    if request.method == "GET" or not form.is_valid():
        return _form(request, form, _("Issue a token"))
    said = form.cleaned_data
    try:
        services.issue(
            official=said["official"],
            label=said["label"],
            scopes=said["scopes"],
            expires_at=datetime.combine(said["expires"], time(23, 59, 59), UTC),
            channels=said["channels"],
            by=request.user,
        )
    except ComityError as refused:
        form.add_error(None, told(refused))
        return _form(request, form, _("Issue a token"))
    messages.success(request, _("Issued. It counts for nothing until its official has drawn the secret."))
    return redirect("api:systems")


@never_cache
@require_POST
def draw(request: OfficialRequest, name: str) -> HttpResponse:
    """Draw the secret of one's own token; it is shown once."""
    try:
        secret = services.draw(name, by=request.user)
    except ComityError as refused:
        tell(request, refused)
        return redirect("api:systems")
    return render(request, "api/drawn.html", {"name": name, "secret": secret})


@require_POST
def revoke(request: OfficialRequest, name: str) -> HttpResponse:
    """End a token."""
    try:
        services.revoke(name, by=request.user)
    except ComityError as refused:
        tell(request, refused)
    else:
        messages.success(request, _("Revoked. The next call with it is refused."))
    return redirect("api:systems")


@require_http_methods(["GET", "POST"])
def add_hook(request: OfficialRequest) -> HttpResponse:
    """Add an address that is called when something happens."""
    access.may_administer(request.user, access.HOOKS)
    form = HookForm(request.POST or None)
    if request.method == "GET" or not form.is_valid():
        return _form(request, form, _("Add a hook"))
    try:
        hooks.add(**form.cleaned_data, by=request.user)
    except ComityError as refused:
        form.add_error(None, told(refused))
        return _form(request, form, _("Add a hook"))
    return redirect("api:systems")


@require_POST
def test_hook(request: OfficialRequest, name: str) -> HttpResponse:
    """Call a hook now, with a notice that is only a test."""
    access.may_administer(request.user, access.HOOKS)
    try:
        hooks.try_now(name, by=request.user)
    except ComityError as refused:
        tell(request, refused)
    else:
        messages.success(request, _("The hook answered."))
    return redirect("api:systems")


@require_POST
def remove_hook(request: OfficialRequest, name: str) -> HttpResponse:
    """Call an address no more."""
    access.may_administer(request.user, access.HOOKS)
    try:
        hooks.remove(name, by=request.user)
    except ComityError as refused:
        tell(request, refused)
    return redirect("api:systems")


@require_http_methods(["GET", "POST"])
def handed_over(request: OfficialRequest, pk: int) -> HttpResponse:
    """Read what a case system handed over; an act is signed here, a draft on its own page."""
    found = queries.handed_over(request.user, pk)
    if not found.act:
        return _draft(request, found)
    if request.method != "POST":
        return _confirmation(request, found)
    try:
        done = handing.sign(found, shown=request.POST.get("shown", "-"), by=request.user)
        return _done(request, done, found)
    except ComityError as refused:
        tell(request, refused)
    return redirect("api:systems")


@require_POST
def send_back(request: OfficialRequest, pk: int) -> HttpResponse:
    """Send it back to the case system, saying why."""
    found = queries.handed_over(request.user, pk)
    form = BackForm(request.POST)
    if not form.is_valid():
        return _draft(request, found, form) if not found.act else redirect("api:handed-over", pk=pk)
    handing.send_back(found, by=request.user, reason=form.cleaned_data["reason"])
    messages.success(request, _("Sent back. The case system reads why."))
    return redirect("api:systems")


def _draft(request: OfficialRequest, found: HandedOver, form: BackForm | None = None) -> HttpResponse:
    draft = found.draft
    assert draft is not None, "what is no act is a draft"
    context = {
        "found": found,
        "is_open": draft.prepared_id is None and not draft.entry,
        "draft_href": reverse("assistance:draft", args=[draft.pk]),
        "submit_href": reverse("assistance:submit", args=[draft.pk]),
        "form": form or BackForm(),
    }
    return render(request, "api/handed_over.html", context, status=422 if form else 200)


def _confirmation(request: OfficialRequest, found: HandedOver) -> HttpResponse:
    try:
        act = handing.proposed(found, by=request.user)
        confirmed = confirmation(act, by=request.user)
    except ComityError as refused:  # the record has moved: it can be sent back still
        context = {"found": found, "because": told(refused), "form": BackForm()}
        return render(request, "api/handed_over.html", context)
    context = {
        **confirmed,
        "found": found,
        "action": "",
        "hidden": [("shown", officials.text_digest(act))],
        "back_href": reverse("api:systems"),
        "back_label": _("Leave it for later"),
        "form": BackForm(),
    }
    return render(request, "api/confirm.html", context)


def _done(request: OfficialRequest, done: object, found: HandedOver) -> HttpResponse:
    if isinstance(done, EntryRef):
        tell_signed(request, done)
        return redirect("assistance:request", channel=found.channel, ref=found.ref)
    tell_prepared(request)
    return redirect("officials:approvals")


def _form(request: OfficialRequest, form: Form, title: str) -> HttpResponse:
    return render(
        request, "api/form.html", {"form": form, "title": title}, status=422 if form.errors else 200
    )
