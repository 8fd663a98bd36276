"""Pages on requirement profiles: both sides' as published, and the form in which ours is published anew."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from comity.errors import ComityError
from comity.names import EntryRef
from comity_node.assistance import access, offers, profiles
from comity_node.assistance.profile_form import ProfileForm
from comity_node.officials import services as officials
from comity_node.officials.access import holds
from comity_node.officials.telling import tell, tell_prepared, tell_signed
from comity_node.register import queries as register

if TYPE_CHECKING:
    from django.http import HttpResponse

    from comity.drafting import Profile
    from comity_node.assistance.profiles import Version
    from comity_node.officials.request import OfficialRequest
    from comity_node.register.acts import Act

PUBLISH = "profile.publish"


@require_GET
def published(request: OfficialRequest) -> HttpResponse:
    """What each side requires of the other's requests, by channel."""
    access.may_read(request.user)
    channels = [
        (channel, [_shown(party) for party in _sides(channel)]) for channel in profiles.open_channels()
    ]
    return render(
        request,
        "assistance/profiles.html",
        {"channels": channels, "may_publish": holds(request.user, PUBLISH)},
    )


@require_http_methods(["GET", "POST"])
def publish(request: OfficialRequest) -> HttpResponse:
    """Write our profile, read the exact text, sign."""
    access.may_sign(request.user, profiles.PUBLISHED)
    channels = profiles.open_channels()
    form = ProfileForm(
        request.POST or None,
        channels=channels,
        party=settings.NODE.party,
        before=_before(request.GET.get("channel", ""), channels),
    )
    page = {"form": form, "back_href": reverse("assistance:profiles")}
    if request.method == "GET" or "change" in request.POST or not form.is_valid():
        status = 422 if form.errors and "change" not in request.POST else 200
        return render(request, "assistance/profile_publish.html", page, status=status)
    try:
        act = profiles.publication(form.profile, form.cleaned_data["channel"])
        if "shown" not in request.POST:
            return render(request, "web/confirm.html", _to_be_read(request, act))
        done = officials.sign(act, shown=request.POST["shown"], by=request.user)
    except ComityError as refused:
        tell(request, refused)
        return render(request, "assistance/profile_publish.html", page, status=409)
    if isinstance(done, EntryRef):
        tell_signed(request, done)
        return redirect("assistance:profiles")
    tell_prepared(request)
    return redirect("officials:approval", pk=done.pk)


def _to_be_read(request: OfficialRequest, act: Act) -> dict[str, Any]:
    """The page with the exact text to be signed."""
    left_out = {"csrfmiddlewaretoken", "shown", "change"}
    carried = [(name, value) for name, some in request.POST.lists() if name not in left_out for value in some]
    return {
        **offers.confirmation(act, by=request.user),
        "action": reverse("assistance:publish-profile"),
        "hidden": [*carried, ("shown", officials.text_digest(act))],
        "may_change": True,
    }


def _sides(channel: str) -> list[tuple[str, str]]:
    """The other side first: it is what the reader's next request is measured by."""
    others = [log.party for log in register.their_logs(channel)]
    return [(channel, party) for party in (*others, settings.NODE.party)]


def _shown(side: tuple[str, str]) -> dict[str, Any]:
    """One side's publications in a channel: the one that counts, the earlier ones, those nobody can read."""
    channel, party = side
    found = profiles.versions(channel, party)
    current = next((one for one in found if one.profile is not None), None)
    return {
        "party": party,
        "ours": party == settings.NODE.party,
        "current": current,
        "rows": _rows(current),
        "unreadable": [one for one in found if one.because],
        "earlier": [one for one in found if one is not current and not one.because],
    }


def _rows(current: Version | None) -> list[tuple[str, str]]:
    said = profiles.words(current.profile) if current and current.profile else ()
    return [(label, value) for label, value in said if value]


def _before(asked: str, channels: list[str]) -> Profile | None:
    """What we published last, to begin with: in the channel asked for, or in any."""
    own = settings.NODE.party
    found = (profiles.current(one, own) for one in sorted(channels, key=lambda one: one != asked))
    return next((one.profile for one in found if one is not None), None)
