"""What is said of clocks: theirs beside a channel, ours before anything is signed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comity_node.counterparts import clocks
from comity_node.web import wording

if TYPE_CHECKING:
    from collections.abc import Iterable

_MINUTE: Final = 60


def wrong_clock(seen: Iterable[clocks.Clock] | None = None) -> str:
    """A warning that our clock is off against all others; empty where one of them agrees with it.

    Args:
        seen: The other clocks, where they were just read.
    """
    behind = clocks.ours_is_behind(clocks.clocks() if seen is None else seen)
    if behind is None:
        return ""
    span = _span(behind)
    if behind > 0:
        return _("The clock of this node is %(span)s behind every other it knows.") % {"span": span}
    return _("The clock of this node is %(span)s ahead of every other it knows.") % {"span": span}


def said_of_clock(ahead: float) -> str:
    """How another clock stands against ours, by so many seconds."""
    if abs(ahead) < 1:
        return _("Their clock agrees with ours to the second")
    span = _span(ahead)
    said = (
        _("Their clock is %(span)s ahead of ours") if ahead > 0 else _("Their clock is %(span)s behind ours")
    )
    return said % {"span": span}


def said_exactly(ahead: float, within: float) -> str:
    """The same in figures, with how much the figure may be wrong."""
    figures = {"ahead": f"{ahead:+.1f}", "within": f"{within:.1f}"}
    return _("%(ahead)s s, give or take %(within)s s") % figures


def _span(seconds: float) -> str:
    whole = round(abs(seconds))
    if whole < _MINUTE:
        return ngettext("%(n)d second", "%(n)d seconds", whole) % {"n": whole}
    return wording.duration(timedelta(seconds=whole))
