"""Forms: what is said of an exhibit, why it is opened, to whom it passes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Final, get_args

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from comity import custody
from comity.markings import PAP, TLP, Handling, Marking

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import QueryDict
    from django_stubs_ext import StrOrPromise


PERMISSION: Final = _(
    "Where a counterpart gave it and marked it H1, H2 or for itself alone: its entry that permits this."
)


class UnsealedField(forms.FileField):
    """A file whose content this node never looks at; an empty one is an exhibit too."""

    def __init__(self, **kwargs: Any) -> None:  # noqa: ANN401 - Django's signature
        super().__init__(allow_empty_file=True, max_length=255, **kwargs)


LIMITS: Final = custody.table().statement_of["limits"].values
ORDERS: Final = {
    "": _("Newest first"),
    "added": _("Oldest first"),
    "name": _("By file name"),
    "-size": _("Largest first"),
    "size": _("Smallest first"),
}


class Filters(forms.Form):
    """What the list of exhibits is to hold, and in which order."""

    words = forms.CharField(label=_("File, reference or hash"), required=False, max_length=100)
    state = forms.ChoiceField(label=_("State"), required=False)
    channel = forms.ChoiceField(label=_("Channel"), required=False)
    request = forms.CharField(label=_("Request it answers"), required=False, max_length=64)
    sort = forms.ChoiceField(label=_("Order"), required=False, choices=list(ORDERS.items()))

    def __init__(
        self, said: QueryDict, *, states: Iterable[tuple[str, StrOrPromise]], channels: Iterable[str]
    ) -> None:
        super().__init__(said)
        for name, choices in (("state", states), ("channel", [(one, one) for one in channels])):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField), "it is declared above"
            field.choices = [("", _("Any")), *choices]


class ExhibitForm(forms.Form):
    """One file, and what the record is to say of it."""

    file = UnsealedField(label=_("File"))
    description = forms.CharField(
        label=_("Description"),
        max_length=20_000,
        widget=forms.Textarea,
        help_text=_("What it is, as a court would name it."),
    )
    taken_where = forms.CharField(label=_("Where it was seized or collected"), max_length=300, required=False)
    taken_at = forms.CharField(
        label=_("When"),
        max_length=300,
        required=False,
        help_text=_("Day, hour and time zone, as in the report of seizure."),
    )
    taken_by = forms.CharField(label=_("By which office"), max_length=300, required=False)
    request = forms.CharField(
        label=_("Request it answers"), max_length=64, required=False, help_text=_("For example bb-2026-0001.")
    )
    statement = forms.CharField(
        label=_("How it was kept until now"), max_length=20_000, required=False, widget=forms.Textarea
    )
    tlp = forms.ChoiceField(
        label=_("TLP 2.0 marking"), choices=[(code, code or "—") for code in get_args(TLP)], required=False
    )
    pap = forms.ChoiceField(
        label=_("PAP marking"), choices=[(code, code or "—") for code in get_args(PAP)], required=False
    )

    limits = forms.MultipleChoiceField(
        label=_("Limits on use"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("They bind the receiving Party. You can lift them later, and not add to them."),
    )
    handling = forms.ChoiceField(
        label=_("Handling code"),
        choices=[(code, code or "—") for code in get_args(Handling)],
        required=False,
        help_text=_("H1: not in court without permission. H2: not to be passed on. H3: as said in words."),
    )
    handling_text = forms.CharField(label=_("Handling, in words"), max_length=200, required=False)
    permission = forms.CharField(
        label=_("Entry that permits passing it on"), max_length=120, required=False, help_text=PERMISSION
    )

    WHY: ClassVar = {
        "taken_at": _("A court asks who took it, where and when, before it asks what it shows."),
        "statement": _("The receiving Party can only answer for the time since it received the exhibit."),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's signature
        super().__init__(*args, **kwargs)
        limits = self.fields["limits"]
        assert isinstance(limits, forms.MultipleChoiceField), "it is declared above"
        limits.choices = [(one, _(one.replace("_", " "))) for one in LIMITS]
        for name, why in self.WHY.items():
            self.fields[name].why = why  # type: ignore[attr-defined]  # read by the field template

    def clean(self) -> dict[str, Any]:
        """See to it that the markings fit together."""
        said = super().clean() or self.cleaned_data
        names = ("tlp", "pap", "handling", "handling_text")
        for name, why in Marking(**{one: said.get(one, "") for one in names}).flaws():
            self.add_error(name, gettext(why))
        return said

    def described(self) -> dict[str, str]:
        """What was written about the file."""
        said = self.cleaned_data
        return {name: str(value) for name, value in said.items() if name not in ("file", "limits")}


class OpeningForm(forms.Form):
    """Why an exhibit is opened."""

    purpose = forms.CharField(
        label=_("Purpose"),
        max_length=2_000,
        widget=forms.Textarea,
        help_text=_("It stands in the record, with your office."),
    )


class HandOverForm(forms.Form):
    """From whom to whom an exhibit passes."""

    released_by = forms.CharField(label=_("Released by (office)"), max_length=300)
    received_by = forms.CharField(label=_("Received by (office or authority)"), max_length=300)
    purpose = forms.CharField(label=_("Purpose"), max_length=2_000, widget=forms.Textarea)
    seal = forms.CharField(label=_("Number of the seal"), max_length=300, required=False)
    condition = forms.CharField(
        label=_("Condition"), max_length=20_000, required=False, widget=forms.Textarea
    )
    to = forms.ChoiceField(
        label=_("Where it goes"),
        required=False,
        choices=[
            ("", _("Not said: held to the rules for a court")),
            ("within", _("It stays within our authority")),
            ("onward", _("To another authority")),
            ("court", _("Into a court file")),
        ],
    )
    permission = forms.CharField(
        label=_("Entry that permits it"), max_length=120, required=False, help_text=PERMISSION
    )
