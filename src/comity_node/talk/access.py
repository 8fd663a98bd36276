"""Who may see and do what with talks: every page and act of this room asks here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.http import Http404

from comity_node.officials import powers
from comity_node.officials.access import holds
from comity_node.talk import queries
from comity_node.talk.projecting import KINDS, SAID

if TYPE_CHECKING:
    from comity_node.officials.models import Official
    from comity_node.talk.models import Talk

READ: Final = "record.read"


def may_read(official: Official) -> None:
    """Hide the room from those who may not read the record."""
    if not holds(official, READ):
        raise Http404


def talk(official: Official, channel: str, ref: str) -> Talk:
    """A talk the official may read."""
    may_read(official)
    found = queries.talk(channel, ref)
    if found is None:
        raise Http404
    return found


def speaks(official: Official) -> bool:
    """Whether an official may sign messages: for what a page offers, never in place of ``require``."""
    return holds(official, powers.rule(f"{KINDS}.{SAID}").sign)


def may_speak(official: Official) -> None:
    """Hide what only those do who may sign messages."""
    may_read(official)
    if not speaks(official):
        raise Http404
