"""Forms of the room: filters, the beginning of a draft, the draft itself, and one form for any act.

A form sees to form. Law is the table's affair: what a form lets through, the core still judges.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comity.drafting import authorship_document
from comity.markings import marking_document
from comity_node.assistance import chartering, counting, drafting, marking, translations
from comity_node.assistance.calling import HEARD
from comity_node.assistance.drafting import LONGEST_TEXT, STATED, TRANSLATED
from comity_node.assistance.fields import (
    DemandedChoices,
    DemandedWords,
    Words,
    cited_label,
    exhibit_lines,
    exhibits_field,
    named_exhibits,
    statement_field,
    text_field,
    translated_field,
)
from comity_node.assistance.on_record import OnRecordField, joined
from comity_node.assistance.services import Written

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date

    from django.http import QueryDict

    from comity.instruments import Procedure, Row, Statement
    from comity.keys.spoken import CodeWords
    from comity.lifecycle import Table
    from comity_node.assistance.choices import Choices
    from comity_node.assistance.models import Draft


class Filters(forms.Form):
    """What a list is to hold."""

    words = forms.CharField(label=gettext_lazy("Reference or words"), required=False, max_length=100)
    standing = forms.ChoiceField(label=gettext_lazy("Standing"), required=False)
    direction = forms.ChoiceField(
        label=gettext_lazy("Requesting"),
        required=False,
        choices=[
            ("", gettext_lazy("Both")),
            ("ours", gettext_lazy("Ours")),
            ("theirs", gettext_lazy("Theirs")),
        ],
    )
    handling = forms.ChoiceField(
        label=gettext_lazy("Handled here"),
        required=False,
        choices=[
            ("", gettext_lazy("Any")),
            ("mine", gettext_lazy("By me")),
            ("nobody", gettext_lazy("By nobody yet")),
        ],
    )
    procedure = forms.ChoiceField(label=gettext_lazy("Procedure"), required=False)
    overdue = forms.BooleanField(label=gettext_lazy("Clock has run out"), required=False)
    sort = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    def __init__(self, said: QueryDict, *, procedures: Sequence[Procedure]) -> None:
        super().__init__(said)
        states = {state.id: _(state.label) for procedure in procedures for state in procedure.states}
        standing = self.fields["standing"]
        assert isinstance(standing, forms.ChoiceField), "it is declared above"
        standing.choices = [("", _("Any")), ("open", _("Open")), *states.items()]
        kinds = self.fields["procedure"]
        assert isinstance(kinds, forms.ChoiceField), "it is declared above"
        names = {one.kinds: _(one.title) for one in procedures}
        kinds.choices = [("", _("Any")), *names.items()]


class DraftForm(forms.Form):
    """The request as the instrument wants it; every field may stay empty until it is submitted."""

    use_required_attribute = False

    title = DemandedWords(label=gettext_lazy("Title"), max_length=300)
    types = DemandedChoices(
        label=gettext_lazy("Types of assistance"),
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy(
            "All that you ask for; what is asked further on follows from it. Data of a provider are records."
        ),
    )
    language = forms.ChoiceField(label=gettext_lazy("Language of this text"), choices=settings.LANGUAGES)
    translation_language = forms.ChoiceField(
        label=gettext_lazy("Language of the translation"), required=False
    )

    def __init__(
        self, said: QueryDict | None, *, draft: Draft, table: Table, only: Collection[str] | None = None
    ) -> None:
        """Ask for the whole request, or only for the fields named: those of one step."""
        super().__init__(said, initial=filled_in(draft))
        instrument = table.instrument
        types = [(one.id, cited_label(one.label, one)) for one in instrument.types_in(draft.procedure)]
        choose(self.fields["types"], types)
        if not types:
            del self.fields["types"]
        choose(self.fields["translation_language"], [("", _("No translation")), *settings.LANGUAGES])
        self.stated = drafting.statements(draft, table)
        offered = chartering.offered(draft.channel, table.procedure.kinds)
        for statement in self.stated:
            self.fields[STATED + statement.id] = statement_field(
                statement, instrument, required=False, offered=offered.get(statement.id)
            )
        self.asked = instrument.fields_for(*draft.types, procedure=draft.procedure)
        self.is_translated = bool(draft.translation_language)
        for asked in self.asked:
            self.fields[asked.id] = text_field(asked, instrument)
            if self.is_translated:
                original = draft.fields.get(asked.id, "")
                self.fields[TRANSLATED + asked.id] = translated_field(asked, original)
        self.fields |= translations.fields() | marking.fields()
        _offer_exhibits(self, draft.channel)
        if only is not None:
            self.fields = {name: field for name, field in self.fields.items() if name in only}

    def clean(self) -> dict[str, Any]:
        """See to it that the markings fit together."""
        return _fitting(self)

    def clean_exhibits(self) -> list[dict[str, str]]:
        """The exhibits referred to, one a line."""
        return named_exhibits(self.cleaned_data["exhibits"])

    def written(self) -> Written:
        """What the services keep; nothing of what was not asked."""
        said = self.cleaned_data
        kept = Written(
            stated={one.id: _code(said[STATED + one.id] or "") for one in self._stated_in(said)},
            fields={one.id: said[one.id] for one in self.asked if one.id in said},
            translation={
                one.id: said[TRANSLATED + one.id] for one in self.asked if TRANSLATED + one.id in said
            },
        )
        for name in ("title", "language", "translation_language"):
            if name in said:
                kept[name] = said[name]
        if translations.BY + "how" in said:
            kept["translated_by"] = dict(authorship_document(translations.made(said)))
        if "types" in said:
            kept["types"] = said["types"]
        if marking.MARKED + "tlp" in said:
            kept["marking"] = marking_document(marking.marked(said))
        if "exhibits" in said:
            kept["exhibits"] = joined(said.get("on_record", []), said["exhibits"])
        return kept

    def _stated_in(self, said: Mapping[str, Any]) -> list[Statement]:
        return [one for one in self.stated if STATED + one.id in said]

    @property
    def head(self) -> list[forms.BoundField]:
        """The fields above the instrument's own."""
        stated = (STATED + one.id for one in self.stated)
        names = ("title", "types", *stated, "language", "translation_language")
        return [self[name] for name in names if name in self.fields]

    @property
    def body(self) -> list[tuple[forms.BoundField, forms.BoundField | None]]:
        """The instrument's fields, each with its translation beside it."""
        return [
            (self[one.id], self[TRANSLATED + one.id] if self.is_translated else None)
            for one in self.asked
            if one.id in self.fields
        ]

    @property
    def translations(self) -> list[tuple[str, forms.BoundField]]:
        """The label of each field that says something, and its translation, paragraph by paragraph."""
        return [
            (str(_(one.label)), self[TRANSLATED + one.id])
            for one in self.asked
            if TRANSLATED + one.id in self.fields
            and (self.initial.get(one.id, "") or self.initial.get(TRANSLATED + one.id, ""))
        ]

    @property
    def attribution(self) -> list[forms.BoundField]:
        """Who answers for the translation."""
        return [field for field in self if field.name.startswith(translations.BY)]


class ActForm(forms.Form):
    """One form for every act of the procedure: the row of the table says what it asks."""

    def __init__(
        self,
        said: QueryDict | None,
        *,
        row: Row,
        table: Table,
        channel: str,
        language: str,
        choices: Choices,
    ) -> None:
        super().__init__(said, initial={"language": language})
        instrument, procedure = table
        of_itself = counting.BY_THE_NODE if procedure.kinds == counting.KINDS else ()
        names = (name for name in (*row.must_state, *row.may_state) if name not in of_itself)
        self.asked = [procedure.statement_of[name] for name in names]
        for statement in self.asked:
            self.fields[statement.id] = statement_field(
                statement,
                instrument,
                required=statement.id in row.must_state,
                offered=choices.get(statement.id),
            )
        self.fields["text"] = Words(
            label=_("In words"),
            required=row.needs_words,
            max_length=LONGEST_TEXT,
            widget=forms.Textarea(attrs={"rows": 8}),
            help_text=_("Sealed: only the two parties of the channel can read it."),
        )
        self.fields["language"] = forms.ChoiceField(
            label=_("Language of this text"), choices=settings.LANGUAGES
        )
        if row.exhibits:
            _offer_exhibits(self, channel)
        self.fields |= marking.fields()
        self.initial.update(marking.filled_in(marking.usual()))

    def clean(self) -> dict[str, Any]:
        """See to it that the markings fit together."""
        return _fitting(self)

    def clean_exhibits(self) -> list[dict[str, str]]:
        """The exhibits named, one a line."""
        return named_exhibits(self.cleaned_data["exhibits"])

    def ask_for_words(self, expected: CodeWords | None) -> None:
        """Ask which code words were heard. They are checked, and not recorded."""
        self._expected = expected
        self.fields[HEARD] = forms.CharField(
            label=_("The words you heard"),
            max_length=200,
            help_text=_("Four words, in any language. They are checked and not recorded."),
        )

    def clean_heard(self) -> str:
        """Refuse a call-back in which other words were said."""
        heard: str = self.cleaned_data[HEARD]
        if self._expected is None or not self._expected.heard(heard):
            raise forms.ValidationError(
                _("These are not the words of this request. If they were said so, the call-back failed.")
            )
        return heard

    def stated(self) -> dict[str, str | list[str]]:
        """The codes for the open header."""
        said = {one.id: self.cleaned_data[one.id] for one in self.asked}
        return {name: _code(value) for name, value in said.items() if value}

    def payload(self) -> dict[str, Any]:
        """What is sealed; nothing, where nothing was written."""
        text = self.cleaned_data["text"]
        exhibits = joined(self.cleaned_data.get("on_record") or [], self.cleaned_data.get("exhibits") or [])
        words = {"text": text, "language": self.cleaned_data["language"]} if text else {}
        said = {**words, **({"exhibits": exhibits} if exhibits else {})}
        marked = marking_document(marking.marked(self.cleaned_data))
        return {**said, "marking": marked} if said and marked else said

    @property
    def plain(self) -> list[forms.BoundField]:
        """What the act itself asks."""
        return [field for field in self if not field.name.startswith(marking.MARKED)]

    @property
    def markings(self) -> list[forms.BoundField]:
        """How what is said may be passed on."""
        return [field for field in self if field.name.startswith(marking.MARKED)]


def _fitting(form: forms.Form) -> dict[str, Any]:
    """What was said, with whatever does not fit together in markings or authorship shown beside it."""
    said = form.cleaned_data
    flaws = [(marking.MARKED + name, why) for name, why in marking.marked(said).flaws()]
    flaws += [(translations.BY + name, why) for name, why in translations.made(said).flaws()]
    for name, why in flaws:
        form.add_error(name, _(why))
    return said


def _offer_exhibits(form: forms.Form, channel: str) -> None:
    """Let exhibits be picked from the record, and others be written out."""
    on_record = OnRecordField(channel)
    if not on_record.is_empty:
        form.fields["on_record"] = on_record
    form.fields["exhibits"] = exhibits_field()


def choose(field: forms.Field, choices: Sequence[tuple[str, Any]]) -> None:
    """Give a choice field what there is to choose from."""
    assert isinstance(field, forms.ChoiceField), "only declared choice fields are given choices"
    field.choices = choices


def _code(value: str | list[str] | date) -> str | list[str]:
    return value if isinstance(value, str | list) else value.isoformat()


def filled_in(draft: Draft) -> dict[str, Any]:
    """What a draft says so far, by the names of its form's fields."""
    return {
        **draft.fields,
        **{TRANSLATED + name: text for name, text in draft.translation.items()},
        **{STATED + name: value for name, value in draft.stated.items()},
        "title": draft.title,
        "types": draft.types,
        "language": draft.language,
        "translation_language": draft.translation_language,
        "exhibits": exhibit_lines(draft.exhibits),
        **translations.filled_in(draft.translated_by),
        **marking.filled_in(draft.marking),
    }
