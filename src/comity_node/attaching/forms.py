"""The form of a file that is given in a talk: what is said with it, and what its announcement says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from comity_node.evidence.forms import ExhibitForm

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.forms import BoundField

_FIRST: Final = ("file", "text", "description", "tlp", "pap")
_OF_THE_MESSAGE: Final = ("text", "language")


class AttachForm(ExhibitForm):
    """One file, what the record is to say of it, and the message that names it."""

    text = forms.CharField(label=_("Your message"), widget=forms.Textarea({"rows": 3}))
    language = forms.CharField(label=_("Language"), min_length=2, max_length=35, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's signature
        super().__init__(*args, **kwargs)
        text, most = self.fields["text"], settings.NODE.limits.message_characters
        assert isinstance(text, forms.CharField), "it is declared above"
        text.max_length = most
        text.widget.attrs["maxlength"] = str(most)
        self.fields["description"].widget.attrs["rows"] = "3"  # it stands beside a message here

    def described(self) -> dict[str, str]:
        """What was written about the file."""
        return {name: value for name, value in super().described().items() if name not in _OF_THE_MESSAGE}

    def message(self) -> dict[str, str]:
        """What is said with it."""
        return {name: self.cleaned_data[name] for name in _OF_THE_MESSAGE}

    def first(self) -> Iterator[BoundField]:
        """What every file is asked."""
        return (self[name] for name in _FIRST)

    def more(self) -> Iterator[BoundField]:
        """What may be left out."""
        return (one for one in self if one.name not in _FIRST)

    def more_is_open(self) -> bool:
        """Whether something of that is wrong, or was filled in."""
        return any(one.errors or self.data.get(one.name) for one in self.more() if one.name != "language")
