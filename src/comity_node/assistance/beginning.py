"""The form in which something is begun: what, under which instrument, in which channel."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comity_node.assistance.fields import cited_label
from comity_node.assistance.forms import choose

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django.http import QueryDict

    from comity_node.assistance.services import Offered

_FIRST: Final = ("preservation", "assistance", "information", "emergency")
_USUAL: Final = "assistance"
BETWEEN: Final = ":"  # a channel, and who of those in it is asked


class NewDraftForm(forms.Form):
    """What is to be begun, under which instrument, in which channel, and about what."""

    begins = forms.ChoiceField(label=gettext_lazy("What do you want to do?"), widget=forms.RadioSelect)
    channel = forms.ChoiceField(label=gettext_lazy("Channel"))
    title = forms.CharField(
        label=gettext_lazy("Title"),
        max_length=300,
        help_text=gettext_lazy("One line that says what is asked for, without names of persons."),
    )

    def __init__(
        self,
        said: QueryDict | None,
        *,
        ways: Mapping[str, Sequence[Offered]],
        channels: Mapping[str, str],
        chosen: Mapping[str, str],
    ) -> None:
        super().__init__(said, initial={"channel": chosen.get("channel", "")})
        self._ways = ways
        choose(self.fields["channel"], list(channels.items()))
        offered = {_value(way): way for of_channel in ways.values() for way in _in_order(of_channel)}
        choose(self.fields["begins"], _grouped(offered))
        wanted = chosen.get("procedure", _USUAL)
        usual = (value for value, way in offered.items() if way.table.procedure.id == wanted)
        self.initial["begins"] = next(usual, next(iter(offered), ""))

    def clean(self) -> dict[str, Any]:
        """See to it that the channel offers what is to be begun."""
        said = super().clean() or self.cleaned_data
        offered = {_value(way): way for way in self._ways.get(said.get("channel", ""), ())}
        begins = said.pop("begins", "")
        if begins in offered:
            (instrument, procedure), act, _before = offered[begins]
            said["channel"], _sep, said["requested"] = said["channel"].partition(BETWEEN)
            return {**said, "procedure": procedure.id, "instrument": instrument.id, "act": act.id}
        if begins and "channel" in said:
            texts = ", ".join(dict.fromkeys(way.table.instrument.short for way in offered.values()))
            why = _("That channel does not rest on this instrument. It rests on: %(texts)s.")
            self.add_error("begins", why % {"texts": texts})
        return said


def _value(way: Offered) -> str:
    return f"{way.table.procedure.id} {way.table.instrument.id} {way.act.id}"


def _in_order(ways: Sequence[Offered]) -> list[Offered]:
    """What may not wait first, then the usual; of several instruments first the one that steps back least."""
    place = {name: at for at, name in enumerate(_FIRST)}
    return sorted(ways, key=lambda way: (place.get(way.table.procedure.id, len(place)), len(way.in_lieu_of)))


def _grouped(offered: Mapping[str, Offered]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Choices under the title of their procedure, each with its instrument, article and mark."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for value, way in offered.items():
        row = next(row for row in way.table.procedure.rows_in[""] if row.act == way.act.id)
        label = f"{_(way.table.instrument.short)}: {cited_label(way.act.sentence, row)}"
        if way.in_lieu_of:
            before = ", ".join(text.short for text in way.in_lieu_of)
            said = _("%(way)s, in lieu of %(before)s: both sides must agree")
            label = said % {"way": label, "before": before}
        groups.setdefault(_(way.table.procedure.title), []).append((value, label))
    return list(groups.items())
