"""Tables in the terminal, as lines: no wider than it is, and plain where nobody looks at it."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from rich.table import Table

_WIDE: Final = 110  # where the output goes to a file or to another program
_LEAST: Final = 60
_SHORT: Final = 4  # a column headed ``mark`` or ``no.`` is never broken
_WHOLE: Final = 36  # nor are names, which are to be copied, unless they would leave no room for anything else


def table(
    headings: Sequence[str], rows: Iterable[Sequence[object]], *, whole: Collection[str] = ()
) -> list[str]:
    """A table under its headings; columns in which no row says anything are left out.

    Args:
        headings: Of the columns.
        rows: Their cells.
        whole: Headings of columns that are never broken.
    """
    from rich import box
    from rich.table import Table

    cells = [[str(cell) for cell in row] for row in rows]
    said = [at for at in range(len(headings)) if any(row[at] for row in cells)]
    drawn = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0), collapse_padding=True)
    for at in said:
        kept = headings[at] in whole or len(headings[at]) <= _SHORT
        names = at == 0 and _longest(cells) <= _WHOLE
        drawn.add_column(headings[at], overflow="fold", no_wrap=kept or names)
    for row in cells:
        drawn.add_row(*(row[at] for at in said))
    return _lines(drawn)


def _longest(cells: Sequence[Sequence[str]]) -> int:
    """How long the names in the first column are."""
    return max((len(line) for row in cells for line in row[0].splitlines()), default=0)


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
