"""Samples: officials, approvals and the confirmation of an act."""

from __future__ import annotations

from types import SimpleNamespace as Row

from tools.preview.cast import (
    DIGEST,
    EMPTY,
    at,
    columns,
)

SIGNED_TEXT = """assistance.request.refused
channel wgict2021mosgen5
reference ru-2026-0001
answers ru.comity/wgict2021mosgen5#3
states ground: security_essential_interests
states reasons: consultation-of-2026-11-03

{
 "consulted": "us.comity/wgict2021mosgen5#4",
 "reasons": "Execution would disclose the identity of a protected witness."
}"""


def contexts(_home: str) -> dict[str, dict]:
    """Give each page of the family its context, the same on every node."""
    return {
        "officials": {
            "columns": columns("Name", "Office", "Roles", "Last seen", "State"),
            "new_href": "#",
            "offices_href": "#",
            "changes": [],
            "empty": EMPTY,
            "roles": [Row(name="Case officer", powers="draft requests; sign acts on requests")],
            "rows": [
                Row(
                    name="A. Marlow",
                    href="#",
                    office="Office of International Affairs",
                    roles="case officer",
                    state="Active",
                    tone="open",
                    last_seen=at(3, 15, 0),
                ),
                Row(
                    name="C. Whitfield",
                    href="#",
                    office="National Security Council",
                    roles="coordinator",
                    state="Left office",
                    tone="ended",
                    last_seen=at(1, 15, 0),
                ),
            ],
        },
        "approvals": {
            "waiting": [
                Row(
                    title="Refuse the request",
                    href="#",
                    ref="ru-2026-0001",
                    prepared_by="A. Marlow",
                    office="Office of International Affairs",
                    at=at(3, 14, 2),
                )
            ],
            "others": [Row(title="Suspend our side", href="#", ref="channel", state="returned", tone="ours")],
        },
        "confirm": {**confirmation(), "seconding": None, "exercise": False},
        "confirm_second": {
            **confirmation(),
            "seconding": Row(
                by="A. Marlow, Office of International Affairs",
                at=at(3, 14, 2),
                note="Agreed with the investigating office on the telephone.",
            ),
        },
    }


def confirmation() -> dict:
    """Give the page on which an act is confirmed."""
    return {
        "act": Row(
            label="Refuse the request",
            text=SIGNED_TEXT,
            article="Art. 4",
            article_href="procedure.html",
            verified="R",
            article_text="",
            channel="Working group on ICT security",
            channel_href="channel.html",
            ref="ru-2026-0001",
            kind="assistance.request.refused",
            fields=[
                Row(label="Ground", value="Security or other essential interests"),
                Row(
                    label="Reasons",
                    value=(
                        "Execution in the form asked would disclose the identity of a protected "
                        "witness. Assistance under conditions was offered on 3 November 2026."
                    ),
                ),
            ],
        ),
        "signs": Row(name="C. Whitfield", office="National Security Council", capacity="coordinator"),
        "second": "An official of another office who may refuse requests",
        "next": [
            "The entry is appended to our log and sealed to both Parties.",
            "It is sent at once; their receipt is shown when their node has stored it.",
            "The request ends as refused in both records, with its ground.",
        ],
        "action": "#",
        "hidden": [("digest", DIGEST)],
        "back_href": "#",
    }
