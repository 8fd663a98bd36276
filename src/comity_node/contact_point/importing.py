"""Contact points of ours from a table in CSV: read whole, or not at all.

UTF-8, with a byte order mark or without, with commas, semicolons or tabs between the cells, and a first line
that names the columns in any order. Several values in a cell stand with a bar between them: ``en|fr``. A line
with a reference changes that point; one without lists a new one.

Follows: docs/manual/contacts.md, From a table.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import phonenumbers
from django.conf import settings
from django.utils.translation import gettext as _

from comity.errors import ComityError
from comity_node.contact_point import judging, queries, services, wording
from comity_node.contact_point.errors import BadContactTable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from comity.contacts import Point
    from comity_node.register.acts import Act

MOST_BYTES: Final = 256 * 1024
COLUMNS: Final = (
    "ref", "kind", "authority", "role", "languages", "hours", "zone",
    "telephones", "emails", "other", "verified_by", "channels",
)  # fmt: skip
NEEDED: Final = ("kind", "authority", "role", "languages", "hours", "zone")
_SEVERAL: Final = frozenset({"languages", "telephones", "emails", "other", "channels"})
_SHOWN: Final = 20
_FORMULA: Final = frozenset("=+-@")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table that can be taken."""

    line: int
    ref: str
    kind: str
    point: Point
    channels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a line cannot be taken; line 0 is the table as a whole."""

    line: int
    because: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.because}" if self.line else self.because


def read(content: bytes) -> tuple[list[Row], list[Problem]]:
    """Read a table: its lines, and what is wrong with any. With one problem, nothing of it is taken."""
    if len(content) > MOST_BYTES:
        return [], [Problem(0, f"it has {len(content):,} bytes; at most {MOST_BYTES:,} are read")]
    try:
        lines = list(_lines(content.decode("utf-8-sig")))
    except UnicodeDecodeError:
        return [], [Problem(0, "it is not UTF-8: save it as CSV UTF-8")]
    except (csv.Error, BadContactTable) as unreadable:
        return [], [Problem(0, str(unreadable))]
    most = settings.NODE.limits.contact_points
    if not 0 < len(lines) <= most:
        return [], [Problem(0, f"it has {len(lines)} lines; one to {most} (contact_points) are taken")]
    rows: list[Row] = []
    problems: list[Problem] = []
    for line, cells in lines:
        try:
            rows.append(_row(line, cells))
        except ComityError as refused:
            problems.append(Problem(line, str(refused).removeprefix("nothing was recorded: ")))
    return rows, [*problems, *_twice(rows)]


def acts(rows: Sequence[Row]) -> list[Act]:
    """The acts that put the lines on record, a new point under the next free references.

    Raises:
        TooManyPoints: With those listed there would be more points of ours than this node shows.
        OurFault: One of them changes a point that is not listed, or a channel cannot take it.
    """
    if new := sum(not row.ref for row in rows):
        judging.check_room(new)
    made: list[Act] = []
    drawn: set[str] = set()
    for row in rows:
        channels = row.channels or () if row.ref else row.channels or queries.open_channels()
        if row.ref:
            made += services.amendment(row.ref, row.point, channels=channels)
            continue
        drawn.add(ref := queries.next_number("point", besides=drawn))
        made += services.listing(row.point, kind=row.kind, channels=channels, ref=ref)
    return made


def refuse(problems: Sequence[Problem]) -> None:
    """Refuse a table that has problems.

    Raises:
        BadContactTable: It has some; the message names the first so many.
    """
    if problems:
        named = "; ".join(map(str, problems[:_SHOWN]))
        more = f"; and {len(problems) - _SHOWN} more" if len(problems) > _SHOWN else ""
        raise BadContactTable(f"nothing was recorded: the table cannot be taken: {named}{more}")


def _lines(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    """Each line that says something, with its number and its cells by column."""
    if "\x00" in text:
        raise BadContactTable("it holds a character that no text has (NUL)")
    first = text.partition("\n")[0]
    between = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=between, strict=True)
    names = [name.strip().lower() for name in next(reader, [])]
    unknown = [name for name in names if name not in COLUMNS]
    lacking = [name for name in NEEDED if name not in names]
    if unknown or lacking or len(set(names)) != len(names):
        what = f"no column is called {unknown[0][:40]!r}" if unknown else f"a column {lacking[:1]} is missing"
        what = what if unknown or lacking else "a column stands twice"
        raise BadContactTable(f"{what}; the columns are {', '.join(COLUMNS)}")
    for cells in reader:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(names):
            raise BadContactTable(f"line {reader.line_num} has {len(cells)} cells, not {len(names)}")
        yield (
            reader.line_num,
            {name: _unmarked(cell.strip()) for name, cell in zip(names, cells, strict=True)},
        )


def _unmarked(cell: str) -> str:
    """A cell without the apostrophe by which exports keep a spreadsheet from taking it for a formula."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in _FORMULA else cell


def _row(line: int, cells: Mapping[str, str]) -> Row:
    said = {
        name: [one.strip() for one in cell.split("|") if one.strip()] if name in _SEVERAL else cell
        for name, cell in cells.items()
    }
    ref, kind, channels = said.pop("ref", ""), said.pop("kind"), said.pop("channels", [])
    if kind not in wording.KINDS:
        raise BadContactTable(f"{str(kind)[:40]!r} is no kind of point; kinds are {', '.join(wording.KINDS)}")
    said["telephones"] = [e164(one) for one in said.get("telephones", [])]
    point = services.point(said)
    unknown = sorted(set(channels) - set(queries.open_channels()))
    if unknown:
        raise BadContactTable(f"no channel {unknown[0][:40]!r} is open")
    if ref:
        _check_known(str(ref), str(kind), channels)
    return Row(line, str(ref), str(kind), point, tuple(channels))


def _check_known(ref: str, kind: str, channels: Sequence[str]) -> None:
    listed = {one.channel: one.kind for one in queries.rows(ref)}
    if not listed or not listed.keys() >= set(channels):
        raise BadContactTable(f"no point {ref[:64]!r} of ours is listed there")
    if set(listed.values()) != {kind}:
        raise BadContactTable(f"{ref} is listed as another kind of point: list a new one, withdraw this")


def e164(text: str) -> str:
    """A telephone number in E.164, however it is spaced; what cannot be one is left as it stands."""
    try:
        read = phonenumbers.parse(text)
    except phonenumbers.NumberParseException:
        return text
    return phonenumbers.format_number(read, phonenumbers.PhoneNumberFormat.E164)


def _twice(rows: Sequence[Row]) -> Iterator[Problem]:
    """Lines that change the same point, or list the same point, as one before."""
    seen: dict[object, int] = {}
    for row in rows:
        key = row.ref or (row.kind, row.point, row.channels)
        if key in seen:
            yield Problem(row.line, f"it is about the same point as line {seen[key]}")
        seen.setdefault(key, row.line)


def problem_words(one: Problem) -> str:
    """A problem as a page says it."""
    return (
        _("Line %(line)d: %(because)s") % {"line": one.line, "because": one.because}
        if one.line
        else one.because
    )
