"""Translations: paragraph beside paragraph, who answers for them, and attaching one after sending."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, get_args

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comity.drafting import Authorship, authorship_document
from comity.drafting.authorship import How
from comity.instruments import library
from comity.lifecycle.stated import values
from comity_node.assistance.attached import ATTACHED, KINDS
from comity_node.assistance.errors import NotTranslated
from comity_node.assistance.models import Request
from comity_node.register import queries as register
from comity_node.register import standings
from comity_node.register.acts import Act

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from comity_node.assistance.content import Content
    from comity_node.register.queries import Received

BY: Final = "by_"  # what the fields of a form are called by which a translation is attributed
_HOW: Final = {
    "": gettext_lazy("Not said"),
    "human": gettext_lazy("By a person"),
    "machine": gettext_lazy("By a machine, not checked"),
    "machine_checked": gettext_lazy("By a machine, checked by a person"),
}
_NAMES: Final = {
    "how": gettext_lazy("How it was translated"),
    "office": gettext_lazy("Office or bureau that translated"),
    "translator": gettext_lazy("Translator"),
    "checked_by": gettext_lazy("Checked by"),
    "certified_by": gettext_lazy("Certified by"),
    "capacity": gettext_lazy("In the capacity of"),
    "certified_on": gettext_lazy("Certified on"),
    "certificate": gettext_lazy("Certificate, its reference or its words"),
}
_HELP: Final = {
    "translator": gettext_lazy("By name or number in a register, where that is to be said."),
    "checked_by": gettext_lazy("Who compared it with the original."),
    "certified_by": gettext_lazy("Leave all four empty where nobody certifies it."),
    "capacity": gettext_lazy("Sworn translator, notary, consular officer."),
}


def fields() -> dict[str, forms.Field]:
    """The fields in which a translation is attributed and its certificate set out."""
    asked: dict[str, forms.Field] = {}
    for name, label in _NAMES.items():
        said: dict[str, Any] = {"label": label, "required": False, "help_text": _HELP.get(name, "")}
        if name == "how":
            asked[BY + name] = forms.ChoiceField(choices=[(one, _HOW[one]) for one in get_args(How)], **said)
        elif name == "certified_on":
            day = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
            asked[BY + name] = forms.DateField(widget=day, **said)
        elif name == "certificate":
            asked[BY + name] = forms.CharField(
                max_length=4000, widget=forms.Textarea(attrs={"rows": 3}), **said
            )
        else:
            asked[BY + name] = forms.CharField(max_length=200, **said)
    return asked


def made(said: Mapping[str, Any]) -> Authorship:
    """What a form says, as authorship."""
    how: How = said.get(BY + "how") or ""
    rest = {name: str(said[BY + name]) for name in _NAMES if name != "how" and said.get(BY + name)}
    return Authorship(how=how, **rest)


def filled_in(document: Mapping[str, str]) -> dict[str, str]:
    """Authorship as the form shows it again."""
    return {BY + name: value for name, value in document.items()}


def words(content: Content) -> Iterator[tuple[str, str]]:
    """Who answers for the translation of an act, as labels and values; what to think where nobody does."""
    if not content.translation:
        return
    said = authorship_document(content.authorship)
    for name, value in said.items():
        yield str(_NAMES[name]), str(_HOW[value]) if name == "how" else value
    if not content.authorship_read:
        yield _("Translation"), _("Who answers for it cannot be read: it is held as certified by nobody.")
    elif not content.authorship.is_certified:
        yield _("Certificate"), _("The translation is not certified.")


def attaching(
    of: Received, content: Content, *, language: str, fields: Mapping[str, str], made: Authorship
) -> Act:
    """The act that attaches a translation to an entry, as it is to be signed.

    Args:
        of: The entry translated; either side's.
        content: What it says.
        language: BCP 47 tag of the translation.
        fields: The translation of each part, by its name.
        made: Who answers for it.

    Raises:
        NotTranslated: Nothing is translated, or a part is that the entry does not have.
    """
    channel = of.ref.origin.channel
    originals = dict(content.texts)
    given = {name: text.strip() for name, text in fields.items() if text.strip()}
    if not given or given.keys() - originals.keys():
        raise NotTranslated(f"nothing was attached: {of.ref} has no such text, or none of it is translated")
    charter = library()[standings.CHARTER]
    translation: dict[str, object] = {"language": language, "fields": given}
    if by := authorship_document(made):
        translation["by"] = by
    return Act(
        channel=channel,
        kind=ATTACHED,
        ref=_next_reference(channel),
        answers=(of.ref,),
        stated={
            "instrument": charter.id,
            "table": charter.digest,
            "requested": _other(channel, of),
            "translates": str(of.ref),
        },
        payload={
            "title": _("Translation of %(entry)s: %(title)s") % {"entry": of.ref, "title": content.title},
            "translation": translation,
        },
    )


def _other(channel: str, of: Received) -> str:
    """Whom a translation is for: the author of what is translated, or of ours whom that was for."""
    if not of.ours:
        return of.party
    others = register.others(channel)
    named = values(of.entry.stated, "requested")
    return next((party for party in named if party in others), others[0])


def _next_reference(channel: str) -> str:
    beginning = f"{settings.NODE.party}-translation-"
    known = Request.objects.filter(channel=channel, ref__startswith=beginning)
    taken = set(known.values_list("ref", flat=True))
    number = known.filter(ours=True, kinds=KINDS).count() + 1
    while f"{beginning}{number}" in taken:
        number += 1
    return f"{beginning}{number}"
