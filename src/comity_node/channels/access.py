"""Who may read a channel and who may act in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import get_object_or_404

from comity_node.channels.models import Channel
from comity_node.officials import powers
from comity_node.officials.access import holds, require

if TYPE_CHECKING:
    from comity_node.officials.models import Official
    from comity_node.register.acts import Capacity

READ = "record.read"
PROPOSE = "channel.propose"


def readable(official: Official, channel: str) -> Channel:
    """A channel this official may read; 404 where there is none or they may not."""
    return get_object_or_404(
        Channel.objects.filter(channel=channel) if holds(official, READ) else Channel.objects.none()
    )


def proposing(official: Official) -> None:
    """Whether this official may propose channels.

    Raises:
        NotEmpowered: They may not.
    """
    require(official, PROPOSE)


def may_propose(official: Official) -> bool:
    """For what a page offers."""
    return holds(official, PROPOSE)


def may_answer(official: Official, act: str) -> bool:
    """Whether this official may sign such an answer: for what a page offers."""
    return holds(official, powers.rule(f"channel.{act}").sign)


def reading(official: Official) -> None:
    """Whether this official may read the record.

    Raises:
        NotEmpowered: They may not.
    """
    require(official, READ)


def capacity(official: Official, kind: str) -> Capacity:
    """In which capacity this official signs such an act.

    Raises:
        NotEmpowered: They may not sign it.
    """
    return require(official, powers.rule(kind).sign)
