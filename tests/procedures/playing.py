"""Read the scenarios beside this file and play them, act by act.

An act in a scenario has by (the party), does (the act) and on (the day, or the instant). Optional: states
(the codes), unaware_of (how many of the other party's latest acts its author had not seen), receipted (when
the other party signed for it). The acts stand in the order both Parties read them. What every opening act
states (the instrument, its digest, to whom, which types) is filled in where a scenario does not say it, as
are the entries an act is about: its author's first, or those the other party named last.
"""

from __future__ import annotations

import tomllib
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from comity.custody import custody
from comity.instruments import library
from comity.instruments.procedure import OWN
from comity.lifecycle import Act, fold
from comity.names import EntryRef, Origin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from comity.instruments import Instrument, Procedure
    from comity.lifecycle import Standing

FOLDER = Path(__file__).parent
SCENARIOS = sorted(FOLDER.glob("*.toml"))
CHANNEL = "a" * 16


def read(path: Path) -> dict[str, Any]:
    """A scenario as written."""
    return tomllib.loads(path.read_text(encoding="utf-8"))


def text(name: str) -> Instrument:
    """An instrument, or the custody table, which is read like one."""
    return custody() if name == custody().id else library()[name]


def play(scenario: dict[str, Any]) -> Iterator[tuple[dict[str, Any], Standing]]:
    """Each act as written, and how the procedure stands after it."""
    procedure = text(scenario["instrument"]).procedure(scenario["procedure"])
    acts: list[Act] = []
    for written in scenario["act"]:
        acts.append(_act(scenario["instrument"], procedure, written, acts))
        yield written, fold(procedure, acts)


def _act(instrument: str, procedure: Procedure, written: dict[str, Any], before: list[Act]) -> Act:
    """The act as its author's entry would carry it."""
    own = [one for one in before if one.party == written["by"]]
    others = [one for one in before if one.party != written["by"]]
    seen: dict[str, int] = {}
    for one in others[: len(others) - written.get("unaware_of", 0)]:
        seen[one.party] = one.ref.index + 1
    return Act(
        ref=EntryRef(Origin(written["by"], CHANNEL), len(own)),
        party=written["by"],
        act=written["does"],
        at=_instant(written["on"]),
        stated={
            **_opening(instrument, procedure, written["does"]),
            **_entries(procedure, written["does"], own, others),
            **written.get("states", {}),
        },
        answers=(),
        seen=seen,
        receipted_at=_instant(written["receipted"]) if "receipted" in written else None,
    )


def _opening(instrument: str, procedure: Procedure, act: str) -> dict[str, str | list[str]]:
    """What an opening act states in every scenario; nothing for another act."""
    opening = next((row for row in procedure.rows if row.act == act and not row.from_), None)
    if opening is None:
        return {}
    types = [value for one in procedure.statements if one.id == "types" for value in one.values[:1]]
    usual = {"instrument": instrument, "table": "0" * 64, "requested": "bb", "types": types}
    return {name: usual[name] for name in opening.must_state if name in usual}


def _entries(procedure: Procedure, act: str, own: list[Act], others: list[Act]) -> dict[str, str | list[str]]:
    """The entries an act is about, in every scenario; nothing for an act about none."""
    rule = procedure.act_of.get(act)
    if rule is None or not rule.entries:
        return {}
    named = (list(one.stated["entries"]) for one in reversed(others) if one.act == rule.entries)
    return {"entries": [str(own[0].ref)] if rule.entries == OWN and own else next(named, [])}


def _instant(on: date | datetime) -> datetime:
    """A day stands for its noon."""
    if isinstance(on, datetime):
        return on if on.tzinfo else on.replace(tzinfo=UTC)
    return datetime(on.year, on.month, on.day, 12, tzinfo=UTC)
