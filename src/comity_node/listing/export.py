"""A list as a file: CSV for a spreadsheet, JSON for a program. Times in UTC, however long the list.

A cell of the CSV is never a formula. What a counterpart wrote may begin with a sign that makes one, or have
it behind what another locale takes for the end of a cell; such a sign gets an apostrophe before it, as
spreadsheets themselves mark text. JSON holds every text as it is.
"""

from __future__ import annotations

import csv
import itertools
import json
import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from django.http import Http404, StreamingHttpResponse

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

FORMS: Final = ("csv", "json")
_TYPES: Final = {"csv": "text/csv; charset=utf-8", "json": "application/json"}
_FORMULA: Final = re.compile(r"(?:\A|(?<=[;\t\r\n]))(?=\s*[=+\-@\uff1d\uff0b\uff0d\uff20])")
# Without it spreadsheets take UTF-8 for something else.
_MARK: Final = "\ufeff"

_Row = TypeVar("_Row")
Value = str | int | datetime | None


@dataclass(frozen=True, slots=True)
class Column(Generic[_Row]):
    """One column of an export: its name, and its value in a row."""

    name: str
    value: Callable[[_Row], Value]


def export(
    rows: Iterable[_Row], columns: Sequence[Column[_Row]], *, form: str, name: str
) -> StreamingHttpResponse:
    """Give a list to be saved, row by row as it is read.

    Args:
        rows: Every row as filtered and sorted.
        columns: What to say of each.
        form: ``csv`` or ``json``.
        name: What the list is called: the name of the file, and of the array in JSON.

    Raises:
        Http404: Lists are not exported in that form.
    """
    if form not in FORMS:
        raise Http404
    lines = _csv(rows, columns) if form == "csv" else _json(rows, columns, name)
    answer = StreamingHttpResponse(lines, content_type=_TYPES[form])
    answer["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return answer


def plain(cell: str) -> str:
    """A text as a cell that no spreadsheet takes for a formula."""
    return _FORMULA.sub("'", cell)


class _Line:
    """Where a row of the table is written: straight to the reader, however long the table."""

    def write(self, text: str) -> str:
        """Hand the line on."""
        return text


def _csv(rows: Iterable[_Row], columns: Sequence[Column[_Row]]) -> Iterator[str]:
    write = csv.writer(_Line()).writerow
    yield _MARK
    yield write([column.name for column in columns])
    for row in rows:
        yield write([_cell(column.value(row)) for column in columns])


def _cell(value: Value) -> str | int:
    if isinstance(value, datetime):
        return value.isoformat()
    return plain(value) if isinstance(value, str) else "" if value is None else value


def _json(rows: Iterable[_Row], columns: Sequence[Column[_Row]], name: str) -> Iterator[str]:
    yield f"{{{json.dumps(name)}: ["
    for between, row in zip(itertools.chain(["\n"], itertools.repeat(",\n")), rows, strict=False):
        said = {column.name: column.value(row) for column in columns}
        yield between + json.dumps(said, ensure_ascii=False, default=_instant)
    yield "\n]}\n"


def _instant(value: object) -> str:
    assert isinstance(value, datetime), "a value is a text, a number, an instant or nothing"
    return value.isoformat()
