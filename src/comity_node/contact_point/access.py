"""Who may see and do what with contact points and checks: every page and act of this room asks here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.core.exceptions import PermissionDenied
from django.http import Http404

from comity_node.contact_point import queries
from comity_node.officials.access import holds

if TYPE_CHECKING:
    from comity_node.contact_point.models import ContactCheck, ContactPoint
    from comity_node.officials.models import Official

READ: Final = "record.read"
LIST: Final = "contact.list"
CHECK: Final = "contact.check"


def may_read(official: Official) -> None:
    """Let a reader of the record pass; 404 for others, so that nothing is told."""
    if not holds(official, READ):
        raise Http404


def may(official: Official, power: str) -> None:
    """Stop an official without the power before a page of that act is shown.

    Raises:
        PermissionDenied: They do not hold it.
    """
    if not holds(official, power):
        raise PermissionDenied


def point(official: Official, channel: str, ref: str) -> ContactPoint:
    """One point in a channel, for a reader of the record; 404 otherwise."""
    may_read(official)
    found = queries.row(channel, ref)
    if found is None:
        raise Http404
    return found


def own_point(official: Official, channel: str, ref: str) -> ContactPoint:
    """One point of ours that may still be changed, for whoever may change it; 404 otherwise."""
    may(official, LIST)
    found = point(official, channel, ref)
    if not found.ours or found.state != "listed":
        raise Http404
    return found


def check(official: Official, channel: str, ref: str) -> list[ContactCheck]:
    """One check, as it went with each party it was asked of; 404 if there is none."""
    may_read(official)
    found = queries.check(channel, ref)
    if not found:
        raise Http404
    return found
