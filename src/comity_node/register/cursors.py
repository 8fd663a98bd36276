"""How ready-made statements are run: every value a parameter, whatever database is underneath."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    Value = str | int | bytes | datetime


def read(statement: str, *values: Value) -> list[tuple[Any, ...]]:
    """All rows that a statement finds."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def write(statement: str, *values: Value) -> int:
    """Run a statement; returns how many rows it changed."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)


def write_all(statement: str, rows: Sequence[tuple[Value, ...]]) -> int:
    """Run a statement once for each row; returns how many rows it changed."""
    if not rows:
        return 0
    with connection.cursor() as cursor:
        cursor.executemany(statement, rows)
        return int(cursor.rowcount)


def instant(at: datetime) -> str | datetime:
    """An instant as this database keeps it."""
    adapted: str | datetime | None = connection.ops.adapt_datetimefield_value(at)
    assert adapted is not None
    return adapted
