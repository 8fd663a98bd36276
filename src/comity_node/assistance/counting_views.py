"""The page on which figures of a channel are stated: a day is chosen, the text read, two officers sign."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django import forms
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from comity.channel.published_figures import heads_stated
from comity.errors import ComityError
from comity.names import EntryRef
from comity_node.assistance import access, counting, offers
from comity_node.assistance.links import address
from comity_node.officials import services as officials
from comity_node.officials.telling import tell, tell_prepared, tell_signed
from comity_node.register import queries as register

if TYPE_CHECKING:
    from django.http import HttpResponse

    from comity_node.officials.request import OfficialRequest
    from comity_node.register.acts import Act


class StateForm(forms.Form):
    """Of what time figures are stated."""

    as_of = forms.DateField(
        label=_("As the record stood at the end of"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("A day that has gone by (UTC)."),
    )
    since = forms.DateField(
        label=_("Lodged from"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Left empty: from the beginning."),
    )


@require_http_methods(["GET", "POST"])
def state(request: OfficialRequest, channel: str) -> HttpResponse:
    """Count the channel, read what is to be stated, sign."""
    access.may_sign(request.user, counting.STATED)
    if register.own_log(channel) is None:
        raise Http404
    yesterday = timezone.now().date() - timedelta(days=1)
    form = StateForm(
        request.POST or None,
        initial={"as_of": request.GET.get("as_of") or yesterday, "since": request.GET.get("since")},
    )
    page = {"form": form, "channel": channel, "back_href": address("channels:reciprocity", channel)}
    if request.method == "GET" or "change" in request.POST or not form.is_valid():
        status = 422 if form.errors and "change" not in request.POST else 200
        return render(request, "assistance/figures_state.html", page, status=status)
    try:
        logs = heads_stated({"logs": request.POST.getlist("logs")[:64]})
        act = counting.statement(channel, **form.cleaned_data, logs=logs)
        if "shown" not in request.POST:
            return render(request, "web/confirm.html", _to_be_read(request, act))
        done = officials.sign(act, shown=request.POST["shown"], by=request.user)
    except ComityError as refused:
        tell(request, refused)
        return render(request, "assistance/figures_state.html", page, status=409)
    if isinstance(done, EntryRef):
        tell_signed(request, done)
        return redirect("assistance:request", channel=channel, ref=act.ref)
    tell_prepared(request)
    return redirect("officials:approval", pk=done.pk)


def _to_be_read(request: OfficialRequest, act: Act) -> dict[str, Any]:
    """The page with the exact text; the logs counted are carried on, so that the same is counted again."""
    carried = [(name, request.POST[name]) for name in ("as_of", "since") if request.POST.get(name)]
    return {
        **offers.confirmation(act, by=request.user),
        "action": reverse("assistance:state-figures", args=[act.channel]),
        "hidden": [
            *carried,
            *(("logs", one) for one in act.stated["logs"]),
            ("shown", officials.text_digest(act)),
        ],
        "may_change": True,
    }
