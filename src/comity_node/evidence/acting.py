"""One form for all acts of custody after delivery: what the table has stated, and what the document says."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any, Final

import msgspec
from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comity import custody
from comity_node.evidence import services
from comity_node.evidence.errors import CustodyNotFilledIn

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from django_stubs_ext import StrOrPromise

    from comity.instruments import ActRule, Stated, Statement
    from comity_node.evidence.models import Exhibit
    from comity_node.register.acts import Act

# What the node states by itself, what begins an exhibit, and what has a page of its own.
APART: Final = frozenset({"added", "received", "mismatch", "opened", "handed_over"})
NEXT: Final = (
    gettext_lazy("Where the table asks for two officers, a second one reads the same text and approves it."),
    gettext_lazy("Then it is on record, and the other side sees it with the next delivery."),
)
_LONG: Final = frozenset({"text", "copies", "method"})
_TEXTS: Final[Mapping[str, tuple[StrOrPromise, StrOrPromise]]] = {
    "text": (
        gettext_lazy("In words"),
        gettext_lazy("Sealed: only the parties of the channel can read it."),
    ),
    "method": (
        gettext_lazy("How it was done"),
        gettext_lazy("For example: shredded, overwritten three times."),
    ),
    "done_by": (gettext_lazy("By which office"), ""),
    "done_at": (gettext_lazy("When"), gettext_lazy("Day, hour and time zone.")),
    "done_where": (gettext_lazy("Where"), ""),
    "witnessed_by": (gettext_lazy("Which office saw it done"), ""),
    "copies": (
        gettext_lazy("What became of copies"),
        gettext_lazy(
            "Copies, excerpts, translations and backups: where they were, and what was done with each."
        ),
    ),
}


class CustodyForm(forms.Form):
    """What an act of custody states in the open, and what is sealed with it."""

    def __init__(self, said: QueryDict | None, *, rule: ActRule, among: Sequence[str]) -> None:
        """Ask for what the act states and says; where several receive the exhibit, for which it is meant.

        Args:
            said: What was filled in, if anything.
            rule: The act.
            among: The parties that receive the exhibit, by code.
        """
        super().__init__(said)
        self._rule = rule
        self._document = custody.FORMS[rule.id]
        stated = custody.table().statements_by[rule.id]
        self._stated = [one for one in stated if one.form != "party" or len(among) > 1]
        for statement in self._stated:
            required = statement.id in rule.must_state
            self.fields[statement.id] = (
                _parties(statement, among)
                if statement.form == "party"
                else _statement(statement, required=required)
            )
        for one in msgspec.structs.fields(self._document):
            label, hint = _TEXTS[one.name]
            self.fields[one.name] = forms.CharField(
                label=label,
                help_text=hint,
                required=one.required,
                max_length=20_000 if one.name in ("text", "copies") else 300,
                widget=forms.Textarea(attrs={"rows": 4}) if one.name in _LONG else forms.TextInput,
            )

    def act(self, exhibit: Exhibit) -> Act:
        """The act as filled in.

        Raises:
            MalformedCustody: What it says does not have the form of this act.
        """
        said = {one.name: self.cleaned_data[one.name] for one in msgspec.structs.fields(self._document)}
        return services.act_on(
            exhibit, self._rule.id, custody.read(said, self._document), self._codes(self.cleaned_data)
        )

    def carried(self) -> dict[str, Any]:
        """What was filled in, to be sent again with the signature."""
        return {name: _code(value) for name, value in self.cleaned_data.items() if value}

    def _codes(self, said: dict[str, Any]) -> dict[str, str | list[str]]:
        return {one.id: _code(said[one.id]) for one in self._stated if said[one.id]}


def _code(value: str | list[str] | date) -> str | list[str]:
    return value.isoformat() if isinstance(value, date) else value


def filled(act: str, said: Mapping[str, Sequence[str]], *, among: Sequence[str]) -> CustodyForm:
    """The form of an act, filled in by a command.

    Raises:
        CustodyNotFilledIn: There is no such act, or its form lacks something or knows no such name.
    """
    rule = custody.table().act_of.get(act)
    if rule is None or act in APART:
        known = ", ".join(one for one in custody.table().act_of if one not in APART)
        raise CustodyNotFilledIn(
            f"nothing was recorded: {act[:40]!r} is not done so", hint=f"it knows: {known}"
        )
    query = QueryDict(mutable=True)
    for name, values in said.items():
        query.setlist(name, list(values))
    form = CustodyForm(query, rule=rule, among=among)
    unknown = [name for name in said if name not in form.fields]
    wrong = [f"{name}: {' '.join(map(str, errors))}" for name, errors in form.errors.items()]
    if unknown or wrong:
        raise CustodyNotFilledIn(
            f"nothing was recorded: {'; '.join([*wrong, *(f'there is no {name}' for name in unknown)])}",
            hint=f"what can be said: {', '.join(form.fields)}",
        )
    return form


def _statement(statement: Statement, *, required: bool) -> forms.Field:
    label = _(statement.label)
    if statement.form == "day":
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        return forms.DateField(label=label, required=required, widget=widget)
    choices = [(value, words(value)) for value in statement.values]
    if statement.many:
        return forms.MultipleChoiceField(
            label=label, required=required, choices=choices, widget=forms.CheckboxSelectMultiple
        )
    return forms.ChoiceField(label=label, required=required, choices=choices, widget=forms.RadioSelect)


def _parties(statement: Statement, among: Sequence[str]) -> forms.Field:
    """Which of several parties an act concerns; all of them where none is chosen."""
    return forms.MultipleChoiceField(
        label=_(statement.label),
        help_text=_("All of them where none is chosen."),
        required=False,
        choices=[(party, party.upper()) for party in among],
        widget=forms.CheckboxSelectMultiple,
    )


def words(code: str) -> str:
    """A code of the custody table in words."""
    return _(code.replace("_", " "))


def stated(codes: Stated) -> list[tuple[str, str]]:
    """What an act of custody states in the open, as labels and values; a code the table lacks, as sent."""
    known = custody.table().statement_of
    return [
        (_(known[name].label) if name in known else name, "; ".join(_worded(name, value)))
        for name, value in codes.items()
        if name not in ("requested", "table")
    ]


def _worded(name: str, value: str | Sequence[str]) -> list[str]:
    known = custody.table().statement_of.get(name)
    is_party = known is not None and known.form == "party"
    return [one.upper() if is_party else words(one) for one in _listed(value)]


def _listed(value: str | Sequence[str]) -> list[str]:
    return [value] if isinstance(value, str) else list(value)
