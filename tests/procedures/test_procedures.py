"""Play the scenarios beside this file: dated acts, and where the procedure stands after each.

How an act is written is said in ``playing``. After each act: stands (the state, unchanged if absent),
irregular (a text its reason must contain), running (the clocks that run), due (their days), conditions
(code = standing), terms (number = standing).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.procedures.playing import SCENARIOS, play, read

if TYPE_CHECKING:
    from pathlib import Path

    from comity.lifecycle import Standing

KEYS = {"by", "does", "on", "states", "unaware_of", "receipted"}
EXPECTED = {"stands", "irregular", "running", "due", "conditions", "terms"}


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_the_procedure_stands_where_the_scenario_says(path: Path):
    """Officials agree on scenarios, so the fold has to give what they read there, act by act."""
    stands = ""
    for written, standing in play(read(path)):
        assert not (set(written) - KEYS - EXPECTED), f"{path.name}: unknown key in {written}"
        stands = written.get("stands", stands)
        said = f"{path.name}: after {written['does']} on {written['on']}"
        assert stands == standing.state, f"{said}: {standing.judged[-1].because}"
        assert_as_expected(standing, written, said)


def assert_as_expected(standing: Standing, written: dict, said: str) -> None:
    """What a scenario may say beside the state."""
    judged = standing.judged[-1]
    assert ("irregular" in written) is not judged.regular, f"{said}: {judged.because or 'regular'}"
    assert written.get("irregular", "") in judged.because, said
    running = [clock for clock in standing.clocks if clock.running]
    if "running" in written:
        assert sorted(written["running"]) == sorted(clock.id for clock in running), said
    for name, day in written.get("due", {}).items():
        assert [day] == [clock.due_at.date() for clock in running if clock.id == name], said
    if "conditions" in written:
        assert written["conditions"] == {one.code: one.standing for one in standing.conditions}, said
    if "terms" in written:
        assert written["terms"] == {one.number: one.standing for one in standing.terms}, said
