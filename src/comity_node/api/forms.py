"""What officials fill in: a token to be issued, a hook to be added, a reason for sending back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from comity_node.api import noticing, services
from comity_node.channels import queries as channels
from comity_node.officials import queries as officials
from comity_node.officials.access import holds

_USUAL_DAYS: Final = 90
_SCOPES: Final = {
    "read": _("Read requests, entries and their standing"),
    "results": _("Fetch exhibits that its office has opened"),
    "draft": _("Write drafts and hand them over; an official signs"),
}
_EVENTS: Final = {
    "entry.received": _("An entry of the counterpart came"),
    "entry.receipted": _("An entry of ours was signed for"),
    "request.standing": _("A request stands elsewhere"),
    "clock.nearing": _("A clock comes to a reminder"),
    "clock.ended": _("A clock ran out"),
}


class _OfChannels(forms.Form):
    """What may be bound to some channels."""

    channels = forms.MultipleChoiceField(
        label=_("Only these channels"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None chosen: every channel of this node."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's own signature
        super().__init__(*args, **kwargs)
        listed = [(one.channel, f"{one.name} ({one.channel})") for one in channels.channels()]
        self._offer("channels", listed)

    def _offer(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField), "only declared choice fields are given choices"
        field.choices = choices


class TokenForm(_OfChannels):
    """For which system, acting for whom, how far and until when."""

    field_order = ("label", "official", "scopes", "expires", "channels")
    label = forms.CharField(
        label=_("System"),
        max_length=services.LONGEST_LABEL,
        help_text=_("Which system it is for, as colleagues know it."),
    )
    official = forms.ChoiceField(
        label=_("Acts for"),
        help_text=_("It can do no more than this official may. They draw its secret; nobody else sees it."),
    )
    scopes = forms.MultipleChoiceField(
        label=_("Reaches"), choices=list(_SCOPES.items()), widget=forms.CheckboxSelectMultiple
    )
    expires = forms.DateField(
        label=_("Last day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's own signature
        super().__init__(*args, **kwargs)
        people = [one for one in officials.roster() if holds(one, services.READ)]
        self._offer("official", [(one.login, f"{one.display_name} ({one.login})") for one in people])
        days = min(_USUAL_DAYS, settings.NODE.limits.token_days)
        self.initial.setdefault("expires", timezone.now().date() + timedelta(days=days))


class HookForm(_OfChannels):
    """Which address is called, when what happens."""

    field_order = ("name", "address", "events", "channels")
    name = forms.SlugField(label=_("Name"), max_length=40, help_text=_("Small letters, digits and hyphens."))
    address = forms.CharField(
        label=_("Address"),
        max_length=500,
        help_text=_("Over https and public; others only where the operator lists them in node.toml."),
    )
    events = forms.MultipleChoiceField(
        label=_("Is told when"),
        choices=list(_EVENTS.items()),
        initial=list(noticing.EVENTS),
        widget=forms.CheckboxSelectMultiple,
    )


class BackForm(forms.Form):
    """Why something handed over is sent back."""

    reason = forms.CharField(
        label=_("What should be changed"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )
