"""The scenes, in their order. Each is played through the pages of the nodes, as their officials would."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from comity_cli.demo import exhibits
from comity_cli.demo.building import SIDES, WITNESS
from comity_cli.demo.errors import PageFault

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from comity_cli.demo import script
    from comity_cli.demo.browser import Browser
    from comity_cli.demo.page import Page
    from comity_cli.demo.stage import Stage


_ONWARD: Final = "Next: "
_TRANSLATION: Final = "Translation"
_READ: Final = "Continue to the text to be signed"
_REQUEST: Final = re.compile(r"/requests/[a-z2-7]{16}/([a-z0-9-]+)/")
_CHANNEL: Final = re.compile(r"/channels/([a-z2-7]{16})/")


def exchange_passports(stage: Stage) -> None:
    """Passports are handed over as files, and read in."""
    for party in (*SIDES, WITNESS):
        officer = stage.official(party, _coordinator(stage, party))
        page = officer.open("/counterparts/")
        (stage.where / f"{party}.passport").write_bytes(officer.save(officer.link(page, "/file/")))
    for meeting in stage.script.ceremony:
        file = stage.where / f"{meeting.meets}.passport"
        officer = stage.official(meeting.node, meeting.official)
        form = officer.follow(officer.open("/counterparts/"), "/counterparts/import/")
        officer.press(form, files={"file": (file.name, file.read_bytes(), "text/plain")})


def compare_fingerprints(stage: Stage) -> None:
    """Officers compare fingerprints over another path, and record what they found."""
    shown = {}
    for meeting in stage.script.ceremony:
        officer = stage.official(meeting.node, meeting.official)
        passport = officer.follow(officer.open("/counterparts/"), _passport_of(officer, meeting.meets))
        page = officer.follow(passport, "/ceremony/")
        theirs, ours = page.lists("words")
        shown[meeting.node, meeting.meets] = (theirs, ours, page, meeting)
    for (node, other), (theirs, _, page, meeting) in shown.items():
        read_aloud = shown.get((other, node))
        if read_aloud and theirs != read_aloud[1]:
            raise PageFault(f"the words {other} reads to {node} are not the words {node} sees")
        officer = stage.official(node, meeting.official)
        officer.press(page, {"path": meeting.path, "with_whom": meeting.with_whom})


def open_channel(stage: Stage) -> None:
    """The coordinators of both sides open a channel under the treaty of 1999."""
    plan = stage.script.channel
    proposer = stage.official("us", plan.us.official)
    form = proposer.follow(proposer.open("/channels/"), "/channels/propose/")
    text = proposer.press(
        form,
        {
            "counterpart": "ru",
            "instruments": [plan.instrument],
            "purpose": stage.script.words(plan.purpose),
            "languages": plan.languages,
            **_seat(plan.us),
        },
    )
    stage.second(proposer.press(text), party="us", login=plan.us.second)
    answerer = stage.official("ru", plan.ru.official)
    stage.channel = answerer.wait(lambda: _first_channel(answerer), "the proposed channel")
    page = answerer.until(f"/channels/{stage.channel}/", "/accepted/")
    form = answerer.follow(page, "/accepted/")
    text = answerer.press(form, {**_seat(plan.ru), "note": stage.script.words(plan.accepting)})
    stage.second(answerer.press(text), party="ru", login=plan.ru.second)


def lodge_request(stage: Stage) -> None:
    """The us central authority asks for assistance against the REvil group, with two exhibits."""
    author = stage.official("us", stage.script.request["revil"].official)
    author.wait(lambda: author.looks_at(f"/evidence/{stage.channel}/add/"), "the accepted channel")
    named = [one.file for one in stage.script.exhibit if one.side == "us"]
    for file in named:
        exhibits.add(stage, file)
    _lodge(stage, "revil", named)


def answer_request(stage: Stage) -> None:
    """The ru central authority executes it, first in part; what arrives is hashed again and confirmed."""
    for act in stage.script.act:
        if act.on == "revil":
            _act(stage, act)


def ask_in_turn(stage: Stage) -> None:
    """The ru central authority asks in turn; the us answer is left waiting for its second signature."""
    _lodge(stage, "vologda", [])
    for act in stage.script.act:
        if act.on == "vologda":
            _act(stage, act)


def _lodge(stage: Stage, name: str, files: list[str]) -> None:
    """Write a request step by step, in two languages; read its text; have a second officer sign it."""
    plan = stage.script.request[name]
    author = stage.official(plan.side, plan.official)
    page = author.follow(author.open("/requests/drafts/"), "/requests/drafts/new/")
    page = author.press(page, {"channel": stage.channel, "title": plan.title})
    said: dict[str, str | list[str]] = {
        "types": plan.types,
        "language": plan.language,
        "translation_language": plan.translation_language,
        "exhibits": _named(stage, files),
        **_request_fields(stage, plan),
    }
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


def _act(stage: Stage, act: script.Act) -> None:
    """Do one act on a request: wait until its page offers it, fill in, read the text, sign or send on."""
    officer = stage.official(act.side, act.official)
    for file in act.exhibits:
        exhibits.add(stage, file)
        exhibits.must_have_arrived(stage, file, at=act.side)
    page = officer.until(f"/requests/{stage.channel}/{stage.refs[act.on]}/", f"/acts/{act.act}/")
    form = officer.follow(page, f"/acts/{act.act}/")
    said = {"text": stage.script.words(act.text), **act.stated}
    if act.exhibits:
        said["exhibits"] = _named(stage, act.exhibits)
    done = officer.press(officer.press(form, said))
    if act.second:
        stage.second(done, party=act.side, login=act.second)
    elif not act.waits and "/acts/" in done.path:
        raise PageFault(f"{act.act} was not recorded: {done.said}")


def _coordinator(stage: Stage, party: str) -> str:
    """The login of the first coordinator of a party."""
    return next(one.login for one in stage.script.nodes[party].officials if "coordinator" in one.roles)


def _passport_of(officer: Browser, party: str) -> str:
    """Where the passport of a party is, from the list of counterparts."""
    page = officer.open("/counterparts/")
    for row in page.root.all("tr"):
        targets = [one.attributes.get("href", "") for one in row.all("a")]
        if party.upper() in row.text.upper().split() and targets:
            return targets[0]
    raise PageFault(f"{officer.login} finds no passport of {party} at {officer.address}")


def _first_channel(officer: Browser) -> str | None:
    page = officer.open("/channels/")
    return next((found[1] for one in page.targets if (found := _CHANNEL.fullmatch(one))), None)


def _seat(seat: script.Coordinator) -> dict[str, str]:
    return {"office": seat.office, "capacity": seat.capacity, "reached_by": seat.reached_by}


def _request_fields(stage: Stage, plan: script.Request) -> dict[str, str]:
    words = {**plan.fields, "other_information": stage.script.notice}
    return {**words, **{f"translated_{name}": text for name, text in plan.translation.items()}}


def _named(stage: Stage, files: list[str]) -> str:
    """Exhibits as the forms want them: one a line."""
    return "\n".join(stage.exhibits[file].line() for file in files if file in stage.exhibits)


SCENES: Final[tuple[Callable[[Stage], None], ...]] = (
    exchange_passports,
    compare_fingerprints,
    open_channel,
    lodge_request,
    answer_request,
    ask_in_turn,
)
