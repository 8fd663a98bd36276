"""No row of a pattern is there that no scenario shows at work."""

from __future__ import annotations

from importlib import resources

import pytest

from comity.instruments import Procedure, Row, library
from comity.instruments.parse import read_pattern
from tests.procedures.playing import SCENARIOS, play, read

# Each pattern, and the procedure its scenarios play it by: one that leaves none of its acts out.
SHOWN = {
    "pattern-mutual-assistance": ("us-ru-1999", "assistance"),
    "pattern-preservation": ("ets-185", "preservation"),
    "pattern-information": ("ets-185", "information"),
    "pattern-emergency": ("cets-224", "emergency"),
}
FOLDER = resources.files("comity.instruments") / "patterns"


@pytest.mark.parametrize("pattern", sorted(SHOWN))
def test_every_row_of_a_pattern_is_played_by_a_scenario(pattern: str):
    """A row nobody has seen at work, crossing or not, is one nobody agreed to."""
    assert [] == unplayed(pattern)


def test_a_row_is_missed_where_the_scenario_that_plays_it_is():
    """A check that cannot fail guards nothing."""
    missed = unplayed("pattern-mutual-assistance", without="17_confirmation_crosses_lapse")

    assert ["confirmed by the requesting side at lapsed, crossing"] == missed


@pytest.mark.parametrize("pattern", sorted(SHOWN))
def test_the_procedure_that_shows_a_pattern_has_all_of_it(pattern: str):
    """A row left out where it is looked for would be played by nobody and be missed by nobody."""
    written = read_pattern(f"{pattern}.toml", (FOLDER / f"{pattern}.toml").read_bytes())

    assert set() == moves(written) - moves(shown(pattern))


def shown(pattern: str) -> Procedure:
    """The procedure that shows a pattern at work."""
    instrument, procedure = SHOWN[pattern]
    return library()[instrument].procedure(procedure)


def unplayed(pattern: str, *, without: str = "") -> list[str]:
    """The rows of the procedure that shows a pattern which let no act of any scenario have effect."""
    scenarios = [read(path) for path in SCENARIOS if path.stem != without]
    about = [one for one in scenarios if (one["instrument"], one["procedure"]) == SHOWN[pattern]]
    last = [standing for scenario in about for *_, (_, standing) in [play(scenario)]]
    played = {id(judged.row) for standing in last for judged in standing.judged}
    return [said(row) for row in shown(pattern).rows if id(row) not in played]


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
