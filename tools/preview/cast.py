"""One day of a channel: the parties, the record, the clocks and acts that the sample pages share."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace as Row
from typing import Any

from comity.names import EntryRef, Origin
from comity_node.web.record import Side

CHANNEL = "wgict2021mosgen5"
NOW = datetime(2026, 11, 3, 15, 20, tzinfo=UTC)
REF = "us-2026-0001"
TITLE = "Records and seized devices in the matter of the group known as REvil"
TREATY = "Treaty on Mutual Legal Assistance, 17 June 1999"
AGREED = "practice: agreed 1 Nov 2026"
DIGEST = "9f2c61f0c2a34d5be0a77d4bd0d9b1a4fb7c6f1a5f3e8b7f1d2c3b4a59687706"
NAMES = {"us": "United States of America", "ru": "Russian Federation"}
EMPTY = Row(
    what="Nothing here yet",
    why="When either side writes, it is shown here at once.",
    todo="",
    href="",
    label="",
)
PAGES = Row(first=1, last=4, total=4, previous_href="", next_href="#")
_UNSAID = {
    "article": "",
    "article_href": "",
    "verified": "V",
    "payload_size": None,
    "payload_erased": False,
    "irregular": "",
    "remark": "",
    "href": "entry.html",
}


def at(day: int, hour: int, minute: int, second: int = 0) -> datetime:
    """Give an instant of November 2026."""
    return datetime(2026, 11, day, hour, minute, second, tzinfo=UTC)


def ref(party: str, index: int) -> EntryRef:
    """Cite an entry of the channel."""
    return EntryRef(Origin(party, CHANNEL), index)


def side(code: str, home: str) -> Side:
    """Put a party on its side, as the node of ``home`` sees it."""
    return Side(code, NAMES[code], code == home)


def record(home: str) -> list[Row]:
    """Read the sample entries, as the node of ``home`` sees them."""
    entries = tomllib.loads((Path(__file__).parent / "record.toml").read_text())["entry"]
    return [_line(entry, home) for entry in entries]


def _line(entry: dict[str, Any], home: str) -> Row:
    said = ref(*_cited(entry.pop("id")))
    wait = entry.pop("wait", 2)
    answers = [ref(*_cited(text)) for text in entry.pop("answers", [])]
    receipt = Row(at=entry["at"] + timedelta(seconds=wait), size=said.index + 1) if wait else None
    ours = said.origin.party == home
    return Row(**{**_UNSAID, **entry}, ref=said, ours=ours, answers=answers, receipt=receipt)


def _cited(text: str) -> tuple[str, int]:
    party, index = text.split()
    return party, int(index)


def clock(
    label: str, due_at: datetime, kind: str, whose: str, *, warn: tuple[int, ...] = (), **more: str
) -> Row:
    """Set a clock; it runs unless told otherwise."""
    return Row(
        label=label,
        due_at=due_at,
        kind=kind,
        whose=whose,
        warn=warn,
        state="running",
        still_since=None,
        stood_still=None,
        ref=REF,
        href="request.html",
        **{"article": AGREED, "article_href": "procedure.html", "verified": "V", **more},
    )


CONFIRM_WRITING = clock(
    "Written confirmation of the oral request",
    at(11, 14, 5),
    "treaty",
    "ours",
    article="Art. 5",
    verified="S",
)
ANSWER_TARGET = clock("First answer on substance", at(3, 18, 0), "target", "ours", warn=(14, 2))
THEIR_TARGET = clock("Acknowledgement by the central authority", at(3, 9, 0), "target", "theirs")
FROZEN = Row(
    **{**vars(clock("Execution progress report", at(20, 12, 0), "target", "theirs")), "state": "frozen"}
)


def act(label: str, article: str = "Art. 7(1)", verified: str = "V", **more: str) -> Row:
    """Offer an act; ``because`` closes it."""
    unsaid = {"article_href": "procedure.html", "second": "", "because": "", "hint": "", "weight": "plain"}
    return Row(label=label, href="confirm.html", article=article, verified=verified, **{**unsaid, **more})


ACTS = [
    act("Lodge a supplement", "Art. 5", "P", weight="primary"),
    act("Withdraw the request", AGREED, second="an official of another office"),
    act(
        "Confirm execution complete",
        "Art. 7",
        "P",
        because="the requested Party has not reported the outcome.",
        hint="It opens when an execution is recorded in their log.",
    ),
]


def columns(*labels: str, numbers: tuple[str, ...] = ()) -> list[Row]:
    """Head a table, sorted by its last column."""
    return [
        Row(label=text, href="#", sorted="descending" if text == labels[-1] else "", number=text in numbers)
        for text in labels
    ]
