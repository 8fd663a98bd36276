"""Storing projections: many rows at once, each in place of what was computed before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import Model


def keep(rows: Sequence[Model], *, by: Sequence[str]) -> None:
    """Store rows of one projection, each over the one that has the same values in the fields ``by``.

    One statement, run for each row: the framework's bulk insert writes statements anew, more for more rows.
    """
    if not rows:
        return
    fields = [field for field in rows[0]._meta.concrete_fields if not field.primary_key]
    name = connection.ops.quote_name
    column = {field.name: name(field.column or field.name) for field in fields}
    columns, places = ", ".join(column.values()), ", ".join("%s" for _ in fields)
    moved = ", ".join(f"{one} = EXCLUDED.{one}" for one in column.values())
    one = ", ".join(column[field] for field in by)
    statement = (
        f"INSERT INTO {name(rows[0]._meta.db_table)} ({columns}) VALUES ({places})"  # noqa: S608 - names only
        f" ON CONFLICT ({one}) DO UPDATE SET {moved}"
    )
    values = [
        [field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields] for row in rows
    ]
    with connection.cursor() as cursor:
        cursor.executemany(statement, values)
