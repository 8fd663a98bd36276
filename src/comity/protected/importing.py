"""Reading a list an official brings in, row by row: all of it is right, or nothing of it is taken.

Follows: docs/spec/protected-objects.md, Files.
"""

from __future__ import annotations

import csv
import io
import json
import re
from typing import TYPE_CHECKING, Any, Final

from comity.protected.errors import BadObject, RowsAtFault
from comity.protected.objects import FIELDS, canonical, read_typed
from comity.protected.values import FORMS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from comity.protected.objects import ProtectedObject

MOST_NAMED: Final = 20
_BETWEEN: Final = re.compile(r"[\s;,]+")
_DEMANDED: Final = ("name", "sector")


def read_list(data: bytes, *, most: int) -> tuple[ProtectedObject, ...]:
    """Read a list in CSV or JSON.

    Args:
        data: The file. JSON begins with a bracket; everything else is CSV with a head.
        most: How many objects a list may have: ``limits.list_objects``.

    Raises:
        BadObject: It is not text, or has not the form of a list.
        RowsAtFault: Rows of it are wrong, or there are none or too many; the error names each.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeError as error:
        raise BadObject("nothing was taken in: the file is not text in UTF-8") from error
    if "\x00" in text:
        raise BadObject("nothing was taken in: the file is not text")
    rows = _json(text) if text.lstrip().startswith("[") else _csv(text)
    return checked(rows, most=most)


def checked(rows: Sequence[object], *, most: int) -> tuple[ProtectedObject, ...]:
    """Hold every row of a list against the form of an object.

    Raises:
        RowsAtFault: Rows are wrong or alike, or there are none or too many.
    """
    if not rows or len(rows) > most:
        raise RowsAtFault(
            f"nothing was taken in: the list has {len(rows):,} objects, and takes 1 to {most:,}",
            rows=(),
            hint="divide it into several lists, or raise list_objects under [limits] in node.toml",
        )
    found: dict[bytes, ProtectedObject] = {}
    faults: list[tuple[int, str]] = []
    for number, row in enumerate(rows, start=1):
        try:
            one = _object(row)
        except BadObject as wrong:
            faults.append((number, str(wrong)))
            continue
        if canonical(one) in found:
            faults.append((number, "it stands there twice"))
        found[canonical(one)] = one
    if faults:
        raise _at_fault(faults)
    return tuple(found.values())


def _object(row: object) -> ProtectedObject:
    if not isinstance(row, dict):
        raise BadObject("it is not an object, or has other columns than the head")
    return read_typed(row)


def _at_fault(faults: Sequence[tuple[int, str]]) -> RowsAtFault:
    named = "; ".join(f"row {number}: {what}" for number, what in faults[:MOST_NAMED])
    more = f"; and {len(faults) - MOST_NAMED:,} more" if len(faults) > MOST_NAMED else ""
    return RowsAtFault(f"nothing was taken in: {named}{more}", rows=faults)


def _json(text: str) -> list[object]:
    try:
        return list(json.loads(text))
    except (ValueError, RecursionError) as error:
        raise BadObject(f"nothing was taken in: the file is not JSON: {str(error)[:200]}") from error


def _csv(text: str) -> list[object]:
    """The rows of a table; several values in one cell stand between spaces, commas or semicolons."""
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
        head = [name.strip().lower() for name in next(reader, [])]
        _check_head(head)
        return [_row(head, cells) for cells in reader if any(cell.strip() for cell in cells)]
    except csv.Error as error:
        raise BadObject(f"nothing was taken in: the table cannot be read: {str(error)[:200]}") from error


def _delimiter(text: str) -> str:
    """What parts the columns of the head: a comma, or what spreadsheets of other countries put there."""
    head = text.partition("\n")[0]
    return max(",;\t", key=head.count)


def _check_head(head: Iterable[str]) -> None:
    names = list(head)
    unknown = [name[:40] for name in names if name not in FIELDS]
    missing = [name for name in _DEMANDED if name not in names]
    if unknown or missing or len(set(names)) != len(names):
        raise BadObject(
            "nothing was taken in: the head of the table "
            + (f"has columns that are unknown: {', '.join(unknown[:5])}" if unknown else "")
            + (f"lacks: {', '.join(missing)}" if missing and not unknown else "")
            + ("names a column twice" if not unknown and not missing else ""),
            hint=f"the columns are: {', '.join(FIELDS)}",
        )


def _row(head: Sequence[str], cells: Sequence[str]) -> dict[str, Any] | str:
    """A row as an object; as a text, which is none, where it has other columns than the head."""
    if len(cells) != len(head):
        return "other columns"
    said = dict(zip(head, cells, strict=True))
    return {name: _split(cell) if name in FORMS else cell.strip() for name, cell in said.items()}


def _split(cell: str) -> list[str]:
    return [one for one in _BETWEEN.split(cell) if one]
