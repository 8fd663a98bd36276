"""Pages of minutes: those proposed, one of them to be read, printed and answered, and proposing others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from comity.errors import ComityError
from comity.instruments import library
from comity.lifecycle.stated import values
from comity_node.officials.telling import tell
from comity_node.register import standings
from comity_node.talk import access, minutes, queries, services
from comity_node.talk.forms import DivergentForm
from comity_node.talk.judging import AGREED, DIVERGED, PROPOSED, WITHDRAWN, answers_to, minutes_of
from comity_node.talk.views import confirmed

if TYPE_CHECKING:
    from django.http import HttpResponse

    from comity_node.officials.request import OfficialRequest
    from comity_node.talk.models import Line, Talk


@require_GET
def all_minutes(request: OfficialRequest, channel: str, ref: str) -> HttpResponse:
    """Every set of minutes proposed in a talk, with what was answered."""
    row = access.talk(request.user, channel, ref)
    context = {
        "talk": row,
        "minutes": [_told(row, one) for one in reversed(minutes_of(row))],
        "propose_href": reverse("talk:propose", args=[channel, ref]) if access.speaks(request.user) else "",
        "back_href": reverse("talk:talk", args=[channel, ref]),
    }
    return render(request, "talk/all_minutes.html", context)


@require_http_methods(["GET", "POST"])
def propose(request: OfficialRequest, channel: str, ref: str) -> HttpResponse:
    """Propose minutes of what was said since those agreed last: their text, then the signature.

    What they cover is fixed when the text is shown: whoever says something meanwhile changes nothing in it.
    """
    access.may_speak(request.user)
    row = access.talk(request.user, channel, ref)
    back = reverse("talk:minutes", args=[channel, ref])
    try:
        stated = _as_shown(request) or services.coverage(row)
        carries = [(name, one) for name in stated for one in values(stated, name)]
        return confirmed(request, services.proposing(row, stated), back=back, carries=carries)
    except ComityError as refused:
        tell(request, refused)
        return redirect(back)


def _as_shown(request: OfficialRequest) -> dict[str, str | list[str]]:
    """What the minutes that were read cover; empty where none were shown yet."""
    covers, since = request.POST.getlist("covers"), request.POST.get("since", "")
    return {"covers": covers, "since": since} if covers else {}


@require_GET
def one(request: OfficialRequest, channel: str, ref: str, party: str, index: int) -> HttpResponse:
    """One set of minutes, to be read and printed, and whether our own record gives the same to the letter."""
    row = access.talk(request.user, channel, ref)
    line = _minutes(row, party, index)
    context = {
        **_told(row, line),
        "talk": row,
        "text": minutes.proposed(line),
        "is_same": minutes.is_as_ours(row, line),
        "doors": _doors(row, line) if access.speaks(request.user) else [],
        "back_href": reverse("talk:minutes", args=[channel, ref]),
        "exercise": standings.exercised(channel),
    }
    return render(request, "talk/one_minutes.html", context)


@require_http_methods(["GET", "POST"])
def answer(
    request: OfficialRequest, channel: str, ref: str, party: str, index: int, act: str
) -> HttpResponse:
    """Agree to minutes, put a statement beside them, or withdraw ours."""
    access.may_speak(request.user)
    row = access.talk(request.user, channel, ref)
    line = _minutes(row, party, index)
    if act not in (AGREED, DIVERGED, WITHDRAWN):
        raise Http404
    back = reverse("talk:one-minutes", args=[channel, ref, party, index])
    form = DivergentForm(request.POST or None)
    if act == DIVERGED and not (request.method == "POST" and form.is_valid()):
        context = {"form": form, "talk": row, "line": line, "back_href": back}
        return render(request, "talk/diverge.html", context)
    text = form.cleaned_data["text"] if act == DIVERGED else ""
    try:
        return confirmed(request, services.answering(row, act, queries.ref_of(line), text), back=back)
    except ComityError as refused:
        tell(request, refused)
        return redirect(back)


def _minutes(row: Talk, party: str, index: int) -> Line:
    line = queries.line(row, party, index)
    if line is None or line.act != PROPOSED:
        raise Http404
    return line


def _told(row: Talk, line: Line) -> dict[str, Any]:
    answers = answers_to(row, line)
    return {
        "line": line,
        "ours": line.party == settings.NODE.party,
        "href": reverse("talk:one-minutes", args=[row.channel, row.ref, line.party, line.index]),
        "answers": [(one, one.party == settings.NODE.party, _label(one.act)) for one in answers],
        "standing": _standing(row, line, answers),
    }


def _standing(row: Talk, line: Line, answers: list[Line]) -> str:
    """What became of minutes, in a word."""
    asked = [party for party in row.parties if party != line.party]
    agreed = {one.party for one in answers if one.act == AGREED}
    if agreed.issuperset(asked):
        return _("Agreed by all")
    if any(one.act == DIVERGED for one in answers):
        return _("Answered with a statement that differs")
    if any(one.act == WITHDRAWN for one in answers):
        return _("Withdrawn")
    waiting = ", ".join(party.upper() for party in asked if party not in agreed)
    return _("Waits for %(parties)s") % {"parties": waiting}


def _doors(row: Talk, line: Line) -> list[tuple[str, str]]:
    """What may be answered by us now."""
    own, answers = line.party == settings.NODE.party, answers_to(row, line)
    if any(one.act == WITHDRAWN or one.party == settings.NODE.party for one in answers):
        return []
    if own and answers:
        return []
    acts = (WITHDRAWN,) if own else (AGREED, DIVERGED)
    place = [row.channel, row.ref, line.party, line.index]
    known = library()[standings.CHARTER].procedure("talk").act_of
    return [(_(known[act].sentence), reverse("talk:answer", args=[*place, act])) for act in acts]


def _label(act: str) -> str:
    return _(library()[standings.CHARTER].procedure("talk").act_of[act].label)
