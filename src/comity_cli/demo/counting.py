"""The figures of the day: one side states them, the other counts again; both publish what was agreed."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from comity_cli.demo.building import SIDES
from comity_cli.demo.stage import FACTS
from comity_cli.demo.writing import act
from comity_cli.staging.nodes import ask, comity, results

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from comity_cli.demo.stage import Stage

FIGURES: Final = "figures"
_STATEMENT: Final = re.compile(r"/requests/[a-z2-7]{16}/([a-z0-9-]+-figures-[0-9]+)/")
_COUNTED: Final = frozenset({"figures-stated", "figures-agreed", "figures-come-out"})


def state(stage: Stage) -> None:
    """The us side states the figures of the day; the ru side counts the same entries again, and agrees."""
    plan = stage.script.figures
    _settle(stage)  # two nodes count alike once both hold every receipt
    author = stage.official(plan.side, plan.official)
    counts = f"/channels/{stage.channel}/reciprocity/"
    form = author.follow(author.open(counts), f"/figures/{stage.channel}/state/")
    text = author.press(form, {"as_of": datetime.now(UTC).date().isoformat()})
    stage.second(author.press(text), party=plan.side, login=plan.second)
    stated = author.until(counts, f"/requests/{stage.channel}/{plan.side}-{FIGURES}-")
    stage.refs[FIGURES] = next(found[1] for one in stated.targets if (found := _STATEMENT.fullmatch(one)))
    act(stage, plan.agreed)


def publish(stage: Stage) -> None:
    """Both sides write the agreed figures to a file that anybody may have and verify."""
    _settle(stage)
    plan = stage.script.figures
    for party, login in ((plan.side, plan.official), (plan.agreed.side, plan.agreed.official)):
        officer = stage.official(party, login)
        page = officer.open(f"/requests/{stage.channel}/{stage.refs[FIGURES]}/")
        published(stage, party).write_bytes(officer.save(officer.link(page, f"{stage.refs[FIGURES]}.json")))


def published(stage: Stage, party: str) -> Path:
    """Where the file is that a party published."""
    return stage.where / f"figures-{party}.json"


def verified(stage: Stage, exports: Mapping[str, Path]) -> dict[str, Any]:
    """What a stranger makes of both files, each counted again from the other side's export.

    Args:
        stage: The stage; nothing of its nodes is asked.
        exports: The export of each side.

    Raises:
        NodeFault: A verification could not be run.
    """
    us, ru = SIDES
    works = {
        party: comity(None, "verify", published(stage, party), "--export", exports[other])
        for party, other in ((us, ru), (ru, us))
    }
    reports = results(works)
    said = {party: {one["code"]: one["values"] for one in report.get("proven", ())}
            for party, report in reports.items()}  # fmt: skip
    read = [json.loads(published(stage, party).read_bytes())["figures"] for party in SIDES]
    return {
        "ref": stage.refs[FIGURES],
        "stated": said[us].get("figures-stated", {}).get("party", ""),
        "agreed": said[us].get("figures-agreed", {}).get("party", ""),
        "published_equal": read[0] == read[1],
        "verified": {party: report["ok"] and said[party].keys() >= _COUNTED
                     for party, report in reports.items()},
    }  # fmt: skip


def _settle(stage: Stage) -> None:
    """Wait until both nodes hold every receipt, and the witness has seen everything."""
    results({party: ask(stage.nodes[party], FACTS, {"channel": stage.channel}) for party in SIDES})
