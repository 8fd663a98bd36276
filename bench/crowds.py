"""A channel of fifty parties: what one of them does for each of the others costs what it does among ten."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench import nodes
from bench.report import Row

if TYPE_CHECKING:
    from bench.report import Scale

_PARTIES = (3, 10, 50)
_WORDS = {
    "act": "acting: judged, sealed to all, signed, stored",
    "deliver": "delivering it to one of the others, with everybody's receipts",
    "take": "taking one's entry in, with its receipts for all, and answering",
}


def measure(scale: Scale) -> list[Row]:
    """The same rounds among three, ten and fifty; each cost is divided by the parties it is for."""
    rounds = scale.of(2 * scale.runs)
    with nodes.one() as node:
        node.start()
        found = {parties: node.does("crowd", parties=parties, rounds=rounds) for parties in _PARTIES}
    return [_row(what, found) for what in _WORDS]


def _row(what: str, found: dict[int, dict[str, float]]) -> Row:
    each = {parties: 1e3 * costs[what] / parties for parties, costs in found.items()}
    few, some, many = _PARTIES
    shown = ", ".join(f"{cost:.2f}" for cost in each.values())
    return Row(
        what=f"{_WORDS[what]}, for each of {many} parties",
        value=each[many] / each[some],
        unit=f"x of {some}",
        bar=1.5,
        least=False,
        note=f"{shown} ms among {few}, {some}, {many}; {1e3 * found[many][what]:.0f} ms in all",
    )
