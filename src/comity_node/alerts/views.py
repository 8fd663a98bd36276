"""Pages on alerts: the list, one alert, and raising one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from comity.errors import ComityError, OurFault
from comity_node.alerts import access, affected, page, queries, raising, ripening
from comity_node.assistance import services
from comity_node.listing import table
from comity_node.officials.models import PreparedAct
from comity_node.officials.telling import tell

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpResponseBase

    from comity_node.assistance.models import Draft
    from comity_node.officials.models import Official
    from comity_node.officials.request import OfficialRequest


@require_GET
def alerts(request: OfficialRequest) -> HttpResponse:
    """The alerts that go on, or those that have ended."""
    access.may_read(request.user)
    ended = request.GET.get("ended") == "yes"
    found = queries.listed(ended=ended, number=table.page_number(request.GET))
    here = reverse("alerts:list")
    return render(
        request,
        "alerts/list.html",
        {
            "rows": found.rows,
            "ended": ended,
            "tabs": [
                {"label": _("Going on"), "href": here, "current": not ended},
                {"label": _("Ended"), "href": f"{here}?ended=yes", "current": ended},
            ],
            "pages": table.pages(request.GET, number=found.number, size=queries.PAGE, total=found.total),
            "raise_href": reverse("alerts:raise") if access.raises(request.user) else "",
            "now": timezone.now(),
        },
    )


@require_GET
def one_alert(request: OfficialRequest, channel: str, ref: str) -> HttpResponse:
    """One alert: the same page on both sides."""
    row = access.alert(request.user, channel, ref)
    try:
        found = page.one_alert(row, official=request.user)
    except ComityError as unreadable:
        problem = {"code": unreadable.code, "what": _("This alert cannot be shown as it stands")}
        problem |= {"why": str(unreadable), "todo": unreadable.hint}
        return render(request, "web/problem.html", problem, status=409)
    return render(request, "alerts/alert.html", {**found, "ways": ripening.offered(channel)})


@require_POST
def opened(request: OfficialRequest, channel: str, ref: str) -> HttpResponseBase:
    """Note that an office of ours has the alert before it. It agrees to nothing, and is noted once."""
    access.alert(request.user, channel, ref)
    access.may_raise(request.user)
    try:
        services.act(channel=channel, ref=ref, act_name="opened", by=request.user)
    except OurFault as refused:
        if not _is_part(
            request
        ):  # another officer was first, or it has moved on: the page shows how it stands
            tell(request, refused)
    return (
        HttpResponse(status=204) if _is_part(request) else redirect("alerts:alert", channel=channel, ref=ref)
    )


@require_POST
def ripen(request: OfficialRequest, channel: str, ref: str) -> HttpResponse:
    """Draft what the alert leads to."""
    row = access.alert(request.user, channel, ref)
    access.may_raise(request.user)
    try:
        begun = ripening.draft(row, request.POST.get("procedure", ""), by=request.user)
    except ComityError as refused:
        tell(request, refused)
        return redirect("alerts:alert", channel=channel, ref=ref)
    messages.success(request, _("Drafted from what the alert says. Nothing is sent until you complete it."))
    return redirect("assistance:draft", pk=begun.pk)


@require_http_methods(["GET", "POST"])
def raise_alert(request: OfficialRequest, pks: str = "") -> HttpResponse:
    """Write an alert; it is kept as a draft before its text is shown, so nothing is lost."""
    access.may_raise(request.user)
    before = access.drafts(request.user, pks) if pks else []
    said = request.POST if request.method == "POST" else None
    form, recipients = raising.form(
        said, by=request.user, before=before, chosen=request.GET.get("channel", "")
    )
    if not form.is_bound or not form.is_valid():
        context = {"form": form, "recipients": recipients, "kept": bool(before)}
        return render(request, "alerts/raise.html", context, status=422 if form.errors else 200)
    try:
        kept = raising.keep(form.cleaned_data["channels"], form.written(), by=request.user, before=before)
    except OurFault as refused:
        tell(request, refused)
        return render(request, "alerts/raise.html", {"form": form, "recipients": recipients}, status=409)
    return redirect("alerts:confirm", pks="-".join(str(one.pk) for one in kept))


@require_http_methods(["GET", "POST"])
def confirm(request: OfficialRequest, pks: str) -> HttpResponse:
    """Read what is recognised, who will read it and the exact text; then sign it in every channel at once."""
    drafts = access.drafts(request.user, pks)
    try:
        if request.method == "GET":
            return render(request, "alerts/confirm.html", _confirmation(request, drafts, pks))
        shown = {one.pk: request.POST.get(f"shown-{one.pk}", "-") for one in drafts}
        done = raising.sign(drafts, shown, by=request.user)
    except OurFault as refused:
        tell(request, refused)
        return redirect("alerts:again", pks=pks)
    if any(isinstance(one, PreparedAct) for one in done.values()):
        messages.info(request, _("It waits among the approvals for a second signature."))
        return redirect("officials:approvals")
    messages.success(request, _("The alert is raised. Who has it stands on its page."))
    return redirect("alerts:alert", channel=drafts[0].channel, ref=drafts[0].ref)


def _is_part(request: OfficialRequest) -> bool:
    """Whether a script of the open page asks, and no officer waits for another page."""
    return request.headers.get("HX-Request") == "true"


def _confirmation(request: OfficialRequest, drafts: Sequence[Draft], pks: str) -> dict[str, Any]:
    first, offered = drafts[0], raising.channels()
    return {
        "texts": raising.texts(drafts),
        "alert": first,
        "graded": queries.graded(str(first.stated.get("severity", ""))),
        **_affected(drafts, request.user),
        "recognised": raising.recognised(first.fields.get("indicators", "")),
        "recipients": [one for draft in drafts for one in offered.get(draft.channel, [])],
        "exercise": "exercise" in first.stated,
        "office": str(request.user.office),
        "back_href": reverse("alerts:again", args=[pks]),
    }


def _affected(drafts: Sequence[Draft], official: Official) -> dict[str, Any]:
    """What is stated in any channel the alert goes to."""
    pairs = [(draft.channel, (one["list"], one["object"])) for draft in drafts for one in draft.affected]
    if not affected.may_state(official):
        return {"affected": None, "affected_count": len(pairs)}
    known = [found for channel, pair in pairs for found in affected.shown([pair], channel, official) or ()]
    return {"affected": known, "affected_count": len(pairs)}
