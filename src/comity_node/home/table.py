"""Strict reading of one TOML table: every key is asked for, and a key nobody asked for is an error."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from comity.errors import OurFault

_MISSING = object()


class Table:
    """One table of a settings file, and which of its keys have been asked for."""

    def __init__(self, name: str, content: Mapping[str, object], fault: type[OurFault]) -> None:
        self.name = name
        self._content = content
        self._asked: set[str] = set()
        self._fault = fault

    def text(self, key: str, *, default: str | None = None) -> str:
        """Return a text; without a default the key must be there."""
        value = self._get(key, default)
        if not isinstance(value, str):
            raise self._wrong(key, "a text in quotes")
        return value

    def number(self, key: str, *, default: int, least: int = 1) -> int:
        """Return a whole number of at least ``least``."""
        value = self._get(key, default)
        if not isinstance(value, int) or isinstance(value, bool) or value < least:
            raise self._wrong(key, f"a whole number of at least {least}")
        return value

    def texts(self, key: str) -> dict[str, str]:
        """Return a table of texts that has at least one row."""
        rows: dict[str, str] = {}
        value = self._get(key, None)
        if isinstance(value, dict):
            rows = {name: text for name, text in value.items() if isinstance(text, str) and text}
        if not rows or rows != value:
            raise self._wrong(key, "a table of texts")
        return rows

    def words(self, key: str) -> list[str]:
        """Return a list of texts; empty if it is left out."""
        value = self._get(key, [])
        if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
            raise self._wrong(key, "a list of texts in quotes")
        return list(value)

    def table(self, key: str) -> Table:
        """Return a table within this one; empty if it is left out."""
        value = self._get(key, {})
        if not isinstance(value, dict):
            raise self._wrong(key, "a table")
        return Table(f"{self.name}: {key}", value, self._fault)

    def tables(self, key: str) -> list[Table]:
        """Return the tables of a list; none if it is left out."""
        value = self._get(key, [])
        if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
            raise self._wrong(key, "a list of tables")
        return [Table(f"{self.name}: {key}", row, self._fault) for row in value]

    def finish(self) -> None:
        """Refuse the keys nobody asked for: a misspelt limit must not silently be no limit."""
        for key in sorted(self._content.keys() - self._asked):
            near = difflib.get_close_matches(key, self._asked, n=1)
            hint = f"did you mean {near[0]}?" if near else f"known keys: {', '.join(sorted(self._asked))}"
            raise self._fault(f"{self.name}: {key!r} is not a setting", hint=hint)

    def _get(self, key: str, default: object) -> object:
        self._asked.add(key)
        value = self._content.get(key, _MISSING)
        if value is not _MISSING:
            return value
        if default is None:
            raise self._fault(f"{self.name}: {key} is missing", hint=f"add a line `{key} = …`")
        return default

    def _wrong(self, key: str, wanted: str) -> OurFault:
        return self._fault(f"{self.name}: {key} must be {wanted}", hint=f"correct the line `{key} = …`")
