"""The first page: what needs me now, whose clock runs, which channel is silent."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from comity_node.api import handing
from comity_node.api import queries as systems
from comity_node.assistance import queries as assistance
from comity_node.channels import queries as channels
from comity_node.evidence import pages as exhibits
from comity_node.officials import queries as officials
from comity_node.officials.access import holds
from comity_node.register import proofs
from comity_node.register import queries as register
from comity_node.wire.queries import line_report

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpResponse

    from comity_node.officials.models import Official, PreparedAct
    from comity_node.officials.request import OfficialRequest

# A line polled every few seconds that has not been heard for so long is silent, whatever the reason.
SILENT_AFTER_SECONDS = 120


def desk(request: OfficialRequest) -> HttpResponse:
    """Everything that waits for the reader, most urgent first.

    Whoever does not read the record, as an administrator, starts among the officials instead.
    """
    if not holds(request.user, "record.read"):
        return redirect("officials:list")
    now = timezone.now()
    cases = assistance.desk()
    context = {
        "now": now,
        "needs": [*_proposals(), *_handed_over(request.user), *cases.needs],
        "seconds": [_second(prepared) for prepared in officials.awaiting(request.user)],
        "our_clocks": _by_day([*cases.our_clocks, *exhibits.clocks("ours")]),
        "their_clocks": _by_day([*cases.their_clocks, *exhibits.clocks("theirs")]),
        "channels": [_channel(line, now) for line in channels.lines()],
        "misconduct": proofs.misconduct(),
        "refused": _refused(now),
        "unhandled": assistance.unhandled(),
        "many": assistance.MANY,
    }
    return render(request, "web/pages/desk.html", context)


def _by_day(clocks: list[Any]) -> list[Any]:
    """The clocks of all rooms, those that end soonest first."""
    return sorted(clocks, key=lambda one: one.due_at)


def _refused(now: datetime) -> dict[str, Any] | None:
    """Deliveries refused within a day, if there were any."""
    recent = [one for one in register.refused_deliveries() if now - one.at < timedelta(days=1)]
    return {"count": len(recent), "latest": recent[0]} if recent else None


def _second(prepared: PreparedAct) -> dict[str, Any]:
    return {
        "title": _(prepared.sentence),
        "href": reverse("officials:approval", args=[prepared.pk]),
        "ref": prepared.act["ref"],
        "prepared_by": prepared.prepared_by.display_name,
        "office": prepared.office,
        "at": prepared.prepared_at,
    }


def _proposals() -> list[dict[str, Any]]:
    """Channels a counterpart has proposed and nobody here has answered."""
    return [
        {
            "title": _("Channel proposed: %(name)s") % {"name": channels.name_of(channel)},
            "href": reverse("channels:channel", args=[channel.channel]),
            "ref": channel.channel,
            "ours": False,
            "party": channel.proposed_by,
            "why": _("It waits to be accepted or declined."),
            "basis": "",
            "verified": "",
            "clock": None,
        }
        for channel in channels.channels()
        if channel.state == "proposed" and channel.proposed_by == channel.counterpart
    ]


def _handed_over(official: Official) -> list[dict[str, Any]]:
    """What a case system prepared and this official may read and sign."""
    return [
        {
            "title": _("Prepared by a case system: %(label)s") % {"label": one.token.label},
            "href": handing.page_of(one),
            "ref": one.ref,
            "ours": True,
            "party": settings.NODE.party,
            "why": _("Nothing is signed until you have read it."),
            "basis": "",
            "verified": "",
            "clock": None,
        }
        for one in systems.waiting(official)
    ]


def _channel(line: channels.Line, now: datetime) -> dict[str, Any]:
    report = line_report(line.party)
    heard = report.heard_at if report else None
    return {
        "name": line.name,
        "href": line.href,
        "party": line.party,
        "standing": line.standing,
        "tone": line.tone,
        "last_heard": heard,
        "unreceipted": line.unreceipted,
        "oldest_unreceipted": line.oldest_unreceipted,
        "is_closed": line.is_closed,
        "silent": heard is not None and (now - heard).total_seconds() > SILENT_AFTER_SECONDS,
    }
