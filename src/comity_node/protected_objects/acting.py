"""One form for all acts on a list but its declaration: what is stated, and what is sealed with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comity import protected
from comity.instruments import library
from comity.names import EntryRef
from comity_node.protected_objects import queries, revealing, services
from comity_node.protected_objects.errors import NotFilledIn
from comity_node.protected_objects.wording import UNDERTAKINGS, word
from comity_node.register import payloads
from comity_node.register import queries as register

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from comity.instruments import ActRule, Procedure, Statement
    from comity_node.protected_objects.models import ProtectedList
    from comity_node.register.acts import Act

# What has a page of its own.
APART: Final = frozenset({"declared", "amended", "revealed"})
_LONG: Final = {"rows": 4}
_DISPOSAL: Final = {
    "method": gettext_lazy("How it was done"),
    "done_by": gettext_lazy("By which office"),
    "done_at": gettext_lazy("When"),
    "done_where": gettext_lazy("Where"),
    "witnessed_by": gettext_lazy("Which office saw it done"),
    "copies": gettext_lazy("What became of copies"),
}
_MUST: Final = ("method", "done_by", "done_at", "copies")


def table() -> Procedure:
    """The table in the edition this node ships: what pages offer. What counts is the channel's."""
    return library()["charter"].procedure("protected_list")


class ActForm(forms.Form):
    """What an act on a list states in the open, and what is sealed with it."""

    def __init__(self, said: QueryDict | None, *, row: ProtectedList, rule: ActRule) -> None:
        """Ask for what the act states and says, offering what is on record."""
        super().__init__(said)
        self._row, self._rule = row, rule
        self._form = protected.FORMS[rule.id]
        self._stated = [
            one for one in table().statements_by[rule.id] if one.id != "concerns" or len(_holders(row)) > 1
        ]
        for one in self._stated:
            self.fields[one.id] = _statement(one, row, rule, required=one.id in rule.must_state)
        if self._form is protected.Question:
            self.fields["values"] = forms.CharField(
                label=_("What you ask about"),
                help_text=_("Domains, addresses, networks, autonomous systems, one a line."),
                widget=forms.Textarea(attrs={"rows": 4, "dir": "ltr"}),
                max_length=20_000,
            )
        for name, label in _DISPOSAL.items() if self._form is protected.Disposed else ():
            widget = forms.Textarea(attrs=_LONG) if name in ("copies", "method") else forms.TextInput
            self.fields[name] = forms.CharField(
                label=label, required=name in _MUST, max_length=2_000, widget=widget
            )
        if self._form is not protected.Disposed:
            self.fields["text"] = forms.CharField(
                label=_("In words"),
                required=rule.needs_words,
                max_length=20_000,
                widget=forms.Textarea(attrs=_LONG),
                help_text=_("Sealed: only the parties of the channel can read it."),
            )

    def act(self) -> Act:
        """The act as filled in.

        Raises:
            ComityError: What it says does not have the form of this act, or cannot be shown.
        """
        said = self.cleaned_data
        codes = {one.id: said[one.id] for one in self._stated if said.get(one.id)}
        if self._rule.id == "access_reported":
            return services.access_act(self._row, text=said["text"])
        if self._form is protected.Answer:
            return self._answer(codes)
        return services.act_on(self._row, self._rule.id, self._document(said), codes)

    def _document(self, said: Mapping[str, Any]) -> protected.Document:
        if self._form is protected.Disposed:
            return protected.read({name: said[name] for name in _DISPOSAL}, protected.Disposed)
        if self._form is protected.Question:
            values = [one.strip() for one in said["values"].splitlines() if one.strip()]
            return protected.read({"text": said["text"], "values": values}, protected.Question)
        return protected.read({"text": said["text"]}, self._form)

    def _answer(self, codes: dict[str, Any]) -> Act:
        """An answer; where it is yes, what the question touches is revealed with it."""
        reveals: tuple[protected.Reveal, ...] = ()
        if codes.get("is_listed") == "yes":
            question = payloads.payload(register.entry(EntryRef.parse(codes["question"])))
            asked = protected.read(question, protected.Question).values
            reveals = revealing.reveals_for(self._row, asked)
            codes = {**codes, "version": self._row.version}
        said = protected.Answer(reveals=reveals, text=self.cleaned_data["text"])
        return services.act_on(self._row, "answered", said, codes)

    def carried(self) -> dict[str, Any]:
        """What was filled in, to be sent again with the signature."""
        return {name: value for name, value in self.cleaned_data.items() if value}


def filled(row: ProtectedList, act: str, said: Mapping[str, Sequence[str]]) -> ActForm:
    """The form of an act, filled in by a command.

    Raises:
        NotFilledIn: There is no such act, or its form lacks something or knows no such name.
    """
    rule = table().act_of.get(act)
    if rule is None or act in APART:
        known = ", ".join(one for one in table().act_of if one not in APART)
        raise NotFilledIn(f"nothing was recorded: {act[:40]!r} is not done so", hint=f"it knows: {known}")
    query = QueryDict(mutable=True)
    for name, values in said.items():
        query.setlist(name, list(values))
    form = ActForm(query, row=row, rule=rule)
    unknown = [f"there is no {name}" for name in said if name not in form.fields]
    wrong = [f"{name}: {' '.join(map(str, errors))}" for name, errors in form.errors.items()]
    if unknown or wrong:
        raise NotFilledIn(
            f"nothing was recorded: {'; '.join([*wrong, *unknown])}",
            hint=f"what can be said: {', '.join(form.fields)}",
        )
    return form


def _statement(one: Statement, row: ProtectedList, rule: ActRule, *, required: bool) -> forms.Field:
    label = _(one.label)
    if one.form == "entry":
        choices = _entries(one.id, row, rule)
    elif one.form == "party":
        choices = [(party, party.upper()) for party in _holders(row)]
    else:
        choices = [(value, str(UNDERTAKINGS.get(value, word(value)))) for value in one.values]
    if one.many:
        first = [value for value, _label in choices] if one.form == "entry" else None
        return forms.MultipleChoiceField(
            label=label,
            required=required,
            choices=choices,
            widget=forms.CheckboxSelectMultiple,
            initial=first,
        )
    if one.form == "entry":
        choices = choices if required else [("", "—"), *choices]
        return forms.ChoiceField(label=label, required=required, choices=choices)
    return forms.ChoiceField(label=label, required=required, choices=choices, widget=forms.RadioSelect)


def _holders(row: ProtectedList) -> list[str]:
    return [one.party for one in queries.undertaken(row)]


_NAMED_BY: Final[Mapping[str, tuple[str, ...]]] = {
    "version": ("declared", "amended"),
    "revealed": ("revealed", "answered"),
    "question": ("consulted",),
}


def _entries(name: str, row: ProtectedList, rule: ActRule) -> list[tuple[str, str]]:
    """The entries on record that a statement may name, the latest first."""
    if name == "alert":
        return [(entry, f"{ref} · {entry}") for entry, ref in queries.alerts(row.channel)]
    received = register.entries(row.channel, ref=row.ref, prefix=f"{protected.KINDS}.")
    if name == "entries" and rule.entries != "own":
        asked = [one for one in received if one.entry.act == rule.entries]
        named = [value for one in asked for value in _listed(one.entry.stated.get("entries", []))]
        return [(value, value) for value in dict.fromkeys(named)]
    acts = _NAMED_BY.get(name, ("declared", "amended", "revealed", "answered"))
    rules = table().act_of
    return [
        (str(one.ref), f"{_(rules[one.entry.act].label)} · {one.ref}")
        for one in reversed(received)
        if one.entry.act in acts
    ]


def _listed(value: str | Sequence[str]) -> Sequence[str]:
    return [value] if isinstance(value, str) else value
