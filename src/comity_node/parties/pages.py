"""What the pages of this room show: where facts come from, what newer ones change, the history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comity.instruments import Changed
from comity_node.parties import queries
from comity_node.parties.services import POWER
from comity_node.register.citing import text_address

if TYPE_CHECKING:
    from comity.instruments import Difference, Instrument
    from comity_node.officials.models import Official
    from comity_node.parties.models import Taken
    from comity_node.parties.queries import InUse
    from comity_node.parties.services import Offer

_CHANGES: Final = {
    "joins": gettext_lazy("joins"),
    "leaves": gettext_lazy("leaves"),
    "added": gettext_lazy("added"),
    "removed": gettext_lazy("removed"),
    "changed": gettext_lazy("changed"),
}
_GROUPS: Final = {
    "parties": gettext_lazy("The facts as a whole"),
    "party": gettext_lazy("Who is bound"),
    "reservation": gettext_lazy("Reservations"),
    "declaration": gettext_lazy("Declarations"),
    "authority": gettext_lazy("Authorities"),
}
_KEYS: Final = {
    "as_of": gettext_lazy("Looked up on"),
    "complete": gettext_lazy("A State that is not listed is no Party"),
    "code": gettext_lazy("Code"),
    "name": gettext_lazy("Name"),
    "names": gettext_lazy("In other languages"),
    "signed": gettext_lazy("Signed"),
    "bound_from": gettext_lazy("Bound from"),
    "bound_until": gettext_lazy("Bound until"),
    "party": gettext_lazy("Party"),
    "article": gettext_lazy("On"),
    "text": gettext_lazy("Says"),
    "role": gettext_lazy("Role"),
    "office": gettext_lazy("Office"),
    "address": gettext_lazy("Address"),
    "languages": gettext_lazy("Languages"),
    "note": gettext_lazy("Note"),
    "basis": gettext_lazy("Source"),
    "verified": gettext_lazy("Mark"),
}


def origin(one: InUse) -> dict[str, Any]:
    """Of what day the facts are, whether they ship or were taken here, and whether that is long ago."""
    return {
        "as_of": one.parties.as_of if one.is_known else None,
        "taken": _row(one.taken) if one.taken else None,
        "outdone": one.outdone.as_of if one.outdone else None,
        "is_old": one.is_known and one.is_old(timezone.now().date()),
        "days": settings.NODE.parties_days,
    }


def room(text: Instrument, reader: Official) -> dict[str, Any]:
    """The page of an instrument's Parties in this room: what is in use, and every decision on it."""
    history = list(queries.history(text.id))
    keeps = reader.has_perm(POWER)
    latest = history[0] if history else None
    return {
        **_head(text),
        "origin": origin(queries.of(text.id)),
        "history": [_row(one) for one in history],
        "keeps": keeps,
        "latest": latest if keeps and latest and latest.sha256 else None,
        "has_before": bool(latest and latest.before_id),
    }


def offered(text: Instrument, found: Offer) -> dict[str, Any]:
    """What newer facts would change, by kind."""
    groups = [
        {"label": label, "rows": [_difference(one) for one in found.differences if _kind(one) == kind]}
        for kind, label in _GROUPS.items()
    ]
    return {
        **_head(text),
        "as_of": found.parties.as_of,
        "before": origin(found.before),
        "groups": [group for group in groups if group["rows"]],
    }


def _head(text: Instrument) -> dict[str, Any]:
    return {
        "instrument": {"id": text.id, "short": text.short, "href": text_address(text)},
        "trail": [
            {"label": _("Instruments"), "href": reverse("web:instruments")},
            {"label": text.short, "href": text_address(text)},
            {"label": _("Parties"), "href": ""},
        ],
    }


def _row(one: Taken) -> dict[str, Any]:
    return {
        "number": one.number,
        "taken_back": one.taken_back,
        "as_of": one.as_of,
        "sha256": one.sha256,
        "source": one.source,
        "by": one.by.display_name,
        "at": one.at,
        "href": reverse("parties:file", args=[one.instrument, one.number]) if one.sha256 else "",
    }


def _kind(one: Difference) -> str:
    return one.place.partition(" ")[0]


def _difference(one: Difference) -> dict[str, Any]:
    """One difference: what it is about, what became of it, and what it says now or said before."""
    name = one.said.get("name") or one.place.partition(" ")[2]
    keys = one.keys or [Changed(key, None, value) for key, value in one.said.items()]
    return {
        "about": one.place.partition(" ")[2].partition(" ")[0].upper(),
        "name": "" if _kind(one) == "parties" else name,
        "change": one.change,
        "word": _CHANGES[one.change],
        "differ": bool(one.keys),
        "keys": [
            {"label": _KEYS.get(key.key, key.key), "before": _value(key.before), "after": _value(key.after)}
            for key in keys
        ],
    }


def _value(said: object) -> str:
    if said is None:
        return _("nothing")
    if isinstance(said, bool):
        return _("yes") if said else _("no")
    if isinstance(said, dict):
        return ", ".join(f"{key}: {value}" for key, value in said.items())
    return ", ".join(map(str, said)) if isinstance(said, (list, tuple)) else str(said)
