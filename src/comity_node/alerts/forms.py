"""The form on which an alert is raised: four things must be said, the rest may follow."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, get_args

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comity.instruments import library
from comity.markings import PAP, TLP
from comity.severity import equals, grades
from comity_node.alerts import affected
from comity_node.assistance.fields import Words
from comity_node.assistance.forms import choose

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from django.http import QueryDict

    from comity_node.assistance.models import Draft

LONGEST: Final = 20_000
_PERIODS: Final = {
    "": gettext_lazy("no time is set"),
    "15": gettext_lazy("a quarter of an hour"),
    "60": gettext_lazy("an hour"),
    "240": gettext_lazy("four hours"),
    "720": gettext_lazy("twelve hours"),
    "1440": gettext_lazy("a day"),
}
_TEXTS: Final = ("what_happens", "what_is_affected", "indicators", "what_is_asked")
_CODES: Final = ("class", "sector", "seeks")
_KEPT: Final = "kept"


class RaiseForm(forms.Form):
    """An alert: to whom, how grave, what happens; then what it touches, what is asked, how it may go on."""

    use_required_attribute = False

    channels = forms.MultipleChoiceField(
        label=gettext_lazy("To"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one channel: nobody is warned otherwise.")},
    )
    severity = forms.ChoiceField(
        label=gettext_lazy("Severity"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose how grave it is: their clock follows from it.")},
    )
    title = forms.CharField(
        label=gettext_lazy("In one line"),
        max_length=300,
        help_text=gettext_lazy("It is read first, on a telephone, at three in the morning."),
    )
    what_happens = Words(
        label=gettext_lazy("What happens"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("What is seen, since when (UTC), and how sure that is."),
    )
    what_is_affected = Words(
        label=gettext_lazy("What is affected, and where"),
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    objects_words = forms.CharField(
        label=gettext_lazy("Protected objects affected"),
        max_length=300,
        required=False,
        help_text=gettext_lazy(
            "Part of a name, an address or a domain: ours, and theirs that we were shown. Each is named by"
            " its list and its hash, and never by what it is."
        ),
    )
    objects = forms.MultipleChoiceField(
        label=gettext_lazy("Stated as affected"), required=False, widget=forms.CheckboxSelectMultiple
    )
    what_is_asked = Words(
        label=gettext_lazy("What is asked"),
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    reply_within = forms.ChoiceField(
        label=gettext_lazy("An answer is of use within"),
        required=False,
        choices=list(_PERIODS.items()),
    )
    indicators = Words(
        label=gettext_lazy("Indicators"),
        max_length=LONGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "class": "exact", "dir": "ltr", "spellcheck": "false"}),
        help_text=gettext_lazy(
            "Paste anything: addresses, domains, hashes, wallets, vulnerabilities, also written as hxxp or"
            " [.]. What is recognised is shown before you sign."
        ),
    )
    seeks = forms.MultipleChoiceField(
        label=gettext_lazy("What is sought"), required=False, widget=forms.CheckboxSelectMultiple
    )
    sector = forms.MultipleChoiceField(
        label=gettext_lazy("Sector"), required=False, widget=forms.CheckboxSelectMultiple
    )
    tlp = forms.ChoiceField(
        label=gettext_lazy("TLP"),
        choices=[(code, code) for code in get_args(TLP)[1:]],
        initial="AMBER+STRICT",
        help_text=gettext_lazy("To whom it may go on."),
    )
    pap = forms.ChoiceField(
        label=gettext_lazy("PAP"),
        required=False,
        choices=[("", gettext_lazy("not marked")), *((code, code) for code in get_args(PAP)[1:])],
        initial="AMBER",
        help_text=gettext_lazy("What may be done with it. RED: nobody may be tipped off."),
    )
    language = forms.ChoiceField(label=gettext_lazy("Language of this text"), choices=settings.LANGUAGES)
    exercise = forms.BooleanField(label=gettext_lazy("EXERCISE: nothing of this is meant"), required=False)

    def __init__(
        self,
        said: QueryDict | None,
        *,
        channels: Mapping[str, str],
        parties: Iterable[str],
        initial: Mapping[str, object],
        objects: Sequence[tuple[str, str]] | None = None,
    ) -> None:
        """Offer what there is.

        Args:
            said: What was filled in.
            channels: The channels an alert can be raised in, and what each is called.
            parties: Who could receive it: their scales are shown beside ours.
            initial: What stands in the fields beforehand.
            objects: The protected objects to choose from; None where none may be named.
        """
        super().__init__(said, initial=dict(initial))
        if until := str(initial.get("reply_by", "")):
            choose(self.fields["reply_within"], [(_KEPT, _as_kept(until)), *_PERIODS.items()])
        choose(self.fields["channels"], list(channels.items()))
        choose(self.fields["severity"], [(one.code, _graded(one.code, parties)) for one in grades()])
        if objects is None:
            del self.fields["objects"], self.fields["objects_words"]
        else:
            choose(self.fields["objects"], list(objects))
        statements = library()["charter"].procedure("alert").statement_of
        self.fields["class"] = _several(_("Sort of incident"))  # a word of Python: no attribute is called so
        for name in _CODES:
            choose(self.fields[name], [(one, _(one.replace("_", " "))) for one in statements[name].values])

    def clean(self) -> dict[str, Any]:
        """See to it that what is stated is on a list of a channel the alert goes to."""
        said = super().clean() or self.cleaned_data
        references = [affected.reference(one) for one in said.get("objects", ())]
        within = [
            one for channel in said.get("channels", ()) for one in affected.of_channel(references, channel)
        ]
        if len(within) < len(references):
            self.add_error("objects", _("Some are on lists of channels this alert does not go to."))
        return said

    def written(self) -> dict[str, Any]:
        """What a draft of it keeps, but for the channel."""
        said = self.cleaned_data
        stated = {name: said[name] for name in ("severity", *_CODES) if said.get(name)}
        if said["reply_within"] == _KEPT:
            stated["reply_by"] = self.initial["reply_by"]
        elif said["reply_within"]:
            until = timezone.now() + timedelta(minutes=int(said["reply_within"]))
            stated["reply_by"] = f"{until:%Y-%m-%dT%H:%MZ}"
        if said["exercise"]:
            stated["exercise"] = "yes"
        return {
            "title": said["title"],
            "language": said["language"],
            "stated": stated,
            "fields": {name: said[name] for name in _TEXTS},
            "marking": {name: said[name] for name in ("tlp", "pap") if said[name]},
            "affected": [affected.reference(one) for one in said.get("objects", ())],
        }


def _several(label: str) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(label=label, required=False, widget=forms.CheckboxSelectMultiple)


def filled_in(drafts: Iterable[Draft]) -> dict[str, Any]:
    """What drafts of one alert say, by the names of the form's fields."""
    held = list(drafts)
    first = held[0]
    return {
        **first.fields,
        **{name: first.stated.get(name, "") for name in ("severity", *_CODES)},
        **first.marking,
        **({"reply_by": until, "reply_within": _KEPT} if (until := first.stated.get("reply_by")) else {}),
        "channels": [one.channel for one in held],
        "objects": [affected.as_value(named) for one in held for named in one.affected],
        "title": first.title,
        "language": first.language,
        "exercise": "exercise" in first.stated,
    }


def _as_kept(until: str) -> str:
    return _("until %(instant)s, as it was set") % {"instant": until.replace("T", " ").replace("Z", " UTC")}


def _graded(code: str, parties: Iterable[str]) -> str:
    """A grade with its meaning, and what the scales of those concerned call about the same."""
    one = next(found for found in grades() if found.code == code)
    others = "; ".join(f"{_(scale.name)}: {_(name)}" for scale, name in equals(code, *parties))
    said = f"{one.code} · {_(one.label)}. {_(one.meaning)}"
    return f"{said} ({others})" if others else said
