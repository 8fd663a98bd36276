"""What binds an exhibit after delivery: limits on its use, what was asked about it, and by when.

Everything follows from the custody acts that had effect, so both Parties read the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from comity.lifecycle.stated import values
from comity_node.register import due

if TYPE_CHECKING:
    from collections.abc import Iterable

    from comity.lifecycle import Act, Standing


def of(standing: Standing) -> dict[str, Any]:
    """The columns of an exhibit that say what binds it, after these acts."""
    acts = [one.act for one in standing.judged if one.regular]
    lifted = set(_stated(acts, "limits_lifted", "limits"))
    asked, answered = _asked(acts)
    return {
        "limits": [one for one in dict.fromkeys(_stated(acts, "added", "limits")) if one not in lifted],
        "allowed": list(dict.fromkeys(_stated(acts, "use_allowed", "use"))),
        "asked": [one for one in asked if one not in answered],
        **due.columns(standing.clocks),
    }


def of_all(standings: Iterable[Standing]) -> dict[str, Any]:
    """The same of several courses of one exhibit: whatever binds in any, and the clock that ends first."""
    found = [of(one) for one in standings]
    lists = ("limits", "allowed", "asked")
    together = {name: list(dict.fromkeys(code for one in found for code in one[name])) for name in lists}
    running = [one for one in found if one["due_at"] is not None]
    first = min(running, key=lambda one: (one["due_at"], one["due_label"]), default=found[0])
    return {**first, **together}


def _asked(acts: Iterable[Act]) -> tuple[dict[str, None], set[str]]:
    """Other uses that were asked for, and those of them that were answered since."""
    asked: dict[str, None] = {}
    answered = set[str]()
    for act in acts:
        uses = values(act.stated, "use")
        if act.act == "use_asked":
            asked |= dict.fromkeys(uses)
            answered -= set(uses)
        elif act.act in ("use_allowed", "use_declined"):
            answered |= set(uses)
    return asked, answered


def _stated(acts: Iterable[Act], name: str, statement: str) -> list[str]:
    return [value for act in acts if act.act == name for value in values(act.stated, statement)]
