"""Of what time figures are shown and, of many parties, between which."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from comity.reciprocity import at_the_end_of
from comity_node.channels.pairs import pairs

if TYPE_CHECKING:
    from collections.abc import Collection

    from comity.reciprocity import By
    from comity_node.channels.pairs import Pair


_PAIR: Final = 2


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

    by = forms.ChoiceField(
        label=_("By"),
        required=False,
        choices=[("month", _("month")), ("quarter", _("quarter"))],
        initial="month",
    )
    pair = forms.ChoiceField(label=_("Between"), required=False)

    def __init__(self, *args: Any, parties: Collection[str] = (), **kwargs: Any) -> None:  # noqa: ANN401 - Django's own signature
        """Let two be chosen where there are more."""
        super().__init__(*args, **kwargs)
        field = self.fields["pair"]
        assert isinstance(field, forms.ChoiceField)
        if len(parties) > _PAIR:
            two = [("/".join(pair), " · ".join(pair).upper()) for pair in pairs(parties)]
            field.choices = [("", gettext("all of them")), *two]
        else:
            del self.fields["pair"]

    def two(self) -> Pair | None:
        """Between which two; None where there are no more, or none were chosen."""
        self.is_valid()
        one, _slash, other = self.cleaned_data.get("pair", "").partition("/")
        return (one, other) if other else None

    def cut(self) -> By:
        """In periods of which length."""
        self.is_valid()
        return "quarter" if self.cleaned_data.get("by") == "quarter" else "month"

    def period(self) -> tuple[datetime, datetime | None]:
        """As of when, and from when on; where a day cannot be read, as if none were given."""
        self.is_valid()
        as_of, since = (self.cleaned_data.get(name) for name in ("as_of", "since"))
        begin = datetime.combine(since, time.min, tzinfo=UTC) if since else None
        return at_the_end_of(as_of) if as_of else datetime.now(UTC).replace(microsecond=0), begin

    def query(self) -> str:
        """The same for an address."""
        return urlencode({name: str(value) for name, value in self.cleaned_data.items() if value})
