"""What officials fill in: a shift, a note, when they are to be left alone, how they are called."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from comity_node.duty import access, services
from comity_node.officials import queries as officials
from comity_node.officials.access import holds

_ORDERS: Final = ((1, _("first")), (2, _("second")), (3, _("third")))
_GRADES: Final = (
    (0, _("0: everything")),
    (1, _("from 1 on")),
    (2, _("from 2 on")),
    (3, _("from 3 on")),
    (4, _("from 4 on")),
    (5, _("5 alone")),
)
_MINUTE: Final = "%Y-%m-%dT%H:%M"


def serving() -> list[tuple[str, str]]:
    """Officials who may be on duty, as choices."""
    people = [one for one in officials.roster() if holds(one, access.SERVE)]
    return [(one.login, f"{one.display_name} ({one.login})") for one in people]


def _minutes(label: Any) -> forms.DateTimeField:  # noqa: ANN401 - a lazy text
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=_MINUTE)
    return forms.DateTimeField(label=label, input_formats=[_MINUTE, "%Y-%m-%d %H:%M"], widget=widget)


class ShiftForm(forms.Form):
    """Who is on duty, from when to when, and called when."""

    official = forms.ChoiceField(label=_("Officer"))
    begins = _minutes(_("From"))
    ends = _minutes(_("Until"))
    order = forms.TypedChoiceField(label=_("Called"), choices=_ORDERS, coerce=int, initial=1)

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's own signature
        super().__init__(*args, **kwargs)
        field = self.fields["official"]
        assert isinstance(field, forms.ChoiceField), "it is declared as one"
        field.choices = serving()


class NoteForm(forms.Form):
    """What the incoming officer has to know."""

    to = forms.ChoiceField(label=_("To"), required=False)
    text = forms.CharField(
        label=_("What they have to know"),
        max_length=services.LONGEST_NOTE,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("It stays here, and cannot be changed once it is handed over."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's own signature
        super().__init__(*args, **kwargs)
        field = self.fields["to"]
        assert isinstance(field, forms.ChoiceField), "it is declared as one"
        field.choices = [("", _("Whoever comes next")), *serving()]


class WishesForm(forms.Form):
    """When one is to be left alone, and whether one's page may sound."""

    quiet_from = forms.TimeField(
        label=_("Quiet from"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    quiet_until = forms.TimeField(
        label=_("Quiet until"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    sound = forms.BooleanField(label=_("My page may sound"), required=False)


class _WayForm(forms.Form):
    """What every way asks."""

    least_severity = forms.TypedChoiceField(
        label=_("From which severity"), choices=_GRADES, coerce=int, initial=3
    )


class MailForm(_WayForm):
    """A mailbox."""

    field_order = ("address", "least_severity", "bare")
    address = forms.EmailField(label=_("Mail address"), max_length=254)
    bare = forms.BooleanField(
        label=_("Not even the reference"),
        required=False,
        help_text=_("The mail then says only that something waits, and how grave it is."),
    )


class WebhookForm(_WayForm):
    """A web service of our own."""

    field_order = ("address", "least_severity")
    address = forms.CharField(
        label=_("Address of the web service"),
        max_length=500,
        help_text=_("Over https and public; others only where the operator lists them in node.toml."),
    )


class CommandForm(_WayForm):
    """A number that the administrator's program calls."""

    field_order = ("address", "least_severity")
    address = forms.CharField(label=_("Number the program calls"), max_length=40)


FORMS: Final = {"mail": MailForm, "webhook": WebhookForm, "command": CommandForm}
