"""Pages on the roster: the week, notes handed over, and how an alert was passed on here."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from comity.errors import ComityError
from comity_node.duty import access, queries, services
from comity_node.duty.forms import NoteForm, ShiftForm
from comity_node.duty.models import HandOver
from comity_node.officials import people
from comity_node.officials.access import holds
from comity_node.officials.telling import tell, told

if TYPE_CHECKING:
    from django.http import HttpResponse

    from comity_node.officials.request import OfficialRequest

_FURTHEST: Final = timedelta(weeks=1_040)


@require_http_methods(["GET", "POST"])
def roster(request: OfficialRequest) -> HttpResponse:
    """The roster of a week; whoever keeps it adds shifts here."""
    access.may_see(request.user)
    with timezone.override(settings.NODE.duty.zone):
        form = ShiftForm(request.POST or None)
        if request.method == "POST" and form.is_valid() and _added(request, form):
            return redirect(request.get_full_path())
        return render(request, "duty/roster.html", _week(request, form), status=422 if form.errors else 200)


def _added(request: OfficialRequest, form: ShiftForm) -> bool:
    said = form.cleaned_data
    try:
        services.add(
            people.find(said["official"]),
            begins=said["begins"],
            ends=said["ends"],
            order=said["order"],
            by=request.user,
        )
    except ComityError as refused:
        form.add_error(None, told(refused))
        return False
    messages.success(request, _("The shift stands in the roster."))
    return True


def _week(request: OfficialRequest, form: ShiftForm) -> dict[str, Any]:
    now, reader = timezone.now(), request.user
    monday = _monday(request.GET.get("week", ""), timezone.localtime(now).date())
    upcoming = list(queries.from_now(now)[:100])
    return {
        "now": now,
        "zone": settings.NODE.duty.time_zone,
        "on_duty": queries.on_duty(now),
        "days": queries.week(monday, now),
        "week": f"{monday:%G-W%V}",
        "before": f"{monday - timedelta(days=7):%G-W%V}",
        "after": f"{monday + timedelta(days=7):%G-W%V}",
        "form": form,
        "may_keep": holds(reader, access.KEEP),
        "may_serve": holds(reader, access.SERVE),
        "is_first": any(one.official_id == reader.pk and one.order == 1 for one in queries.on_duty(now)),
        "shifts": [
            {
                "one": one,
                "others": [other for other in upcoming if other.official_id != one.official_id][:20],
            }
            for one in upcoming
            if holds(reader, access.KEEP) or one.official_id == reader.pk
        ][:30],
        "gaps": queries.open_gaps(now, now + queries.AHEAD),
        "unread": queries.unread(reader),
    }


def _monday(text: str, today: date) -> date:
    """The Monday of a week such as 2026-W10; that of this week where it is none.

    Within twenty years of today: beside the first and the last day there are, no week before or after is.
    """
    this = _monday_of(today)
    year, dash, number = text.partition("-W")
    try:
        found = date.fromisocalendar(int(year[:4]), int(number[:2]), 1) if dash else this
    except ValueError:
        return this
    return min(max(found, this - _FURTHEST), this + _FURTHEST)


def _monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


@require_POST
def take_over(request: OfficialRequest) -> HttpResponse:
    """Be on duty from now on."""
    access.may_see(request.user)
    order = request.POST.get("order", "1")
    try:
        services.take_over(by=request.user, order=int(order) if order in ("1", "2", "3") else 1)
    except ComityError as refused:
        tell(request, refused)
    else:
        messages.success(request, _("You are on duty from now on. Read what was handed over."))
    return redirect("duty:roster")


@require_POST
def remove(request: OfficialRequest, pk: int) -> HttpResponse:
    """Take a shift out of the roster."""
    access.may_see(request.user)
    try:
        services.remove(pk, by=request.user)
    except ComityError as refused:
        tell(request, refused)
    return redirect("duty:roster")


@require_POST
def swap(request: OfficialRequest, pk: int) -> HttpResponse:
    """Exchange the officers of two shifts."""
    access.may_see(request.user)
    text = request.POST.get("with", "")
    other = int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0
    try:
        services.swap(pk, other, by=request.user)
    except ComityError as refused:
        tell(request, refused)
    else:
        messages.success(request, _("The two shifts were exchanged."))
    return redirect("duty:roster")


@require_http_methods(["GET", "POST"])
def notes(request: OfficialRequest) -> HttpResponse:
    """What was handed over, the latest first; whoever serves adds to it."""
    access.may_see(request.user)
    form = NoteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        to = form.cleaned_data["to"]
        try:
            services.hand_over(form.cleaned_data["text"], by=request.user, to=people.find(to) if to else None)
        except ComityError as refused:
            form.add_error(None, told(refused))
        else:
            messages.success(request, _("Handed over. The incoming officer finds it on the desk."))
            return redirect("duty:notes")
    context = {
        "notes": queries.notes(),
        "unread": {one.pk for one in queries.unread(request.user)},
        "form": form,
        "may_serve": holds(request.user, access.SERVE),
    }
    return render(request, "duty/notes.html", context, status=422 if form.errors else 200)


@require_POST
def read(request: OfficialRequest, pk: int) -> HttpResponse:
    """Mark a note as read."""
    access.may_see(request.user)
    try:
        services.read(get_object_or_404(HandOver, pk=pk), by=request.user)
    except ComityError as refused:
        tell(request, refused)
    return redirect("duty:notes")


@require_GET
def course(request: OfficialRequest, channel: str, ref: str) -> HttpResponse:
    """Whom an alert was told at this node, when, by which way, and with which result."""
    access.may_be_called(request.user)
    found = queries.course(channel, ref)
    if not found:
        raise Http404
    context = {"channel": channel, "ref": ref, "sendings": found, "href": queries.page_of(found[0].cause)}
    return render(request, "duty/course.html", context)
