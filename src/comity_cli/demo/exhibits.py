"""Exhibits of the demonstration: those of the script at the browser, a whole directory inside the node."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from comity_cli.demo import script
from comity_cli.demo.stage import FACTS, Added
from comity_cli.staging.nodes import ask

if TYPE_CHECKING:
    from pathlib import Path

    from comity_cli.demo.page import Page
    from comity_cli.demo.stage import Stage

_GIVER: Final = "ru"


def add(stage: Stage, file: str) -> None:
    """Add an exhibit of the script to the record, once: choose the file, describe it, read the text, sign.

    Where a directory was given, its files take the place of whatever the ru side would add.
    """
    plan = next(one for one in stage.script.exhibit if one.file == file)
    if stage.given is not None and plan.side == _GIVER:
        _add_given(stage, stage.given, plan)
    elif file not in stage.exhibits:
        stage.exhibits[file] = _add(stage, plan)


def must_have_arrived(stage: Stage, file: str, *, at: str) -> None:
    """See on an exhibit's page that it came whole and was hashed again; its provider sees nothing new."""
    plan = next(one for one in stage.script.exhibit if one.file == file)
    if at == plan.side:
        return
    officer = stage.official(at, next(one.login for one in stage.script.nodes[at].officials))

    def arrived() -> Page | None:
        page = officer.looks_at(stage.exhibits[file].page)
        return page if page and any("agrees" in one.styles for one in page.root.all("p")) else None

    if stage.given is not None:
        ask(stage.nodes[at], FACTS, {"channel": stage.channel}).result()
    else:
        officer.wait(arrived, f"exhibit {file} to arrive")


def _add(stage: Stage, plan: script.Exhibit) -> Added:
    content = script.content(plan)
    officer = stage.official(plan.side, plan.official)
    form = officer.open(f"/evidence/{stage.channel}/add/")
    said = {
        "description": stage.script.words(plan.description),
        "taken_by": plan.taken_by,
        "request": stage.refs.get("revil", ""),
    }
    name = plan.file.rpartition("/")[2]
    text = officer.press(form, said, files={"file": (name, content, plan.media_type)})
    return Added(hashlib.sha256(content).hexdigest(), officer.press(text).path, plan.description)


def _add_given(stage: Stage, given: Path, plan: script.Exhibit) -> None:
    """Add every file of the directory that was given, once, in one process of the node."""
    if stage.given_added:
        return
    said = {
        "files": str(given.absolute()),
        "channel": stage.channel,
        "login": plan.official,
        "password_file": str(stage.password_file(plan.side, plan.official)),
        "described": {
            "description": stage.script.words("Given to the demonstration."),
            "request": stage.refs.get("revil", ""),
        },
    }
    stage.given_added = int(ask(stage.nodes[plan.side], "comity_cli.demo.adding", said).result()["added"])
