"""Tables in the terminal, as lines: no wider than it is, and plain where nobody looks at it."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rich.table import Table

_WIDE: Final = 110  # where the output goes to a file or to another program
_LEAST: Final = 60
_SHORT: Final = 4  # a column headed ``mark`` or ``no.`` is never broken


def table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    """A table under its headings; columns in which no row says anything are left out."""
    from rich import box
    from rich.table import Table

    cells = [[str(cell) for cell in row] for row in rows]
    said = [at for at in range(len(headings)) if any(row[at] for row in cells)]
    drawn = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), collapse_padding=True)
    for at in said:
        drawn.add_column(headings[at], overflow="fold", no_wrap=len(headings[at]) <= _SHORT)
    for row in cells:
        drawn.add_row(*(row[at] for at in said))
    return _lines(drawn)


def stacked(*said: object) -> str:
    """What stands in one cell, a line each; what is empty takes none."""
    return "\n".join(str(one) for one in said if one)


def facts(pairs: Iterable[tuple[str, object]]) -> list[str]:
    """Labels with their values; what has no value is left out."""
    from rich.table import Table

    grid = Table.grid(padding=(0, 2))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    for label, value in pairs:
        if value not in ("", None):
            grid.add_row(label, str(value))
    return _lines(grid)


def _lines(drawn: Table) -> list[str]:
    from rich.console import Console

    width = max(_LEAST, shutil.get_terminal_size((_WIDE, 24)).columns)
    # Law is full of brackets, which are no markup here.
    console = Console(width=width, color_system=None, markup=False, highlight=False, emoji=False)
    with console.capture() as caught:
        console.print(drawn)
    return [line.rstrip() for line in caught.get().splitlines() if line.strip()]
