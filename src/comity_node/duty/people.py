"""The officials of this node as calling sees them: who is on duty at an instant, and who may answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from comity_node.duty.access import ANSWER, READ
from comity_node.duty.deciding import Person, by_order
from comity_node.duty.models import Shift
from comity_node.officials import powers
from comity_node.officials.queries import roster

if TYPE_CHECKING:
    from datetime import datetime

    from comity_node.officials.models import Official

COORDINATES = "channel.suspend"


def people(now: datetime) -> list[Person]:
    """Every official who reads the record, with their place in the roster now."""
    running = Shift.objects.filter(begins__lte=now, ends__gt=now).values_list("official_id", "order")
    orders = by_order(running)
    return [
        Person(
            number=one.pk,
            order=orders.get(one.pk, 0),
            answers=_holds(one, ANSWER),
            coordinates=_holds(one, COORDINATES),
        )
        for one in roster()
        if one.may_act and _holds(one, READ)
    ]


def _holds(official: Official, power: str) -> bool:
    """What ``has_perm`` says, by the appointments that were read with everybody's."""
    return powers.capacity([one.role for one in official.appointments.all()], power) is not None
