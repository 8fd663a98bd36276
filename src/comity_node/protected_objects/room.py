"""The room as the register knows it: how its acts are judged, projected, titled and put in words.

It gives the search nothing (``heads``), and what its payloads say takes a power of its own to read: both keep
lists out of everything that is found, exported and handed on (docs/adr/0034-protected-objects.md).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.urls import reverse

from comity import protected
from comity_node.protected_objects import access, wording
from comity_node.protected_objects.judging import judge
from comity_node.protected_objects.models import ListedObject, ListedValue, ProtectedList, Undertaken
from comity_node.protected_objects.projecting import project
from comity_node.register import standings
from comity_node.register.rooms import Room

if TYPE_CHECKING:
    from collections.abc import Sequence

    from comity.instruments import Procedure
    from comity_node.register.queries import Received
    from comity_node.register.rooms import Tables


def _tables(channel: str) -> Tables:
    life = standings.life(channel)

    def table(received: Sequence[Received]) -> Procedure | None:
        found = life.governing(protected.KINDS, standings.lifecycle_acts(received))
        return found.procedure if found else None

    return table


def _page(channel: str, ref: str) -> str:
    return reverse("protected_objects:list", args=[channel, ref])


def _open(channel: str) -> set[str]:
    """Lists that are not closed: undertakings and the duty to return or destroy outlast their validity."""
    return set(ProtectedList.objects.filter(channel=channel, final=False).values_list("ref", flat=True))


ROOM: Final = Room(
    prefix=protected.KINDS,
    judge=judge,
    project=project,
    projections=[ProtectedList, Undertaken, ListedObject, ListedValue],
    tables=_tables,
    page=_page,
    facts=wording.facts,
    open=_open,
    reads=access.READ,
)
