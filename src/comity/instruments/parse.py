"""Read an instrument from the files it is written in.

The files are TOML: ``instrument.toml``, one file for each procedure, named after it, and the patterns that
these follow. Every key must be known and every cross-reference must lead somewhere; nothing is guessed and
nothing is ignored.

Follows: docs/spec/procedures.md, Form.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, Final, TypeVar

import msgspec
import tomli

from comity.errors import MalformedInstrument
from comity.instruments.legible import written_out
from comity.instruments.model import Instrument, InstrumentText
from comity.instruments.pattern import Variant, follow
from comity.instruments.procedure import MARKS, OWN, SIDES, ActRule, Procedure, Statement

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from comity.instruments.model import AssistanceType, Condition, Defect, Field, Ground
    from comity.instruments.pattern import Provision
    from comity.instruments.procedure import Step

MAX_FILE_BYTES: Final = 128 * 1024
MAX_LINE: Final = 1_000  # a dotted key costs the TOML reader the square of its length
MAX_FILES: Final = 32
MAX_ROWS: Final = 500  # of a table, one for each act: checks hold every row against every other
MAX_PLACES: Final = 3_000  # the same, one for each state that an act may be done in
PATTERN: Final = "pattern-"  # the names of patterns begin with it

_FILE_NAME: Final = re.compile(r"[a-z][a-z0-9_-]{0,40}\.toml", re.ASCII)
_FOLLOWS: Final = re.compile(rb'^follows *= *"([a-z][a-z0-9_-]*)"', re.MULTILINE)
_PLACE: Final = re.compile(r"\$\.(\w+)\[(\d+)\]", re.ASCII)


def parse_instrument(files: Mapping[str, bytes]) -> Instrument:
    """Read an instrument and its procedures.

    Args:
        files: File names and their bytes: ``instrument.toml`` and the procedure tables.

    Raises:
        MalformedInstrument: A file is missing, too large or misnamed, a key is unknown or missing, or a
            row names something that is not there.
    """
    if "instrument.toml" not in files or len(files) > MAX_FILES:
        raise MalformedInstrument(
            f"an instrument is instrument.toml and at most {MAX_FILES - 1} procedure tables"
        )
    if odd := [name for name in files if not _FILE_NAME.fullmatch(name)]:
        raise MalformedInstrument(f"{odd[0][:60]!r} is not the name of an instrument's file")
    patterns = {name: read_pattern(name, raw) for name, raw in files.items() if name.startswith(PATTERN)}
    written = {name: _File(name, files[name]) for name in sorted(set(files) - set(patterns))}
    text = written.pop("instrument.toml").read(InstrumentText)
    tables = list(written.values())
    procedures = tuple(_complete(file, _procedure(file, patterns), text) for file in tables)
    if idle := sorted(set(patterns) - {file.follows for file in tables}):
        raise MalformedInstrument(f"no procedure follows {idle[0]}")
    return Instrument(**msgspec.structs.asdict(text), procedures=procedures, digest=digest(files))


@lru_cache(maxsize=16)  # many instruments follow few patterns
def read_pattern(name: str, raw: bytes) -> Procedure:
    """Read a pattern by itself.

    Raises:
        MalformedInstrument: As ``parse_instrument``.
    """
    pattern = _File(name, raw).read(Procedure)
    _bounded(name, pattern.steps)
    return pattern


def followed(files: Mapping[str, bytes]) -> set[str]:
    """The names of the patterns that these files name as followed; reading them tells whether they are."""
    return {f"{name.decode()}.toml" for raw in files.values() for name in _FOLLOWS.findall(raw)}


def digest(files: Mapping[str, bytes]) -> str:
    """SHA-256 over the listing ``sha256sum`` prints for the files, sorted by name.

    Anyone can repeat it: ``LC_ALL=C sha256sum *.toml | sha256sum`` in the instrument's folder.
    """
    listing = "".join(f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files))
    return hashlib.sha256(listing.encode()).hexdigest()


_Read = TypeVar("_Read", InstrumentText, Procedure, Variant)


class _File:
    """A file of an instrument, as the TOML it holds."""

    def __init__(self, name: str, raw: bytes) -> None:
        if len(raw) > MAX_FILE_BYTES:
            raise MalformedInstrument(f"{name} has {len(raw):,} bytes; the limit is {MAX_FILE_BYTES:,}")
        self.name = name
        try:
            self._text = raw.decode()
            if any(len(line) > MAX_LINE for line in self._text.split("\n")):
                raise MalformedInstrument(f"{name} has a line of more than {MAX_LINE} characters")
            self._table = tomli.loads(self._text)
        except (ValueError, RecursionError) as error:
            raise MalformedInstrument(f"{name} is not TOML: {error}") from error

    @property
    def follows(self) -> str:
        """The file name of the pattern it follows; empty where it is written whole."""
        named = self._table.get("follows", "")
        return f"{named}.toml" if named and isinstance(named, str) else ""

    def read(self, form: type[_Read]) -> _Read:
        """What it says, in this form."""
        try:
            return msgspec.convert(self._table, form)
        except msgspec.ValidationError as error:
            place = _line(str(error), self._text)
            raise MalformedInstrument(
                f"{self.name} does not have the form of a table: {written_out(str(error))}{place}"
            ) from error

    def line_of(self, word: str) -> str:
        """Where a word first stands in quotes, as far as that can be told."""
        lines = enumerate(self._text.split("\n"), 1)
        at = next((at for at, line in lines if f'"{word}"' in line or f"'{word}'" in line), 0)
        return f" (line {at})" if at else ""


def _procedure(file: _File, patterns: Mapping[str, Procedure]) -> Procedure:
    """A procedure, written whole or following a pattern."""
    if not file.follows:
        procedure = file.read(Procedure)
        _bounded(file.name, procedure.steps)
        return procedure
    if file.follows not in patterns:
        raise MalformedInstrument(f"{file.name} follows {file.follows[:60]!r}, which is not among the files")
    own = file.read(Variant)
    _bounded(file.name, (*own.provisions, *own.steps))
    procedure = follow(patterns[file.follows], own)
    _bounded(file.name, procedure.steps)
    return procedure


def _bounded(name: str, rows: Iterable[Step | Provision]) -> None:
    """Refuse a table that nobody could read, before anything holds its rows against each other."""
    acts, places = 0, 0
    for row in rows:
        acts += len(row.acts)
        places += len(row.acts) * max(1, len(row.from_))
        if acts > MAX_ROWS or places > MAX_PLACES:
            raise MalformedInstrument(
                f"{name} has more than {MAX_ROWS} rows, or they are for more than {MAX_PLACES:,} places;"
                " a row counts once for each of its acts, and again for each state"
            )


def _line(error: str, text: str) -> str:
    """Where the row named by a form error begins, as far as that can be told."""
    if not (place := _PLACE.search(error)):
        return ""
    rows = [at for at, line in enumerate(text.splitlines(), 1) if line.strip() == f"[[{place[1]}]]"]
    nth = int(place[2])
    return f", in the row that begins on line {rows[nth]}" if nth < len(rows) else ""


def _complete(file: _File, procedure: Procedure, text: InstrumentText) -> Procedure:
    """Fill in the values taken from the instrument, once every reference leads somewhere."""
    name = file.name
    if name != f"{procedure.id}.toml":
        raise MalformedInstrument(
            f"{name} describes the procedure {procedure.id[:60]!r}; its file must be named after it"
        )
    if set(procedure.words) != set(SIDES):
        raise MalformedInstrument(f"{name} must give the instrument's words for both sides")
    for what, names, known in _references(procedure):
        if unknown := sorted(set(names) - known):
            raise MalformedInstrument(
                f"{name}: {unknown[0][:60]!r} is not {what} of this procedure{file.line_of(unknown[0])}"
            )
    for what in chain(_unreadable(procedure), _unstated(procedure)):
        raise MalformedInstrument(f"{name}: {written_out(what)}")
    statements = tuple(_with_values(statement, procedure, text) for statement in procedure.statements)
    return msgspec.structs.replace(procedure, statements=statements)


def _references(procedure: Procedure) -> Iterable[tuple[str, Iterable[str], set[str]]]:
    steps = procedure.steps
    clocks = procedure.clocks
    states = {state.id for state in procedure.states}
    acts = {act.id for act in procedure.acts}
    statements = {statement.id for statement in procedure.statements}
    yield "a state", procedure.ends, states
    yield "a statement", procedure.stays_open, statements
    yield "a state", chain.from_iterable(step.from_ for step in steps), states
    yield "a state", (step.to for step in steps if step.to), states
    yield "an act", chain.from_iterable((*step.acts, *step.after, *step.unless) for step in steps), acts
    waits = [wait for step in steps for wait in step.not_before]
    yield "an act", chain.from_iterable(wait.acts for wait in waits), acts
    yield "a statement", (wait.stated for wait in waits if wait.stated), statements
    yield "an act", chain.from_iterable((*clock.stopped_by, *clock.lifted_by) for clock in clocks), acts
    yield "an act", chain.from_iterable((gate.before, gate.requires) for gate in procedure.gates), acts
    named = (step.crosses for step in steps if isinstance(step.crosses, tuple))
    yield "an act", chain.from_iterable(named), acts
    yield "a clock", chain.from_iterable(step.starts for step in steps), {clock.id for clock in clocks}
    yield (
        "a statement",
        chain.from_iterable((*step.stating, *step.opened_stating, *step.as_opened) for step in steps),
        statements,
    )
    yield "a statement", (clock.due_on_stated for clock in clocks if clock.due_on_stated), statements
    extended = (one.values for one in procedure.statements if one.id == "clock")
    yield "a clock", chain.from_iterable(extended), {clock.id for clock in clocks}
    for act in procedure.acts:
        yield "a statement", (*act.must_state, *act.may_state, *act.second_when_stating), statements
        yield "an act", (act.entries,) if act.entries not in ("", OWN) else (), acts


def _unreadable(procedure: Procedure) -> Iterator[str]:
    """Where a row reads what need not be there: the fold relies on every table being without such a row.

    A table also comes from a stranger, in an export; whether it is sound besides is for the checks.
    """
    act_of = {act.id: act for act in procedure.acts}
    days = {statement.id for statement in procedure.statements if statement.form == "day"}
    due = days | {statement.id for statement in procedure.statements if statement.form == "instant"}
    due_on = {clock.id: clock.due_on_stated for clock in procedure.clocks if clock.due_on_stated}
    for step in procedure.steps:
        for wait in step.not_before:
            if not set(wait.acts) & set(step.after):
                yield f"a period runs from {' or '.join(wait.acts)!r}, which need not have gone before"
            for name in wait.acts if wait.stated else ():
                if wait.stated not in days.intersection(act_of[name].must_state):
                    yield f"a period ends on a day that {name!r} need not state"
        for act in (act_of[name] for name in step.acts):
            for clock in set(step.starts) & set(due_on):
                if due_on[clock] not in due.intersection((*act.must_state, *act.may_state)):
                    yield f"the clock {clock!r} is due when {act.id!r} does not say"
            for name in set(step.as_opened) - set(act.must_state):
                yield f"{act.id!r} need not state {name!r}, which is held against the opening act"


def _unstated(procedure: Procedure) -> Iterator[str]:
    """Where an act need not state what the fold reads of it because of what the act does."""
    forms = {statement.id: statement.form for statement in procedure.statements}
    for act in procedure.acts:
        for name, form in _read_by_the_fold(act).items():
            if name not in act.must_state or forms[name] != form:
                yield f"{act.id!r} must state {name!r}, in the form {form!r}"


def _read_by_the_fold(act: ActRule) -> Mapping[str, str]:
    """The statements that an act must make, each in its form, because of what it does."""
    return {
        **({"clock": "code", "until": "day"} if act.extends == "asks" else {}),
        **({"entries": "entry"} if act.entries or act.erases else {}),
        **({"terms": "term"} if act.terms == "proposes" else {}),
        **({"proposal": "entry", "term": "text"} if act.terms in MARKS else {}),
    }


def _with_values(statement: Statement, procedure: Procedure, text: InstrumentText) -> Statement:
    name = procedure.id
    lists: Mapping[str, tuple[str, ...]] = {
        "": statement.values,
        "grounds": _ids(text.grounds, name),
        "reasons": (*_ids(text.fields, name), *_ids(text.defects, name)),
        "conditions": _ids(text.conditions, name),
        "types": _ids(text.types, name),
        "forms": tuple(form.id for form in text.forms),
        "clocks": tuple(clock.id for clock in procedure.clocks),
        "id": (text.id,),
    }
    return msgspec.structs.replace(statement, values=lists[statement.values_from])


def _ids(
    rows: Iterable[AssistanceType | Condition | Defect | Field | Ground], procedure: str
) -> tuple[str, ...]:
    return tuple(row.id for row in rows if procedure in row.procedures)
