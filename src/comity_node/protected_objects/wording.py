"""What acts on lists state and say, in the reader's words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comity import protected
from comity.instruments import library

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from comity_node.register.acts import Act

MOST_NAMED: Final = 50
_NOT_SHOWN: Final = ("instrument", "table")
COLUMNS: Final = {
    "name": gettext_lazy("Object"),
    "sector": gettext_lazy("Sector"),
    "owner": gettext_lazy("Owner or operator"),
    "country": gettext_lazy("Country"),
    "region": gettext_lazy("Region"),
    "domains": gettext_lazy("Domains"),
    "networks": gettext_lazy("Networks"),
    "as_numbers": gettext_lazy("Autonomous systems"),
    "certificates": gettext_lazy("Certificates (SHA-256)"),
    "contact": gettext_lazy("Contact office"),
    "undertaking": gettext_lazy("Undertaking asked"),
}
CODES: Final = {
    "energy": gettext_lazy("energy"),
    "transport": gettext_lazy("transport"),
    "banking": gettext_lazy("banking"),
    "financial_market": gettext_lazy("financial market"),
    "health": gettext_lazy("health"),
    "drinking_water": gettext_lazy("drinking water"),
    "waste_water": gettext_lazy("waste water"),
    "digital_infrastructure": gettext_lazy("digital infrastructure"),
    "ict_service_management": gettext_lazy("ICT service management"),
    "public_administration": gettext_lazy("public administration"),
    "space": gettext_lazy("space"),
    "postal": gettext_lazy("postal"),
    "waste": gettext_lazy("waste"),
    "chemicals": gettext_lazy("chemicals"),
    "food": gettext_lazy("food"),
    "manufacturing": gettext_lazy("manufacturing"),
    "digital_providers": gettext_lazy("digital providers"),
    "research": gettext_lazy("research"),
    "other": gettext_lazy("other"),
    "shown": gettext_lazy("shown"),
    "committed": gettext_lazy("committed to, not shown"),
    "hands_off": gettext_lazy("hands off"),
    "warn": gettext_lazy("warn"),
    "assist": gettext_lazy("assist"),
    "yes": gettext_lazy("yes"),
    "no": gettext_lazy("no"),
    "not_said": gettext_lazy("not said"),
    "does_not_verify": gettext_lazy("does not verify"),
    "another_object": gettext_lazy("another object"),
    "too_late": gettext_lazy("too late"),
    "return": gettext_lazy("return"),
    "destruction": gettext_lazy("destruction"),
    "return_or_destruction": gettext_lazy("return or destruction"),
    "returned": gettext_lazy("returned"),
    "destroyed": gettext_lazy("destroyed"),
}
UNDERTAKINGS: Final = {
    "hands_off": gettext_lazy(
        "Hands off: no operation against it, by nobody of theirs and from nowhere of theirs"
    ),
    "warn": gettext_lazy("Warn: tell of every threat to it that they learn of"),
    "assist": gettext_lazy("Assist: help on request when it is attacked"),
}
_DISPOSAL: Final = {
    "method": gettext_lazy("How it was done"),
    "done_by": gettext_lazy("By which office"),
    "done_at": gettext_lazy("When"),
    "done_where": gettext_lazy("Where"),
    "witnessed_by": gettext_lazy("Which office saw it done"),
    "copies": gettext_lazy("What became of copies"),
}


def word(code: str) -> str:
    """A code of the table in words."""
    return str(CODES.get(code, code.replace("_", " ")))


def label(name: str) -> str:
    """What a statement of the table is called."""
    known = library()["charter"].procedure("protected_list").statement_of.get(name)
    return _(known.label) if known else name


def stated(codes: Mapping[str, str | Sequence[str]]) -> Iterator[tuple[str, str]]:
    """What an act states in the open, as labels and values."""
    for name, value in codes.items():
        if name not in _NOT_SHOWN:
            several = [value] if isinstance(value, str) else value
            shown = [one.upper() if name in ("requested", "concerns") else word(one) for one in several]
            yield label(name), "\n".join(shown)


def facts(act: Act) -> list[tuple[str, str]]:
    """What an act on a list states and says, as labels and values in reading order.

    Raises:
        MalformedList: It has not the form of this act.
    """
    form = protected.FORMS.get(act.kind.rpartition(".")[2], protected.Words)
    said = protected.document(protected.read(act.payload, form)) if act.payload is not None else {}
    rows = [
        *stated(act.stated),
        (_("Title"), str(said.get("title", ""))),
        (_("Purpose"), str(said.get("purpose", ""))),
        *_objects(said),
        (_("Asked about"), "\n".join(said.get("values", ()))),
        *((str(name), str(said.get(key, ""))) for key, name in _DISPOSAL.items()),
        (_("Opened"), "\n".join(map(opened, said.get("opened", ())))),
        (_("In words"), str(said.get("text", ""))),
        (_("Marking"), "TLP:RED"),
    ]
    return [(name, value) for name, value in rows if value]


def _objects(said: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Objects as lines. Of those revealed every one is named: whoever signs has read what is given away."""
    for key, name, most in (
        ("objects", _("Objects shown"), MOST_NAMED),
        ("reveals", _("Objects revealed"), protected.MOST_REVEALED),
    ):
        found = said.get(key, ())
        if found:
            lines = [in_line(one["object"]) for one in found[:most]]
            more = len(found) - most
            yield (
                name,
                "\n".join([*lines, *([_("and %(count)s more") % {"count": more}] if more > 0 else [])]),
            )


def in_line(said: Mapping[str, Any]) -> str:
    """An object in one line: its name, its sector, and what it is recognised by."""
    values = [one for name in ("domains", "networks", "as_numbers") for one in said.get(name, ())]
    some = [*values[:3], *(["…"] if len(values) > 3 else [])]
    return " · ".join([str(said.get("name", "")), word(str(said.get("sector", ""))), *some])


def opened(one: Mapping[str, Any]) -> str:
    """How often an office opened a list on one day."""
    return f"{one['day']} · {one['office']} · {one['times']}"
