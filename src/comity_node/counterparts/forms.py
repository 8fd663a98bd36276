"""What officials fill in: a passport file, and what the ceremony found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from comity.channel.passport import MAX_PASSPORT_BYTES
from comity_node.counterparts.models import Ceremony

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile


class ImportForm(forms.Form):
    """A counterpart's passport, as the file it sent."""

    file = forms.FileField(label=_("Passport file"), max_length=200)

    def clean_file(self) -> bytes:
        """Read the file, if it is not larger than any passport."""
        upload: UploadedFile[Any] = self.cleaned_data["file"]
        if (upload.size or 0) > MAX_PASSPORT_BYTES:
            raise ValidationError(_("This file is larger than any passport."))
        content: bytes = upload.read()
        return content


class CeremonyForm(forms.Form):
    """How the officers compared, with whom, and whether every word agreed."""

    path = forms.ChoiceField(label=_("How were you connected?"), choices=Ceremony.Path.choices)
    with_whom = forms.CharField(
        label=_("With whom did you compare?"),
        help_text=_("Name and office of the other officer. Kept on this node only."),
        max_length=200,
    )
    fingerprint = forms.CharField(widget=forms.HiddenInput, max_length=200)
    agrees = forms.ChoiceField(choices=[("yes", ""), ("no", "")], widget=forms.HiddenInput)
