"""Pages of talks: the list, the talk itself, and what is said in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from comity.errors import ComityError
from comity_node.officials.telling import tell, tell_signed, told
from comity_node.register import queries as register
from comity_node.talk import access, pages, queries, services
from comity_node.talk.drawing import drawn
from comity_node.talk.forms import MessageForm, OpenForm, TranslationForm
from comity_node.talk.projecting import CLOSED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from comity_node.officials.request import OfficialRequest
    from comity_node.register.acts import Act
    from comity_node.talk.models import Talk

_MOVES = (CLOSED, "reopened")


@require_GET
def talks(request: OfficialRequest) -> HttpResponse:
    """The talks of a channel, or of all."""
    access.may_read(request.user)
    context = pages.listed(request.GET)
    return render(request, "talk/list.html", {**context, "speaks": access.speaks(request.user)})


@require_http_methods(["GET", "POST"])
def open_(request: OfficialRequest, channel: str) -> HttpResponse:
    """Open a talk: what it is called and for, then the exact text."""
    access.may_speak(request.user)
    if register.own_log(channel) is None:
        raise Http404
    chosen = {name: request.GET[name][:200] for name in ("about", "linked", "title") if name in request.GET}
    form = OpenForm(request.POST or None, initial=chosen)
    back = f"{reverse('talk:list')}?channel={channel}"
    if request.method == "POST" and form.is_valid():
        try:
            act = services.opening(channel, language=request.user.language, **form.cleaned_data)
            return confirmed(request, act, back=reverse("talk:open", args=[channel]))
        except ComityError as refused:
            tell(request, refused)
    context = {"form": form, "channel": channel, "others": register.others(channel), "back_href": back}
    return render(request, "talk/open.html", context)


@require_GET
def talk(request: OfficialRequest, channel: str, ref: str) -> HttpResponse:
    """What was said, the newest last; alone, where only that is brought up to date."""
    row = access.talk(request.user, channel, ref)
    said = {name: request.GET.get(name, "")[:200] for name in ("before", "after", "entry", "words")}
    if request.headers.get("HX-Target") == "talk-lines":
        response = HttpResponse(drawn(row, request.user, said))
    else:
        form = MessageForm(initial={"language": request.user.language})
        response = _whole(request, row, form, said)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


def _whole(
    request: OfficialRequest, row: Talk, form: MessageForm, said: Mapping[str, str], *, status: int = 200
) -> HttpResponse:
    """The whole page of a talk, its lines as they are drawn for everybody."""
    context = {**pages.page(row, request.user, said), "drawn": drawn(row, request.user, said), "form": form}
    return render(request, "talk/talk.html", context, status=status)


@require_POST
def say(request: OfficialRequest, channel: str, ref: str) -> HttpResponse:
    """Say something: it is signed as it is sent. With htmx the box and the lines come back, else the page."""
    access.may_speak(request.user)
    row = access.talk(request.user, channel, ref)
    form = MessageForm(request.POST)
    if form.is_valid():
        try:
            services.say(row, form.cleaned_data["text"], by=request.user, **form.words())
        except ComityError as refused:
            form.add_error(None, told(refused))
        else:
            row = access.talk(request.user, channel, ref)
            form = MessageForm(initial={"language": form.cleaned_data["language"]})
            if not _by_part(request):
                return redirect(f"{_page(row)}#talk-end")
    if _by_part(request):
        context = {**pages.page(row, request.user, {}), "form": form, "is_sent": True}
        return render(request, "talk/said.html", {**context, "drawn": drawn(row, request.user, {})})
    return _whole(request, row, form, {}, status=422)


@require_POST
def read(request: OfficialRequest, channel: str, ref: str) -> HttpResponse:
    """Note that our desk has the messages before it."""
    access.may_speak(request.user)
    row = access.talk(request.user, channel, ref)
    try:
        services.note_opened(row, by=request.user)
    except ComityError as refused:
        if not _by_part(request):
            tell(request, refused)
    return HttpResponse(status=204) if _by_part(request) else redirect("talk:talk", channel=channel, ref=ref)


@require_http_methods(["GET", "POST"])
def move(request: OfficialRequest, channel: str, ref: str, act: str) -> HttpResponse:
    """Close a talk, or open it again."""
    access.may_speak(request.user)
    row = access.talk(request.user, channel, ref)
    if act not in _MOVES:
        raise Http404
    try:
        return confirmed(request, services.moving(row, act), back=_page(row))
    except ComityError as refused:
        tell(request, refused)
        return redirect("talk:talk", channel=channel, ref=ref)


@require_http_methods(["GET", "POST"])
def translate(request: OfficialRequest, channel: str, ref: str, party: str, index: int) -> HttpResponse:
    """Put a translation beside a message; the original stands."""
    access.may_speak(request.user)
    row = access.talk(request.user, channel, ref)
    line = queries.line(row, party, index)
    if line is None:
        raise Http404
    form = TranslationForm(request.POST or None, initial={"language": request.user.language})
    if request.method == "POST" and form.is_valid():
        try:
            act = services.translating(row, queries.ref_of(line), **form.cleaned_data)
            return confirmed(request, act, back=_page(row))
        except ComityError as refused:
            tell(request, refused)
    context = {"form": form, "talk": row, "line": line, "back_href": _page(row)}
    return render(request, "talk/translate.html", context)


def _by_part(request: OfficialRequest) -> bool:
    """Whether the page asks for a part of itself."""
    return "HX-Request" in request.headers


def _page(row: Talk) -> str:
    return reverse("talk:talk", args=[row.channel, row.ref])


def confirmed(
    request: OfficialRequest, act: Act, *, back: str, carries: Sequence[tuple[str, str]] = ()
) -> HttpResponse:
    """The confirmation page of an act, or, once it was read, its signature.

    Args:
        request: What was posted is posted again with the signature.
        act: To be signed.
        back: Where the page leads that leaves without signing.
        carries: What else is posted with the signature.

    Raises:
        OurFault: It may not be done now, or its text would be another by now.
    """
    if request.method == "POST" and "shown" in request.POST:
        tell_signed(request, services.sign(act, shown=request.POST["shown"], by=request.user))
        return redirect("talk:talk", channel=act.channel, ref=act.ref)
    left_out = ("csrfmiddlewaretoken", "shown")
    carried = [(name, one) for name, some in request.POST.lists() if name not in left_out for one in some]
    context = pages.confirmation(act, by=request.user, back_href=back, action=request.path)
    hidden = [*carried, *carries, ("shown", act.digest())]
    return render(request, "web/confirm.html", {**context, "hidden": hidden})
