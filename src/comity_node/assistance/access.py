"""Who may see and do what in this room: found by right, and 404 where there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.http import Http404

from comity_node.assistance import queries
from comity_node.officials import powers
from comity_node.officials.access import holds

if TYPE_CHECKING:
    from comity_node.assistance.models import Draft, Request
    from comity_node.officials.models import Official

READ: Final = "record.read"
DRAFT: Final = "assistance.draft"


def may_read(official: Official) -> None:
    """Hide the room from those who may not read the record."""
    if not holds(official, READ):
        raise Http404


def may_draft(official: Official) -> None:
    """Hide drafting from those who may not draft."""
    if not holds(official, DRAFT):
        raise Http404


def may_sign(official: Official, kind: str) -> None:
    """Hide an act from those who could neither record nor prepare it."""
    may_read(official)
    if not holds(official, powers.rule(kind).sign):
        raise Http404


def request(official: Official, channel: str, ref: str) -> Request:
    """A request the official may read."""
    may_read(official)
    found = queries.request(channel, ref)
    if found is None:
        raise Http404
    return found


def draft(official: Official, pk: int) -> Draft:
    """A draft of the official's own office."""
    may_draft(official)
    found = queries.drafts(official).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
