"""Whether a long log costs more than a short one: to append to, to prove from, to deliver, to verify."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING

from bench import nodes
from bench.report import Row

if TYPE_CHECKING:
    from bench.nodes import Node
    from bench.report import Scale

_SHORT = 1_000
_FILL_BATCH = 1_000


def measure(scale: Scale) -> list[Row]:
    """The same work at a thousand entries and at a million, the counterpart keeping up all the while."""
    long = scale.of(1_000_000, least=2 * _SHORT)
    with nodes.two() as (ours, theirs, channel):
        grower = _Grower(ours, theirs, channel)
        grower.grow(_SHORT)
        short_costs = grower.costs(scale)
        grower.grow(long)
        long_costs = grower.costs(scale)
    return [
        Row(
            what=f"{what} at {long:,} entries",
            value=long_costs[what] / short_costs[what],
            unit=f"x at {_SHORT:,}",
            bar=1.5,
            least=False,
            note=f"{1e3 * short_costs[what]:.2f} ms, {1e3 * long_costs[what]:.2f} ms",
        )
        for what in short_costs
    ]


class _Grower:
    def __init__(self, ours: Node, theirs: Node, channel: str) -> None:
        self._ours, self._theirs, self._channel = ours, theirs, channel
        self._done = 0

    def grow(self, size: int) -> None:
        """Until the log has that many entries, all of them receipted."""
        self._ours.does(
            "fill", channel=self._channel, first=self._done, count=size - self._done, batch=_FILL_BATCH
        )
        self._done = size
        self._ours.does("settle", channel=self._channel, within=3600)

    def costs(self, scale: Scale) -> dict[str, float]:
        """Processor seconds for each entry: of one thread, or of both nodes where both work."""
        count = scale.of(100, least=2)
        found: dict[str, list[float]] = {
            "appending an entry": [],
            "proving an entry": [],
            "delivering an entry": [],
        }
        for _ in range(scale.runs):
            found["appending an entry"].append(
                self._ours.does("appended", channel=self._channel, first=self._take(count), count=count)
            )
            self._ours.does("settle", channel=self._channel)
            found["proving an entry"].append(self._ours.does("proven", channel=self._channel, count=count))
            found["delivering an entry"].append(self._delivered(count))
        return {what: statistics.median(costs) for what, costs in found.items()}

    def _delivered(self, count: int) -> float:
        before = self._spent()
        self._ours.does("one_by_one", channel=self._channel, first=self._take(count), count=count)
        return (self._spent() - before) / count

    def _spent(self) -> float:
        return self._ours.processor_seconds() + self._theirs.processor_seconds()

    def _take(self, count: int) -> int:
        first, self._done = self._done, self._done + count
        return first
