"""Write docs/manual/procedures from the procedure tables; with --check, only compare."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "src"))

from comity.instruments import Instrument, Procedure, Row, library  # noqa: E402 - works from a bare checkout

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = ROOT / "docs" / "manual" / "procedures"
MARKS = {
    "V": "read in full",
    "S": "confirmed by a named source",
    "P": "pattern of sister treaties",
    "R": "recalled",
    "?": "not settled",
}


def pages() -> dict[str, str]:
    """Every page by its file name."""
    tables = [(one, procedure) for one in library().values() for procedure in one.procedures]
    written = {name(one, procedure): "\n".join(page(one, procedure)) + "\n" for one, procedure in tables}
    index = "".join(f"- [{table.title}, {one.short}]({name(one, table)})\n" for one, table in tables)
    written["README.md"] = (
        f"# Procedures\n\nDrawn from the tables by `make docs`; never edited by hand.\n\n{index}"
    )
    return written


def name(instrument: Instrument, procedure: Procedure) -> str:
    """The file of a procedure's page."""
    return f"{instrument.id}-{procedure.id}.md"


def page(instrument: Instrument, procedure: Procedure) -> Iterator[str]:
    """A procedure as officials read it: picture, states, rows with their articles, clocks."""
    yield f"# {procedure.title}, {instrument.short}"
    yield f"\n{instrument.title['en']}. Edition {instrument.edition} of {instrument.edition_on}."
    yield f"Checked by: {procedure.checked_by}. Digest of the rules: `{instrument.digest}`."
    yield "\n" + "; ".join(f"**{mark}** {meaning}" for mark, meaning in MARKS.items()) + "."
    yield from ["\n## Picture\n", "```mermaid", *picture(procedure), "```"]
    yield "\n## Where it may stand\n\n| standing | meaning |\n|---|---|"
    yield from (f"| {state.label} | {state.meaning} |" for state in procedure.states)
    yield "\n## Who may do what\n"
    yield "| act | by | from | to | basis | mark | must state | second officer |"
    yield "|---|---|---|---|---|---|---|---|"
    yield from (line(procedure, row) for row in procedure.rows if not row.crosses)
    yield "\n## Acts that cross\n"
    yield "Done before their author could know of the act that led to the standing under *from*."
    yield "\n| act | by | from | to | basis | mark |\n|---|---|---|---|---|---|"
    yield from (crossing_line(procedure, row) for row in procedure.rows if row.crosses)
    yield from clocks(procedure)


def picture(procedure: Procedure) -> Iterator[str]:
    """The rows that move the standing, as a Mermaid state diagram."""
    yield "stateDiagram-v2"
    yield from (f'    state "{state.label}" as {state.id}' for state in procedure.states)
    arrows: dict[tuple[str, str], list[str]] = {}
    for row in procedure.rows:
        if row.to and not row.crosses:
            for state in row.from_ or ("[*]",):
                stating = "".join(f" {value}" for value in row.stating.values())
                arrows.setdefault((state, row.to), []).append(row.act.replace("_", " ") + stating)
    for (state, to), acts in arrows.items():
        if state != to:
            yield f"    {state} --> {to}: {', '.join(acts)}"
    yield from (f"    {state} --> [*]" for state in procedure.ends)


def line(procedure: Procedure, row: Row) -> str:
    """One row of the table of acts."""
    second = "yes" if row.second else ""
    if row.second_when_stating:
        second = "when stating " + ", ".join(label(procedure, one) for one in row.second_when_stating)
    stated = ", ".join(label(procedure, one) for one in row.must_state)
    return f"{crossing_line(procedure, row)} {stated} | {second} |"


def crossing_line(procedure: Procedure, row: Row) -> str:
    """What every row has: act, side, states, basis, mark."""
    stating = "".join(f" ({value})" for value in row.stating.values())
    came = ", ".join(procedure.state_of[state].label for state in row.from_) or "opens the procedure"
    to = procedure.state_of[row.to].label if row.to else "stays"
    conditions = "; ".join(gates(procedure, row))
    act = f"{row.label}{stating}" + (f"<br>{conditions}" if conditions else "")
    return f"| {act} | {procedure.words[row.by]} | {came} | {to} | {row.basis} | {row.verified} |"


def gates(procedure: Procedure, row: Row) -> Iterator[str]:
    """What has to have gone before, in words."""
    yield from (f"only after: {procedure.act(act).label}" for act in row.after)
    yield from (f"not after: {procedure.act(act).label}" for act in row.unless)
    yield from (
        f"only if lodged with {label(procedure, key)}: {value}" for key, value in row.opened_stating.items()
    )
    for wait in row.not_before:
        since = " or ".join(procedure.act(act).label for act in wait.acts)
        said = (
            f"the day stated as {label(procedure, wait.stated)} in"
            if wait.stated
            else f"{wait.days} days after"
        )
        yield f"not before {said}: {since}"


def label(procedure: Procedure, statement: str) -> str:
    """A statement in words."""
    return procedure.statement_of[statement].label


def clocks(procedure: Procedure) -> Iterator[str]:
    """The clocks, each with what it is: a deadline of the instrument, or an agreed target."""
    if not procedure.clocks:
        return
    yield "\n## Clocks\n"
    yield "| clock | for | period | kind | basis | mark | when it runs out |"
    yield "|---|---|---|---|---|---|---|"
    for clock in procedure.clocks:
        hours = f"{clock.hours} hours" if clock.hours else f"{clock.days} days"
        period = (
            f"until the day stated as {label(procedure, clock.due_on_stated)}"
            if clock.due_on_stated
            else hours
        )
        kind = "deadline of the instrument" if clock.kind == "treaty" else "agreed target"
        expiry = clock.on_expiry or "nothing follows by itself"
        side = procedure.words[clock.for_]
        yield f"| {clock.label} | {side} | {period} | {kind} | {clock.basis} | {clock.verified} | {expiry} |"


def main(arguments: list[str]) -> int:
    """Write the pages, or say which are stale."""
    fresh = pages()
    held = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.glob("*.md")}
    if "--check" in arguments:
        stale = sorted(page for page in fresh.keys() | held.keys() if fresh.get(page) != held.get(page))
        for page in stale:
            print(f"docs/manual/procedures/{page} is stale: run `make docs`", file=sys.stderr)
        return 1 if stale else 0
    FOLDER.mkdir(parents=True, exist_ok=True)
    for path in FOLDER.glob("*.md"):
        if path.name not in fresh:
            path.unlink()
    for page, text in fresh.items():
        (FOLDER / page).write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
