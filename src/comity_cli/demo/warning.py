"""One desk raises an alert, the other opens it and answers for it; how soon their node had it."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Any, Final

from comity_cli.demo.building import SIDES
from comity_cli.demo.errors import PageFault

if TYPE_CHECKING:
    from comity_cli.demo.browser import Browser
    from comity_cli.demo.stage import Stage

ALERT: Final = "alert"
_ALERT: Final = re.compile(r"/alerts/[a-z2-7]{16}/([a-z0-9-]+)/")
_REVIEW: Final = "Read it once more and sign"
_SIGN: Final = "Sign and send now"
_OPENED: Final = "Note that our desk opened it"
_ACKNOWLEDGE: Final = "Acknowledge the alert"
_ACKNOWLEDGED: Final = "acknowledged"
_PART: Final = "alert-page"
_LOOKS_AFTER: Final = 0.01
_PATIENCE: Final = 20.0


def warn(stage: Stage) -> None:
    """The us desk warns of what it sees in networks now; it knows within a second that their node has it."""
    plan = stage.script.alert
    officer = stage.official(plan.side, plan.official)
    said: dict[str, str | list[str]] = {
        "channels": [stage.channel],
        "severity": plan.severity,
        "title": plan.title,
        "what_happens": stage.script.words(plan.what_happens),
        "indicators": plan.indicators,
        "what_is_asked": plan.what_is_asked,
        "seeks": plan.seeks,
        "sector": plan.sector,
    }
    text = officer.press(officer.open("/alerts/raise/"), said, label=_REVIEW)
    begun = time.perf_counter()
    page = officer.press(text, label=_SIGN)
    if (found := _ALERT.match(page.path)) is None:
        raise PageFault(f"the alert was not raised: {page.said}")
    stage.refs[ALERT] = found[1]
    _must_be_received(officer, stage)
    stage.warned = time.perf_counter() - begun


def answer(stage: Stage) -> None:
    """The ru desk opens it, and an officer answers for it: two facts, each on record with its time."""
    officer = stage.official(stage.script.alert.answered_by_side, stage.script.alert.answered_by)
    officer.until("/alerts/", stage.refs[ALERT])
    officer.press(officer.open(_address(stage)), label=_OPENED)
    officer.press(officer.press(officer.open(_address(stage)), label=_ACKNOWLEDGE))


def found(stage: Stage, facts: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """What the alert came to: milliseconds from the signature to their receipt, and whether it is answered.

    Args:
        stage: The stage.
        facts: What each node says.
    """
    ref = stage.refs[ALERT]
    return {
        "ref": ref,
        "receipt_ms": round(1e3 * stage.warned),
        "acknowledged": all(facts[party]["standing"].get(ref) == _ACKNOWLEDGED for party in SIDES),
    }


def _must_be_received(officer: Browser, stage: Stage) -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        if 'data-received="no"' not in officer.part(_address(stage), _PART):
            return
        time.sleep(_LOOKS_AFTER)
    raise PageFault(f"the alert was not received within {_PATIENCE:.0f} seconds")


def _address(stage: Stage) -> str:
    return f"/alerts/{stage.channel}/{stage.refs[ALERT]}/"
