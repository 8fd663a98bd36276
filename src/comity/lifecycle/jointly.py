"""What several parties agree to, or do not: one standing out of the courses of a procedure with each of them.

It stands where the course that is least far stands: one that ended without agreement ends it for all, and it
is agreed to once every party it is addressed to has agreed.

Follows: docs/spec/charter.md, Of many.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from comity.lifecycle.courses import standings, together
from comity.lifecycle.suspensions import NO_BEARING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from comity.instruments import Procedure
    from comity.lifecycle.standing import Act, Standing
    from comity.lifecycle.suspensions import Bearing

AGREED: Final = frozenset({"accepted", "agreed"})


def joint(
    procedure: Procedure, acts: Sequence[Act], bearing: Bearing = NO_BEARING, *, us: str = ""
) -> Standing:
    """Where a procedure stands that is addressed to one party or to several.

    Args:
        procedure: Its table.
        acts: Its acts, in the order every party reads them.
        bearing: How the life of the charter bears on it.
        us: For whom it is read: what may be done next is then as it concerns that party.
    """
    found = standings(procedure, acts, bearing)
    if len(found) == 1:
        return next(iter(found.values()))
    state = joint_state(procedure, found)
    waiting = [party for party, one in found.items() if one.state == state]
    named = us if us in waiting else waiting[0]
    judged = together(procedure, acts, found)
    clocks = {(one.id, one.started_by): one for each in found.values() for one in each.clocks}
    return replace(
        found[named],
        state=state,
        judged=tuple(judged[act.ref] for act in acts),
        clocks=tuple(clocks.values()),
        suspended=any(one.suspended for one in found.values()),
    )


def joint_state(procedure: Procedure, found: Mapping[str, Standing]) -> str:
    """The state of the course that is least far."""
    states = {one.state for one in found.values()}
    order = ["", *(one.id for one in procedure.states)]
    ended = [one for one in order if one in states and one in procedure.ends and one not in AGREED]
    return ended[0] if ended else min(states, key=order.index)
