"""What is asked before a channel is proposed or answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from comity.channel.charter import Coordinator
from comity.instruments import library
from comity_node.channels import neighbours
from comity_node.counterparts import introductions
from comity_node.counterparts.queries import all_trusted
from comity_node.register.standings import CHARTER

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.http import QueryDict

    from comity_node.counterparts.queries import TrustedCounterpart

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

    def __init__(
        self, said: QueryDict, *, counterparts: Iterable[str], became: Iterable[tuple[str, str]]
    ) -> None:
        super().__init__(said)
        states = library()[CHARTER].procedure("channel").states
        for name, choices in (
            ("standing", [*((state.id, gettext(state.label)) for state in states), *became]),
            ("counterpart", [(party, party.upper()) for party in counterparts]),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField), "it is declared above"
            field.choices = [("", gettext("Any")), *choices]


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


def _choice(one: TrustedCounterpart, vouching: Sequence[str]) -> str:
    """A counterpart as it is chosen: whom nobody here has compared is not to be taken for another."""
    named = f"{one.party.upper()} · {one.names.get('en', one.party)}"
    if not vouching:
        return named
    said = gettext("never compared here, introduced by %(who)s") % {"who": ", ".join(vouching)}
    return f"{named} ({said})"


class ProposeForm(CoordinatorForm):
    """The charter of a new channel."""

    field_order = ("counterparts", "instruments", "purpose", "languages", "office", "capacity", "reached_by")
    counterparts = forms.MultipleChoiceField(
        label=_("Counterparts"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_(
            "Only parties whose fingerprint was confirmed, or that others introduced, can be chosen. "
            "Of several, each answers for itself, and each must have confirmed all the others."
        ),
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
    succeeds = forms.ChoiceField(
        label=_("Takes up from"),
        required=False,
        help_text=_(
            "A channel that ended, that a party leaves, or that is suspended; both pages name the other."
        ),
    )
    within = forms.ChoiceField(
        label=_("Within"),
        required=False,
        help_text=_(
            "A channel of many, where this one is between some of its members. "
            "It has a record and a life of its own; the other members do not learn that it is there."
        ),
    )
    channel = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - Django's own signature
        """Offer the parties and instruments of this node, and the channels a new one may belong with."""
        super().__init__(*args, **kwargs)
        none = ("", gettext("No other channel"))
        self._offer("succeeds", [none, *neighbours.to_take_up_from()])
        self._offer("within", [none, *neighbours.to_be_within()])
        introduced = introductions.introduced()
        parties = {one.party: _choice(one, introduced.get(one.party, ())) for one in all_trusted()}
        self._offer("counterparts", list(parties.items()))
        if len(parties) == 1:
            self.fields["counterparts"].initial = list(parties)
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
