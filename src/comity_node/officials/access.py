"""The right to act and the right to read: asked here, and refused unless a role carries it."""

from __future__ import annotations

from typing import Final

from django.http import Http404
from django.shortcuts import get_object_or_404

from comity_node.officials import powers
from comity_node.officials.errors import NotEmpowered
from comity_node.officials.models import Official
from comity_node.register.acts import Capacity

MANAGE: Final = "official.manage"


def require(official: Official, power: str) -> Capacity:
    """Return the capacity in which an official holds a power.

    Raises:
        NotEmpowered: They do not hold it, or no longer act for this party.
    """
    if official.is_active and official.password_is_given:
        raise NotEmpowered(
            f"{official.login} may do nothing yet: somebody else knows their password",
            hint=f"choose your own: comity official password {official.login} --as {official.login}",
        )
    role = powers.capacity(official.roles, power) if official.may_act else None
    if role is None:
        raise NotEmpowered(f"{official.login} does not hold the power {power}")
    return Capacity(office=str(official.office), capacity=role)


def managed(official: Official, pk: int) -> Official:
    """An official whom the reader may appoint, suspend or relieve; 404 for those who may not."""
    may_manage(official)
    return get_object_or_404(Official.objects.select_related("office"), pk=pk)


def may_manage(official: Official) -> None:
    """Hide the management of officials from those who may not manage them."""
    if not holds(official, MANAGE):
        raise Http404


def holds(official: Official, power: str) -> bool:
    """Say whether an official holds a power: for what a page offers, never in place of ``require``."""
    return official.has_perm(power)
