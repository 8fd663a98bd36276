"""What officials fill in: a note with a returned act, the text they approve, and who is to act here."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from comity_node.officials import powers, queries

_CODE: Final = r"^[a-z0-9][a-z0-9-]{0,63}$"


class SecondForm(forms.Form):
    """Approval of one text: the digest travels with the page that showed it."""

    digest = forms.RegexField(r"^[0-9a-f]{64}$", widget=forms.HiddenInput)


class ReturnForm(forms.Form):
    """What the author should change."""

    note = forms.CharField(
        label=_("What should be changed"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )


class RolesForm(forms.Form):
    """In which office, and in which roles."""

    office = forms.ChoiceField(
        label=_("Office"), help_text=_("What the record names in place of a person; see Offices to add one.")
    )
    roles = forms.MultipleChoiceField(
        label=_("Roles"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Powers follow at once. An administrator holds no other role."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's own signature
        super().__init__(*args, **kwargs)
        self._offer("office", [(one.code, str(one)) for one in queries.offices()])
        self._offer("roles", [(one.code, _(one.name)) for one in powers.roles().values()])

    def _offer(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField), "only declared choice fields are given choices"
        field.choices = choices


class NewOfficialForm(RolesForm):
    """A person who is to act here."""

    field_order = ("login", "display_name", "office", "roles", "language")
    login = forms.CharField(
        label=_("Log-in name"),
        max_length=64,
        help_text=_("Small letters, digits, dots and hyphens. It stays theirs for good."),
    )
    display_name = forms.CharField(
        label=_("Name"), max_length=200, help_text=_("As colleagues know them; it never leaves this node.")
    )
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES, initial="en")


class ReasonForm(forms.Form):
    """Why somebody is suspended, reinstated or relieved."""

    reason = forms.CharField(
        label=_("Reason"), max_length=200, help_text=_("It stands in the journal; every colleague sees it.")
    )


class OfficeForm(forms.Form):
    """An office: what entries name."""

    code = forms.RegexField(
        _CODE,
        label=_("Code"),
        max_length=64,
        help_text=_("Small letters, digits and hyphens. A code that exists gets the new name."),
    )
    name = forms.CharField(
        label=_("Name in English"),
        max_length=120,
        help_text=_("Every entry signed from now on names the office so; earlier entries stay as they are."),
    )
