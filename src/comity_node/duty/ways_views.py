"""Pages on how an official is called: ways, quiet hours, tests, and what their page is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import msgspec
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from comity.errors import ComityError
from comity_node.duty import access, outbox, queries, services
from comity_node.duty.forms import FORMS, WishesForm
from comity_node.duty.models import Way
from comity_node.duty.push_key import push_key
from comity_node.duty.sources import SOURCES
from comity_node.duty.ways import WAYS
from comity_node.officials.telling import tell, told

if TYPE_CHECKING:
    from django.forms import Form

    from comity_node.officials.request import OfficialRequest

_MOST_SUBSCRIBED: Final = 4_000
_WHO: Final = {
    "first": gettext_lazy("the first on duty"),
    "second": gettext_lazy("the second on duty"),
    "third": gettext_lazy("the third on duty"),
    "coordinator": gettext_lazy("the coordinators"),
    "everybody": gettext_lazy("everybody who may answer"),
}


class _Subscribed(msgspec.Struct, frozen=True):
    """What a browser says of its subscription."""

    endpoint: str
    keys: dict[str, str]


@require_GET
def ways(request: OfficialRequest) -> HttpResponse:
    """How the reader is called, with a test of each way."""
    access.may_be_called(request.user)
    return _page(request)


@require_POST
def wish(request: OfficialRequest) -> HttpResponse:
    """Keep quiet hours, and whether the page may sound."""
    access.may_be_called(request.user)
    form = WishesForm(request.POST)
    if not form.is_valid():
        return _page(request, wishes=form)
    try:
        services.wish(request.user, **form.cleaned_data)
    except ComityError as refused:
        form.add_error(None, told(refused))
        return _page(request, wishes=form)
    messages.success(request, _("Kept."))
    return redirect("duty:ways")


@require_POST
def add(request: OfficialRequest, way: str) -> HttpResponse:
    """Be called in one more way."""
    access.may_be_called(request.user)
    if way not in FORMS:
        raise Http404
    form = FORMS[way](request.POST, prefix=way)
    if not form.is_valid():
        return _page(request, adding={way: form})
    try:
        services.add_way(request.user, way, **form.cleaned_data)
    except ComityError as refused:
        form.add_error(None, told(refused))
        return _page(request, adding={way: form})
    messages.success(request, _("Kept. Test it now."))
    return redirect("duty:ways")


@require_POST
def remove(request: OfficialRequest, pk: int) -> HttpResponse:
    """Be called in this way no more."""
    services.remove_way(_own(request, pk))
    return redirect("duty:ways")


@require_POST
def test(request: OfficialRequest, pk: int) -> HttpResponse:
    """Send a test by this way now, and say what came of it."""
    way = _own(request, pk)
    try:
        outbox.try_now(way)
    except ComityError as refused:
        tell(request, refused)
    else:
        said = {"command": _("The program ended with status 0: it says that it has called.")}
        taken = _("Sent and taken: see whether it arrived.")
        messages.success(request, said.get(way.way, taken))
    return redirect("duty:ways")


@require_POST
def test_page(request: OfficialRequest) -> HttpResponse:
    """Have the reader's own pages show and sound a test."""
    access.may_be_called(request.user)
    outbox.show_test(request.user.pk)
    return redirect("duty:ways")


@require_POST
def subscribe(request: OfficialRequest) -> HttpResponse:
    """Keep what a browser subscribed to, for pushes; asked by the page's script."""
    access.may_be_called(request.user)
    try:
        said = msgspec.json.decode(request.body[:_MOST_SUBSCRIBED], type=_Subscribed)
        browser = request.headers.get("User-Agent", "")[:120]
        services.add_way(request.user, "push", address=said.endpoint, keys=said.keys, label=browser)
    except msgspec.DecodeError:
        return JsonResponse({"error": _("The browser's subscription cannot be read.")}, status=400)
    except ComityError as refused:
        return JsonResponse({"error": told(refused)}, status=409)
    return JsonResponse({"kept": True})


@require_GET
def calls(request: OfficialRequest) -> HttpResponse:
    """What an open page shows of what its official is called for: the part alone."""
    access.may_be_called(request.user)
    shown, count = queries.unseen(request.user)
    context = {
        "calls": shown,
        "count": count,
        "latest": shown[0].pk if shown else 0,
        "sound": queries.wishes(request.user).sound,
    }
    return render(request, "duty/calls.html", context)


@require_POST
def seen(request: OfficialRequest) -> HttpResponse:
    """Take what was shown as seen."""
    access.may_be_called(request.user)
    text = request.POST.get("up_to", "")
    if text.isascii() and text.isdecimal() and len(text) < 19:
        services.seen(request.user, up_to=int(text))
    return redirect(_back(request))


def _back(request: OfficialRequest) -> str:
    """The page the reader was on: of this node, or the desk."""
    page = urlsplit(request.headers.get("Referer", ""))
    found = page._replace(scheme="", netloc="").geturl()
    return found if found and url_has_allowed_host_and_scheme(found, allowed_hosts=None) else "/"


def _own(request: OfficialRequest, pk: int) -> Way:
    access.may_be_called(request.user)
    return get_object_or_404(Way, pk=pk, official=request.user)


def _page(
    request: OfficialRequest, *, wishes: Form | None = None, adding: dict[str, Form] | None = None
) -> HttpResponse:
    reader, held = request.user, queries.wishes(request.user)
    kept = {"quiet_from": held.quiet_from, "quiet_until": held.quiet_until, "sound": held.sound}
    forms = {**{way: form(prefix=way) for way, form in FORMS.items()}, **(adding or {})}
    context: dict[str, Any] = {
        "wishes": wishes or WishesForm(initial=kept),
        "zone": settings.NODE.duty.time_zone,
        "now": timezone.now(),
        "ways": [{"one": one, "title": WAYS[one.way].title} for one in queries.ways(reader)],
        "adding": [
            {"way": way, "title": WAYS[way].title, "form": form, "is_set_up": WAYS[way].is_set_up()}
            for way, form in forms.items()
        ],
        "sources": [one for one in SOURCES.values() if one.code != "test"],
        "steps": [
            {"after_percent": one.after_percent, "who": ", ".join(str(_WHO[who]) for who in one.to)}
            for one in settings.NODE.duty.steps
        ],
        "calls": queries.calls_to(reader),
        "push_key": push_key().public,
    }
    status = 422 if wishes or adding else 200
    return render(request, "duty/ways.html", context, status=status)
