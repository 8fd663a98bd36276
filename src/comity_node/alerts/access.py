"""Who may see and raise alerts: found by right, and 404 where there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.http import Http404

from comity_node.alerts.queries import KINDS
from comity_node.assistance import access as requests
from comity_node.officials import powers
from comity_node.officials.access import holds

if TYPE_CHECKING:
    from comity_node.assistance.models import Draft, Request
    from comity_node.officials.models import Official

_RAISED: Final = f"{KINDS}.raised"


def may_read(official: Official) -> None:
    """Hide alerts from those who may not read the record."""
    requests.may_read(official)


def raises(official: Official) -> bool:
    """Whether the official may raise an alert, and act on one."""
    return holds(official, powers.rule(_RAISED).sign)


def may_raise(official: Official) -> None:
    """Hide the form from those who may not sign an alert."""
    may_read(official)
    if not raises(official):
        raise Http404


def alert(official: Official, channel: str, ref: str) -> Request:
    """An alert that the official may read."""
    found = requests.request(official, channel, ref)
    if found.kinds != KINDS:
        raise Http404
    return found


def drafts(official: Official, pks: str) -> list[Draft]:
    """Drafts of alerts of the official's own office, as an address names them."""
    may_raise(official)
    wanted = [int(pk) for pk in pks.split("-") if pk.isascii() and pk.isdecimal() and len(pk) < 19]
    found = [requests.draft(official, pk) for pk in dict.fromkeys(wanted)]
    if not found or any(one.procedure != "alert" for one in found):
        raise Http404
    return found
