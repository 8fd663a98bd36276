"""The figure of a procedure as a file of its own, for readers of the manual, laid out as on a page."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from django.conf import settings

if not settings.configured:
    settings.configure(USE_I18N=False)

from comity_node.web.figure import figure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from comity.instruments import Procedure
    from comity_node.web.figure import Mark, Stop

_STYLE: Final = """
svg { --ink: #1b1d20; --quiet: #50555c; --line: #8a8779; --paper: #fcfbf8; --accent: #18392f }
@media (prefers-color-scheme: dark) {
  svg { --ink: #e9e7e0; --quiet: #aeb0ad; --line: #77797a; --paper: #14171a; --accent: #8fc7b2 }
}
svg { background: var(--paper); font: 14px system-ui, sans-serif }
text { fill: var(--ink) } .end text { fill: var(--quiet) } .number { font-weight: 700 }
path { fill: none; stroke: var(--line); stroke-width: 1.5 }
.leaving { stroke-width: 1; stroke-dasharray: 1 3 }
.head { fill: var(--line); stroke: none } line { stroke: var(--accent); stroke-width: 3 }
.end line { stroke: var(--quiet); stroke-dasharray: 2 4 }
.mark { fill: var(--ink) } .mark text { fill: var(--paper); font-size: 11px; font-weight: 700 }
.both { fill: var(--paper); stroke: var(--ink) } .both text { fill: var(--ink); stroke: none }
"""


def svg(procedure: Procedure) -> Iterator[str]:
    """The figure as SVG, line by line."""
    drawn = figure(procedure)
    size = f'viewBox="0 0 {drawn.width} {drawn.height}" width="{drawn.width}" height="{drawn.height}"'
    yield f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">'
    yield f"<title>{escape(procedure.title)}: where each act leads</title>\n<style>{_STYLE}</style>"
    for kind, paths in (("leaving", drawn.leaving), ("lane", drawn.lanes), ("head", drawn.heads)):
        yield from (f'<path class="{kind}" d="{path}"/>' for path in paths)
    yield from map(_stop, drawn.stops)
    yield from map(_mark, drawn.marks)
    yield "</svg>"


def _stop(stop: Stop) -> str:
    lines = "".join(
        f'<text x="{stop.x}" y="{y}" dy="5" text-anchor="end">{escape(line)}</text>' for line, y in stop.lines
    )
    number = f'<text class="number" x="{stop.number_x}" y="{stop.y}" dy="5" text-anchor="end">{stop.number}'
    bar = f'<line x1="{stop.pill}" x2="{stop.pill}" y1="{stop.y - 13}" y2="{stop.y + 13}"/>'
    return f'<g class="{"end" if stop.is_end else "stop"}">{lines}{number}</text>{bar}</g>'


def _mark(mark: Mark) -> str:
    shape = '<rect x="-8" y="-8" width="16" height="16"/>' if mark.by != "requesting" else '<circle r="8.5"/>'
    says = f"<title>{escape(mark.says)}</title>"
    number = f'<text dy="4" text-anchor="middle">{mark.to}</text>'
    return f'<g class="mark {mark.by}" transform="translate({mark.x} {mark.y})">{says}{shape}{number}</g>'
