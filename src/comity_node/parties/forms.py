"""The forms of this room: newer facts as a file or as text, and their confirmation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from comity.instruments.parse import MAX_FILE_BYTES
from comity_node.parties.services import LONGEST_SOURCE

_MOST_TYPED: Final = (
    2 * MAX_FILE_BYTES
)  # a browser sends two characters for a line end; the reader counts again

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile


class SourceForm(forms.Form):
    """Where facts come from."""

    source = forms.CharField(
        label=_("Where they come from"),
        help_text=_(
            "The register of the depositary, a letter, a publication, in one line. Kept on this node only."
        ),
        max_length=LONGEST_SOURCE,
    )


class OfferForm(SourceForm):
    """Newer facts, as a file or as text."""

    file = forms.FileField(label=_("File parties.toml"), required=False, max_length=200)
    text = forms.CharField(
        label=_("Or its text"),
        required=False,
        strip=False,
        max_length=_MOST_TYPED,
        widget=forms.Textarea(attrs={"rows": 12, "dir": "ltr", "spellcheck": "false"}),
    )
    field_order = ("file", "text", "source")

    def clean(self) -> dict[str, Any]:
        """Take the one that was given, as bytes; both or neither is no answer."""
        said = super().clean() or {}
        upload: UploadedFile[Any] | None = said.get("file")
        text = said.get("text") or ""
        if bool(upload) == bool(text.strip()):
            raise ValidationError(_("Give the file, or its text: one of the two."))
        if upload and (upload.size or 0) > MAX_FILE_BYTES:
            raise ValidationError(_("This file is larger than any such file."))
        said["raw"] = upload.read() if upload else text.encode()
        return said


class ConfirmForm(SourceForm):
    """The text as it was shown, carried on by the page."""

    text = forms.CharField(widget=forms.HiddenInput, strip=False, max_length=_MOST_TYPED)
    shown = forms.CharField(widget=forms.HiddenInput, max_length=64)
