"""The position each Party holds in a procedure: its own last word, which is nobody else's to unmake.

Follows: docs/spec/procedures.md, Positions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from comity.lifecycle.standing import Standing
    from comity.names import EntryRef


def positions(standing: Standing) -> dict[str, EntryRef]:
    """By party, the entry whose words it holds now; without those that stated none or withdrew theirs."""
    held: dict[str, EntryRef] = {}
    for one in standing.regular:
        said = one.row.position if one.row is not None else ""
        if said == "states":
            held[one.act.party] = one.act.ref
        elif said == "withdraws":
            held.pop(one.act.party, None)
    return held
