"""Figures of reciprocity in words: the name of each figure, and of each part that is counted by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comity.instruments import library
from comity.reciprocity import Cut

if TYPE_CHECKING:
    from collections.abc import Mapping

    from comity.instruments import Instrument

NAMES: Final[Mapping[str, Any]] = {
    "lodged": gettext_lazy("Lodged"),
    "receipted": gettext_lazy("Receipted"),
    "lodged_in_suspension": gettext_lazy("Lodged in a suspension"),
    "acknowledged": gettext_lazy("Acknowledged"),
    "noted": gettext_lazy("Taken note of"),
    "returned": gettext_lazy("Returned as incomplete"),
    "countered": gettext_lazy("Answered by a counter-offer"),
    "granted_in_whole": gettext_lazy("Granted in whole"),
    "granted_in_part": gettext_lazy("Granted in part"),
    "refused": gettext_lazy("Refused"),
    "postponed": gettext_lazy("Postponed"),
    "withdrawn": gettext_lazy("Withdrawn"),
    "unanswered": gettext_lazy("Unanswered"),
    "overdue": gettext_lazy("Overdue"),
    "preservation_followed_up": gettext_lazy("Preservation followed up"),
    "preservation_lost": gettext_lazy("Preservation lost for want of a follow-up"),
    "lapsed": gettext_lazy("Lapsed"),
}
_TOOK: Final[Mapping[str, Any]] = {
    "count": gettext_lazy("Answered"),
    "median": gettext_lazy("First answer after, median in seconds"),
    "p90": gettext_lazy("First answer after, nine in ten, in seconds"),
}
_TERMS: Final[Mapping[str, Any]] = {
    "open": gettext_lazy("open"),
    "performed": gettext_lazy("performed"),
    "disputed": gettext_lazy("disputed"),
    "released": gettext_lazy("released"),
    "past_their_day": gettext_lazy("past their day"),
}
_SUSPENSION: Final[Mapping[str, Any]] = {
    "inside": gettext_lazy("Lodged inside a suspension"),
    "outside": gettext_lazy("Lodged outside a suspension"),
}


def number_name(name: str, instrument: str = "") -> str:
    """A number of a line in words: a figure, a figure by its reason or ground, a time to answer, terms."""
    figure, _slash, part = name.partition("/")
    if figure == "response":
        return str(_TOOK.get(part, part))
    if figure == "terms":
        return _("Terms of resumption: %s") % term_words(part)
    said = str(NAMES.get(figure, figure))
    return f"{said}: {why_words(library().get(instrument), part)}" if part else said


def term_words(standing: str) -> str:
    """Where terms of resumption stand, in words."""
    return str(_TERMS.get(standing, standing))


def why_words(text: Instrument | None, why: str) -> str:
    """A ground or reason in the words of its instrument."""
    labels = {one.id: one.label for one in (*text.grounds, *text.reasons)} if text else {}
    return _(labels.get(why, why))


def procedure_words(instrument: str, procedure: str) -> str:
    """A procedure by its title; by its code where this node has no such text."""
    text = library().get(instrument)
    known = [one.title for one in text.procedures if one.id == procedure] if text else []
    return _(known[0]) if known else procedure


def instrument_words(instrument: str) -> str:
    """An instrument by its short name, as far as it is known here."""
    text = library().get(instrument)
    return text.short if text else instrument


def cut_words(instrument: str, cut: Cut) -> str:
    """A cut in words; empty for all of a procedure."""
    if cut.exercise:
        return _("EXERCISE, counted in no other line")
    if cut.type:
        text = library().get(instrument)
        labels = {one.id: one.label for one in text.types} if text else {}
        return _(labels.get(cut.type, cut.type.replace("_", " ")))
    if cut.urgency:
        return _("Urgency: %s") % _(cut.urgency.replace("_", " "))
    return str(_SUSPENSION.get(cut.suspension, cut.suspension)) or cut.period


def line_words(key: tuple[str, ...]) -> str:
    """A line by its key, in words: who asked whom, under what, which part of it; of terms, the performer."""
    if len(key) == 1:
        return key[0].upper()
    requesting, requested, instrument, procedure, *cut = key
    parts = (
        f"{requesting.upper()} → {requested.upper()}",
        instrument_words(instrument),
        procedure_words(instrument, procedure),
        cut_words(instrument, Cut(*cut)),
    )
    return " · ".join(filter(None, parts))
