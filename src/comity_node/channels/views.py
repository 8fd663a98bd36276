"""The channels' pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from comity.errors import ComityError, OurFault
from comity_node.channels import access, duties, listing, queries, services, wording
from comity_node.channels.forms import AcceptForm, PlainAnswerForm, ProposeForm
from comity_node.channels.projecting import table
from comity_node.officials import powers
from comity_node.officials.models import PreparedAct
from comity_node.officials.telling import tell_prepared, tell_signed, told
from comity_node.register import queries as register
from comity_node.register import rooms, standings
from comity_node.register.citing import row_address
from comity_node.register.describing import describe

if TYPE_CHECKING:
    from django import forms
    from django.http import HttpRequest, StreamingHttpResponse

    from comity.names import EntryRef
    from comity_node.channels.models import Channel
    from comity_node.officials.request import OfficialRequest
    from comity_node.register.acts import Act

SHOWN = 50
ANSWERS = ("accepted", "declined", "withdrawn")


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
    ours, theirs = halves
    by_procedure = request.GET.get("order") == "procedure"
    context = {
        "now": timezone.now(),
        "channel": _heading(found),
        "ours": ours,
        "theirs": theirs,
        "halves": halves,
        "lost": queries.lost(found),
        "figures_href": reverse("channels:reciprocity", args=[channel]) if found.opened_at else "",
        "owed_href": reverse("channels:obligations", args=[channel]) if found.opened_at else "",
        "suspensions": queries.suspended(found),
        "entries": describe(channel, register.entries(channel, last=SHOWN)),
        "latest": SHOWN if sum(half.size for half in halves) > SHOWN else 0,
        "by_procedure": by_procedure,
        "time_href": "?",
        "procedure_href": "?order=procedure",
        "charter": wording.charter(found.charter),
        "acts": [*_acts(request, found), *_elsewhere(request, found)],
    }
    return render(request, "web/pages/channel.html", context)


@require_GET
def obligations(request: OfficialRequest, channel: str) -> HttpResponse:
    """What each side owes the other now, in every procedure of the channel."""
    found = access.readable(request.user, channel)
    ours, theirs = queries.halves(found)
    context = {"channel": _heading(found), "ours": ours, "theirs": theirs, "now": timezone.now()}
    return render(request, "channels/obligations.html", {**context, **duties.sides(channel)})


@require_http_methods(["GET", "POST"])
def propose(request: OfficialRequest) -> HttpResponse:
    """Write a charter, read it as it will be signed, propose it."""
    access.proposing(request.user)
    form = ProposeForm(request.POST or None)
    if _is_being_written(request) or not form.is_valid():
        return _form(request, form, _("Propose a channel"), reverse("channels:list"))
    said = form.cleaned_data
    try:
        charter = services.draft_charter(
            counterpart=said["counterpart"],
            instruments=said["instruments"],
            purpose=said["purpose"],
            languages=said["languages"],
            coordinator=form.coordinator(),
            channel=said["channel"],
            exercise=said["exercise"],
        )
        act = services.proposal(charter)
        if request.POST.get("shown") != act.digest():
            carried = [*_carried(request), ("channel", charter.channel)]
            return _confirm(request, act, carried, back=reverse("channels:propose"))
        done = services.propose(charter, by=request.user)
    except ComityError as error:
        form.add_error(None, told(error))
        return _form(request, form, _("Propose a channel"), reverse("channels:list"))
    return _done(request, done, charter.channel)


@require_http_methods(["GET", "POST"])
def answer(request: OfficialRequest, channel: str, act: str) -> HttpResponse:
    """Accept, decline or withdraw, after reading the exact text."""
    if act not in ANSWERS:
        raise Http404
    found = access.answering(request.user, channel, act)
    form = AcceptForm(request.POST or None) if act == "accepted" else PlainAnswerForm(request.POST or None)
    title = _(table().act_of[act].sentence)
    back = reverse("channels:channel", args=[found.channel])
    if _is_being_written(request) or not form.is_valid():
        return _form(request, form, title, back)
    coordinator = form.coordinator() if isinstance(form, AcceptForm) else None
    drafted = services.answering(
        channel=channel, act=act, coordinator=coordinator, note=form.cleaned_data["note"]
    )
    try:
        if request.POST.get("shown") != drafted.digest():
            return _confirm(request, drafted, _carried(request), back=back)
        done = services.answer(
            channel=channel, act=act, by=request.user, coordinator=coordinator, note=form.cleaned_data["note"]
        )
    except OurFault as error:
        form.add_error(None, told(error))
        return _form(request, form, title, back)
    return _done(request, done, channel)


def _heading(found: Channel) -> dict[str, Any]:
    return {
        "id": found.channel,
        "name": queries.name_of(found),
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
            "second": _second(f"channel.{row.act}") if rules[row.act].second else "",
            "because": "",
            "weight": "primary" if row.act == "accepted" else "plain",
        }
        for row in queries.may(found)
        if row.act in ANSWERS and access.may_answer(request.user, row.act)
    ]


def _elsewhere(request: OfficialRequest, found: Channel) -> list[dict[str, Any]]:
    """What an open channel is for: pages of other rooms that the reader has the power to use."""
    if found.state != "accepted":
        return []
    doors: tuple[tuple[str, str, str, list[str], str], ...] = (
        ("assistance.draft", _("Draft a request"), "assistance:new", [], f"?channel={found.channel}"),
        ("evidence.add", _("Add an exhibit"), "evidence:add", [found.channel], ""),
        (
            "channel.suspend",
            _("Suspend topics of the channel"),
            "assistance:new",
            [],
            f"?channel={found.channel}&procedure=suspension",
        ),
    )
    return [
        {"label": label, "href": reverse(page, args=args) + query, "because": "", "weight": "plain"}
        for power, label, page, args, query in doors
        if request.user.has_perm(power)
    ]


def _second(kind: str) -> str:
    if powers.rule(kind).other_office:
        return _("an official of another office")
    return _("another official")


def _is_being_written(request: HttpRequest) -> bool:
    """Nothing was sent yet, or its author went back from the text to change it."""
    return request.method != "POST" or "change" in request.POST


def _form(request: HttpRequest, form: forms.Form, title: str, back: str) -> HttpResponse:
    context = {"form": form, "title": title, "back_href": back, "button": _("Review before signing")}
    return render(request, "channels/form.html", context, status=422 if form.errors else 200)


def _carried(request: HttpRequest) -> list[tuple[str, str]]:
    """Everything the form said, to be said again with the signature; and that it was confirmed."""
    left_out = {"csrfmiddlewaretoken", "channel", "confirmed", "change"}
    said = [
        (name, value) for name, values in request.POST.lists() if name not in left_out for value in values
    ]
    return [*said, ("confirmed", "yes")]


def _confirm(request: OfficialRequest, act: Act, hidden: list[tuple[str, str]], *, back: str) -> HttpResponse:
    """Show the exact text to be signed; its digest comes back with the signature, so no other is signed."""
    found = rooms.verdict(act, settings.NODE.party)
    capacity = access.capacity(request.user, act.kind)
    context = {
        "act": {
            "label": _(found.sentence),
            "text": act.text(),
            "fields": [{"label": name, "value": value} for name, value in rooms.facts(act)],
            "article": found.basis,
            "article_href": found.href,
            "verified": found.verified,
            "channel": act.channel,
            "channel_href": back,
            "ref": act.ref,
            "kind": act.kind,
        },
        "signs": {
            "name": request.user.display_name,
            "office": capacity.office,
            "capacity": capacity.capacity,
        },
        "second": _second(act.kind) if found.second_needed else "",
        "next": _next(second=found.second_needed),
        "action": request.get_full_path(),
        "hidden": [*hidden, ("shown", act.digest())],
        "back_href": back,
        "may_change": True,
        "exercise": act.stated.get("exercise") == "yes" or standings.exercised(act.channel),
    }
    return render(request, "web/confirm.html", context)


def _next(*, second: bool) -> list[str]:
    steps = [_("A second officer reads this same text and approves it.")] if second else []
    return [
        *steps,
        _("The entry is signed, sealed to both parties, and delivered."),
        _("The counterpart's receipt appears beside it."),
    ]


def _done(request: OfficialRequest, done: PreparedAct | EntryRef, channel: str) -> HttpResponse:
    if isinstance(done, PreparedAct):
        tell_prepared(request)
        return redirect("officials:approval", pk=done.pk)
    tell_signed(request, done)
    return redirect("channels:channel", channel=channel)
