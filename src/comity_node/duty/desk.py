"""What the desk shows of duty: who is on it, what the reader is called for, and whom to telephone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import reverse

from comity_node.assistance.links import own_page
from comity_node.duty import queries

if TYPE_CHECKING:
    from datetime import datetime

    from comity_node.duty.models import Watch
    from comity_node.officials.models import Official


def on_desk(official: Official, now: datetime) -> dict[str, Any]:
    """Everything of duty that the first page shows to one official."""
    calls, count = queries.unseen(official)
    return {
        "calls": calls,
        "count": count,
        "latest": calls[0].pk if calls else 0,
        "sound": queries.wishes(official).sound,
        "zone": settings.NODE.duty.zone,
        "on_duty": queries.on_duty(now),
        "gaps": queries.open_gaps(now, now + queries.AHEAD)[:3],
        "unread": queries.unread(official),
        "late": [_late(one) for one in queries.late(now)],
        "failing": queries.failing(),
        "given_up": queries.given_up(now),
    }


def _late(one: Watch) -> dict[str, Any]:
    place = [one.channel, one.ref]
    return {
        "ref": one.ref,
        "party": one.party,
        "ours": one.ours,
        "exercise": one.exercise,
        "due_at": one.due_at,
        "href": own_page(one.kinds, *place) or reverse("assistance:request", args=place),
        "course": reverse("duty:course", args=place),
    }
