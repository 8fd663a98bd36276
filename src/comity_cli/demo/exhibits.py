"""Exhibits of the demonstration: those that come with it one by one at the browser, a directory by the command."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from comity_cli.demo import script
from comity_cli.demo.stage import Added

if TYPE_CHECKING:
    from comity_cli.demo.browser import Browser
    from comity_cli.demo.page import Page
    from comity_cli.demo.stage import Stage


def add_ours(stage: Stage, side: str) -> None:
    """Add every exhibit of one side that the script has."""
    for one in stage.script.exhibit:
        if one.side == side:
            add(stage, one.file)


def add(stage: Stage, file: str) -> None:
    """Add an exhibit of the script to the record, once: choose the file, describe it, read the text, sign."""
    if file in stage.exhibits:
        return
    plan = next(one for one in stage.script.exhibit if one.file == file)
    content = script.content(plan)
    name = file.rpartition("/")[2]
    officer = stage.official(plan.side, plan.official)
    form = officer.open(f"/evidence/{stage.channel}/add/")
    said = {"description": stage.script.words(plan.description), "taken_by": plan.taken_by, "request": stage.ref}
    text = officer.press(form, said, files={"file": (name, content, plan.media_type)})
    page = officer.press(text)
    stage.exhibits[file] = Added(hashlib.sha256(content).hexdigest(), page.path, plan.description)


def must_be_here(stage: Stage, officer: Browser, file: str) -> None:
    """Wait until an exhibit has arrived whole at this officer's node and was hashed again there."""
    where = stage.exhibits[file].entry

    def arrived() -> Page | None:
        page = officer.looks_at(where)
        return page if page and any("agrees" in one.styles for one in page.root.all("p")) else None

    officer.wait(arrived, f"exhibit {file} to arrive")
