"""One side leaves the channel for a while, alone; both come back on terms, with nothing lost."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from comity_cli.demo.building import SIDES
from comity_cli.demo.stage import FACTS
from comity_cli.demo.writing import act, lodge
from comity_cli.staging.nodes import ask

if TYPE_CHECKING:
    from collections.abc import Mapping

    from comity_cli.demo.stage import Stage

SUSPENSION: Final = "suspension"
_DAYS: Final = re.compile(r"in (\d+) days")


def leave(stage: Stage) -> None:
    """The ru side suspends assistance, alone and at once; clocks stand still on both sides."""
    plan = stage.script.suspension
    author = stage.official(plan.side, plan.official)
    page = author.open(f"/requests/drafts/new/?channel={stage.channel}&procedure={SUSPENSION}")
    page = author.press(page, {"title": plan.title})
    said = {f"stated_{name}": value for name, value in plan.stated.items()}
    lodge(stage, SUSPENSION, page, said | {"reason": stage.script.words(plan.reason)}, plan)
    other = stage.official("us", stage.script.channel.us.official)
    other.until(f"/channels/{stage.channel}/", f"/requests/{stage.channel}/{stage.refs[SUSPENSION]}/")


def lodge_meanwhile(stage: Stage) -> None:
    """The us side goes on: what it sends is receipted, waits, and is owed nothing less."""
    for one in stage.script.suspension.meanwhile:
        act(stage, one, _dated(one.stated))
    stage.left = _as_it_stands(stage)


def come_back(stage: Stage) -> None:
    """Terms are proposed and accepted; what was sent meanwhile is confirmed, and clocks run on."""
    for one in stage.script.suspension.acts:
        said = {"entries": stage.left["waiting"]} if one.act == "confirmed" else _dated(one.stated)
        act(stage, one, said)


def _as_it_stands(stage: Stage) -> dict[str, Any]:
    """What stands still, what is owed and what waits, by the word of both nodes once all is receipted."""
    us, ru = (ask(stage.nodes[party], FACTS, {"channel": stage.channel}).result() for party in SIDES)
    return {
        "frozen": len({one["ref"] for one in us["owed"] if one["stands_still"]}),
        "obligations_equal": us["owed"] == ru["owed"],
        "waiting": us["waiting"],
    }


def _dated(stated: Mapping[str, str]) -> dict[str, str | list[str]]:
    """What is stated, days counted from today."""
    today = datetime.now(UTC).date()
    return {
        name: _DAYS.sub(lambda found: str(today + timedelta(days=int(found[1]))), value)
        for name, value in stated.items()
    }
