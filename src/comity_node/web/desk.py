"""The first page: what needs me now, whose clock runs, which channel is silent."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from comity_node.alerts import access as alerting
from comity_node.alerts import queries as alerts
from comity_node.api import handing
from comity_node.api import queries as systems
from comity_node.assistance import acceding, reminding, talks
from comity_node.assistance import queries as assistance
from comity_node.channels import queries as channels
from comity_node.contact_point import pages as contact_pages
from comity_node.counterparts import clocks
from comity_node.duty import desk as duty
from comity_node.evidence import pages as exhibits
from comity_node.officials import queries as officials
from comity_node.officials.access import holds
from comity_node.protected_objects import pages as protected
from comity_node.register import proofs, standings
from comity_node.register import queries as register
from comity_node.talk import queries as talk
from comity_node.web.clocks import said_of_clock, wrong_clock
from comity_node.wire.queries import line_report

if TYPE_CHECKING:
    from collections.abc import Mapping
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
    seen = clocks.clocks()
    theirs = {one.name: one for one in seen if one.is_off}
    context = {
        "now": now,
        "alerts": alerts.for_the_desk(),
        "raise_href": reverse("alerts:raise") if alerting.raises(request.user) else "",
        "needs": [*_proposals(), *_invitations(), *_handed_over(request.user), *cases.needs],
        "seconds": [_second(prepared) for prepared in officials.awaiting(request.user)],
        "our_clocks": _by_day(
            [*cases.our_clocks, *exhibits.clocks("ours"), *protected.clocks("ours", request.user)]
        ),
        "their_clocks": _by_day(
            [*cases.their_clocks, *exhibits.clocks("theirs"), *protected.clocks("theirs", request.user)]
        ),
        "terms": reminding.due_terms(now),
        "awaited": talks.awaited(),
        "unopened": [
            (row, reverse("talk:talk", args=[row.channel, row.ref]), unread)
            for row, unread in talk.awaiting()
        ],
        "channels": [_channel(line, now, theirs) for line in channels.lines()],
        "misconduct": proofs.misconduct(),
        "clock": wrong_clock(seen),
        "refused": _refused(now),
        "contacts": contact_pages.desk(now, request.user),
        "duty": duty.on_desk(request.user, now),
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
            "title": _("Channel proposed: %(name)s") % {"name": channel.name},
            "href": reverse("channels:channel", args=[channel.channel]),
            "ref": channel.channel,
            "ours": False,
            "party": channel.proposed_by,
            "why": _("It waits to be accepted or declined."),
            "exercise": channel.exercise,
            "basis": "",
            "verified": "",
            "clock": None,
        }
        for channel in channels.channels()
        if channel.state == "proposed" and channel.proposed_by == channel.counterpart
    ]


def _invitations() -> list[dict[str, Any]]:
    """Parties that all have agreed to let in, on our proposal, and that nobody has invited yet."""
    return [
        {
            "title": _("Invite %(party)s, as all have agreed") % {"party": party.upper()},
            "href": reverse("channels:invite", args=[channel, ref]),
            "ref": ref,
            "ours": True,
            "party": settings.NODE.party,
            "why": _("Nothing is sent to it before two officers have signed the invitation."),
            "exercise": standings.exercised(channel),
            "basis": "",
            "verified": "",
            "clock": None,
        }
        for channel, ref, party in acceding.to_be_invited()
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


def _channel(line: channels.Line, now: datetime, wrong: Mapping[str, clocks.Clock]) -> dict[str, Any]:
    report = line_report(line.party)
    heard = report.heard_at if report else None
    return {
        "name": line.name,
        "href": line.href,
        "party": line.party,
        "standing": line.standing,
        "tone": line.tone,
        "last_heard": heard,
        "clock": said_of_clock(wrong[line.party].typical) if line.party in wrong else "",
        "unreceipted": line.unreceipted,
        "oldest_unreceipted": line.oldest_unreceipted,
        "is_closed": line.is_closed,
        "silent": heard is not None and (now - heard).total_seconds() > SILENT_AFTER_SECONDS,
    }
