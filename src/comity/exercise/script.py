"""The script of an exercise: TOML that a trainer reads and writes, read strictly.

Follows: docs/spec/exercises.md, Script.
"""

from __future__ import annotations

import hashlib
import re
from typing import Annotated, Final

import msgspec
import tomli

from comity.exercise.errors import MalformedScript
from comity.forms import learnt

MAX_BYTES: Final = 256 * 1024
MAX_LINE: Final = 4_000  # a dotted key costs the TOML reader the square of its length
_MOST: Final = 200
_Name = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
_Code = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
_Maybe = Annotated[str, msgspec.Meta(pattern=r"^([a-z][a-z0-9_-]{0,59})?$")]
_Party = Annotated[str, msgspec.Meta(pattern=r"^([a-z]{2}|x-[a-z0-9-]{1,30})$")]
_Line = Annotated[str, msgspec.Meta(min_length=1, max_length=300)]
_Title = Annotated[str, msgspec.Meta(max_length=300)]
_Text = Annotated[str, msgspec.Meta(max_length=20_000)]
_Language = Annotated[str, msgspec.Meta(pattern=r"^([a-z]{2,8}(-[A-Za-z0-9]{1,8}){0,3})?$")]
_Minutes = Annotated[float, msgspec.Meta(ge=0, le=14 * 24 * 60)]
_Stated = dict[_Code, str | list[str]]
_HEAD: Final = re.compile(r"^\s*(\[{1,2})\s*([a-z_.]+)\s*\]{1,2}\s*(#.*)?$")
_PATH: Final = re.compile(r"`\$(?P<path>[^`]*)`")
_STEP: Final = re.compile(r"\.([a-z_]+)|\[(\d+)\]|\[\.\.\.\]")
_TOML_LINE: Final = re.compile(r"at line (\d+)")


@learnt
class Seat(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A party that the script plays, on a node of its own.

    Attributes:
        plays: What whoever reads the debrief should know of it.
    """

    code: _Party
    name: _Line
    office: _Line = "Duty desk"
    plays: _Line


@learnt
class Said(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An act under a name of the script, of the trainee unless another party is named."""

    on: _Name
    act: _Code
    by: _Maybe = ""


@learnt
class When(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A condition on the record, exactly one of these; ``minutes`` are counted from when it came true.

    Attributes:
        played: An inject is on record.
        met: An expectation was met, in time or late.
        overdue: An expectation was not met in its time.
        acknowledged, answered: The trainee did so under this name.
        said: Somebody did this.
    """

    played: _Maybe = ""
    met: _Maybe = ""
    overdue: _Maybe = ""
    acknowledged: _Maybe = ""
    answered: _Maybe = ""
    said: Said | None = None
    minutes: _Minutes = 0

    @property
    def named(self) -> list[tuple[str, str]]:
        """What it is a condition on, with its sort."""
        sorts = ("played", "met", "overdue", "acknowledged", "answered")
        found = [(sort, getattr(self, sort)) for sort in sorts if getattr(self, sort)]
        return [*found, *([("said", self.said.on)] if self.said else [])]


@learnt
class Expectation(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is expected of the trainee after an inject.

    Attributes:
        says: In a line, for the debrief.
        on: Under which name of the script; left out, that of the inject.
        acts: Any of these acts meets it.
        opens: Or it is a procedure that the trainee opens, known as ``named`` from then on.
        within: By when, in minutes of the script from the receipt of the inject.
        clock: By when, as a clock of the procedure has it.
    """

    id: _Name
    says: _Line
    on: _Maybe = ""
    acts: Annotated[tuple[_Code, ...], msgspec.Meta(max_length=20)] = msgspec.field(default=(), name="act")
    opens: _Maybe = ""
    named: _Maybe = msgspec.field(default="", name="as")
    within: _Minutes = 0
    clock: _Maybe = ""


@learnt
class Inject(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One act of a scripted party.

    Attributes:
        at: Not before so many minutes of the script.
        when: Not before this is so on record.
        by: The scripted party.
        to: To whom what it opens is addressed, where it is addressed to one; left out, the trainee.
        opens: The procedure it opens, known as ``named`` from then on.
        on: Or under which name of the script the act is done.
        act: The act; left out where the procedure has one that opens it.
        text, second_text: The words of an act, in both languages; they stand one after the other.
        states: Codes; ``in N minutes`` of the script stands for an instant, ``in N days`` for a day.
        fields, translated: The fields of an opening act, in the script's language and in its second.
    """

    id: _Name
    at: _Minutes = 0
    when: When | None = None
    by: _Party
    to: _Maybe = ""
    opens: _Maybe = ""
    named: _Maybe = msgspec.field(default="", name="as")
    instrument: _Maybe = ""
    title: _Title = ""
    types: Annotated[tuple[_Code, ...], msgspec.Meta(max_length=20)] = ()
    on: _Maybe = ""
    act: _Maybe = ""
    states: _Stated = {}
    fields: dict[_Code, _Text] = {}
    translated: dict[_Code, _Text] = {}
    text: _Text = ""
    second_text: _Text = ""
    expects: Annotated[tuple[Expectation, ...], msgspec.Meta(max_length=20)] = msgspec.field(
        default=(), name="expect"
    )


@learnt
class Room(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The channel that is opened for the exercise."""

    purpose: _Line
    instruments: Annotated[tuple[_Line, ...], msgspec.Meta(min_length=1, max_length=10)]
    languages: Annotated[tuple[_Language, ...], msgspec.Meta(min_length=1, max_length=10)] = ("en",)


@learnt
class Script(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A whole exercise.

    Attributes:
        ends_at: After so many minutes it ends, whatever was played.
        leads: The scripted party that opens the channel, announces and ends: the first.
    """

    title: _Line
    summary: _Text
    aims: Annotated[tuple[_Line, ...], msgspec.Meta(min_length=1, max_length=20)]
    ends_at: _Minutes
    language: _Language = "en"
    second_language: _Language = ""
    channel: Room
    parties: Annotated[tuple[Seat, ...], msgspec.Meta(min_length=1, max_length=4)] = msgspec.field(
        name="party"
    )
    injects: Annotated[tuple[Inject, ...], msgspec.Meta(min_length=1, max_length=_MOST)] = msgspec.field(
        name="inject"
    )
    raw: bytes = msgspec.field(default=b"", name="_raw")

    @property
    def leads(self) -> str:
        """The party that leads."""
        return self.parties[0].code

    @property
    def digest(self) -> str:
        """SHA-256 of the script as it was written, in hexadecimal."""
        return hashlib.sha256(self.raw).hexdigest()

    @property
    def expectations(self) -> list[tuple[Inject, Expectation]]:
        """Every expectation with the inject it follows, in order."""
        return [(inject, one) for inject in self.injects for one in inject.expects]


def read_script(raw: bytes) -> Script:
    """Read a script.

    Raises:
        MalformedScript: It is too large, no TOML, or not in the form: the message names line and reason.
    """
    if len(raw) > MAX_BYTES:
        raise MalformedScript(f"the script has {len(raw):,} bytes; the limit is {MAX_BYTES:,}")
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        raise MalformedScript(f"the script is no UTF-8: byte {error.start}") from error
    lines = text.split("\n")
    long = next((place for place, line in enumerate(lines, 1) if len(line) > MAX_LINE), None)
    if long is not None:
        raise MalformedScript(f"line {long}: it has more than {MAX_LINE:,} characters")
    try:
        document = tomli.loads(text)
    except (ValueError, RecursionError) as error:
        raise MalformedScript(f"{_line_told(error)}the script is no TOML: {str(error)[:200]}") from error
    if "_raw" in document:
        raise MalformedScript("line 1: `_raw` is no key of a script")
    try:
        found = msgspec.convert(document, Script)
    except (ValueError, RecursionError) as error:
        raise MalformedScript(f"line {_line_of(lines, str(error))}: {str(error)[:300]}") from error
    return msgspec.structs.replace(found, raw=raw)


def line_of(raw: bytes, inject: int, expect: int | None = None, key: str = "") -> int:
    """On which line of a script an inject begins, an expectation of it, or one of its keys.

    Args:
        raw: The script.
        inject: Which one, from 0.
        expect: Which of its expectations, from 0.
        key: A key of it, if it is there.
    """
    tables = _tables(raw.decode().split("\n"))
    place = _place(tables, (("inject", inject), *((("expect", expect),) if expect is not None else ())))
    return _key_line(raw.decode().split("\n"), tables, place, key)


def _line_told(error: Exception) -> str:
    told = _TOML_LINE.search(str(error))
    return f"line {told[1]}: " if told else ""


def _line_of(lines: list[str], message: str) -> int:
    """The line a complaint of the reader is about, as far as its path leads."""
    found = _PATH.search(message)
    steps = [(one[0], one[1]) for one in _STEP.findall(found["path"] if found else "")]
    tables, path, key = _tables(lines), [], ""
    for name, number in steps:
        if name:
            key = name
        elif number and key:
            path.append((key, int(number)))
            key = ""
    wrong = re.search(r"unknown field `([^`]*)`", message)
    place = _place(tables, tuple(path)) if path else _place_of(tables, key)
    return _key_line(lines, tables, place, wrong[1] if wrong else key)


def _tables(lines: list[str]) -> list[tuple[int, str]]:
    """Every header of a table outside texts of several lines: its line from 0, and its name."""
    found, inside = [], ""
    for place, line in enumerate(lines):
        if inside:
            inside = "" if line.count(inside) % 2 else inside
            continue
        head = _HEAD.match(line)
        if head:
            found.append((place, head[2]))
        inside = next((mark for mark in ('"""', "'''") if line.count(mark) % 2), "")
    return found


def _place(tables: list[tuple[int, str]], path: tuple[tuple[str, int], ...]) -> int:
    """Which header a path of arrays of tables leads to; -1 where none does."""
    at, prefix = -1, ""
    for name, number in path:
        prefix = f"{prefix}.{name}".lstrip(".")
        wanted = [
            place
            for place, (_line, head) in enumerate(tables)
            if place > at and head == prefix
        ]  # fmt: skip
        if number >= len(wanted):
            return at
        at = wanted[number]
    return at


def _place_of(tables: list[tuple[int, str]], name: str) -> int:
    return next((place for place, (_line, head) in enumerate(tables) if head == name), -1)


def _key_line(lines: list[str], tables: list[tuple[int, str]], place: int, key: str) -> int:
    """The line of a key in the part of a table that follows its header; that of the header without."""
    begins = tables[place][0] if place >= 0 else 0
    ends = tables[place + 1][0] if place + 1 < len(tables) else len(lines)
    keyed = re.compile(rf"^\s*{re.escape(key)}\s*[=.]") if key else None
    for at in range(begins, ends):
        if keyed and keyed.match(lines[at]):
            return at + 1
    return begins + 1
