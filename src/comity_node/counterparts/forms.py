"""What officials fill in: a passport file, and what the ceremony found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from comity.channel.introduction import MAX_INTRODUCTION_BYTES
from comity_node.counterparts.models import Ceremony
from comity_node.counterparts.queries import counterparts

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile


_PATHS = [choice for choice in Ceremony.Path.choices if choice[0] != Ceremony.Path.INTRODUCTION]


class ImportForm(forms.Form):
    """A passport, or an introduction, as the file a counterpart sent."""

    file = forms.FileField(label=_("Passport or introduction"), max_length=200)

    def clean_file(self) -> bytes:
        """Read the file, if it is not larger than any of them."""
        upload: UploadedFile[Any] = self.cleaned_data["file"]
        if (upload.size or 0) > MAX_INTRODUCTION_BYTES:
            raise ValidationError(_("This file is larger than any passport or introduction."))
        content: bytes = upload.read()
        return content


class IntroduceForm(forms.Form):
    """To whom a counterpart is introduced."""

    to = forms.ChoiceField(
        label=_("To whom"), help_text=_("A party whose fingerprint was compared here, as this one's was.")
    )

    def __init__(self, *args: Any, party: str, **more: Any) -> None:  # noqa: ANN401 - as the form takes them
        super().__init__(*args, **more)
        field = self.fields["to"]
        assert isinstance(field, forms.ChoiceField), "it is declared above"
        field.choices = [
            (row.party, row.party.upper())
            for row in counterparts()
            if row.party != party and not row.is_stopped and not row.is_introduced
        ]


class CeremonyForm(forms.Form):
    """How the officers compared, with whom, and whether every word agreed."""

    path = forms.ChoiceField(label=_("How were you connected?"), choices=_PATHS)
    with_whom = forms.CharField(
        label=_("With whom did you compare?"),
        help_text=_("Name and office of the other officer. Kept on this node only."),
        max_length=200,
    )
    fingerprint = forms.CharField(widget=forms.HiddenInput, max_length=200)
    agrees = forms.ChoiceField(choices=[("yes", ""), ("no", "")], widget=forms.HiddenInput)
