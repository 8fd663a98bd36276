"""What an entry costs at ten thousand, a hundred thousand and a million: to verify, order, fold and count.

What it costs to append, deliver and prove is measured between nodes (:mod:`bench.growth`).
"""

from __future__ import annotations

import statistics
import time
from collections import deque
from datetime import timedelta
from typing import TYPE_CHECKING

from bench import folding
from bench.report import Row
from bench.verifying import Export
from comity.channel.verification import verify_export
from comity.entries import in_order
from comity.instruments import library
from comity.lifecycle import Act, bearing_on, fold
from comity.lifecycle.suspensions import NO_BEARING
from comity.reciprocity import Case, count

if TYPE_CHECKING:
    from collections.abc import Callable

    from bench.report import Scale
    from comity.entries import Entry

_FULL = 1_000_000
_SHARES = (0.01, 0.1, 1.0)


def measure(scale: Scale) -> list[Row]:
    """The same work on records of three sizes, in processor time for each entry."""
    sizes = [scale.of(round(_FULL * share), least=10 * place) for place, share in enumerate(_SHARES, 1)]
    found = {size: _costs(size, scale.runs) for size in sizes}
    return [_row(what, found) for what in found[sizes[0]]]


def _costs(size: int, runs: int) -> dict[str, float]:
    """Processor microseconds for each entry of a record of this size."""
    export, record = Export(size), Record(folding.requests(size))
    work: dict[str, Callable[[], object]] = {
        "verifying an entry of an export, tree part": lambda: verify_export(export, tree_only=True),
        "putting an entry in the one order": record.order,
        "folding an entry": record.fold,
        "counting an entry in the figures": record.count,
    }
    return {
        what: 1e6 * statistics.median(_spent(do) for _ in range(runs)) / size for what, do in work.items()
    }


def _spent(do: Callable[[], object]) -> float:
    begun = time.process_time()
    do()
    return time.process_time() - begun


class Record:
    """A record in memory, and what is computed from it, each step from the one before."""

    def __init__(self, logs: dict[str, list[Entry]]) -> None:
        self._logs = logs
        self._procedure = library()[folding.INSTRUMENT].procedure("assistance")
        self._acts: dict[str, list[Act]] = {}
        for ref, entry in in_order(folding.CHANNEL, logs):
            self._acts.setdefault(entry.ref, []).append(Act.of(ref, entry))
        self._cases = list(self.fold())

    def order(self) -> None:
        """The one order of all entries."""
        deque(in_order(folding.CHANNEL, self._logs), maxlen=0)

    def fold(self) -> list[Case]:
        """Where every procedure stands."""
        bears = bearing_on(self._procedure, [], NO_BEARING)
        return [
            Case(ref, folding.INSTRUMENT, fold(self._procedure, acts, bears), bears)
            for ref, acts in self._acts.items()
        ]

    def count(self) -> None:
        """The figures of reciprocity."""
        last = folding.BEGUN + timedelta(seconds=len(self._cases))
        found = count(self._cases, parties=self._logs.keys(), as_of=last)
        lodged = sum(len(line.figures["lodged"]) for line in found.lines if not any(line.cut))
        assert lodged == len(self._cases), "every request was counted"


def _row(what: str, found: dict[int, dict[str, float]]) -> Row:
    few, *_, many = found
    shown = ", ".join(f"{costs[what]:.2f}" for costs in found.values())
    sizes = ", ".join(f"{size:,}" for size in found)
    return Row(
        what=f"{what}, of {many:,}",
        value=found[many][what] / found[few][what],
        unit=f"x of {few:,}",
        bar=1.5,
        least=False,
        note=f"{shown} µs at {sizes}",
    )
