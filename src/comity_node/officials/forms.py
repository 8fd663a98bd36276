"""What officials fill in: a note with a returned act, and the digest of the text they approve."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class SecondForm(forms.Form):
    """Approval of one text: the digest travels with the page that showed it."""

    digest = forms.RegexField(r"^[0-9a-f]{64}$", widget=forms.HiddenInput)


class ReturnForm(forms.Form):
    """What the author should change."""

    note = forms.CharField(
        label=_("What should be changed"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )
