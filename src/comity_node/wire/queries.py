"""How the lines to the counterparts do."""

from __future__ import annotations

from comity_node.duty.looking import Heard
from comity_node.wire.models import LineReport


def line_report(party: str) -> LineReport | None:
    """The last word about the line to one counterpart."""
    return LineReport.objects.filter(party=party).first()


def line_reports() -> list[LineReport]:
    """The last word about every line."""
    return list(LineReport.objects.order_by("party"))


def last_words() -> list[Heard]:
    """The last word about every line, as officers are called by it."""
    return [
        Heard(one.party, one.heard_at or one.first_tried_at, was_refused=one.was_refused)
        for one in line_reports()
    ]
