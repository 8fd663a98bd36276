"""Hold what an act states in the open against its row: grounds, reasons, extent, days.

Each check answers None, or says because of what the row does not apply.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Final

from comity.errors import BadName
from comity.names import party_code

if TYPE_CHECKING:
    from comity.instruments import Procedure, Row, Stated, Statement

_DIGEST: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def values(stated: Stated, name: str) -> tuple[str, ...]:
    """What is stated under a name, whether one value or several."""
    value = stated.get(name, ())
    return (value,) if isinstance(value, str) else tuple(value)


def objection(procedure: Procedure, row: Row, stated: Stated) -> str | None:
    """Why what is stated does not fit the row, or None."""
    for name, value in row.stating.items():
        if values(stated, name) != (value,):
            label = procedure.statement_of[name].label
            return f"this row is for {label} “{value}”"
    for name in row.must_state:
        if name not in stated:
            return f"it must state: {procedure.statement_of[name].label}"
    for name in (*row.must_state, *row.may_state):
        if name in stated and (wrong := _unfit(procedure.statement_of[name], values(stated, name))):
            return wrong
    return None


def _unfit(statement: Statement, stated: tuple[str, ...]) -> str | None:
    if not stated or (len(stated) > 1 and not statement.many):
        return f"{statement.label} takes {'at least one value' if statement.many else 'exactly one value'}"
    for value in stated:
        if not _fits(statement, value):
            known = f"; the instrument has: {', '.join(statement.values)}" if statement.values else ""
            return f"“{value[:60]}” cannot be stated as {statement.label}{known}"
    return None


def _fits(statement: Statement, value: str) -> bool:
    match statement.form:
        case "code":
            return value in statement.values
        case "party":
            return _is_party(value)
        case "day":
            return day(value) is not None
        case "digest":
            return bool(_DIGEST.fullmatch(value))
        case _:
            return bool(value)


def _is_party(value: str) -> bool:
    try:
        party_code(value)
    except BadName:
        return False
    return True


def day(value: str) -> date | None:
    """The day written as ``2026-01-31``, or None if it is not one."""
    try:
        return date.fromisoformat(value) if _DAY.fullmatch(value) else None
    except ValueError:
        return None
