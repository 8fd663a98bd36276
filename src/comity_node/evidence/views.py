"""Pages on exhibits: the list, one with its chain of custody, adding, opening, handing over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from comity import custody
from comity.errors import ComityError
from comity_node.evidence import access, acting, listing, pages, queries, services, serving
from comity_node.evidence.errors import ExhibitTooLarge
from comity_node.evidence.forms import ExhibitForm, HandOverForm, OpeningForm
from comity_node.evidence.uploads import seal_while_it_arrives
from comity_node.officials import powers
from comity_node.officials import services as officials
from comity_node.officials.telling import tell, tell_done
from comity_node.register import standings

if TYPE_CHECKING:
    from django.forms import Form
    from django.http import HttpResponse, StreamingHttpResponse
    from django.http.response import HttpResponseBase

    from comity_node.evidence.models import Exhibit
    from comity_node.evidence.uploads import SealedUpload
    from comity_node.officials.request import OfficialRequest
    from comity_node.register.acts import Act


@require_GET
def exhibits(request: OfficialRequest) -> HttpResponse:
    """Every exhibit of the record, and the files sealed here that nobody has announced yet."""
    access.may_read(request.user)
    context = {
        **listing.exhibit_list(request),
        "taken_in": queries.taken_in() if request.user.has_perm(access.ADD) else [],
        "channels": queries.open_channels() if request.user.has_perm(access.ADD) else [],
    }
    return render(request, "evidence/list.html", context)


@require_GET
def export(request: OfficialRequest, form: str) -> StreamingHttpResponse:
    """The list as filtered, as a file for a spreadsheet or a program."""
    access.may_read(request.user)
    return listing.exported(request, form)


@require_GET
def exhibit(request: OfficialRequest, channel: str, ref: str) -> HttpResponse:
    """One exhibit with its chain of custody: the same page on both sides."""
    found = access.exhibit(request.user, channel, ref)
    return render(request, "evidence/exhibit.html", pages.detail(found, request.user, request.GET))


@csrf_exempt  # only until the upload handler is in place: the form itself is protected in _add
@require_http_methods(["GET", "POST"])
def add(request: OfficialRequest, channel: str) -> HttpResponseBase:
    """Take in a file, sealed while it arrives."""
    access.may(request.user, access.ADD)
    queries.channel(channel)
    if request.method == "POST":
        try:
            seal_while_it_arrives(request, channel)
        except ExhibitTooLarge as refused:
            return _refused(request, channel, ExhibitForm(), refused, status=413)
    return _add(request, channel)


@csrf_protect
def _add(request: OfficialRequest, channel: str) -> HttpResponseBase:
    if request.method != "POST":
        form = ExhibitForm(initial={"request": request.GET.get("request", "")[:64]})
        return _add_page(request, channel, form)
    form = ExhibitForm(request.POST, request.FILES)
    if not form.is_valid():
        return _add_page(request, channel, form, status=422)
    upload: SealedUpload = form.cleaned_data["file"]
    described = {"name": upload.name or "", "media_type": upload.content_type or "", **form.described()}
    try:
        taken = services.take_in(
            upload.sealed(),
            channel=channel,
            facts=described,
            by=request.user,
            limits=form.cleaned_data["limits"],
        )
    except ComityError as refused:
        return _refused(request, channel, form, refused, status=409)
    upload.keep()
    return redirect("evidence:taken-in", ref=taken.ref)


def _refused(
    request: OfficialRequest, channel: str, form: ExhibitForm, refused: ComityError, *, status: int
) -> HttpResponse:
    tell(request, refused)
    return _add_page(request, channel, form, status=status)


def _add_page(
    request: OfficialRequest, channel: str, form: ExhibitForm, *, status: int = 200
) -> HttpResponse:
    context = {
        "form": form,
        "channel": channel,
        "counterpart": ", ".join(queries.channel(channel)),
        "most": settings.NODE.limits.exhibit_bytes,
        "back_href": reverse("evidence:list"),
    }
    return render(request, "evidence/add.html", context, status=status)


@require_http_methods(["GET", "POST"])
def taken_in(request: OfficialRequest, ref: str) -> HttpResponse:
    """The exact text that will announce a file taken in; POST signs it."""
    access.may(request.user, access.ADD)
    on_record = queries.announced(ref)
    if on_record is not None:  # sent twice: what it asks for has been done
        return redirect(_page_of(on_record))
    taken = queries.one_taken_in(ref)
    try:
        act = services.announcement_act(taken)
        if request.method == "POST" and request.POST.get("shown") == officials.text_digest(act):
            services.announce(taken, by=request.user)
            return redirect("evidence:exhibit", channel=taken.channel, ref=taken.ref)
        next_ = [
            _("The announcement goes to each receiving party with the next delivery."),
            _("Its node fetches the sealed file, computes the hash anew and states what it found."),
        ]
        label, back_href = _("Add an exhibit to the record"), reverse("evidence:list")
        return _confirm(
            request, act, access.ADD, label, back_href, {}, next_, back_label=_("Leave it for later")
        )
    except ComityError as refused:
        tell(request, refused)
        return redirect("evidence:list")


@require_POST
def discard(request: OfficialRequest, ref: str) -> HttpResponse:
    """Drop a file that was taken in and not announced."""
    access.may(request.user, access.ADD)
    services.discard(queries.one_taken_in(ref), by=request.user)
    messages.success(request, _("The file was dropped. Nothing of it is on record."))
    return redirect("evidence:list")


@require_http_methods(["GET", "POST"])
def open_(request: OfficialRequest, channel: str, ref: str) -> HttpResponseBase:
    """Say why, read the exact text, sign; then the content is sent, to be saved."""
    access.may(request.user, access.OPEN)
    found = access.exhibit(request.user, channel, ref)
    form = OpeningForm(request.POST or None)
    if "change" in request.POST or not form.is_valid():
        return _act_page(request, found, form, _("Open the exhibit"))
    purpose = form.cleaned_data["purpose"]
    act = services.opening_act(found, purpose)
    try:
        if request.POST.get("shown") == officials.text_digest(act):
            return serving.give_opened(found, services.open_exhibit(found, by=request.user, purpose=purpose))
        next_ = [
            _("The opening is on record before the first byte is sent."),
            _("Your browser saves the file."),
        ]
        return _confirm(
            request, act, access.OPEN, _("Open the exhibit"), _page_of(found), form.cleaned_data, next_
        )
    except ComityError as refused:
        tell(request, refused)
        return redirect(_page_of(found))


@require_http_methods(["GET", "POST"])
def hand_over(request: OfficialRequest, channel: str, ref: str) -> HttpResponse:
    """Say to whom it passes, read the exact text, send it for the second signature."""
    access.may(request.user, access.HAND_OVER)
    found = access.exhibit(request.user, channel, ref)
    form = HandOverForm(request.POST or None)
    if "change" in request.POST or not form.is_valid():
        return _act_page(request, found, form, _("Hand the exhibit over"))
    said = custody.HandOver(**form.cleaned_data)
    try:
        act = services.hand_over_act(found, said)
        if request.POST.get("shown") != officials.text_digest(act):
            next_ = [
                _("A second officer reads the same text and approves it."),
                _("Only then is it on record."),
            ]
            label = _("Hand the exhibit over")
            return _confirm(request, act, access.HAND_OVER, label, _page_of(found), form.cleaned_data, next_)
        services.hand_over(found, said, by=request.user)
    except ComityError as refused:
        tell(request, refused)
    else:
        messages.success(request, _("Prepared. It is on record once a second officer has approved it."))
    return redirect(_page_of(found))


@require_http_methods(["GET", "POST"])
def act(request: OfficialRequest, channel: str, ref: str, act_name: str) -> HttpResponse:
    """Any act of custody after delivery: what it states, the exact text, the signature."""
    found = access.exhibit(request.user, channel, ref)
    rule = custody.table().act_of.get(act_name)
    if rule is None or act_name in acting.APART:
        raise Http404
    power = powers.rule(f"{custody.KINDS}.{act_name}").sign
    access.may(request.user, power)
    among = [one.party for one in queries.holdings(found)]
    form = acting.CustodyForm(request.POST or None, rule=rule, among=among)
    label = _(rule.sentence)
    if "change" in request.POST or not form.is_valid():
        return _act_page(request, found, form, label)
    try:
        wanted = form.act(found)
        if request.POST.get("shown") != officials.text_digest(wanted):
            return _confirm(
                request,
                wanted,
                power,
                label,
                _page_of(found),
                form.carried(),
                [str(one) for one in acting.NEXT],
            )
        done = officials.sign(wanted, shown=request.POST["shown"], by=request.user)
    except ComityError as refused:
        tell(request, refused)
        return redirect(_page_of(found))
    tell_done(request, done)
    return redirect(_page_of(found))


def _act_page(request: OfficialRequest, found: Exhibit, form: Form, label: str) -> HttpResponse:
    context = {"form": form, "label": label, "ref": found.ref, "back_href": _page_of(found)}
    return render(request, "evidence/act.html", context, status=422 if form.errors else 200)


def _confirm(
    request: OfficialRequest,
    act: Act,
    power: str,
    label: str,
    back_href: str,
    carried: dict[str, Any],
    next_: list[str],
    *,
    back_label: str = "",
) -> HttpResponse:
    context = pages.confirmation(
        act, request.user, power, label=label, back_href=back_href, carried=carried, next_=next_
    )
    going_back = {
        "back_label": back_label,
        "may_change": bool(carried),
        "exercise": standings.exercised(act.channel, str(act.stated.get("request", "")) or act.ref),
    }
    return render(request, "web/confirm.html", {**context, **going_back})


def _page_of(found: Exhibit) -> str:
    return reverse("evidence:exhibit", args=[found.channel, found.ref])
