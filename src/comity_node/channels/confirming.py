"""The pages on which an act on a channel is written, read as it will be signed, and signed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from comity_node.channels import access
from comity_node.officials import powers
from comity_node.officials.models import PreparedAct
from comity_node.officials.telling import tell_prepared, tell_signed
from comity_node.register import rooms, standings

if TYPE_CHECKING:
    from django import forms
    from django.http import HttpRequest, HttpResponse

    from comity.names import EntryRef
    from comity_node.officials.request import OfficialRequest
    from comity_node.register.acts import Act


def second_officer(kind: str) -> str:
    """Who must second acts of a kind, in words."""
    if powers.rule(kind).other_office:
        return _("an official of another office")
    return _("another official")


def is_being_written(request: HttpRequest) -> bool:
    """Nothing was sent yet, or its author went back from the text to change it."""
    return request.method != "POST" or "change" in request.POST


def form_page(request: HttpRequest, form: forms.Form, title: str, back: str) -> HttpResponse:
    """What is asked before an act is written, or asked again."""
    context = {"form": form, "title": title, "back_href": back, "button": _("Review before signing")}
    return render(request, "channels/form.html", context, status=422 if form.errors else 200)


def carried(request: HttpRequest) -> list[tuple[str, str]]:
    """Everything the form said, to be said again with the signature; and that it was confirmed."""
    left_out = {"csrfmiddlewaretoken", "channel", "confirmed", "change"}
    said = [
        (name, value) for name, values in request.POST.lists() if name not in left_out for value in values
    ]
    return [*said, ("confirmed", "yes")]


def confirm(
    request: OfficialRequest, act: Act, hidden: list[tuple[str, str]], *, back: str, may_change: bool = True
) -> HttpResponse:
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
        "second": second_officer(act.kind) if found.second_needed else "",
        "next": _next(second=found.second_needed),
        "action": request.get_full_path(),
        "hidden": [*hidden, ("shown", act.digest())],
        "back_href": back,
        "may_change": may_change,
        "back_label": "" if may_change else _("Cancel"),
        "exercise": act.stated.get("exercise") == "yes" or standings.exercised(act.channel),
    }
    return render(request, "web/confirm.html", context)


def _next(*, second: bool) -> list[str]:
    steps = [_("A second officer reads this same text and approves it.")] if second else []
    return [
        *steps,
        _("The entry is signed, sealed to the parties, and delivered."),
        _("Their receipts appear beside it."),
    ]


def done_page(request: OfficialRequest, done: PreparedAct | EntryRef, channel: str) -> HttpResponse:
    """Where to go once it is signed, or waits for its second signature."""
    if isinstance(done, PreparedAct):
        tell_prepared(request)
        return redirect("officials:approval", pk=done.pk)
    tell_signed(request, done)
    return redirect("channels:channel", channel=channel)
