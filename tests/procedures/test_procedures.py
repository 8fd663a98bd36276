"""Play the scenarios beside this file: dated acts, and where the procedure stands after each.

An act in a scenario has by (the party), does (the act) and on (the day, or the instant). Optional: states
(the codes), unaware_of (how many of the other party's latest acts its author had not seen), receipted (when
the other party signed for it). The acts stand in the order both Parties read them. After each act: stands
(the state, unchanged if absent), irregular (a text its reason must contain), running (the clocks that run),
due (their days), conditions (code = standing).
"""

from __future__ import annotations

import tomllib
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from comity.instruments import library
from comity.lifecycle import Act, Standing, fold
from comity.names import EntryRef, Origin

FOLDER = Path(__file__).parent
SCENARIOS = sorted(FOLDER.glob("*.toml"))
CHANNEL = "a" * 16
OPENING = {"instrument": "us-ru-1999", "table": "0" * 64, "requested": "bb", "types": ["documents_items"]}
KEYS = {"by", "does", "on", "states", "unaware_of", "receipted"}
EXPECTED = {"stands", "irregular", "running", "due", "conditions"}


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_the_procedure_stands_where_the_scenario_says(path: Path):
    """Officials agree on scenarios, so the fold has to give what they read there, act by act."""
    scenario = tomllib.loads(path.read_text(encoding="utf-8"))
    procedure = library()[scenario["instrument"]].procedure(scenario["procedure"])
    acts: list[Act] = []
    stands = ""

    for written in scenario["act"]:
        assert not (set(written) - KEYS - EXPECTED), f"{path.name}: unknown key in {written}"
        acts.append(act(written, acts))
        standing = fold(procedure, acts)

        stands = written.get("stands", stands)
        said = f"{path.name}: after {written['does']} on {written['on']}"
        assert stands == standing.state, f"{said}: {standing.judged[-1].because}"
        assert_as_expected(standing, written, said)


def act(written: dict, before: list[Act]) -> Act:
    """The act as its author's entry would carry it."""
    own = [one for one in before if one.party == written["by"]]
    others = [one for one in before if one.party != written["by"]]
    seen: dict[str, int] = {}
    for one in others[: len(others) - written.get("unaware_of", 0)]:
        seen[one.party] = one.ref.index + 1
    stated = OPENING if written["does"] == "lodged" else {}
    return Act(
        ref=EntryRef(Origin(written["by"], CHANNEL), len(own)),
        party=written["by"],
        act=written["does"],
        at=instant(written["on"]),
        stated={**stated, **written.get("states", {})},
        answers=(),
        seen=seen,
        receipted_at=instant(written["receipted"]) if "receipted" in written else None,
    )


def instant(on: date | datetime) -> datetime:
    """A day stands for its noon."""
    if isinstance(on, datetime):
        return on if on.tzinfo else on.replace(tzinfo=UTC)
    return datetime(on.year, on.month, on.day, 12, tzinfo=UTC)


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
