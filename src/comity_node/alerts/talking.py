"""Talks about an alert: those that are linked with it, and where one is opened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from django.urls import reverse

from comity_node.talk.models import Talk

if TYPE_CHECKING:
    from comity_node.assistance.models import Request

_ABOUT: Final = "alert"
_MOST: Final = 200


def about(row: Request, source: str) -> list[tuple[str, str, int]]:
    """The talks about an alert: what each is called, its page, and how much was said in it."""
    if not source:
        return []
    found = Talk.objects.filter(channel=row.channel, about=_ABOUT).order_by("-last_at", "-pk")[:_MOST]
    return [
        (one.title or one.ref, reverse("talk:talk", args=[one.channel, one.ref]), one.messages)
        for one in found
        if source in one.linked
    ]


def to_open(row: Request, source: str) -> str:
    """Where a talk about an alert is opened; empty where nothing regular has raised it."""
    said = urlencode({"about": _ABOUT, "linked": source, "title": row.title[:200]})
    return f"{reverse('talk:open', args=[row.channel])}?{said}" if source else ""
