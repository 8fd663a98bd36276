"""The page on which a party is invited that all in a channel agreed to let in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from comity.channel.accession import INVITED
from comity.errors import OurFault
from comity_node.channels import access, inviting
from comity_node.channels.confirming import confirm, done_page, form_page
from comity_node.channels.forms import PlainAnswerForm
from comity_node.channels.projecting import table
from comity_node.officials.telling import told

if TYPE_CHECKING:
    from django.http import HttpResponse

    from comity_node.officials.request import OfficialRequest


@require_http_methods(["GET", "POST"])
def invite(request: OfficialRequest, channel: str, ref: str) -> HttpResponse:
    """Invite the party that all agreed to, after reading the exact text."""
    found = access.answering(request.user, channel, INVITED)
    back = reverse("channels:channel", args=[found.channel])
    try:
        act = inviting.invitation(channel, ref)
        if request.POST.get("shown") != act.digest():
            return confirm(request, act, [], back=back, may_change=False)
        done = inviting.invite(channel, ref, by=request.user)
    except OurFault as error:
        form = PlainAnswerForm({})
        form.full_clean()
        form.add_error(None, told(error))
        return form_page(request, form, _(table().act_of[INVITED].sentence), back)
    return done_page(request, done, channel)
