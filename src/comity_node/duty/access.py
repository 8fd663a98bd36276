"""Who keeps the roster, who may take over, and whose calls are whose."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.http import Http404

from comity_node.officials.access import holds, require

if TYPE_CHECKING:
    from comity_node.officials.models import Official

KEEP: Final = "roster.keep"
SERVE: Final = "duty.serve"
READ: Final = "record.read"
ANSWER: Final = "alert.sign"


def may_see(official: Official) -> None:
    """Hide the roster from those who neither keep it, nor serve, nor read the record."""
    if not any(holds(official, power) for power in (KEEP, SERVE, READ)):
        raise Http404


def may_be_called(official: Official) -> None:
    """Hide the ways to be called from those who are never called: who does not read the record."""
    if not holds(official, READ):
        raise Http404


def must_keep(by: Official | None) -> None:
    """Stop whoever may not change the roster; the operator at the console may.

    Raises:
        NotEmpowered: They may not.
    """
    if by is not None:
        require(by, KEEP)
