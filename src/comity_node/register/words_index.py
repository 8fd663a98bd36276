"""The database's own index of the words of passages: FTS5 in SQLite, GIN in PostgreSQL.

Triggers and an index expression keep it with the table; nothing here writes to it word by word. What is
sought never becomes part of a statement: terms hold letters, digits and low lines only, and go as parameters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.db import DatabaseError, connection

from comity_node.register.by_statement import ByStatement

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.backends.base.schema import BaseDatabaseSchemaEditor

# In SQLite's `ascii` every letter beyond ASCII belongs to a word: how words are told apart is decided once,
# in comity_node.finding, and not by the Unicode tables of two databases.
_SQLITE: Final = (
    """CREATE VIRTUAL TABLE register_words USING fts5(tokens, content='register_passage', content_rowid='id',
tokenize="ascii tokenchars '_'", detail=none, columnsize=0)""",
    """CREATE TRIGGER register_words_added AFTER INSERT ON register_passage BEGIN
INSERT INTO register_words(rowid, tokens) VALUES (new.id, new.tokens); END""",
    """CREATE TRIGGER register_words_removed AFTER DELETE ON register_passage BEGIN
INSERT INTO register_words(register_words, rowid, tokens) VALUES ('delete', old.id, old.tokens); END""",
    """CREATE TRIGGER register_words_moved AFTER UPDATE ON register_passage
WHEN old.tokens <> new.tokens OR old.id <> new.id BEGIN
INSERT INTO register_words(register_words, rowid, tokens) VALUES ('delete', old.id, old.tokens);
INSERT INTO register_words(rowid, tokens) VALUES (new.id, new.tokens); END""",
)
_LEXEMES: Final = "array_to_tsvector(string_to_array(tokens, ' '))"
_POSTGRESQL: Final = (f"CREATE INDEX register_words ON register_passage USING gin ({_LEXEMES})",)


class WordsIndex(ByStatement):
    """Make the index of words, in the database's own way."""

    def describe(self) -> str:
        """One line for ``migrate``."""
        return "Make the index of words"

    def add(self, editor: BaseDatabaseSchemaEditor) -> None:
        """Make it, and what keeps it in step."""
        for statement in _POSTGRESQL if editor.connection.vendor == "postgresql" else _SQLITE:
            editor.execute(statement, params=None)

    def remove(self, editor: BaseDatabaseSchemaEditor) -> None:
        """Drop all of it."""
        if editor.connection.vendor == "postgresql":
            editor.execute("DROP INDEX register_words")
            return
        for trigger in ("added", "removed", "moved"):
            editor.execute(f"DROP TRIGGER register_words_{trigger}")
        editor.execute("DROP TABLE register_words")


def hits(
    terms: Sequence[str], marks: Sequence[str], where: Sequence[str], values: Sequence[Any], most: int
) -> list[int]:
    """Passages that hold a word beginning with each of these terms, the latest kept first.

    Args:
        terms: Letters, digits and low lines; at least one.
        marks: Words that must be there whole: beginnings of words cost more, however few they leave.
        where: Conditions on ``p``, constants of the code, with a place for each value.
        values: For those places.
        most: No more than so many.
    """
    assert terms, "a search for nothing would find everything"
    assert all(map(_is_word, [*terms, *marks])), "what is sought was taken apart into words"
    if connection.vendor == "sqlite":
        source = "register_words w JOIN register_passage p ON p.id = w.rowid WHERE register_words MATCH %s"
        asked, order = (
            " AND ".join([*(f'"{one}" *' for one in terms), *(f'"{one}"' for one in marks)]),
            "w.rowid",
        )
    else:
        source = f"register_passage p WHERE {_LEXEMES} @@ %s::tsquery"
        asked, order = " & ".join([*(f"'{one}':*" for one in terms), *(f"'{one}'" for one in marks)]), "p.id"
    conditions = "".join(f" AND {one}" for one in where)
    statement = f"SELECT p.id FROM {source}{conditions} ORDER BY {order} DESC LIMIT %s"  # noqa: S608 - constants
    with connection.cursor() as cursor:
        cursor.execute(statement, [asked, *values, most])
        return [row[0] for row in cursor.fetchall()]


def _is_word(term: str) -> bool:
    """Nothing in it ends a quoted word in either language of queries."""
    return not {'"', "'", "\\", " ", "\x00"} & {*term}


def restore() -> None:
    """Derive the index anew from the passages, so that nothing of what was removed is left in it."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO register_words(register_words) VALUES ('rebuild')")


def forget() -> None:
    """Leave no word in the index that no passage says any more.

    SQLite only notes that a word was removed, until it merges the parts of its index: so they are merged
    now. Its option to overwrite at once came with 3.42, counts only for what is removed once it is set, and
    makes an index that older ones cannot read. In PostgreSQL the words go with the row.
    """
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO register_words(register_words) VALUES ('optimize')")


def is_whole() -> bool:
    """Whether the index says what the passages say. PostgreSQL keeps its own in step by itself."""
    if connection.vendor != "sqlite":
        return True
    try:
        with connection.cursor() as cursor:
            cursor.execute("INSERT INTO register_words(register_words, rank) VALUES ('integrity-check', 1)")
    except DatabaseError:
        return False
    return True
