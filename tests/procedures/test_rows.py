"""Hold the scenarios against the tables: a row nobody ever played is a row nobody has thought through."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

import pytest

from comity.instruments import library
from comity.lifecycle import fold
from tests.procedures.test_procedures import SCENARIOS, act

if TYPE_CHECKING:
    from comity.instruments import Procedure, Row
    from comity.lifecycle import Act

WHOLE = [("eu-2023-1543", "production"), ("us-ru-ict-cbm-2013", "consultation")]
ADDED_BY_THE_DIRECTIVE = {
    "decision_extended",
    "execution_delayed",
    "resumed",
    "provisional_asked",
    "provisional_decided",
}


def played(instrument: str, procedure: str) -> tuple[Procedure, list[Row]]:
    """A table, and its rows that some scenario comes by."""
    table, rows = library()[instrument].procedure(procedure), []
    for path in SCENARIOS:
        scenario = tomllib.loads(path.read_text(encoding="utf-8"))
        if (scenario["instrument"], scenario["procedure"]) == (instrument, procedure):
            acts: list[Act] = []
            for written in scenario["act"]:
                acts.append(act(written, acts))
            rows += [one.row for one in fold(table, acts).judged if one.row is not None]
    return table, rows


def shown(row: Row) -> str:
    """A row as a reader looks for it."""
    crossing = ", crossing" if row.crosses else ""
    return f"{row.act} by the {row.by} from {', '.join(row.from_) or 'nothing'}{crossing}"


@pytest.mark.parametrize(("instrument", "procedure"), WHOLE)
def test_every_row_of_a_table_is_played(instrument: str, procedure: str) -> None:
    """Officials agree on scenarios, so each row needs one, those for acts that cross before all."""
    table, rows = played(instrument, procedure)

    assert [] == [shown(row) for row in table.rows if row not in rows]


def test_every_row_the_directive_adds_is_played() -> None:
    """What comes from the pattern is played under the treaty it was first written for."""
    table, rows = played("eu-2014-41", "assistance")
    added = [row for row in table.rows if row.act in ADDED_BY_THE_DIRECTIVE]

    assert added
    assert [] == [shown(row) for row in added if row not in rows]
