"""What is asked before a channel is proposed or answered."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from comity.channel.charter import Coordinator
from comity.instruments import library
from comity.reciprocity import at_the_end_of
from comity_node.counterparts.queries import all_trusted
from comity_node.register.standings import CHARTER

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import QueryDict

LANGUAGES = [
    ("ar", _("Arabic")),
    ("zh", _("Chinese")),
    ("en", _("English")),
    ("fr", _("French")),
    ("ru", _("Russian")),
    ("es", _("Spanish")),
    ("vi", _("Vietnamese")),
]


class Filters(forms.Form):
    """What the list of channels is to hold."""

    words = forms.CharField(label=_("Name or id"), required=False, max_length=100)
    standing = forms.ChoiceField(label=_("Standing"), required=False)
    counterpart = forms.ChoiceField(label=_("Counterpart"), required=False)

    def __init__(self, said: QueryDict, *, counterparts: Iterable[str]) -> None:
        super().__init__(said)
        states = library()[CHARTER].procedure("channel").states
        for name, choices in (
            ("standing", [(state.id, gettext(state.label)) for state in states]),
            ("counterpart", [(party, party.upper()) for party in counterparts]),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField), "it is declared above"
            field.choices = [("", gettext("Any")), *choices]


class PeriodForm(forms.Form):
    """Of what time figures are."""

    since = forms.DateField(
        label=_("Lodged from"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    as_of = forms.DateField(
        label=_("As the record stood at the end of"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
    )

    def period(self) -> tuple[datetime, datetime | None]:
        """As of when, and from when on; where a day cannot be read, as if none were given."""
        self.is_valid()
        as_of, since = (self.cleaned_data.get(name) for name in ("as_of", "since"))
        begin = datetime.combine(since, time.min, tzinfo=UTC) if since else None
        return at_the_end_of(as_of) if as_of else datetime.now(UTC).replace(microsecond=0), begin

    def query(self) -> str:
        """The same for an address."""
        return urlencode({name: str(value) for name, value in self.cleaned_data.items() if value})


class CoordinatorForm(forms.Form):
    """Our coordinator: an office and its capacity, never a private name."""

    office = forms.CharField(
        label=_("Coordinating office"),
        max_length=120,
        help_text=_("The other side will address it; no private names."),
    )
    capacity = forms.CharField(label=_("Capacity"), max_length=120, initial="coordinator")
    reached_by = forms.CharField(
        label=_("Reached by"),
        max_length=200,
        required=False,
        help_text=_("A telephone or another path, for the day the wire is down."),
    )

    def coordinator(self) -> Coordinator:
        """As the charter holds it."""
        said = self.cleaned_data
        return Coordinator(said["office"], said["capacity"], said["reached_by"])


class ProposeForm(CoordinatorForm):
    """The charter of a new channel."""

    field_order = ("counterpart", "instruments", "purpose", "languages", "office", "capacity", "reached_by")
    counterpart = forms.ChoiceField(
        label=_("Counterpart"), help_text=_("Only parties whose fingerprint was confirmed can be chosen.")
    )
    instruments = forms.MultipleChoiceField(
        label=_("Legal basis"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("The instruments that are to apply. Both sides apply the same text, by its digest."),
    )
    purpose = forms.CharField(
        label=_("Purpose"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Plain words; both sides sign them."),
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages"), choices=LANGUAGES, widget=forms.CheckboxSelectMultiple, initial=["en"]
    )
    exercise = forms.BooleanField(
        label=_("This is an exercise"),
        required=False,
        help_text=_(
            "Nothing done in the channel is meant, and every page of it says so. "
            "Instruments that do not bind both parties can be tried in an exercise only."
        ),
    )
    channel = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's own signature
        """Offer the parties and instruments of this node."""
        super().__init__(*args, **kwargs)
        self._offer(
            "counterpart",
            [(one.party, f"{one.party.upper()} · {one.names.get('en', one.party)}") for one in all_trusted()],
        )
        self._offer(
            "instruments",
            [
                (one.id, f"{one.short}: {one.title.get('en', one.id)}")
                for one in library().values()
                if one.id != CHARTER
            ],
        )

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices


class AcceptForm(CoordinatorForm):
    """Accepting names our coordinator."""

    note = forms.CharField(
        label=_("Note"), max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )


class PlainAnswerForm(forms.Form):
    """Declining or withdrawing."""

    note = forms.CharField(
        label=_("Reason, if you give one"),
        max_length=4000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
