"""Forms: a message, a new talk, a translation, a statement that differs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from comity.instruments import library
from comity_node.register.standings import CHARTER

if TYPE_CHECKING:
    from django.http import QueryDict
    from django_stubs_ext import StrOrPromise


def _language(label: StrOrPromise) -> forms.CharField:
    return forms.CharField(label=label, min_length=2, max_length=35, required=False)


def about() -> list[tuple[str, str]]:
    """What a talk may be for, by the table."""
    found = library()[CHARTER].procedure("talk").statement_of["about"].values
    return [(one, one) for one in found]


class _Limited(forms.Form):
    """Texts no longer than this node lets its officers send."""

    limited: ClassVar[tuple[str, ...]] = ("text",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's signature
        super().__init__(*args, **kwargs)
        for name in self.limited:
            field = self.fields[name]
            assert isinstance(field, forms.CharField), "it is declared below"
            field.max_length = settings.NODE.limits.message_characters
            field.widget.attrs["maxlength"] = str(field.max_length)


class MessageForm(_Limited):
    """One message: the original, and, where wanted, a translation beside it and the exhibits it names."""

    limited: ClassVar[tuple[str, ...]] = ("text", "translation")
    text = forms.CharField(label=_("Your message"), widget=forms.Textarea({"rows": 3}))
    language = _language(_("Language"))
    translation = forms.CharField(
        label=_("Translation beside it"), required=False, widget=forms.Textarea({"rows": 3})
    )
    translation_language = _language(_("Language of the translation"))
    exhibits = forms.CharField(
        label=_("Exhibits it names"),
        required=False,
        max_length=2_000,
        help_text=_("References or entries of exhibits on record in this channel, separated by spaces."),
    )

    def clean_exhibits(self) -> list[str]:
        """The exhibits, each once."""
        return list(dict.fromkeys(self.cleaned_data["exhibits"].replace(",", " ").split()))

    def words(self) -> dict[str, Any]:
        """What is said besides the original."""
        return {name: value for name, value in self.cleaned_data.items() if name != "text" and value}


class OpenForm(forms.Form):
    """A new talk."""

    title = forms.CharField(
        label=_("What the talk is called"),
        max_length=200,
        help_text=_("Both sides see it. It is sealed, as everything said in the talk."),
    )
    about = forms.ChoiceField(label=_("What the talk is for"), widget=forms.RadioSelect)
    linked = forms.CharField(
        label=_("Entries it is about"),
        max_length=1_000,
        required=False,
        help_text=_("The entry of the alert, the request or the operation, where there is one."),
    )

    def __init__(self, said: QueryDict | None, *, initial: dict[str, str] | None = None) -> None:
        super().__init__(said, initial=initial)
        field = self.fields["about"]
        assert isinstance(field, forms.ChoiceField), "it is declared above"
        field.choices = [(value, _(label)) for value, label in about()]

    def clean_linked(self) -> list[str]:
        """The entries, each once."""
        return list(dict.fromkeys(self.cleaned_data["linked"].replace(",", " ").split()))


class TranslationForm(_Limited):
    """A translation put beside a message."""

    text = forms.CharField(label=_("Translation"), widget=forms.Textarea({"rows": 6}))
    language = forms.CharField(label=_("Language of the translation"), min_length=2, max_length=35)


class DivergentForm(forms.Form):
    """A statement that differs from minutes."""

    text = forms.CharField(
        label=_("Our statement"),
        max_length=20_000,
        widget=forms.Textarea({"rows": 8}),
        help_text=_("It stands beside the minutes, under the name of your office."),
    )
