"""Who may read a channel and who may act in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404
from django.shortcuts import get_object_or_404

from comity_node.channels.models import Channel
from comity_node.officials import powers
from comity_node.officials.access import holds, require

if TYPE_CHECKING:
    from comity_node.officials.models import Official
    from comity_node.register.acts import Capacity

READ = "record.read"
PROPOSE = "channel.propose"


def reading(official: Official) -> None:
    """Hide the room from those who may not read the record."""
    if not holds(official, READ):
        raise Http404


def readable(official: Official, channel: str) -> Channel:
    """A channel this official may read; 404 where there is none or they may not."""
    reading(official)
    return get_object_or_404(Channel, channel=channel)


def may_propose(official: Official) -> bool:
    """For what a page offers."""
    return holds(official, PROPOSE)


def proposing(official: Official) -> None:
    """Hide the proposal of a channel from those who may not make one."""
    if not may_propose(official):
        raise Http404


def may_answer(official: Official, act: str) -> bool:
    """Whether this official may sign such an answer: for what a page offers."""
    return holds(official, powers.rule(f"channel.{act}").sign)


def answering(official: Official, channel: str, act: str) -> Channel:
    """A channel this official may read and answer so; 404 otherwise."""
    if not may_answer(official, act):
        raise Http404
    return readable(official, channel)


def capacity(official: Official, kind: str) -> Capacity:
    """In which capacity this official signs such an act.

    Raises:
        NotEmpowered: They may not sign it.
    """
    return require(official, powers.rule(kind).sign)
