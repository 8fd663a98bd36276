"""Instruments and their procedures in words that can be translated, for their pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import get_language, get_language_info, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from comity.instruments import NOBODY, Binds
from comity_node.web import wording

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from comity.instruments import ClockRule, Footing, Instrument, Parties, Party, Procedure, Row

KINDS: Final = {
    "bilateral": gettext_lazy("Bilateral treaty"),
    "multilateral": gettext_lazy("Multilateral treaty"),
    "eu_act": gettext_lazy("Act of the European Union"),
    "model": gettext_lazy("Model treaty, which binds nobody by itself"),
    "arrangement": gettext_lazy("Arrangement, which is no law"),
}
GROUPS: Final = {
    "bilateral": gettext_lazy("Bilateral treaties"),
    "multilateral": gettext_lazy("Multilateral treaties"),
    "eu_act": gettext_lazy("Acts of the European Union"),
    "model": gettext_lazy("Model treaties, which bind nobody by themselves"),
    "arrangement": gettext_lazy("Arrangements, which are no law"),
}
NEEDED: Final = {
    "always": gettext_lazy("always"),
    "as necessary": gettext_lazy("as necessary"),
    "by practice": gettext_lazy("by practice, not by the instrument"),
}
GROUND_KINDS: Final = {
    "mandatory": gettext_lazy("assistance must be refused"),
    "optional": gettext_lazy("assistance may be refused"),
}


def title(instrument: Instrument) -> str:
    """The full title in the reader's language, or in English."""
    return instrument.title.get(get_language() or "en") or instrument.title.get("en") or instrument.short


def language(code: str) -> str:
    """A language in its own name; by its code where that is not known."""
    try:
        return str(get_language_info(code)["name_local"])
    except KeyError:
        return code


def subject(name: str) -> str:
    """What rules are about, as a heading."""
    said = _(name.replace("_", " "))
    return said[:1].upper() + said[1:]


def footing(found: Footing, known: Mapping[str, Parties], codes: tuple[str, str], on: date) -> dict[str, Any]:
    """What an instrument is between two parties: in a word, why, and how far that was verified."""
    word, tone = _place(found)
    return {
        "word": word,
        "tone": tone,
        "because": _because(found, known.get(found.instrument.id, NOBODY), codes, on),
        "yields_to": ", ".join(text.short for text in found.yields_to),
        "in_lieu": found.in_lieu,
        "verified": found.verified.value,
    }


def _place(found: Footing) -> tuple[str, str]:
    if found.binds is Binds.UNKNOWN:
        return _("Not known"), "frozen"
    if found.binds is Binds.NO:
        return _("Does not bind"), "ended"
    if found.governs:
        return _("Governs"), "done"
    return (_("Binds, and yields") if found.is_law else _("Applies, and is no law")), "open"


def _because(found: Footing, known: Parties, codes: tuple[str, str], on: date) -> list[str]:
    """Why: of two parties, those are named that decide it."""
    text = found.instrument
    if text.kind == "model":
        return [_("A model treaty binds nobody by itself.")]
    if text.kind != "arrangement" and text.in_force is None:
        return [_("It is not in force.")]
    if text.kind != "arrangement" and text.in_force and text.in_force > on:
        return [_("It is not in force before %(day)s.") % {"day": wording.day(text.in_force)}]
    each = [_of_party(known.party(code), code, complete=known.complete, on=on) for code in codes]
    return [said for binds, said in each if binds is found.binds]


def _of_party(party: Party | None, code: str, *, complete: bool, on: date) -> tuple[Binds, str]:
    if party is None and not complete:
        said = _("Whether %(party)s is a Party is not known here.")
        return Binds.UNKNOWN, said % {"party": code.upper()}
    name = _(party.name) if party else code.upper()
    if party is None or party.bound_from is None:
        signed = party is not None and party.signed
        said = _("%(party)s signed and is not bound.") if signed else _("%(party)s is not a Party.")
        return Binds.NO, said % {"party": name}
    if party.bound_from > on:
        binds, said, day = Binds.NO, _("%(party)s is bound from %(day)s."), party.bound_from
    elif party.bound_until and party.bound_until < on:
        binds, said, day = Binds.NO, _("%(party)s was bound until %(day)s."), party.bound_until
    else:
        binds, said, day = Binds.YES, _("%(party)s is bound since %(day)s."), party.bound_from
    return binds, said % {"party": name, "day": wording.day(day)}


def requirements(procedure: Procedure, row: Row) -> list[str]:
    """What has to have gone before a row applies."""
    act = {one.id: _(one.label) for one in procedure.acts}
    said = [
        *(_("only after: %(act)s") % {"act": act[one]} for one in row.after),
        *(_("not after: %(act)s") % {"act": act[one]} for one in row.unless),
        *(
            _("only if opened with %(statement)s: %(value)s")
            % {"statement": statement(procedure, name), "value": _(value)}
            for name, value in row.opened_stating.items()
        ),
        *(
            (
                _("only if %(statement)s is as the opening act stated it")
                if alike
                else _("only if %(statement)s is not as the opening act stated it")
            )
            % {"statement": statement(procedure, name)}
            for name, alike in row.as_opened.items()
        ),
    ]
    for wait in row.not_before:
        since = _(" or ").join(act[one] for one in wait.acts)
        if wait.stated:
            text = _("not before the day stated as %(statement)s in: %(act)s")
            said.append(text % {"statement": statement(procedure, wait.stated), "act": since})
        else:
            text = ngettext(
                "not before %(days)d day after: %(act)s", "not before %(days)d days after: %(act)s", wait.days
            )
            said.append(text % {"days": wait.days, "act": since})
    return said


def statement(procedure: Procedure, name: str) -> str:
    """A statement in words."""
    return _(procedure.statement_of[name].label)


def second(procedure: Procedure, row: Row) -> str:
    """When a second officer is needed; empty where never."""
    if row.second:
        return _("A second officer approves the text.")
    named = ", ".join(statement(procedure, one) for one in row.second_when_stating)
    return _("A second officer approves the text when it states: %(what)s") % {"what": named} if named else ""


def period(procedure: Procedure, clock: ClockRule) -> str:
    """How long a clock runs."""
    if clock.due_on_stated:
        return _("until the day stated as %(statement)s") % {
            "statement": statement(procedure, clock.due_on_stated)
        }
    days = ngettext("%(n)d day", "%(n)d days", clock.days) % {"n": clock.days}
    hours = ngettext("%(n)d hour", "%(n)d hours", clock.hours) % {"n": clock.hours}
    minutes = ngettext("%(n)d minute", "%(n)d minutes", clock.minutes) % {"n": clock.minutes}
    parts = ((clock.days, days), (clock.hours, hours), (clock.minutes, minutes))
    return " ".join(said for count, said in parts if count)
