"""Markings on what leaves: asked in forms, sealed with the act, shown in one line wherever it is read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comity.markings import GRADES, PAP, TLP, Handling, Marking, Scheme, marking_document, strictest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_LONGEST_LINE = 100
_LONGEST_WORDS = 60
MARKED = "marking_"  # what the fields of a form are called by which an act is marked
_HANDLING = {
    "H0": gettext_lazy("H0: police use under the rules of Europol"),
    "H1": gettext_lazy("H1: not in court without permission"),
    "H2": gettext_lazy("H2: not to be passed on without permission"),
    "H3": gettext_lazy("H3: as said in words"),
}
_NAMES = {
    "tlp": gettext_lazy("TLP"),
    "pap": gettext_lazy("PAP"),
    "handling": gettext_lazy("Handling"),
    "handling_text": gettext_lazy("Handling, in words"),
    "scheme": gettext_lazy("Graded by"),
    "source": gettext_lazy("Source"),
    "information": gettext_lazy("Information"),
    "classification": gettext_lazy("National classification"),
}


def fields() -> dict[str, forms.Field]:
    """The fields in which an act is marked."""
    helps = {
        "tlp": _(
            "To whom it may go on; as it stands, nobody but the receiving authority, which is the "
            "organisation of TLP."
        ),
        "pap": _("What may be done with it. RED: nobody may be tipped off."),
    }
    choices = {
        "tlp": get_args(TLP)[1:],  # nothing leaves unmarked
        "pap": get_args(PAP),
        "handling": get_args(Handling),
        "scheme": get_args(Scheme),
        "source": ("", *sorted({one for sources, _grades in GRADES.values() for one in sources})),
        "information": ("", *sorted({one for _sources, grades in GRADES.values() for one in grades})),
    }
    asked: dict[str, forms.Field] = {}
    for name, label in _NAMES.items():
        if name in choices:
            offered = [(code, str(_HANDLING.get(code, code)) or "\u2014") for code in choices[name]]
            asked[MARKED + name] = forms.ChoiceField(
                label=label, choices=offered, required=False, help_text=helps.get(name, "")
            )
        else:
            asked[MARKED + name] = forms.CharField(label=label, required=False, max_length=200)
    return asked


def usual() -> dict[str, str]:
    """What is marked where nobody says otherwise: nothing leaves unmarked."""
    return {"tlp": "AMBER+STRICT"}


def marked(said: Mapping[str, Any]) -> Marking:
    """What a form says, as markings."""
    return Marking(**{**usual(), **{name: said[MARKED + name] for name in _NAMES if said.get(MARKED + name)}})


def filled_in(document: Mapping[str, str]) -> dict[str, str]:
    """Markings as the form shows them again."""
    return {MARKED + name: value for name, value in document.items()}


def words(marking: Marking, *, is_readable: bool) -> Iterator[tuple[str, str]]:
    """Markings as labels and values, in the order one asks: to whom, what for, how sure."""
    said = marking_document(marking)
    for name, value in said.items():
        yield str(_NAMES[name]), str(_HANDLING.get(value, value))
    if not is_readable:
        yield _("Why"), _("The marking cannot be read; what cannot be read is held as RED.")


def of_all(markings: Iterable[Marking]) -> list[str]:
    """What holds of a whole of which some part is marked so, the strictest first."""
    return [f"{_NAMES[name]}: {_HANDLING.get(value, value)}" for name, value in strictest(markings)]


def in_one_line(markings: Iterable[Marking]) -> str:
    """The same for the head of every page: codes always, words as far as they fit, and how many are left."""
    shown: dict[str, str] = {}
    left = 0
    for name, value in strictest(markings):
        said = value if len(value) <= _LONGEST_WORDS else value[:_LONGEST_WORDS] + "…"
        longer = {**shown, name: f"{shown[name]}, {said}" if name in shown else said}
        if name in ("tlp", "pap", "handling") or len(_joined(longer)) <= _LONGEST_LINE:
            shown = longer
        else:
            left += 1
    return _joined(shown) + (" · " + _("%(count)s more within") % {"count": left} if left else "")


def _joined(shown: Mapping[str, str]) -> str:
    return " · ".join(f"{_NAMES[name]}: {said}" for name, said in shown.items())
