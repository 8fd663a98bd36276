"""Pages on which something is done with a list: written down, declared, amended, revealed from, answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from comity.errors import ComityError
from comity_node.officials import services as officials
from comity_node.officials.telling import tell, tell_done
from comity_node.protected_objects import access, acting, pages, queries, revealing, services
from comity_node.protected_objects.forms import ListForm, ObjectForm, RevealForm
from comity_node.register import standings

if TYPE_CHECKING:
    from django.forms import Form
    from django.http import HttpResponse

    from comity_node.officials.request import OfficialRequest
    from comity_node.protected_objects.models import ProtectedList
    from comity_node.register.acts import Act


@require_http_methods(["GET", "POST"])
def declare(request: OfficialRequest, channel: str) -> HttpResponse:
    """Write a list down, by a file or typed; nothing is kept until every row is right."""
    access.may_sign(request.user, "declared")
    if channel not in [one for one, _others in queries.open_channels()]:
        raise Http404
    return _written(request, channel, "", _("Declare a list"), reverse("protected_objects:lists"))


@require_http_methods(["GET", "POST"])
def amend(request: OfficialRequest, channel: str, ref: str) -> HttpResponse:
    """Write the next version of a list of ours down."""
    row = access.one(request.user, channel, ref)
    access.may_sign(request.user, "amended")
    if not row.ours:
        raise Http404
    return _written(request, channel, ref, _("Declare a new version"), pages.page_of(row))


def _written(request: OfficialRequest, channel: str, ref: str, label: str, back_href: str) -> HttpResponse:
    form = ListForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        cover = services.Cover(said["sort"], said["title"], said["purpose"], form.stated(), said["padded"])
        try:
            kept = services.keep(form.objects, cover, channel=channel, ref=ref, by=request.user)
            return redirect("protected_objects:kept", root=kept.root)
        except ComityError as refused:
            tell(request, refused)
    context = {"form": form, "label": label, "ref": ref, "back_href": back_href, "has_file": True}
    return render(request, "protected_objects/act.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def kept(request: OfficialRequest, root: str) -> HttpResponse:
    """The exact text that declares a list written down here; POST signs it."""
    found = access.kept(request.user, root)
    back = reverse("protected_objects:lists")
    try:
        act = services.declaration(found)
        if request.POST.get("shown") != officials.text_digest(act):
            return _confirm(request, act, back, {}, back_label=_("Leave it for later"))
        tell_done(request, services.sign(act, shown=request.POST["shown"], by=request.user))
    except ComityError as refused:
        tell(request, refused)
    return redirect(back)


@require_http_methods(["GET", "POST"])
def add(request: OfficialRequest, root: str) -> HttpResponse:
    """Add one object, field by field, to a list written down here."""
    found = access.kept(request.user, root)
    form = ObjectForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            again = services.add(found, form.object, by=request.user)
            messages.success(request, _("Added. The list has a new commitment."))
            return redirect("protected_objects:kept", root=again.root)
        except ComityError as refused:
            tell(request, refused)
    context = {
        "form": form,
        "label": _("Add an object"),
        "ref": found.ref,
        "back_href": reverse("protected_objects:lists"),
        "button": _("Add it to the list"),
    }
    return render(request, "protected_objects/act.html", context, status=422 if form.errors else 200)


@require_POST
def discard(request: OfficialRequest, root: str) -> HttpResponse:
    """Drop a list that was written down and not declared."""
    services.discard(access.kept(request.user, root), by=request.user)
    messages.success(request, _("The list was dropped. Nothing of it is on record."))
    return redirect("protected_objects:lists")


@require_http_methods(["GET", "POST"])
def act(request: OfficialRequest, channel: str, ref: str, act_name: str) -> HttpResponse:
    """Any other act on a list: what it states and says, the exact text, the signature."""
    row = access.one(request.user, channel, ref)
    rule = acting.table().act_of.get(act_name)
    if rule is None or act_name in acting.APART:
        raise Http404
    access.may_sign(request.user, act_name)
    form = acting.ActForm(request.POST or None, row=row, rule=rule)
    if "change" in request.POST or not form.is_valid():
        return _act_page(request, form, _(rule.sentence), row)
    try:
        return _signed(request, form.act(), row, form.carried())
    except ComityError as refused:
        tell(request, refused)
        return _act_page(request, form, _(rule.sentence), row)


@require_http_methods(["GET", "POST"])
def reveal(request: OfficialRequest, channel: str, ref: str, visit: int, leaf: str) -> HttpResponse:
    """Reveal one object of a list of ours: for which alert, the exact text, the signature."""
    row = access.one(request.user, channel, ref)
    access.visit(request.user, row, visit)
    access.may_sign(request.user, "revealed")
    form = RevealForm(request.POST or None, alerts=queries.alerts(channel))
    label = _("Reveal this object")
    if request.method != "POST" or "change" in request.POST or not form.is_valid():
        return _act_page(request, form, label, row)
    try:
        wanted = revealing.reveal_act(services.own(channel, ref), [leaf], **form.cleaned_data)
        return _signed(request, wanted, row, {name: one for name, one in form.cleaned_data.items() if one})
    except ComityError as refused:
        tell(request, refused)
        return _act_page(request, form, label, row)


def _signed(
    request: OfficialRequest, wanted: Act, row: ProtectedList, carried: dict[str, Any]
) -> HttpResponse:
    """The confirmation page, or what it led to once the text that was shown is signed."""
    if request.POST.get("shown") != officials.text_digest(wanted):
        return _confirm(request, wanted, pages.page_of(row), carried or {"confirm": "yes"})
    tell_done(request, services.sign(wanted, shown=request.POST["shown"], by=request.user))
    return redirect(pages.page_of(row))


def _act_page(request: OfficialRequest, form: Form, label: str, row: ProtectedList) -> HttpResponse:
    context = {"form": form, "label": label, "ref": row.ref, "back_href": pages.page_of(row)}
    return render(request, "protected_objects/act.html", context, status=422 if form.errors else 200)


def _confirm(
    request: OfficialRequest, act: Act, back_href: str, carried: dict[str, Any], *, back_label: str = ""
) -> HttpResponse:
    context = pages.confirmation(act, request.user, back_href=back_href, carried=carried)
    context |= {
        "back_label": back_label,
        "may_change": bool(carried),
        "exercise": standings.exercised(act.channel),
    }
    return render(request, "web/confirm.html", context)
