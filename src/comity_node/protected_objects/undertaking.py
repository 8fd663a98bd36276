"""What each party a list was declared to is bound by, and whether it still holds what it was given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from comity.lifecycle.obligations import undertaking
from comity.lifecycle.stated import values
from comity_node.protected_objects.models import Undertaken

if TYPE_CHECKING:
    from collections.abc import Mapping

    from comity.lifecycle import Act, Standing


def undertakings(channel: str, ref: str, courses: Mapping[str, Standing]) -> list[Undertaken]:
    """One row for each party the list was declared to; those of others, left from before, are taken away."""
    rows = [_row(channel, ref, standing) for standing in courses.values()]
    parties = [one.party for one in rows]
    Undertaken.objects.filter(channel=channel, ref=ref).exclude(party__in=parties).delete()
    return rows


def _row(channel: str, ref: str, standing: Standing) -> Undertaken:
    bound = undertaking(standing)
    acts = [one.act for one in standing.regular]
    asked = _last(acts, "disposal_asked")
    done = _last(acts, "returned", "destroyed")
    return Undertaken(
        channel=channel,
        ref=ref,
        party=standing.requested,
        state=standing.state,
        label=standing.label,
        undertaking=list(values(bound.act.stated, "undertaking")) if bound else [],
        bound_by=str(bound.act.ref) if bound else "",
        version=str(bound.act.stated.get("version", "")) if bound else "",
        in_part=bool(bound and bound.act.act == "undertaken_in_part"),
        disposal_asked=str(asked.ref) if asked else "",
        disposed=str(done.ref) if done else "",
        disposed_at=done.at if done else None,
        how=done.act if done else "",
    )


def _last(acts: list[Act], *names: str) -> Act | None:
    return next((act for act in reversed(acts) if act.act in names), None)
