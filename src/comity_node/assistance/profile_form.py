"""The form in which an authority writes its requirement profile; lists are written one a line."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comity.drafting import profile_document, read_profile
from comity.errors import MalformedProfile
from comity.instruments import library
from comity_node.assistance.fields import Words
from comity_node.register import standings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.http import QueryDict

    from comity.drafting import Profile

_TYPES: Final = r"(?:\s*\[(?P<types>[^\]]*)\])?\s*"
_NEED: Final = re.compile(rf"(?P<field>[a-z][a-z0-9_]*){_TYPES}:\s*(?P<because>.+)", re.ASCII)
_LONGEST: Final = re.compile(rf"(?P<days>[0-9]{{1,5}}){_TYPES}", re.ASCII)
_CONTACT: Final = re.compile(r"(?P<for>[^:]+):\s*(?P<reached_by>[^;]+)(?:;\s*(?P<hours>.*))?")


class ProfileForm(forms.Form):
    """What our authority requires of requests, as it is published in one channel."""

    channel = forms.ChoiceField(label=gettext_lazy("Channel"))
    authority = forms.CharField(label=gettext_lazy("Authority, as it wants to be addressed"), max_length=300)
    as_of = forms.DateField(
        label=gettext_lazy("Published on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    languages = forms.CharField(
        label=gettext_lazy("Languages in which requests are taken"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Tags with commas between: en, ru. Empty says nothing about languages."),
    )
    translation = forms.ChoiceField(
        label=gettext_lazy("A translation must be"),
        required=False,
        choices=[
            ("", gettext_lazy("Not said")),
            ("checked", gettext_lazy("Checked by a person")),
            ("certified", gettext_lazy("Certified")),
        ],
    )
    law_text = forms.ChoiceField(
        label=gettext_lazy("Text of the law"),
        choices=[
            ("cited", gettext_lazy("A citation is enough")),
            ("verbatim", gettext_lazy("Word for word")),
        ],
    )
    network = forms.MultipleChoiceField(
        label=gettext_lazy("With each network address"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[
            ("time", gettext_lazy("Day, time of day and time zone")),
            ("port", gettext_lazy("Source port")),
        ],
    )
    longest_period = Words(
        label=gettext_lazy("Longest period, in days"),
        required=False,
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy(
            "One a line; where it is for some types only, these in brackets: 30 [traffic]"
        ),
    )
    formats = Words(
        label=gettext_lazy("Form of what is sent"),
        required=False,
        max_length=8_000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy(
            "One a line: lists as CSV, times in UTC. It is shown to whoever writes a request."
        ),
    )
    need = Words(
        label=gettext_lazy("Always needed"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy(
            "One a line, the field and why: provider [documents_items]: The order names the company."
        ),
    )
    contact = Words(
        label=gettext_lazy("Contact points"),
        required=False,
        max_length=8_000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy(
            "One a line, what for, how, and when: Urgent requests: +1 202 555 0100; at all hours"
        ),
    )
    instruments = forms.MultipleChoiceField(
        label=gettext_lazy("Only for requests under"), required=False, widget=forms.CheckboxSelectMultiple
    )
    procedures = forms.MultipleChoiceField(
        label=gettext_lazy("In procedures"), widget=forms.CheckboxSelectMultiple
    )

    def __init__(
        self, said: QueryDict | None, *, channels: Iterable[str], party: str, before: Profile | None
    ) -> None:
        super().__init__(said, initial=_shown(before))
        self._party = party
        texts = [text for text in library().values() if text.id != standings.CHARTER]
        named = {one.id: _(one.title) for text in texts for one in text.procedures}
        self._known = {field.id for text in texts for field in text.fields}
        self._offer("channel", [(one, one) for one in channels])
        self._offer("instruments", [(text.id, text.short) for text in texts])
        self._offer("procedures", list(named.items()))

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField), "it is declared above"
        field.choices = choices

    def clean_longest_period(self) -> list[dict[str, Any]]:
        """Each line as a period in days and the types it is for."""
        found = self._lines("longest_period", _LONGEST)
        return [{**_with_types(one), "days": int(one["days"])} for one in found]

    def clean_need(self) -> list[dict[str, Any]]:
        """Each line as a field, the types it is for, and why."""
        found = [_with_types(one) for one in self._lines("need", _NEED)]
        unknown = [one["field"] for one in found if one["field"] not in self._known]
        if unknown:
            said = _("No instrument has a field of this name: %s. The names stand on each instrument's page.")
            raise forms.ValidationError(said % ", ".join(unknown))
        return found

    def clean_contact(self) -> list[dict[str, str]]:
        """Each line as what for, how, and when."""
        return [
            {name: text.strip() for name, text in one.items() if text}
            for one in self._lines("contact", _CONTACT)
        ]

    def _lines(self, name: str, form: re.Pattern[str]) -> list[dict[str, str]]:
        lines = [line.strip() for line in self.cleaned_data[name].splitlines() if line.strip()]
        read = [(line, form.fullmatch(line)) for line in lines]
        wrong = [line for line, match in read if match is None]
        if wrong:
            raise forms.ValidationError(_("This line is not in the form shown above: %s") % wrong[0][:80])
        return [match.groupdict() for _line, match in read if match is not None]

    def clean(self) -> dict[str, Any]:
        """The whole as a profile, read as a counterpart will read it."""
        said = super().clean() or self.cleaned_data
        if self.errors:
            return said
        document = {
            "v": 1,
            "party": self._party,
            **{name: value for name, value in said.items() if name != "channel" and value},
            "as_of": said["as_of"].isoformat(),
            "languages": [one.strip() for one in said["languages"].split(",") if one.strip()],
            "formats": [one.strip() for one in said["formats"].splitlines() if one.strip()],
        }
        try:
            self.profile = read_profile(json.dumps(document).encode())
        except MalformedProfile as refused:
            raise forms.ValidationError(str(refused)) from refused
        return said


def _with_types(read: Mapping[str, str]) -> dict[str, Any]:
    types = [one.strip() for one in (read["types"] or "").split(",") if one.strip()]
    return {**read, "types": types}


def _shown(before: Profile | None) -> dict[str, Any]:
    """The profile published before, in the lines of the form; today's date."""
    today = {"as_of": timezone.now().date(), "procedures": ["assistance"]}
    if before is None:
        return today
    kept = profile_document(before)
    lines = {
        "longest_period": [f"{one.days}{_of(one.types)}" for one in before.longest],
        "need": [f"{one.field}{_of(one.types)}: {one.because}" for one in before.needs],
        "contact": [
            f"{one.purpose}: {one.reached_by}{f'; {one.hours}' if one.hours else ''}"
            for one in before.contacts
        ],
        "formats": list(before.formats),
    }
    return {
        **kept,
        **{name: "\n".join(some) for name, some in lines.items()},
        "languages": ", ".join(before.languages),
        "as_of": today["as_of"],
    }


def _of(types: tuple[str, ...]) -> str:
    return f" [{', '.join(types)}]" if types else ""
