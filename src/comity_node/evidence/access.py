"""Who may see and do what with exhibits: every page and act of this room asks here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.http import Http404

from comity_node.officials.access import holds, require

if TYPE_CHECKING:
    from comity_node.officials.models import Official
    from comity_node.register.acts import Capacity

READ: Final = "record.read"
ADD: Final = "evidence.add"
OPEN: Final = "evidence.open"
HAND_OVER: Final = "evidence.handover"


def reader(official: Official) -> None:
    """Let a reader of the record pass; 404 otherwise, so that nothing is told."""
    if not holds(official, READ):
        raise Http404


def adding(official: Official) -> Capacity:
    """In which capacity an official adds exhibits.

    Raises:
        NotEmpowered: In none.
    """
    return require(official, ADD)


def opening(official: Official) -> Capacity:
    """In which capacity an official opens exhibits.

    Raises:
        NotEmpowered: In none.
    """
    return require(official, OPEN)
