"""The scenes, in their order. Each is played through the pages of the nodes, as their officials would."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from comity_cli.demo import counting, exhibits, leaving, talking, warning
from comity_cli.demo.building import SIDES, WITNESS
from comity_cli.demo.errors import PageFault
from comity_cli.demo.writing import act, lodge, named

if TYPE_CHECKING:
    from collections.abc import Callable

    from comity_cli.demo import script
    from comity_cli.demo.browser import Browser
    from comity_cli.demo.stage import Stage


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
            "counterparts": ["ru"],
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
    for one in stage.script.act:
        if one.on == "revil":
            act(stage, one)


def ask_in_turn(stage: Stage) -> None:
    """The ru central authority asks in turn; the us answer is left waiting for its second signature."""
    _lodge(stage, "vologda", [])
    for one in stage.script.act:
        if one.on == "vologda":
            act(stage, one)


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
        "exhibits": named(stage, files),
        **_request_fields(stage, plan),
    }
    lodge(stage, name, page, said, plan)


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


SCENES: Final[tuple[Callable[[Stage], None], ...]] = (
    exchange_passports,
    compare_fingerprints,
    open_channel,
    lodge_request,
    answer_request,
    ask_in_turn,
    leaving.leave,
    leaving.lodge_meanwhile,
    leaving.come_back,
    warning.warn,
    warning.answer,
    talking.talk,
    talking.read,
    counting.state,
    counting.publish,
)
