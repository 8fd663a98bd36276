"""Database triggers that let rows be added and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from comity_node.register.by_statement import ByStatement

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_SQLITE = """
CREATE TRIGGER {table}_{act}_refused BEFORE {act} ON {table} {when}
BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END
"""
_FUNCTION = """
CREATE OR REPLACE FUNCTION comity_append_only() RETURNS trigger AS $$
BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME
USING ERRCODE = 'integrity_constraint_violation'; END $$ LANGUAGE plpgsql
"""
_POSTGRESQL = """
CREATE TRIGGER {table}_{act}_refused BEFORE {act} ON {table} FOR EACH ROW {when}
EXECUTE FUNCTION comity_append_only()
"""


class AppendOnly(ByStatement):
    """Refuse UPDATE and DELETE on a table, in the database itself.

    Args:
        table: Name of the table.
        unless: SQL condition over OLD and NEW under which an update is allowed after all; by database, where
            they do not say it alike. It must come out false, never null, of what is refused.
    """

    def __init__(self, table: str, *, unless: str | Mapping[str, str] = "") -> None:
        self.table = table
        self.unless = unless

    def describe(self) -> str:
        """One line for ``migrate``."""
        return f"Make {self.table} append-only"

    def add(self, editor: BaseDatabaseSchemaEditor) -> None:
        """Make the triggers."""
        postgresql = editor.connection.vendor == "postgresql"
        unless = self.unless if isinstance(self.unless, str) else self.unless[editor.connection.vendor]
        if postgresql:
            editor.execute(_FUNCTION, params=None)
        for act in ("UPDATE", "DELETE"):
            when = f"WHEN (NOT ({unless}))" if act == "UPDATE" and unless else ""
            form = _POSTGRESQL if postgresql else _SQLITE
            editor.execute(form.format(table=self.table, act=act, when=when))

    def remove(self, editor: BaseDatabaseSchemaEditor) -> None:
        """Drop them."""
        on_table = f" ON {self.table}" if editor.connection.vendor == "postgresql" else ""
        for act in ("UPDATE", "DELETE"):
            editor.execute(f"DROP TRIGGER {self.table}_{act}_refused{on_table}")
