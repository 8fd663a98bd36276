"""Whom to call where an alert is not acknowledged: points of the other side at which somebody is now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from comity_node.contact_point import queries as contacts
from comity_node.contact_point.wording import telephone

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

_MOST: Final = 3


@dataclass(frozen=True, slots=True)
class Reached:
    """A point to be called.

    Attributes:
        party: Whose it is.
        kind: What kind of point, by the code of its table.
        role: Who answers there.
        telephones: Each number as a link takes it, and as people write it.
        local: What the clock shows there.
        is_doubted: It was found not to answer.
    """

    party: str
    kind: str
    role: str
    telephones: list[tuple[str, str]]
    local: datetime
    is_doubted: bool


def to_call(parties: Iterable[str], now: datetime) -> list[Reached]:
    """The first points of each of these parties that have a telephone and somebody beside it now."""
    found: list[Reached] = []
    for party in parties:
        open_now = [one for one in contacts.open_now(party, now) if one.point.telephones]
        found += [
            Reached(
                party=party,
                kind=one.row.kind,
                role=f"{one.point.authority}, {one.point.role}",
                telephones=[(number, telephone(number)) for number in one.point.telephones],
                local=one.opening.local,
                is_doubted=one.row.doubted_at is not None,
            )
            for one in open_now[:_MOST]
        ]
    return found
