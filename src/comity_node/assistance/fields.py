"""The fields of this room's forms, made from what the instrument asks: label, reason, article, mark."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

import msgspec
from django import forms
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comity.drafting import Pair, aligned, joined
from comity.drafting.alignment import paragraphs
from comity_node.assistance.drafting import LONGEST_TEXT
from comity_node.register.citing import text_address

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from django.utils.safestring import SafeString

    from comity.instruments import Cited, Field, Instrument, Statement

_LONGEST_LIST: Final = 4_000
_HINTS: Final = {
    "instant": gettext_lazy("A minute in UTC, as “2026-01-31T03:15Z”."),
    "term": gettext_lazy("One a line: its number, who performs it, by which day, as “1 us 2026-12-01”."),
}
_EXHIBIT: Final = re.compile(
    r"(?P<sha256>[0-9a-f]{64})?\s*(?P<entry>\S+\.comity/\S+#\d+)?\s*(?P<title>.*)", re.ASCII
)


class Words(forms.CharField):
    """Free text; line ends are those of the record, whatever the browser sends."""

    def to_python(self, value: str | None) -> str:
        """The text with plain line ends."""
        return (super().to_python(value) or "").replace("\r\n", "\n").replace("\r", "\n")


class _ALine(forms.Textarea):
    """A box of lines; a command gives each by itself."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str | None:  # noqa: ANN401, ARG002 - Django's own signature
        """Everything given, one a line."""
        return "\n".join(data.getlist(name)) if hasattr(data, "getlist") else data.get(name)


class Lines(Words):
    """Several short values, one a line."""

    widget = _ALine

    def clean(self, value: str | None) -> list[str]:
        """The lines that say something."""
        return [line.strip() for line in super().clean(value).splitlines() if line.strip()]


class DemandedWords(Words):
    """What the instrument demands of a request, and a draft may still lack: marked, not enforced."""

    def validate(self, value: str) -> None:
        """Let what is empty pass; submitting is where it must be there."""
        if value:
            super().validate(value)


class DemandedChoices(forms.MultipleChoiceField):
    """The same for a choice."""

    def validate(self, value: list[str]) -> None:
        """Let what is empty pass."""
        if value:
            super().validate(value)


def named_exhibits(text: str) -> list[dict[str, str]]:
    """Read exhibits written one a line: a SHA-256 or an entry reference, then words."""
    found = []
    for line in text.splitlines():
        parts = _EXHIBIT.fullmatch(line.strip())
        if parts and line.strip():
            found.append({name: value or "" for name, value in parts.groupdict().items()})
    return found


def exhibit_lines(exhibits: Iterable[dict[str, str]]) -> str:
    """Exhibits as the form shows them again."""
    return "\n".join(" ".join(filter(None, (one["sha256"], one["entry"], one["title"]))) for one in exhibits)


def cited_label(label: str, cited: Cited) -> str:
    """A choice with its article, and its mark unless it was verified."""
    if cited.basis.startswith("practice:"):
        return _("%(label)s (practice)") % {"label": _(label)}
    mark = "" if cited.verified == "V" else f" · {cited.verified.value}"
    return f"{_(label)} ({cited.basis}{mark})"


def article(cited: Cited, href: str) -> SafeString:
    """An article with its verification badge, for a hint."""
    return render_to_string(
        "web/parts/article.html", {"text": cited.basis, "verified": cited.verified.value, "href": href}
    )


def text_field(asked: Field, instrument: Instrument) -> Words:
    """A field of a request."""
    demanded = asked.needed == "always"
    field = (DemandedWords if demanded else Words)(
        label=_(asked.label),
        required=demanded,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=article(asked, text_address(instrument, "field", asked.id)),
    )
    # The template shows both where a field has them.
    field.why = _(asked.why)  # type: ignore[attr-defined]
    field.example = _(examples()[asked.id]) if asked.id in examples() else ""  # type: ignore[attr-defined]
    return field


@cache
def examples() -> dict[str, str]:
    """What an answer looks like, by the id of its field."""
    text = resources.files(__package__).joinpath("examples.toml").read_text("utf-8")
    return msgspec.toml.decode(text, type=dict[str, str])


def translated_field(asked: Field, original: str) -> Words:
    """The translation of a field, asked for paragraph by paragraph."""
    label = _("%(field)s, translation") % {"field": _(asked.label)}
    return Words(label=label, required=False, max_length=LONGEST_TEXT, widget=Paragraphs(original))


class Paragraphs(forms.Widget):
    """A box for the translation of each paragraph of a text, beside it; they leave as one text.

    What is sent in one piece, as by a command, is taken as it is.
    """

    template_name = "assistance/paragraphs.html"

    def __init__(self, original: str) -> None:
        super().__init__()
        self.original = original

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:  # noqa: ANN401 - Django's own signature
        """The pairs to be shown."""
        context = super().get_context(name, value, attrs)
        pairs = aligned(self.original, value or "")
        if not paragraphs(self.original):
            pairs = [Pair("", value or "")]
        rows = [(pair, max(2, 1 + max(map(len, pair)) // 60)) for pair in pairs]
        return {**context, "pairs": rows, "are_many": len(rows) > 1}

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str | None:  # noqa: ANN401, ARG002 - as above
        """The boxes as one text."""
        parts = data.getlist(name) if hasattr(data, "getlist") else [data[name]] if name in data else []
        if not parts:
            return None
        alone = len(parts) == 1 and len(paragraphs(self.original)) != 1
        return parts[0] if alone else joined(parts)

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:  # noqa: ANN401, ARG002 - as above
        """Whether nothing of it was sent."""
        return name not in data


def statement_field(
    statement: Statement,
    instrument: Instrument,
    *,
    required: bool,
    offered: Sequence[tuple[str, str]] | None = None,
) -> forms.Field:
    """What an act states: a code from the instrument's own list, or of what is offered as things stand."""
    label = _(statement.label)
    if offered is not None:
        return _choice(label, offered, required=required, many=statement.many)
    if statement.form == "day":
        return forms.DateField(
            label=label, required=required, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        )
    if statement.form != "code" and statement.many:
        hint = _HINTS.get(statement.form, _("One a line."))
        return Lines(label=label, required=required, max_length=_LONGEST_LIST, help_text=hint)
    if statement.form != "code":
        hint = _HINTS.get(statement.form, "")
        return forms.CharField(label=label, required=required, max_length=120, help_text=hint)
    return _choice(label, _choices(statement, instrument), required=required, many=statement.many)


def _choice(
    label: str, choices: Sequence[tuple[str, str]], *, required: bool, many: bool
) -> forms.MultipleChoiceField | forms.ChoiceField:
    if many:
        return forms.MultipleChoiceField(
            label=label, required=required, choices=choices, widget=forms.CheckboxSelectMultiple
        )
    return forms.ChoiceField(label=label, required=required, choices=choices, widget=forms.RadioSelect)


def _choices(statement: Statement, instrument: Instrument) -> list[tuple[str, str]]:
    lists = (instrument.types, instrument.grounds, instrument.reasons, instrument.conditions)
    listed = lists if statement.values_from else ()
    cited = {one.id: cited_label(one.label, one) for some in listed for one in some}
    return [(value, cited.get(value) or _(value.replace("_", " "))) for value in statement.values]


def exhibits_field() -> Words:
    """Exhibits, written one a line."""
    return Words(
        label=_("Other exhibits"),
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One a line: the SHA-256 of the exhibit or the entry that added it, then what it is."),
    )
