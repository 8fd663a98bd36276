"""Where the custody of an exhibit stands with each party that receives it, and what of that concerns us.

Each receiving party has a course of its own with the providing one. Who receives the exhibit goes by its own;
everybody else by all of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.conf import settings

from comity_node.evidence import duties
from comity_node.evidence.models import Holding

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from comity.lifecycle import Standing
    from comity_node.register.queries import Received

# From what still has to come to what is over: an exhibit of several stands where the last of them does.
_ORDER: Final = ("announced", "mismatched", "recalled", "received", "kept", "returned", "destroyed")


def of(received: Sequence[Received], found: Mapping[str, Standing]) -> Iterator[Holding]:
    """One holding for each party that receives the exhibit; none where nothing has announced one."""
    entry = received[0]
    for standing in found.values():
        if not standing.state:
            continue
        stated = next((one.act for one in standing.regular if one.act.act in ("received", "mismatch")), None)
        binds = duties.of(standing)
        yield Holding(
            channel=entry.ref.origin.channel,
            ref=entry.entry.ref,
            party=standing.requested,
            state=standing.state,
            stated_at=stated.at if stated else None,
            entry=str(stated.ref) if stated else "",
            **{name: binds[name] for name in ("limits", "allowed", "asked")},
        )


def concerning_us(found: Mapping[str, Standing]) -> dict[str, Standing]:
    """The courses that concern us, by the party that receives: our own, or all of them."""
    by_party = {one.requested: one for one in found.values() if one.state}
    own = by_party.get(settings.NODE.party)
    return by_party if own is None else {settings.NODE.party: own}


def least_far(ours: Mapping[str, Standing]) -> str:
    """Where an exhibit stands by these courses; its provider erases its copy once, for all of them."""
    states = {one.state for one in ours.values()}
    return next((state for state in _ORDER if state in states and "erased" not in states), "erased")
