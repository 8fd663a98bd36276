"""Forms: what is said of a point, where it is listed, what is checked and answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import phonenumbers
from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comity.errors import ComityError
from comity_node.contact_point import importing, services, wording

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.http import QueryDict

    from comity.contacts import Point

_LINES: Final = {"rows": 2}


class _Several(forms.CharField):
    """A few values, one a line."""

    def __init__(self, **kwargs: Any) -> None:  # noqa: ANN401 - Django's signature
        super().__init__(required=False, max_length=2_000, widget=forms.Textarea(attrs=_LINES), **kwargs)

    def clean(self, value: Any) -> list[str]:  # noqa: ANN401 - Django's signature
        """The lines that say something."""
        return [line.strip() for line in super().clean(value).splitlines() if line.strip()]

    def prepare_value(self, value: Any) -> Any:  # noqa: ANN401 - Django's signature
        """Values as lines."""
        return "\n".join(value) if isinstance(value, list | tuple) else value


class ChannelsField(forms.MultipleChoiceField):
    """The channels in which something is said, one entry each; all of them unless some are taken out."""

    def __init__(self) -> None:
        super().__init__(
            label=gettext_lazy("Channels"),
            widget=forms.CheckboxSelectMultiple,
            help_text=gettext_lazy("It becomes an entry of its own in each."),
        )


class PointForm(forms.Form):
    """Where we are reached, as it is listed in the channels chosen."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind of contact point"), choices=wording.KINDS.items())
    authority = forms.CharField(
        label=gettext_lazy("Authority"),
        max_length=200,
        help_text=gettext_lazy("As it wants to be addressed."),
    )
    role = forms.CharField(
        label=gettext_lazy("Unit or role"),
        max_length=200,
        help_text=gettext_lazy("Who answers there; never a person's name."),
    )
    telephones = _Several(
        label=gettext_lazy("Telephone"),
        help_text=gettext_lazy("One a line, with the country: +41 44 668 18 00. The first is tried first."),
    )
    emails = _Several(label=gettext_lazy("E-mail"), help_text=gettext_lazy("One a line."))
    other = _Several(
        label=gettext_lazy("Other paths"),
        help_text=gettext_lazy("One a line, in words: a secure line, a fax, an on-call service."),
    )
    languages = forms.CharField(
        label=gettext_lazy("Languages"),
        max_length=200,
        help_text=gettext_lazy("Tags with commas between, the preferred first: en, ru."),
    )
    hours = forms.CharField(
        label=gettext_lazy("Hours"),
        max_length=300,
        help_text=gettext_lazy("24/7, or hours of the week: Mo-Fr 08:00-18:00; Sa 22:00-06:00"),
    )
    zone = forms.CharField(
        label=gettext_lazy("Time zone"),
        max_length=64,
        help_text=gettext_lazy("The zone the hours are in, by its IANA name: Europe/Zurich."),
    )
    verified_by = forms.CharField(
        label=gettext_lazy("Verified by"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Which office has checked what is said here, and how."),
    )
    confirm_by = forms.DateField(
        label=gettext_lazy("To be confirmed by"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("After that day, and after half a year, others see that nobody confirmed it."),
    )
    channels = ChannelsField()

    def __init__(
        self,
        said: QueryDict | None,
        *,
        channels: Iterable[tuple[str, str]],
        before: Mapping[str, Any] | None = None,
        kind: str = "",
    ) -> None:
        offered = list(channels)
        initial = {
            "zone": "UTC",
            "hours": "24/7",
            "kind": kind or "technical",
            "confirm_by": (timezone.now() + services.CONFIRM_WITHIN).date(),
            "channels": [name for name, _label in offered],
            **(before or {}),
        }
        initial["languages"] = ", ".join(initial.get("languages", ()))
        super().__init__(said, initial=initial)
        field = self.fields["channels"]
        assert isinstance(field, forms.MultipleChoiceField), "it is declared above"
        field.choices = offered
        if kind:  # what a point is for is said once; another is another point
            del self.fields["kind"]
        self.point: Point | None = None

    def clean_telephones(self) -> list[str]:
        """Each number in E.164, however it was spaced."""
        return [self._number(text) for text in self.cleaned_data["telephones"]]

    def _number(self, text: str) -> str:
        number = importing.e164(text)
        try:
            possible = phonenumbers.is_possible_number(phonenumbers.parse(number))
        except phonenumbers.NumberParseException:
            possible = False
        if not possible:
            said = _("This cannot be a telephone number: %s. Write it with its country, as +41 44 668 18 00.")
            raise forms.ValidationError(said % text[:40])
        return number

    def clean(self) -> dict[str, Any]:
        """The whole as a point, read as a counterpart will read it."""
        said = super().clean() or self.cleaned_data
        if self.errors:
            return said
        kept = ("authority", "role", "telephones", "emails", "other", "hours", "zone", "verified_by")
        languages = [one.strip() for one in said["languages"].split(",") if one.strip()]
        try:
            self.point = services.point({**{name: said[name] for name in kept}, "languages": languages})
        except ComityError as refused:
            raise forms.ValidationError(str(refused).removeprefix("nothing was recorded: ")) from refused
        return said


class SureForm(forms.Form):
    """Confirming a point, or withdrawing it: where."""

    confirm_by = forms.DateField(
        label=gettext_lazy("To be confirmed by"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    channels = ChannelsField()

    def __init__(
        self, said: QueryDict | None, *, channels: Iterable[tuple[str, str]], withdraws: bool
    ) -> None:
        offered = list(channels)
        by = (timezone.now() + services.CONFIRM_WITHIN).date()
        super().__init__(said, initial={"channels": [name for name, _label in offered], "confirm_by": by})
        field = self.fields["channels"]
        assert isinstance(field, forms.MultipleChoiceField), "it is declared above"
        field.choices = offered
        if withdraws:
            del self.fields["confirm_by"]


class DoubtForm(forms.Form):
    """What was tried to reach a point, and what came of it."""

    tried = forms.ChoiceField(label=gettext_lazy("What was tried"), choices=wording.WAYS.items())
    text = forms.CharField(
        label=gettext_lazy("What happened"), max_length=2_000, widget=forms.Textarea(attrs={"rows": 3})
    )


class AskForm(forms.Form):
    """A check, as it is asked."""

    sort = forms.ChoiceField(
        label=gettext_lazy("Sort of check"),
        choices=[
            ("human", gettext_lazy("Human: an official of theirs answers within a day")),
            ("formal", gettext_lazy("Formal: an official of theirs answers within a week")),
            ("automatic", gettext_lazy("Automatic: their node answers by itself")),
        ],
    )
    at_kind = forms.ChoiceField(
        label=gettext_lazy("Kind of contact point checked"),
        choices=wording.KINDS.items(),
        initial="technical",
    )
    announced = forms.BooleanField(
        label=gettext_lazy("They were told beforehand that it would come"), required=False
    )
    parties = forms.MultipleChoiceField(label=gettext_lazy("Of whom"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, said: QueryDict | None, *, parties: Iterable[str], chosen: Mapping[str, str]) -> None:
        """Offer the parties there are.

        Args:
            said: What was filled in.
            parties: Who can be asked.
            chosen: What sort of check it is to be, and of whom; of all where no one of them is named.
        """
        offered = list(parties)
        asked = [one for one in offered if one == chosen.get("party")] or offered
        super().__init__(said, initial={"parties": asked, "sort": chosen.get("sort", "human")})
        field = self.fields["parties"]
        assert isinstance(field, forms.MultipleChoiceField), "it is declared above"
        field.choices = [(one, one.upper()) for one in offered]


class AnswerForm(forms.Form):
    """An answer to a check, or closing one: nothing need be said."""


class ExplainForm(forms.Form):
    """Why a check was not answered in time."""

    cause = forms.ChoiceField(label=gettext_lazy("Why it was not answered"), choices=wording.CAUSES.items())
    text = forms.CharField(
        label=gettext_lazy("What was the matter, and what was done about it"),
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class TableForm(forms.Form):
    """A table of points, as a file or pasted."""

    file = forms.FileField(label=gettext_lazy("File"), required=False, max_length=255, allow_empty_file=True)
    text = forms.CharField(
        label=gettext_lazy("Or its lines, pasted"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 6, "dir": "ltr"}),
    )

    def clean(self) -> dict[str, Any]:
        """The bytes of the table, from wherever they came."""
        said = super().clean() or self.cleaned_data
        file, text = said.get("file"), said.get("text", "")
        if self.errors:
            return said
        if bool(file) == bool(text):
            raise forms.ValidationError(_("Choose a file, or paste the lines; one of the two."))
        said["content"] = file.read(importing.MOST_BYTES + 1) if file else text.encode()
        return said


class CheckFilters(forms.Form):
    """Which checks a list is to hold."""

    party = forms.ChoiceField(label=gettext_lazy("Party"), required=False)
    sort = forms.ChoiceField(
        label=gettext_lazy("Sort of check"),
        required=False,
        choices=[("", gettext_lazy("Any")), *wording.SORTS.items()],
    )
    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[("", gettext_lazy("Any")), *wording.STATES.items()],
    )

    def __init__(self, said: QueryDict, *, parties: Iterable[str]) -> None:
        super().__init__(said)
        field = self.fields["party"]
        assert isinstance(field, forms.ChoiceField), "it is declared above"
        field.choices = [("", _("Any")), *((one, one.upper()) for one in parties)]
