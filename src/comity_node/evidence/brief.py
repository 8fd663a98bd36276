"""An exhibit in a few words, for its own pages and for those of other rooms that name it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comity.custody import name_to_show
from comity_node.evidence import queries
from comity_node.evidence.models import Exhibit
from comity_node.register.rooms import Brief

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

STATES: Final = {
    "announced": gettext_lazy("Announced, not yet arrived whole"),
    "received": gettext_lazy("Received; both sides computed the same hash"),
    "mismatched": gettext_lazy("What arrived does not match"),
    "recalled": gettext_lazy("Recalled; it must not be used"),
    "kept": gettext_lazy("Kept although it was recalled"),
    "returned": gettext_lazy("Returned; the receiving side keeps no copy"),
    "destroyed": gettext_lazy("Destroyed on the receiving side"),
    "erased": gettext_lazy("Erased on both sides; what was said of it stands"),
}


def briefs(channel: str, refs: Sequence[str]) -> Iterator[Brief]:
    """What these exhibits are, and how far each has arrived."""
    for one in Exhibit.objects.filter(channel=channel, ref__in=refs):
        title = name_to_show(one.name) if one.name else _("An exhibit whose announcement cannot be read")
        yield Brief(ref=one.ref, title=title, standing=_standing(one), size=one.size)


def _standing(one: Exhibit) -> str:
    arrival = queries.arrival(one) if one.state == "announced" else None
    state = str(STATES.get(one.state, one.state))
    if arrival is None or not one.sealed_size:
        return state
    return f"{state} ({100 * arrival.bytes_here // one.sealed_size} %)"
