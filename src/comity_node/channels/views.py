"""The channels' pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from comity.errors import ComityError, OurFault
from comity_node.channels import (
    access,
    duties,
    joining,
    listing,
    neighbours,
    queries,
    resuming,
    services,
    wording,
)
from comity_node.channels.confirming import (
    carried,
    confirm,
    done_page,
    form_page,
    is_being_written,
    second_officer,
)
from comity_node.channels.forms import AcceptForm, PlainAnswerForm, ProposeForm
from comity_node.channels.neighbours import Belongs
from comity_node.channels.projecting import table
from comity_node.counterparts import introductions
from comity_node.officials.telling import told
from comity_node.register import queries as register
from comity_node.register import rooms, standings
from comity_node.register.citing import row_address
from comity_node.register.describing import describe

if TYPE_CHECKING:
    from django.http import QueryDict, StreamingHttpResponse

    from comity_node.channels.models import Channel
    from comity_node.officials.request import OfficialRequest

_ANNOUNCED: Final = "channel.exercise.announced"
SHOWN = 50
_PAIR: Final = 2
ANSWERS = ("accepted", "declined", "withdrawn", "left")  # the last only where there are many


@require_GET
def channel_list(request: OfficialRequest) -> HttpResponse:
    """Every channel of this node."""
    access.reading(request.user)
    context = {
        **listing.channel_list(request),
        "new_href": reverse("channels:propose") if access.may_propose(request.user) else "",
    }
    return render(request, "web/pages/channel_list.html", context)


@require_GET
def export(request: OfficialRequest, form: str) -> StreamingHttpResponse:
    """The list of channels as filtered, as a file for a spreadsheet or a program."""
    access.reading(request.user)
    return listing.exported(request, form)


@require_GET
def channel(request: OfficialRequest, channel: str) -> HttpResponse:
    """One channel: both halves, what may be done, and the double record."""
    found = access.readable(request.user, channel)
    halves = queries.halves(found)
    ours, *others = halves
    theirs = queries.together(others)
    by_procedure = request.GET.get("order") == "procedure"
    context = {
        "now": timezone.now(),
        "channel": _heading(found),
        "ours": ours,
        "theirs": theirs,
        "halves": halves,
        "lost": queries.lost(found),
        "introduced": [
            {"party": party, "by": ", ".join(who)}
            for party, who in introductions.introduced().items()
            if party in found.everyone
        ],
        "keys_href": reverse("channels:keys", args=[channel]),
        "figures_href": reverse("channels:reciprocity", args=[channel]) if found.opened_at else "",
        "owed_href": reverse("channels:obligations", args=[channel]) if found.opened_at else "",
        "debrief_href": _debrief(found),
        "suspensions": queries.suspended(found),
        "suspended_elsewhere": queries.suspended_elsewhere(found),
        **queries.turns(found),
        "has_ended": queries.has_ended(found),
        "predecessor": neighbours.predecessor(found),
        "successor": neighbours.successor(found),
        "succeed_href": _succeed(request, found),
        "whole": neighbours.whole(found),
        "parts": neighbours.parts(found) if found.many else [],
        "part_href": _part(request, found),
        "invited": joining.invited(found),
        "unmet": joining.unmet(found),
        "panels": rooms.panels(channel) if found.opened_at else [],
        "entries": describe(channel, register.entries(channel, last=SHOWN)),
        "latest": SHOWN if sum(half.size for half in halves) > SHOWN else 0,
        "many": found.many,
        "by_procedure": by_procedure,
        "time_href": "?",
        "procedure_href": "?order=procedure",
        "charter": wording.charter(found.charter),
        "acts": sorted(
            [*_acts(request, found), *joining.acts(request.user, found), *_elsewhere(request, found)],
            key=lambda one: bool(one.get("last")),
        ),
    }
    return render(request, "web/pages/channel.html", context)


@require_GET
def obligations(request: OfficialRequest, channel: str) -> HttpResponse:
    """What each side owes the other now, in every procedure of the channel."""
    found = access.readable(request.user, channel)
    owed = duties.sides(channel, request.GET)
    ours, *others = queries.halves(found)
    context = {
        "channel": _heading(found),
        "halves": [(ours, owed["ours"]), (queries.together(others), owed["theirs"])],
        "now": timezone.now(),
    }
    return render(request, "channels/obligations.html", context)


@require_GET
def resumption(request: OfficialRequest, channel: str) -> HttpResponse:
    """What would move if the suspensions of the channel, or one of them, ended now."""
    found = access.readable(request.user, channel)
    ours, *others = queries.halves(found)
    theirs = queries.together(others)
    refs = [request.GET["of"][:64]] if request.GET.get("of") else []
    run = resuming.page(channel, at=timezone.now().replace(microsecond=0), refs=refs)
    context = {"channel": _heading(found), "ours": ours, "theirs": theirs, **run}
    return render(request, "channels/resumption.html", context)


@require_http_methods(["GET", "POST"])
def propose(request: OfficialRequest) -> HttpResponse:
    """Write a charter, read it as it will be signed, propose it."""
    access.proposing(request.user)
    form = ProposeForm(request.POST or None, initial=_begun_with(request.GET))
    if is_being_written(request) or not form.is_valid():
        return form_page(request, form, _("Propose a channel"), reverse("channels:list"))
    said = form.cleaned_data
    try:
        charter = services.draft_charter(
            counterparts=said["counterparts"],
            instruments=said["instruments"],
            purpose=said["purpose"],
            languages=said["languages"],
            coordinator=form.coordinator(),
            channel=said["channel"],
            exercise=said["exercise"],
            belongs=Belongs(said["succeeds"], said["within"]),
        )
        act = services.proposal(charter)
        if request.POST.get("shown") != act.digest():
            hidden = [*carried(request), ("channel", charter.channel)]
            return confirm(request, act, hidden, back=reverse("channels:propose"))
        done = services.propose(charter, by=request.user)
    except ComityError as error:
        form.add_error(None, told(error))
        return form_page(request, form, _("Propose a channel"), reverse("channels:list"))
    return done_page(request, done, charter.channel)


@require_http_methods(["GET", "POST"])
def answer(request: OfficialRequest, channel: str, act: str) -> HttpResponse:
    """Accept, decline or withdraw, after reading the exact text."""
    if act not in ANSWERS:
        raise Http404
    found = access.answering(request.user, channel, act)
    form = AcceptForm(request.POST or None) if act == "accepted" else PlainAnswerForm(request.POST or None)
    title = _(table().act_of[act].sentence)
    back = reverse("channels:channel", args=[found.channel])
    if is_being_written(request) or not form.is_valid():
        return form_page(request, form, title, back)
    coordinator = form.coordinator() if isinstance(form, AcceptForm) else None
    drafted = services.answering(
        channel=channel, act=act, coordinator=coordinator, note=form.cleaned_data["note"]
    )
    try:
        if request.POST.get("shown") != drafted.digest():
            return confirm(request, drafted, carried(request), back=back)
        done = services.answer(
            channel=channel, act=act, by=request.user, coordinator=coordinator, note=form.cleaned_data["note"]
        )
    except OurFault as error:
        form.add_error(None, told(error))
        return form_page(request, form, title, back)
    return done_page(request, done, channel)


def _heading(found: Channel) -> dict[str, Any]:
    return {
        "id": found.channel,
        "name": found.name,
        "exercise": found.exercise,
        "standing": queries.standing(found),
        "tone": queries.tone(found),
        "basis": wording.basis(found.instruments, charter=standings.CHARTER),
        "basis_href": wording.basis_href(found.instruments, charter=standings.CHARTER),
        "verified": wording.identity(found.instruments, charter=standings.CHARTER),
    }


def _acts(request: OfficialRequest, found: Channel) -> list[dict[str, Any]]:
    rules = table().act_of
    return [
        {
            "label": _(rules[row.act].sentence),
            "href": reverse("channels:answer", args=[found.channel, row.act]),
            "article": str(row.basis),
            "article_href": row_address(row),
            "verified": row.verified.value,
            "second": second_officer(f"channel.{row.act}") if rules[row.act].second else "",
            "because": "",
            "weight": "primary" if row.act == "accepted" else "plain",
            "last": row.act == "left",
        }
        for row in queries.may(found)
        if row.act in ANSWERS
        and access.may_answer(request.user, row.act)
        and (row.act != "left" or found.many)
    ]


def _elsewhere(request: OfficialRequest, found: Channel) -> list[dict[str, Any]]:
    """What an open channel is for: pages of other rooms that the reader has the power to use."""
    if found.state != "accepted":
        return []
    begun = [
        (label, power, f"{reverse('assistance:new')}?channel={found.channel}{query}")
        for label, power, query in _begun(found)
    ]
    warned = (_("Raise an alert"), "alert.sign", f"{reverse('alerts:raise')}?channel={found.channel}")
    added = (_("Add an exhibit"), "evidence.add", reverse("evidence:add", args=[found.channel]))
    return [
        {"label": label, "href": href, "because": "", "weight": "plain"}
        for label, power, href in [
            *begun[:1],
            *([] if queries.has_ended(found) else [warned]),
            added,
            *begun[1:],
        ]
        if request.user.has_perm(power)
    ]


def _begun(found: Channel) -> list[tuple[str, str, str]]:
    """What may be begun as the channel stands: the label, the power it takes, the rest of an address."""
    speak = (_("State a position"), "channel.speak", "&procedure=position")
    life = _ways_out(found)
    if queries.has_ended(found):
        return [speak, *life]
    return [
        (_("Draft a request"), "assistance.draft", ""),
        (_("Ask whether it is theirs"), "channel.speak", "&procedure=question"),
        (_("Report a vulnerability"), "alert.sign", "&procedure=vulnerability"),
        (_("Make an offer"), "channel.speak", "&procedure=offer"),
        speak,
        (_("Suspend topics of the channel"), "channel.suspend", "&procedure=suspension"),
        *life,
    ]


def _ways_out(found: Channel) -> list[tuple[str, str, str]]:
    """How all may amend or close the charter, or one leave it by notice."""
    if found.closed_at:
        return []
    close = (_("Close the channel by agreement"), "channel.propose", "&procedure=closing")
    if queries.has_ended(found):
        return [close]
    leave = (_("Leave the channel by notice"), "channel.suspend", "&procedure=denunciation")
    is_left_by_us = any(one["party"] == settings.NODE.party for one in found.notices)
    return [
        (_("Amend the charter"), "channel.propose", "&procedure=amendment"),
        *([(_("Invite another party"), "channel.propose", "&procedure=accession")] if found.many else ()),
        *(() if is_left_by_us else (leave,)),
        close,
    ]


def _succeed(request: OfficialRequest, found: Channel) -> str:
    """Where a channel that takes up from this one is proposed; empty where it goes on, or one does."""
    is_left = found.suspended or found.closed_at or found.ends_on
    if not is_left or neighbours.successor(found) or not access.may_propose(request.user):
        return ""
    return f"{reverse('channels:propose')}?succeeds={found.channel}"


def _part(request: OfficialRequest, found: Channel) -> str:
    """Where a sub-channel of it is proposed; empty where we are not in it, or two are left."""
    is_in = found.state == "accepted" and settings.NODE.party in found.members
    may = is_in and len(found.members) > _PAIR and access.may_propose(request.user)
    return f"{reverse('channels:propose')}?within={found.channel}" if may else ""


def _debrief(found: Channel) -> str:
    """Where what became of an exercise is read, once one was announced in the channel."""
    announced = found.exercise and register.entries(found.channel, kinds=(_ANNOUNCED,))
    return reverse("exercises:debrief", args=[found.channel]) if announced else ""


def _begun_with(said: QueryDict) -> dict[str, Any]:
    """What a proposal brings along from the channel it takes up from or is within; all can be changed."""
    relation = next((name for name in ("succeeds", "within") if said.get(name)), "")
    found = next((one for one in queries.channels() if one.channel == said.get(relation)), None)
    if found is None:
        return {}
    return {
        relation: found.channel,
        **({"counterparts": found.others} if relation == "succeeds" else {}),
        "instruments": [one for one in found.instruments if one != standings.CHARTER],
        "purpose": found.purpose,
        "languages": found.languages,
        "exercise": found.exercise,
    }
