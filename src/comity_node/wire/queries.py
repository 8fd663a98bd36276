"""How the lines to the counterparts do."""

from __future__ import annotations

from comity_node.wire.models import LineReport


def line_report(party: str) -> LineReport | None:
    """The last word about the line to one counterpart."""
    return LineReport.objects.filter(party=party).first()


def line_reports() -> list[LineReport]:
    """The last word about every line."""
    return list(LineReport.objects.order_by("party"))
