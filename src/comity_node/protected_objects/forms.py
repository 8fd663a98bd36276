"""Forms: a list and its objects, why one is opened, and what each act on one states and says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from comity import protected
from comity.errors import ComityError
from comity.protected.values import FORMS as VALUES
from comity_node.officials.telling import told
from comity_node.protected_objects.wording import CODES, COLUMNS, UNDERTAKINGS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import QueryDict

_LONG: Final = {"rows": 4}
_DATE: Final = {"type": "date"}
SORTS: Final = [
    ("committed", _("Commit to it, and show nothing: single objects can be revealed later")),
    ("shown", _("Show it: the other side reads every object")),
]


class ListForm(forms.Form):
    """A list as it is to be declared, with a file of its objects, or rows typed in."""

    title = forms.CharField(label=_("Title"), max_length=200)
    purpose = forms.CharField(
        label=_("Purpose"),
        max_length=20_000,
        widget=forms.Textarea(attrs=_LONG),
        help_text=_("What the list is declared for. Whoever holds it may use it for that alone."),
    )
    sort = forms.ChoiceField(
        label=_("How it is given"), choices=SORTS, widget=forms.RadioSelect, initial="committed"
    )
    padded = forms.BooleanField(
        label=_("Hide how many objects there are"),
        required=False,
        initial=True,
        help_text=_("Random leaves fill the commitment up to a power of two, sixteen at least."),
    )
    sought = forms.MultipleChoiceField(
        label=_("Undertaking sought"),
        required=False,
        choices=list(UNDERTAKINGS.items()),
        widget=forms.CheckboxSelectMultiple,
    )
    valid_from = forms.DateField(label=_("Valid from"), required=False, widget=forms.DateInput(attrs=_DATE))
    valid_until = forms.DateField(label=_("Valid until"), widget=forms.DateInput(attrs=_DATE))
    file = forms.FileField(
        label=_("File of objects, CSV or JSON"),
        required=False,
        help_text=_(
            "Columns: name, sector, owner, country, region, domains, networks, as_numbers, certificates,"
            " contact, undertaking. Several values stand between spaces."
        ),
    )
    rows = forms.CharField(
        label=_("Or the same, typed or pasted"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6, "dir": "ltr", "spellcheck": "false"}),
    )

    def clean(self) -> dict[str, Any]:
        """Read every row: nothing is kept until all of them are right."""
        said = super().clean() or self.cleaned_data
        file, typed = said.get("file"), said.get("rows")
        data = file.read(settings.NODE.limits.payload_bytes + 1) if file else (typed or "").encode()
        if file and len(data) > settings.NODE.limits.payload_bytes:
            text = _now("The file is larger than payload_bytes under [limits] in node.toml allows.")
            raise forms.ValidationError(text)
        if not data:
            raise forms.ValidationError(_now("Give a file of objects, or type them."))
        first, last = said.get("valid_from"), said.get("valid_until")
        if first and last and last < first:
            self.add_error("valid_until", _now("It ends before it begins."))
        try:
            self.objects = protected.read_list(data, most=settings.NODE.limits.list_objects)
        except ComityError as wrong:
            raise forms.ValidationError(told(wrong)) from wrong
        return said

    def stated(self) -> dict[str, str | list[str]]:
        """What its declaration states besides."""
        said = self.cleaned_data
        found = {name: said[name].isoformat() for name in ("valid_from", "valid_until") if said[name]}
        return {**found, **({"sought": said["sought"]} if said["sought"] else {})}


class ObjectForm(forms.Form):
    """One object, field by field."""

    def __init__(self, said: QueryDict | None = None) -> None:
        """Ask for everything an object may have; only its name and sector must be given."""
        super().__init__(said)
        for name in protected.FIELDS:
            self.fields[name] = _object_field(name)

    def clean(self) -> dict[str, Any]:
        """Put it in its one form."""
        said = super().clean() or self.cleaned_data
        split = {name: value.split() if name in VALUES else value for name, value in said.items() if value}
        try:
            self.object = protected.read_typed(split)
        except ComityError as wrong:
            raise forms.ValidationError(told(wrong)) from wrong
        return said


def _object_field(name: str) -> forms.Field:
    label, required = COLUMNS[name], name in ("name", "sector")
    if name == "sector":
        choices = [("", "—"), *((one, CODES[one]) for one in protected.SECTORS)]
        return forms.ChoiceField(label=label, choices=choices)
    if name == "undertaking":
        choices = [("", _("As for the list")), *((one, CODES[one]) for one in protected.UNDERTAKINGS)]
        return forms.ChoiceField(label=label, choices=choices, required=False)
    if name in VALUES:
        widget = forms.Textarea(attrs={"rows": 2, "dir": "ltr", "spellcheck": "false"})
        return forms.CharField(
            label=label, required=False, widget=widget, help_text=_("Between spaces, or one a line.")
        )
    return forms.CharField(label=label, required=required, max_length=300)


class OpeningForm(forms.Form):
    """Why a list is opened: a reason, or the alert it is about."""

    why = forms.CharField(
        label=_("Reason"),
        max_length=500,
        required=False,
        help_text=_(
            "It stands in our journal with your name. The other side is told offices and days alone."
        ),
    )
    alert = forms.ChoiceField(label=_("Or the alert it is about"), required=False)

    def __init__(self, said: QueryDict | None = None, *, alerts: Sequence[tuple[str, str]] = ()) -> None:
        """Offer the alerts of the channel."""
        super().__init__(said)
        field = self.fields["alert"]
        assert isinstance(field, forms.ChoiceField), "it is declared above"
        field.choices = [("", "—"), *alerts]

    def clean(self) -> dict[str, Any]:
        """See to it that one of them is given."""
        said = super().clean() or self.cleaned_data
        if not said.get("why") and not said.get("alert"):
            raise forms.ValidationError(_now("Say why you open it, or choose the alert it is about."))
        return said


class RevealForm(forms.Form):
    """For which alert an object is revealed, and words besides."""

    alert = forms.ChoiceField(label=_("Alert it is about"), required=False)
    text = forms.CharField(
        label=_("In words"), required=False, max_length=20_000, widget=forms.Textarea(attrs=_LONG)
    )

    def __init__(self, said: QueryDict | None = None, *, alerts: Sequence[tuple[str, str]] = ()) -> None:
        """Offer the alerts of the channel."""
        super().__init__(said)
        field = self.fields["alert"]
        assert isinstance(field, forms.ChoiceField), "it is declared above"
        field.choices = [("", "—"), *alerts]


class ProofForm(forms.Form):
    """A reveal as a file, to be verified."""

    file = forms.FileField(label=_("File of the reveal"), max_length=255)
