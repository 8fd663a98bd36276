"""Write docs/manual/procedures from the tables: for each procedure of an instrument a page and a figure.

With ``--check``, only compare.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from comity.instruments import (  # noqa: E402 - works from a bare checkout
    Instrument,
    Procedure,
    Row,
    library,
    wording,
)
from tools.procedure_figure import svg  # noqa: E402 - as above

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = ROOT / "docs" / "manual" / "procedures"


def pages() -> dict[str, str]:
    """Every page by its place in the folder."""
    tables = [(one, procedure) for one in library().values() for procedure in one.procedures]
    written = {name(one, procedure): "\n".join(page(one, procedure)) + "\n" for one, procedure in tables}
    written |= {drawing(one, procedure): "\n".join(svg(procedure)) + "\n" for one, procedure in tables}
    written["README.md"] = "\n".join(index()) + "\n"
    return written


def index() -> Iterator[str]:
    """The list of instruments with their procedures."""
    yield "# Procedures\n"
    yield "Drawn from the tables by `make docs`; never edited by hand. What instruments say besides is read"
    yield "with `comity instruments show`, and on the pages of a node ([instruments](../instruments.md)).\n"
    for one in library().values():
        linked = ", ".join(f"[{table.title}]({name(one, table)})" for table in one.procedures)
        yield f"- {one.short} (`{one.id}`): {linked or 'none of its own'}"


def name(instrument: Instrument, procedure: Procedure) -> str:
    """The file of a procedure's page."""
    return f"{instrument.id}/{procedure.id}.md"


def drawing(instrument: Instrument, procedure: Procedure) -> str:
    """The file of its figure."""
    return f"{instrument.id}/{procedure.id}.svg"


def page(instrument: Instrument, procedure: Procedure) -> Iterator[str]:
    """A procedure as officials read it: picture, states, rows with their articles, clocks."""
    yield f"# {procedure.title}, {instrument.short}"
    yield f"\n{instrument.title['en']}. Edition {instrument.edition} of {instrument.edition_on}."
    yield f"Checked by: {procedure.checked_by}. Digest of the rules: `{instrument.digest}`."
    yield "\n" + "; ".join(f"**{mark}** {meaning}" for mark, meaning in wording.MARKS.items()) + "."
    yield "\n## Where each act leads\n"
    yield f"![The states, and which act leads from where to where]({procedure.id}.svg)"
    asks, asked = procedure.words["requesting"], procedure.words["requested"]
    yield "\nEach mark beside a state is an act that may be done there; its number is that of the state it"
    yield f"leads to. Round: {asks}. Square: {asked}. Hollow: either. The table below says the same."
    yield "\n## Where it may stand\n\n| | standing | meaning |\n|---|---|---|"
    yield from (f"| {at} | {one.label} | {one.meaning} |" for at, one in enumerate(procedure.states, 1))
    yield "\n## Who may do what\n"
    yield "| act | by | from | to | basis | mark | must state | second officer |"
    yield "|---|---|---|---|---|---|---|---|"
    yield from (line(procedure, row) for row in procedure.rows if not row.crosses)
    yield from crossings(procedure)
    yield from clocks(procedure)


def line(procedure: Procedure, row: Row) -> str:
    """One row of the table of acts."""
    return f"{short(procedure, row)} {wording.stated(procedure, row)} | {wording.second(procedure, row)} |"


def short(procedure: Procedure, row: Row) -> str:
    """What every row has: act, side, states, basis, mark."""
    requirements = "; ".join(wording.requirements(procedure, row))
    act = wording.act(row) + (f"<br>{requirements}" if requirements else "")
    came, to = wording.came(procedure, row), wording.leads(procedure, row)
    return f"| {act} | {procedure.words[row.by]} | {came} | {to} | {row.basis} | {row.verified} |"


def crossings(procedure: Procedure) -> Iterator[str]:
    """The rows for acts that cross, if there are any."""
    rows = [row for row in procedure.rows if row.crosses]
    if rows:
        yield "\n## Acts that cross\n"
        yield "Done before their author could know of the act that led to the standing under *from*."
        yield "\n| act | by | from | to | basis | mark |\n|---|---|---|---|---|---|"
        yield from (short(procedure, row) for row in rows)


def clocks(procedure: Procedure) -> Iterator[str]:
    """The clocks, each with what it is: a deadline of the instrument, or an agreed target."""
    if not procedure.clocks:
        return
    yield "\n## Clocks\n"
    yield "| clock | for | period | kind | basis | mark | when it runs out |"
    yield "|---|---|---|---|---|---|---|"
    for clock in procedure.clocks:
        period, kind = wording.period(procedure, clock), wording.CLOCKS[clock.kind]
        expiry = clock.on_expiry or "nothing follows by itself"
        side = procedure.words[clock.for_]
        yield f"| {clock.label} | {side} | {period} | {kind} | {clock.basis} | {clock.verified} | {expiry} |"


def main(arguments: list[str]) -> int:
    """Write the pages, or say which are stale."""
    fresh = pages()
    held = {
        path.relative_to(FOLDER).as_posix(): path.read_text(encoding="utf-8")
        for path in (*FOLDER.rglob("*.md"), *FOLDER.rglob("*.svg"))
    }
    if "--check" in arguments:
        stale = sorted(page for page in fresh.keys() | held.keys() if fresh.get(page) != held.get(page))
        for page in stale:
            print(f"docs/manual/procedures/{page} is stale: run `make docs`", file=sys.stderr)
        return 1 if stale else 0
    for page in held.keys() - fresh.keys():
        (FOLDER / page).unlink()
    for page, text in fresh.items():
        (FOLDER / page).parent.mkdir(parents=True, exist_ok=True)
        (FOLDER / page).write_text(text, encoding="utf-8")
    for folder in FOLDER.iterdir():
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
