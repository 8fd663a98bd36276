"""The clock that ends first: as projections keep it in their columns, and as pages draw it from there."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Protocol

from django.conf import settings
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from comity.lifecycle import Clock


class Due(Protocol):
    """A row with the columns of its clock."""

    ref: str
    due_at: datetime | None
    due_side: str
    due_label: str
    due_basis: str
    due_verified: str
    due_warn: list[int]


def columns(clocks: Iterable[Clock]) -> dict[str, Any]:
    """The columns of a row, of whichever of these clocks runs and ends first; empty where none runs."""
    running = (one for one in clocks if one.running)
    first = min(running, key=lambda one: (one.due_at, one.id), default=None)
    if first is None:
        return {
            "due_at": None,
            "due_side": "",
            "due_label": "",
            "due_basis": "",
            "due_verified": "",
            "due_warn": [],
        }
    return {
        "due_at": first.due_at,
        "due_side": "ours" if first.for_party == settings.NODE.party else "theirs",
        "due_label": first.label,
        "due_basis": first.basis,
        "due_verified": first.verified.value,
        "due_warn": list(first.warn),
    }


def drawn(row: Due, *, href: str, article_href: str = "") -> SimpleNamespace | None:
    """The clock of a row that no suspension holds up, as pages draw it; None where none runs."""
    if row.due_at is None:
        return None
    return SimpleNamespace(
        label=_(row.due_label),
        due_at=row.due_at,
        kind="target",
        article=row.due_basis,
        article_href=article_href,
        verified=row.due_verified,
        state="running",
        whose=row.due_side,
        started_at=None,
        ref=row.ref,
        href=href,
        warn=tuple(row.due_warn),
        still_since=None,
        stood_still=None,
    )
