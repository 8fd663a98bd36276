"""The right to act and the right to read: asked here, and refused unless a role carries it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from comity_node.officials import powers
from comity_node.officials.errors import NotEmpowered
from comity_node.register.acts import Capacity

if TYPE_CHECKING:
    from comity_node.officials.models import Official


def require(official: Official, power: str) -> Capacity:
    """Return the capacity in which an official holds a power.

    Raises:
        NotEmpowered: They do not hold it, or no longer act for this party.
    """
    role = powers.capacity(official.roles, power) if official.is_active else None
    if role is None:
        raise NotEmpowered(f"{official.login} does not hold the power {power}")
    return Capacity(office=str(official.office), capacity=role)


def holds(official: Official, power: str) -> bool:
    """Say whether an official holds a power: for what a page offers, never in place of ``require``."""
    return official.has_perm(power)
