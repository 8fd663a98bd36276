"""Hold what an act states in the open against its row: grounds, reasons, extent, days.

Each check answers None, or says because of what the row does not apply.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Final

from comity.errors import BadName
from comity.names import EntryRef, party_code

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from comity.instruments import Procedure, Row, Stated, Statement

_DIGEST: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,2}", re.ASCII)
_SIZE: Final = re.compile(r"0|[1-9][0-9]{0,17}", re.ASCII)
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_INSTANT: Final = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}Z", re.ASCII)


def values(stated: Stated, name: str) -> tuple[str, ...]:
    """What is stated under a name, whether one value or several."""
    value = stated.get(name, ())
    return (value,) if isinstance(value, str) else tuple(value)


def is_exercise(stated: Stated) -> bool:
    """Whether an opening act says that nothing of what it opens is meant."""
    return values(stated, "exercise") == ("yes",)


def objection(procedure: Procedure, row: Row, stated: Stated, opened: Stated) -> str | None:
    """Why what is stated does not fit the row, or None; ``opened`` is what the opening act stated."""
    for name, value in row.stating.items():
        if values(stated, name) != (value,):
            label = procedure.statement_of[name].label
            return f"this row is for {label} “{value}”"
    for name in row.must_state:
        if name not in stated:
            return f"it must state: {procedure.statement_of[name].label}"
    for statement in procedure.statements_by[row.act]:
        said = stated.get(statement.id)
        if said is not None and (wrong := _unfit(statement, said)):
            return wrong
    for name, alike in row.as_opened.items():
        if (values(stated, name) == values(opened, name)) is not alike:
            label = procedure.statement_of[name].label
            wanted = f"the same {label} as" if alike else f"another {label} than"
            return f"it must state {wanted} the opening act"
    return None


def _unfit(statement: Statement, value: str | Sequence[str]) -> str | None:
    given = (value,) if isinstance(value, str) else value
    if len(given) != 1 and not (given and statement.many):
        return f"{statement.label} takes {'at least one value' if statement.many else 'exactly one value'}"
    fits = _FITS[statement.form]
    for one in given:
        if not fits(statement, one):
            known = f"; the instrument has: {', '.join(statement.values)}" if statement.values else ""
            return f"“{one[:60]}” cannot be stated as {statement.label}{known}"
    return None


def _reads(read: Callable[[str], object], value: str) -> bool:
    try:
        read(value)
    except BadName:
        return False
    return True


def day(value: str) -> date | None:
    """The day written as ``2026-01-31``, or None if it is not one."""
    try:
        return date.fromisoformat(value) if _DAY.fullmatch(value) else None
    except ValueError:
        return None


def instant(value: str) -> datetime | None:
    """The minute (UTC) written as ``2026-01-31T03:15Z``, or None if it is not one."""
    try:
        return datetime.fromisoformat(value).astimezone(UTC) if _INSTANT.fullmatch(value) else None
    except (ValueError, OverflowError):
        return None


def term(value: str) -> tuple[str, str, date] | None:
    """A term's number, who performs it and by which day, as ``1 us 2026-12-01``; None if it is none."""
    number, _, rest = value.partition(" ")
    performer, _, due = rest.partition(" ")
    by = day(due)
    is_one = by is not None and _NUMBER.fullmatch(number) and _reads(party_code, performer)
    return (number, performer, by) if is_one and by is not None else None


def log_head(value: str) -> tuple[str, int, str] | None:
    """A log's party, size and root, as ``us 41`` and the root in hexadecimal; None if it is none."""
    party, _, rest = value.partition(" ")
    size, _, root = rest.partition(" ")
    is_one = _SIZE.fullmatch(size) and _DIGEST.fullmatch(root) and _reads(party_code, party)
    return (party, int(size), root) if is_one else None


_FITS: Final[Mapping[str, Callable[[Statement, str], bool]]] = {
    "code": lambda statement, value: value in statement.values,
    "party": lambda _, value: _reads(party_code, value),
    "entry": lambda _, value: _reads(EntryRef.parse, value),
    "day": lambda _, value: day(value) is not None,
    "instant": lambda _, value: instant(value) is not None,
    "digest": lambda _, value: bool(_DIGEST.fullmatch(value)),
    "text": lambda _, value: bool(value),
    "term": lambda _, value: term(value) is not None,
    "log": lambda _, value: log_head(value) is not None,
}
