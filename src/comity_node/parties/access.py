"""Who may see and change what is known of the Parties. Every official may read it, as they may the law."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404

from comity.instruments import library
from comity_node.parties.services import POWER

if TYPE_CHECKING:
    from comity.instruments import Instrument
    from comity_node.officials.models import Official


def instrument(name: str) -> Instrument:
    """Return the instrument of that id; 404 if none is known here."""
    if name not in library():
        raise Http404
    return library()[name]


def keeper(official: Official) -> None:
    """Let an official on who answers for what is known of the Parties; 404 otherwise."""
    if not official.has_perm(POWER):
        raise Http404
