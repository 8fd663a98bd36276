"""Which rows what has gone before leaves open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from comity.lifecycle.stated import values

if TYPE_CHECKING:
    from collections.abc import Container

    from comity.instruments import Procedure, Row, Stated


def closed(procedure: Procedure, row: Row, done: Container[str], opened: Stated) -> str | None:
    """Why a row is not open, or None.

    Args:
        procedure: The table.
        row: One of its rows.
        done: The acts that had effect so far, by name.
        opened: What the opening act stated.
    """
    for name in row.after:
        if name not in done:
            return f"“{procedure.act(name).label}” must be on record first"
    for name in row.unless:
        if name in done:
            return f"“{procedure.act(name).label}” is already on record"
    for name, value in row.opened_stating.items():
        if values(opened, name) != (value,):
            return f"the opening act did not state {procedure.statement_of[name].label} “{value}”"
    return None


def open_rows(procedure: Procedure, state: str, done: Container[str], opened: Stated) -> tuple[Row, ...]:
    """The rows that may follow in a state, those for crossing acts left out; arguments as for ``closed``."""
    rows = procedure.rows_in[state]
    return tuple(row for row in rows if not row.gated or closed(procedure, row, done, opened) is None)
