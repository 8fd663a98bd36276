"""Points and checks in words: the codes by their names, hours and languages as people read them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import phonenumbers
from django.utils.translation import get_language_info, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from comity.contacts import ALWAYS

if TYPE_CHECKING:
    from comity.contacts import Point

_MINUTE: Final = 120
KINDS: Final = {
    "always_on": gettext_lazy("At all hours"),
    "technical": gettext_lazy("Technical"),
    "diplomatic": gettext_lazy("Diplomatic"),
    "legal": gettext_lazy("Legal"),
}
SORTS: Final = {
    "automatic": gettext_lazy("Automatic"),
    "human": gettext_lazy("Human"),
    "formal": gettext_lazy("Formal"),
}
STATES: Final = {
    "asked": gettext_lazy("Asked"),
    "missed": gettext_lazy("Not answered in time"),
    "answered": gettext_lazy("Answered"),
    "explained": gettext_lazy("Explained"),
    "closed": gettext_lazy("Closed without an answer"),
}
CAUSES: Final = {
    "nobody_there": gettext_lazy("Nobody was there"),
    "line_down": gettext_lazy("The line was down"),
    "node_down": gettext_lazy("The node was down"),
    "point_changed": gettext_lazy("The point had changed"),
    "other_cause": gettext_lazy("Another cause"),
}
WAYS: Final = {
    "telephone": gettext_lazy("Telephone"),
    "email": gettext_lazy("E-mail"),
    "other_path": gettext_lazy("Another path"),
}
YES_NO: Final = {"yes": gettext_lazy("Yes"), "no": gettext_lazy("No")}
# What an act states in the open, in the order an officer reads it.
STATED: Final = {
    "kind": gettext_lazy("Kind of contact point"),
    "as_of": gettext_lazy("Correct on"),
    "confirm_by": gettext_lazy("To be confirmed by"),
    "ways": gettext_lazy("Changed ways to reach it"),
    "tried": gettext_lazy("What was tried"),
    "sort": gettext_lazy("Sort of check"),
    "at_kind": gettext_lazy("Kind of contact point checked"),
    "announced": gettext_lazy("Announced beforehand"),
    "cause": gettext_lazy("Why it was not answered"),
}
_CODES: Final = {**KINDS, **SORTS, **CAUSES, **WAYS, **YES_NO}


def code(text: str) -> str:
    """A code by its name; a day, or what nobody has a name for, as it stands."""
    return str(_CODES.get(text, text))


def rows(point: Point) -> list[tuple[str, str]]:
    """What is said of a point, as labels and values in reading order."""
    said = [
        (_("Authority"), point.authority),
        (_("Unit or role"), point.role),
        (_("Telephone"), "\n".join(map(telephone, point.telephones))),
        (_("E-mail"), "\n".join(point.emails)),
        (_("Other paths"), "\n".join(point.other)),
        (_("Languages"), ", ".join(map(language, point.languages))),
        (_("Hours"), hours(point)),
        (_("Verified by"), point.verified_by),
    ]
    return [(label, value) for label, value in said if value]


def hours(point: Point) -> str:
    """The hours with their zone."""
    return _("At all hours") if point.hours == ALWAYS else f"{point.hours} ({point.zone})"


def telephone(number: str) -> str:
    """A number in E.164 as it is written for people of any country."""
    try:
        read = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    return phonenumbers.format_number(read, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def seconds(count: int) -> str:
    """A measured time that is short, to the second; a longer one is for the page to say."""
    if not count:
        return _("under a second")
    return ngettext("%(n)d second", "%(n)d seconds", count) % {"n": count} if count < _MINUTE else ""


def language(tag: str) -> str:
    """A language by its name, where the node knows it; by its tag otherwise."""
    try:
        return str(get_language_info(tag.lower())["name_translated"])
    except KeyError:
        return tag
