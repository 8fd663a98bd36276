"""Writing a request step by step, and doing an act, as officials do it at the pages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from comity_cli.demo import exhibits
from comity_cli.demo.errors import PageFault

if TYPE_CHECKING:
    from collections.abc import Mapping

    from comity_cli.demo import script
    from comity_cli.demo.page import Page
    from comity_cli.demo.stage import Stage

_ONWARD: Final = "Next: "
_TRANSLATION: Final = "Translation"
_READ: Final = "Continue to the text to be signed"
_REQUEST: Final = re.compile(r"/requests/[a-z2-7]{16}/([a-z0-9-]+)/")


def lodge(
    stage: Stage,
    name: str,
    page: Page,
    said: Mapping[str, str | list[str]],
    plan: script.Request | script.Suspension,
) -> None:
    """Go on from the first step of a draft, read its text, and have a second officer sign it."""
    author = stage.official(plan.side, plan.official)
    while any(form.button(_ONWARD) for form in page.forms):
        if page.path.endswith("/translation/"):  # the language first: then there are fields to translate into
            page = author.press(page, _asked(page, said), label=_TRANSLATION)
        page = author.press(page, _asked(page, said), label=_ONWARD)
    text = author.press(page, label=_READ)
    if not text.path.endswith("/submit/"):
        raise PageFault(f"the draft did not lead to the text to be signed: {text.said}")
    stage.second(author.press(text), party=plan.side, login=plan.second)
    listed = author.open("/requests/")
    stage.refs[name] = next(
        found[1]
        for one in listed.targets
        if (found := _REQUEST.fullmatch(one)) and found[1].startswith(f"{plan.side}-")
    )


def _asked(page: Page, said: Mapping[str, str | list[str]]) -> dict[str, str | list[str]]:
    """As much of what there is to say as a step asks."""
    names = next(form.names for form in page.forms if form.button(_ONWARD))
    return {name: value for name, value in said.items() if name in names}


def act(stage: Stage, one: script.Act, stated: Mapping[str, str | list[str]] | None = None) -> None:
    """Do one act on a request: wait until its page offers it, fill in, read the text, sign or send on."""
    officer = stage.official(one.side, one.official)
    for file in one.exhibits:
        exhibits.add(stage, file)
        exhibits.must_have_arrived(stage, file, at=one.side)
    page = officer.until(f"/requests/{stage.channel}/{stage.refs[one.on]}/", f"/acts/{one.act}/")
    form = officer.follow(page, f"/acts/{one.act}/")
    said = {"text": stage.script.words(one.text), **(one.stated if stated is None else stated)}
    if one.exhibits:
        said["exhibits"] = named(stage, one.exhibits)
    done = officer.press(officer.press(form, said))
    if one.second:
        stage.second(done, party=one.side, login=one.second)
    elif not one.waits and "/acts/" in done.path:
        raise PageFault(f"{one.act} was not recorded: {done.said}")


def named(stage: Stage, files: list[str]) -> str:
    """Exhibits as the forms want them: one a line."""
    return "\n".join(stage.exhibits[file].line() for file in files if file in stage.exhibits)
