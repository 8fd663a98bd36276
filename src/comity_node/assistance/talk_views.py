"""The page of offers and positions of a channel."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from comity_node.assistance import access, talks
from comity_node.assistance.links import address
from comity_node.officials import powers
from comity_node.officials.access import holds
from comity_node.register import queries as register
from comity_node.register import standings

if TYPE_CHECKING:
    from django.http import HttpResponse

    from comity_node.officials.request import OfficialRequest


@require_GET
def talks_of(request: OfficialRequest, channel: str) -> HttpResponse:
    """What each side offered the other, and what each holds."""
    access.may_read(request.user)
    other = next((log.party for log in register.their_logs(channel)), "")
    if not other or not standings.is_open(channel):
        raise Http404
    context = {
        "channel": channel,
        "channel_href": address("channels:channel", channel),
        "own": settings.NODE.party,
        "other": other,
        "exercise": standings.exercised(channel),
        "now": timezone.now(),
        "begin": _begin(request, channel),
        **talks.page(channel, request.GET),
    }
    return render(request, "assistance/talks.html", context)


def _begin(request: OfficialRequest, channel: str) -> list[tuple[str, str]]:
    """What may be begun here, for those who may sign it in the end."""
    doors = (
        ("offer", talks.OFFERS, _("Make an offer")),
        ("position", talks.POSITIONS, _("State a position")),
    )
    new = reverse("assistance:new")
    return [
        (label, f"{new}?channel={channel}&procedure={name}")
        for name, kinds, label in doors
        if holds(request.user, access.DRAFT) and holds(request.user, powers.rule(f"{kinds}.").sign)
    ]
