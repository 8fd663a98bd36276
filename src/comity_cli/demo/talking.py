"""Officers of both sides talk on their pages; how soon each message was receipted, and what became of it."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Any, Final

from comity_cli.demo.building import SIDES
from comity_cli.demo.errors import PageFault

if TYPE_CHECKING:
    from comity_cli.demo.browser import Browser
    from comity_cli.demo.stage import Stage

TALK: Final = "talk"
_TALK: Final = re.compile(r"/talks/[a-z2-7]{16}/([a-z0-9-]+)/")
_OPENED: Final = "Note that our desk has opened these"
_SAYS: Final = "Sign and say it"
_LINES: Final = "talk-lines"
_LOOKS_AFTER: Final = 0.01
_PATIENCE: Final = 20.0


def talk(stage: Stage) -> None:
    """The us side opens a hotline; both say something in it, each in its own language."""
    plan = stage.script.talk
    author = stage.official(plan.side, plan.official)
    text = author.press(
        author.open(f"/talks/{stage.channel}/open/"), {"title": plan.title, "about": plan.about}
    )
    page = author.press(text)
    if (found := _TALK.match(page.path)) is None:
        raise PageFault(f"the talk was not opened: {page.said}")
    stage.refs[TALK] = found[1]
    stage.spoke = [_say(stage, number) for number in range(len(plan.message))]


def read(stage: Stage) -> None:
    """The desks of both sides have what was said before them, and say so."""
    for party in SIDES:
        one = next(each for each in stage.script.talk.message if each.side == party)
        officer = stage.official(party, one.official)
        officer.press(officer.open(_address(stage)), label=_OPENED)


def found(stage: Stage, facts: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """What the talk came to: how many messages, and how soon 95 of 100 were receipted.

    Args:
        stage: The stage.
        facts: What each node says.
    """
    us = facts[SIDES[0]]["talk"].get(stage.refs[TALK], {})
    soon = sorted(stage.spoke)
    p95 = soon[min(len(soon) - 1, int(0.95 * len(soon)))] if soon else 0.0
    opened = us.get("opened", {})
    return {
        "messages": us.get("messages", 0),
        "p95_ms": round(1e3 * p95),
        "received": us.get("received", 0),
        "opened_by": sorted(opened),
    }


def _say(stage: Stage, number: int) -> float:
    """Say one thing; seconds from pressing the button to the page that shows the receipt."""
    plan = stage.script.talk.message[number]
    officer = stage.official(plan.side, plan.official)
    page = officer.until(_address(stage), "/minutes/")
    said = {"text": stage.script.words(plan.text) if not number else plan.text, "language": plan.language}
    if plan.translation:
        said |= {"translation": plan.translation, "translation_language": plan.translation_language}
    begun = time.perf_counter()
    officer.press(page, said, label=_SAYS)
    _must_be_receipted(officer, stage)
    return time.perf_counter() - begun


def _must_be_receipted(officer: Browser, stage: Stage) -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        if 'data-receipt="no"' not in officer.part(_address(stage), _LINES):
            return
        time.sleep(_LOOKS_AFTER)
    raise PageFault(f"a message of {officer.login} was not receipted within {_PATIENCE:.0f} seconds")


def _address(stage: Stage) -> str:
    return f"/talks/{stage.channel}/{stage.refs[TALK]}/"
