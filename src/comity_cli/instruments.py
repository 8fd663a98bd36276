"""``comity instruments``: read the law Comity carries, check a draft of it, compare editions. No node."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from comity.errors import MalformedInstrument, NoSuchInstrument
from comity.instruments import (
    NOBODY,
    Finding,
    check,
    differences,
    edition,
    editions,
    footings,
    library,
    marks,
    mermaid,
    parse_instrument,
    parse_parties,
    with_patterns,
)
from comity.instruments.library import PARTIES
from comity.instruments.parse import MAX_FILE_BYTES, MAX_FILES
from comity.names import party_code
from comity_cli import differing
from comity_cli import instrument_text as text
from comity_cli.exits import Exit
from comity_cli.origins import Known, known_here
from comity_cli.parties import history, take_back, update
from comity_cli.verb import Answer, library_verb, verb

if TYPE_CHECKING:
    from comity.instruments import Footing, Instrument

_TEXT: Final = "instrument.toml"
_NAMED: Final = (
    "An instrument is named by its id, by id~edition, by a digest, or by a directory that holds one."
)


@click.group("instruments")
def instruments() -> None:
    """Instruments: the legal bases this Comity carries, and how far each statement was verified."""


@instruments.command("list")
@click.option("--between", metavar="PARTY,PARTY", help="Which bind these two, which governs, which yields.")
@click.option(
    "--on", "day", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="On that day; left out: today."
)
@library_verb
def list_(between: str | None, day: datetime | None, *, at_home: bool) -> Answer:
    """List the instruments: edition, date, procedures, and how many statements carry which mark.

    What binds two parties follows from what was looked up about the Parties. A node begins nothing in earnest
    under what does not bind both; nothing on record is judged by it. With a home, by what that node has in
    use; without, by what ships.
    """
    known = known_here(at_home=at_home)
    if between is None:
        if day is not None:
            raise click.UsageError("--on is about two parties: give --between, too")
        found = list(library().values())
        rows = [{**_listed(one), "parties": known[one.id].document()} for one in found]
        lines = [*text.listed(found), "", *text.origins({one.id: known[one.id] for one in found})]
        return Answer({"instruments": rows}, lines)
    one, other = _two(between)
    on = day.date() if day else datetime.now(UTC).date()
    stand = footings(
        library().values(), {name: each.parties for name, each in known.items()}, one, other, on=on
    )
    rows = [{**_listed(each.instrument), "footing": _footing(each)} for each in stand]
    says = f"Between {one} and {other} on {on}, by what was looked up about the Parties."
    looked_up = {name: str(each.parties.as_of) for name, each in known.items() if each.is_known}
    return Answer(
        {"between": [one, other], "on": str(on), "looked_up": looked_up, "instruments": rows},
        [*text.standing(stand), "", says, "", *text.origins(known)],
    )


def _two(between: str) -> tuple[str, str]:
    codes = [party_code(code.strip()) for code in between.split(",")]
    if len(codes) != 2 or codes[0] == codes[1]:
        raise click.BadParameter("give two parties, as us,ru", param_hint="--between")
    return codes[0], codes[1]


def _listed(one: Instrument) -> dict[str, Any]:
    by_mark = marks(one)
    return {
        "id": one.id,
        "short": one.short,
        "title": dict(one.title),
        "kind": one.kind,
        "edition": one.edition,
        "edition_on": str(one.edition_on),
        "in_force": str(one.in_force) if one.in_force else None,
        "checked_by": one.checked_by,
        "statements": sum(by_mark.values()),
        "marks": {mark.value: count for mark, count in by_mark.items()},
        "procedures": [procedure.id for procedure in one.procedures],
        "digest": one.digest,
    }


def _footing(one: Footing) -> dict[str, Any]:
    return {
        "binds": one.binds.value,
        "governs": one.governs,
        "because": one.because,
        "verified": one.verified.value,
        "yields_to": [text.id for text in one.yields_to],
        "in_lieu": one.in_lieu,
    }


@instruments.command("show", epilog=_NAMED)
@click.argument("name", metavar="INSTRUMENT")
@click.option("--procedure", metavar="PROCEDURE", help="The whole table of one of its procedures instead.")
@library_verb
def show(name: str, procedure: str | None, *, at_home: bool) -> Answer:
    """Show an instrument: identity, articles, contents of a request, grounds, conditions, rules, clocks.

    With a home, with the Parties as that node has them in use; without, as they ship.
    """
    import msgspec

    one, known = _read(name, at_home=at_home)
    if procedure is None:
        document = {**msgspec.to_builtins(one), "marks": _listed(one)["marks"]}
        said = (
            {"parties": msgspec.to_builtins(known.parties), "parties_from": known.document()}
            if known.is_known
            else {}
        )
        return Answer({**document, **said}, list(text.instrument(one, known)))
    table = one.procedure(procedure)
    document = {
        **{key: _listed(one)[key] for key in ("id", "short", "edition", "edition_on", "digest")},
        "procedure": msgspec.to_builtins(table),
        "rows": [msgspec.to_builtins(row) for row in table.rows],
        "mermaid": "\n".join(mermaid(table)),
    }
    return Answer(document, list(text.procedure(one, table)))


@instruments.command("check", epilog=_NAMED)
@click.argument("name", metavar="[INSTRUMENT]", required=False)
@verb
def check_(name: str | None) -> Answer:
    """Check an instrument, or every edition shipped: sources, names, articles, and whether tables are sound.

    Exit 1 if something is found. What passes may still be wrong in law: a lawyer reads it next.
    """
    found: list[Finding] = []
    checked: list[str] = []
    if name is None:
        for one in editions().values():
            checked.append(f"{one.id}~{one.edition}")
            found += check(one)
    else:
        checked.append(name)
        try:
            found += check(_read(name)[0])
        except MalformedInstrument as error:
            found.append(Finding(name, str(error)))
    findings = [{"place": one.place, "finding": one.what} for one in found]
    lines = [*map(str, found), f"{len(checked)} checked, {len(found)} found"]
    return Answer({"checked": checked, "findings": findings}, lines, Exit.NOT_SO if found else Exit.DONE)


@instruments.command("diff", epilog=_NAMED)
@click.argument("one")
@click.argument("other")
@verb
def diff(one: str, other: str) -> Answer:
    """Compare two editions, or two instruments, statement by statement; what differs is no failure."""
    before, after = _read(one)[0], _read(other)[0]
    found = differences(before, after)
    count = {
        change: sum(each.change == change for each in found) for change in ("added", "removed", "changed")
    }
    remarked = [each for each in found if any(key.key in ("basis", "verified") for key in each.keys)]
    document = {
        "one": {"id": before.id, "edition": before.edition, "digest": before.digest},
        "other": {"id": after.id, "edition": after.edition, "digest": after.digest},
        **count,
        "differences": [differing.document(each) for each in found],
    }
    said = ", ".join(f"{number} {change}" for change, number in count.items())
    last = f"{said}; basis or mark changed in {len(remarked)}" if found else "both say the same"
    head = f"{before.id} edition {before.edition} → {after.id} edition {after.edition}"
    return Answer(document, [head, *(line for each in found for line in differing.lines(each)), last])


instruments.add_command(history)
instruments.add_command(update)
instruments.add_command(take_back)


def _read(name: str, *, at_home: bool = False) -> tuple[Instrument, Known]:
    """An instrument by any of its names, with what is known of its Parties; a shipped one before a folder."""
    folder = Path(name)
    if "/" not in name and name not in (".", ".."):
        try:
            shipped = edition(name)
        except NoSuchInstrument:
            if not (folder / _TEXT).is_file():
                raise
        else:
            return shipped, known_here(at_home=at_home)[shipped.id]
    files = _files(folder)
    beside = files.pop(PARTIES, None)
    one = parse_instrument(with_patterns(files))
    if beside is not None:
        return one, Known(parse_parties(beside), f"{PARTIES} of {folder}")
    return one, known_here(at_home=at_home).get(one.id, Known(NOBODY, ""))


def _files(folder: Path) -> dict[str, bytes]:
    """The tables in a directory. Nothing is read that could not be one."""
    if not (folder / _TEXT).is_file():
        hint = f"name the directory in which the files of one edition lie, with {_TEXT} among them"
        raise MalformedInstrument(f"{str(folder)[:200]!r} is no directory that holds {_TEXT}", hint=hint)
    files: dict[str, bytes] = {}
    for path in sorted(folder.glob("*.toml"))[: MAX_FILES + 1]:
        if not path.is_file():  # to open a pipe would wait for whoever writes into it
            hint = "take it out of the directory: only files are read there"
            raise MalformedInstrument(
                f"{path.name[:60]!r} is a directory, a pipe or a link to nothing", hint=hint
            )
        with path.open("rb") as file:
            files[path.name] = file.read(MAX_FILE_BYTES + 1)
    return files
