"""No row of a pattern is there that no scenario shows at work."""

from __future__ import annotations

from functools import cache
from importlib import resources

import pytest

from comity.instruments import Procedure, Row, library
from comity.instruments.parse import read_pattern
from tests.procedures.playing import SCENARIOS, play, read, text

# Each pattern, and the procedure its scenarios play it by: one that leaves none of its acts out.
SHOWN = {
    "pattern-mutual-assistance": ("us-ru-1999", "assistance"),
    "pattern-preservation": ("ets-185", "preservation"),
    "pattern-information": ("ets-185", "information"),
    "pattern-emergency": ("cets-224", "emergency"),
    "pattern-consultation": ("us-ru-ict-cbm-2013", "consultation"),
}
# Tables written whole, and rows an instrument adds to its pattern.
WHOLE = [
    ("eu-2023-1543", "production"),
    ("eu-2023-1543", "preservation"),
    ("charter", "accession"),
    ("charter", "alert"),
    ("charter", "amendment"),
    ("charter", "channel"),
    ("charter", "closing"),
    ("charter", "comparison"),
    ("charter", "contact_check"),
    ("charter", "contact_point"),
    ("charter", "denunciation"),
    ("charter", "figures"),
    ("charter", "offer"),
    ("charter", "position"),
    ("charter", "profile"),
    ("charter", "question"),
    ("charter", "protected_list"),
    ("charter", "suspension"),
    ("charter", "talk"),
    ("charter", "translation"),
    ("charter", "treaty"),
    ("charter", "vulnerability"),
    ("custody", "exhibit"),
]
FOLDER = resources.files("comity.instruments") / "patterns"


@cache
def _patterns() -> dict[str, Procedure]:
    """The patterns by the kinds of entries they are for."""
    read_all = (read_pattern(file.name, file.read_bytes()) for file in FOLDER.iterdir())
    return {one.kinds: one for one in read_all}


ADDING = [
    (one.id, procedure.id)
    for one in library().values()
    for procedure in one.procedures
    if procedure.kinds in _patterns() and (one.id, procedure.id) not in WHOLE
]


@pytest.mark.parametrize("pattern", sorted(SHOWN))
def test_every_row_of_a_pattern_is_played_by_a_scenario(pattern: str):
    """A row nobody has seen at work, crossing or not, is one nobody agreed to."""
    assert [] == [said(row) for row in unplayed(SHOWN[pattern])]


@pytest.mark.parametrize("table", WHOLE)
def test_every_row_of_a_table_written_whole_is_played(table: tuple[str, str]):
    """Officials agree on scenarios, so each row needs one, those for acts that cross before all."""
    assert [] == [said(row) for row in unplayed(table)]


@pytest.mark.parametrize("table", ADDING, ids="-".join)
def test_every_row_an_instrument_adds_to_its_pattern_is_played(table: tuple[str, str]):
    """What comes from the pattern is played elsewhere; what an instrument adds, under that instrument."""
    instrument, name = table
    of_pattern = {rule.id for rule in _patterns()[library()[instrument].procedure(name).kinds].acts}

    assert [] == [said(row) for row in unplayed(table) if row.act not in of_pattern]


def test_a_row_is_missed_where_the_scenario_that_plays_it_is():
    """A check that cannot fail guards nothing."""
    missed = unplayed(SHOWN["pattern-mutual-assistance"], without="17_confirmation_crosses_lapse")

    assert ["confirmed by the requesting side at lapsed, crossing"] == [said(row) for row in missed]


@pytest.mark.parametrize("pattern", sorted(SHOWN))
def test_the_procedure_that_shows_a_pattern_has_all_of_it(pattern: str):
    """A row left out where it is looked for would be played by nobody and be missed by nobody."""
    written = read_pattern(f"{pattern}.toml", (FOLDER / f"{pattern}.toml").read_bytes())

    assert set() == moves(written) - moves(shown(pattern))


def shown(pattern: str) -> Procedure:
    """The procedure that shows a pattern at work."""
    instrument, procedure = SHOWN[pattern]
    return library()[instrument].procedure(procedure)


def unplayed(table: tuple[str, str], *, without: str = "") -> list[Row]:
    """The rows of a procedure that let no act of any scenario have effect."""
    scenarios = [read(path) for path in SCENARIOS if path.stem != without]
    about = [one for one in scenarios if (one["instrument"], one["procedure"]) == table]
    last = [standing for scenario in about for *_, (_, standing) in [play(scenario)]]
    played = {id(judged.row) for standing in last for judged in standing.judged}
    instrument, procedure = table
    return [row for row in text(instrument).procedure(procedure).rows if id(row) not in played]


def moves(procedure: Procedure) -> set[tuple[object, ...]]:
    """What its rows do, whatever they rest on and wherever they are narrowed."""
    return {
        (row.act, row.by, row.to, row.crosses, *row.stating.items(), *row.opened_stating.items())
        for row in procedure.rows
    }


def said(row: Row) -> str:
    """A row in a word, as a failure names it."""
    stating = "".join(f" stating {name} {value}" for name, value in row.stating.items())
    crossing = ", crossing" if row.crosses else ""
    return f"{row.act} by the {row.by} side at {', '.join(row.from_) or 'the opening'}{stating}{crossing}"
