"""Pages for a file given in a talk: the form, sealed while it arrives; then the exact text of both acts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from comity.errors import ComityError
from comity_node.attaching.forms import AttachForm
from comity_node.attaching.services import GivenFile
from comity_node.evidence import access as evidence
from comity_node.evidence import pages, queries
from comity_node.evidence import services as exhibits
from comity_node.evidence.errors import ExhibitTooLarge
from comity_node.evidence.uploads import seal_while_it_arrives
from comity_node.officials.telling import tell, tell_signed
from comity_node.register import rooms
from comity_node.talk import access

if TYPE_CHECKING:
    from django.http.response import HttpResponseBase

    from comity_node.evidence.uploads import SealedUpload
    from comity_node.officials.request import OfficialRequest
    from comity_node.talk.models import Talk

_FILE_FORM = "multipart/form-data"


@csrf_exempt  # only until the file's handler is in place: the form itself is protected in _attach
@require_http_methods(["GET", "POST"])
def attach(request: OfficialRequest, channel: str, ref: str) -> HttpResponseBase:
    """Take a file in, sealed while it arrives, with what is to be said."""
    row = _talk(request, channel, ref)
    if request.method == "POST" and request.content_type == _FILE_FORM:
        try:
            seal_while_it_arrives(request, channel)
        except ExhibitTooLarge as refused:
            return _refused(request, row, AttachForm(), refused, status=413)
    return _attach(request, row)


@csrf_protect
def _attach(request: OfficialRequest, row: Talk) -> HttpResponseBase:
    if request.method == "POST" and request.content_type != _FILE_FORM:
        return _begun(request, row)
    if request.method != "POST":
        said = request.session.get(_key(row.channel, row.ref), {"language": request.user.language})
        return _page(request, row, AttachForm(initial=said))
    form = AttachForm(request.POST, request.FILES)
    return _taken_in(request, row, form) if form.is_valid() else _page(request, row, form, status=422)


def _begun(request: OfficialRequest, row: Talk) -> HttpResponse:
    """Keep what stands in the box of the talk, so that going for a file loses nothing."""
    said = {name: request.POST.get(name, "") for name in ("text", "language")}
    request.session[_key(row.channel, row.ref)] = said
    here = reverse("attaching:attach", args=[row.channel, row.ref])
    if "HX-Request" in request.headers:
        return HttpResponse(status=204, headers={"HX-Redirect": here})
    return redirect(here)


def _taken_in(request: OfficialRequest, row: Talk, form: AttachForm) -> HttpResponseBase:
    upload: SealedUpload = form.cleaned_data["file"]
    facts = {"name": upload.name or "", "media_type": upload.content_type or "", **form.described()}
    limits = form.cleaned_data["limits"]
    try:
        taken = exhibits.take_in(
            upload.sealed(), channel=row.channel, facts=facts, by=request.user, limits=limits
        )
    except ComityError as refused:
        return _refused(request, row, form, refused, status=409)
    upload.keep()
    request.session[_key(row.channel, row.ref, taken.ref)] = form.message()
    request.session.pop(_key(row.channel, row.ref), None)
    return redirect("attaching:confirm", channel=row.channel, ref=row.ref, exhibit=taken.ref)


@require_http_methods(["GET", "POST"])
def confirm(request: OfficialRequest, channel: str, ref: str, exhibit: str) -> HttpResponse:
    """The exact text of the announcement and of the message; POST signs both."""
    row = _talk(request, channel, ref)
    if queries.announced(exhibit) is not None:  # sent twice: what it asks for has been done
        return redirect("talk:talk", channel=channel, ref=ref)
    taken, key = queries.one_taken_in(exhibit), _key(channel, ref, exhibit)
    if taken.channel != channel or key not in request.session:  # the file waits; nothing is known to be said
        return redirect("evidence:taken-in", ref=exhibit)
    said = request.session[key]
    one = GivenFile(taken=taken, row=row, text=said["text"], words={"language": said["language"]})
    try:
        if request.method == "GET":
            return render(request, "web/confirm.html", _confirmation(request, one))
        tell_signed(request, one.sign(shown=request.POST.get("shown", "-"), by=request.user))
    except ComityError as refused:
        tell(request, refused)
    else:
        request.session.pop(key, None)
    return redirect(f"{reverse('talk:talk', args=[channel, ref])}#talk-end")


def _confirmation(request: OfficialRequest, one: GivenFile) -> dict[str, Any]:
    added, said = one.acts()
    label = _("Add the file to the record, and say it")
    back = reverse("talk:talk", args=[one.row.channel, one.row.ref])
    next_ = [
        _("The file is announced, and the message names it by that entry: both, or neither."),
        _("Their node fetches the sealed file, computes the hash anew and states what it found."),
    ]
    shown = pages.confirmation(
        added, request.user, evidence.ADD, label=label, back_href=back, carried={}, next_=next_
    )
    shown["act"].text = one.text_shown()
    shown["act"].fields += [{"label": name, "value": value} for name, value in rooms.facts(said)]
    return {**shown, "hidden": [("shown", one.digest())], "back_label": _("Leave it for later")}


def _talk(request: OfficialRequest, channel: str, ref: str) -> Talk:
    """The talk, for whoever may both say something in it and add exhibits."""
    access.may_speak(request.user)
    if not request.user.has_perm(evidence.ADD):
        raise PermissionDenied
    return access.talk(request.user, channel, ref)


def _refused(
    request: OfficialRequest, row: Talk, form: AttachForm, refused: ComityError, *, status: int
) -> HttpResponse:
    tell(request, refused)
    return _page(request, row, form, status=status)


def _page(request: OfficialRequest, row: Talk, form: AttachForm, *, status: int = 200) -> HttpResponse:
    most = settings.NODE.limits.exhibit_bytes
    return render(request, "attaching/attach.html", {"form": form, "talk": row, "most": most}, status=status)


def _key(*of: str) -> str:
    """Under what the words for a file are kept while they are read."""
    return " ".join(("attach", *of))
