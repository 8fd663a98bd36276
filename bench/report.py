"""What a measurement found, beside its bar and beside what others do in the same run."""

from __future__ import annotations

import statistics
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One figure.

    Attributes:
        what: What was done.
        value: The median; None where what would be measured is not here.
        unit: Of the value.
        bar: What must be reached; None for a peer or a floor that is only shown.
        least: Whether the bar is the least (a rate) or the most (a time, a size).
        note: What else must be known to read the figure.
    """

    what: str
    value: float | None
    unit: str
    bar: float | None = None
    least: bool = True
    note: str = ""

    @property
    def is_reached(self) -> bool | None:
        """Whether the bar is reached; None where there is none."""
        if self.bar is None or self.value is None:
            return None
        return self.value >= self.bar if self.least else self.value <= self.bar


@dataclass(frozen=True, slots=True)
class Scale:
    """How much is done.

    Attributes:
        runs: Runs of which the median is given.
        size: Share of the full amount of work; 1 is what the bars are about.
    """

    runs: int = 5
    size: float = 1.0

    def of(self, full: int, *, least: int = 1) -> int:
        """An amount of work at this scale."""
        return max(least, round(full * self.size))


def median(scale: Scale, once: Callable[[], float]) -> float:
    """The median over the runs."""
    return statistics.median(once() for _ in range(scale.runs))


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which ``share`` of the values lie."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, int(share * len(ranked)))]


def figure(value: float | None) -> str:
    """A figure in three digits, or whole where it is large."""
    if value is None:
        return "not here"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def show(title: str, rows: Iterable[Row]) -> None:
    """Print the figures as a table."""
    table = Table(title=title, title_justify="left", pad_edge=False)
    for heading, justify in (("", "left"), ("median", "right"), ("", "left"), ("bar", "right"), ("", "left")):
        table.add_column(heading, justify=justify)
    for row in rows:
        sign = "≥" if row.least else "≤"
        bar = "" if row.bar is None else f"{sign} {figure(row.bar)}"
        reached = {None: "", True: "reached", False: "MISSED"}[row.is_reached]
        table.add_row(row.what, figure(row.value), row.unit, bar, " ".join(filter(None, (reached, row.note))))
    Console(width=150).print(table)


def as_json(rows: Iterable[Row]) -> list[dict[str, object]]:
    """The figures as a document."""
    return [asdict(row) | {"reached": row.is_reached} for row in rows]
