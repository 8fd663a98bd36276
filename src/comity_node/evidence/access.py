"""Who may see and do what with exhibits: every page and act of this room asks here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.core.exceptions import PermissionDenied
from django.http import Http404

from comity_node.evidence import queries
from comity_node.officials.access import holds, require

if TYPE_CHECKING:
    from comity_node.evidence.models import Exhibit
    from comity_node.officials.models import Official
    from comity_node.register.acts import Capacity

READ: Final = "record.read"
ADD: Final = "evidence.add"
OPEN: Final = "evidence.open"
HAND_OVER: Final = "evidence.handover"


def may_read(official: Official) -> None:
    """Let a reader of the record pass; 404 for others, so that nothing is told."""
    if not holds(official, READ):
        raise Http404


def exhibit(official: Official, channel: str, ref: str) -> Exhibit:
    """One exhibit, for a reader of the record; 404 otherwise."""
    may_read(official)
    return queries.exhibit(channel, ref)


def may(official: Official, power: str) -> None:
    """Stop an official without the power before a page of that act is shown.

    Raises:
        PermissionDenied: They do not hold it.
    """
    if not holds(official, power):
        raise PermissionDenied


def capacity(official: Official, power: str) -> Capacity:
    """In which capacity an official holds a power.

    Raises:
        NotEmpowered: In none.
    """
    return require(official, power)
