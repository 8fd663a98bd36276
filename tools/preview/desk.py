"""Samples: signing in and the desk."""

from __future__ import annotations

from types import SimpleNamespace as Row

from tools.preview.cast import (
    ANSWER_TARGET,
    CONFIRM_WRITING,
    FROZEN,
    NOW,
    REF,
    THEIR_TARGET,
    at,
)
from tools.preview.sample_forms import LoginForm


def contexts(home: str) -> dict[str, dict]:
    """Give each page of the family its context, as the node of ``home`` shows it."""
    other = "ru" if home == "us" else "us"
    return {
        "login": {
            "form": LoginForm(),
            "next": "/",
            "note": "",
            "sso": [Row(label="Sign in with the national identity service", href="#")],
        },
        "desk": {
            "now": NOW,
            "needs": [
                Row(
                    title="Decide on a request to take testimony",
                    href="#",
                    ref="ru-2026-0002",
                    ours=False,
                    party="ru",
                    why="Lodged and receipted; nobody has taken it up yet.",
                    basis="Art. 7(1)",
                    basis_href="#",
                    verified="V",
                    clock=ANSWER_TARGET,
                ),
                Row(
                    title="Confirm in writing what was asked by telephone",
                    href="#",
                    ref=REF,
                    ours=True,
                    party="us",
                    why="The request lapses without a written confirmation.",
                    basis="Art. 5",
                    basis_href="#",
                    verified="S",
                    clock=CONFIRM_WRITING,
                ),
                Row(
                    title="Hash and receipt exhibit RU-E-0007",
                    href="#",
                    ref=REF,
                    ours=False,
                    party="ru",
                    why="Delivered whole at 09:52 UTC.",
                    basis="Art. 7(3)",
                    basis_href="#",
                    verified="V",
                    clock=None,
                ),
            ],
            "alerts": [
                Row(
                    channel="exampleexample22",
                    ref="ru-2026-0009",
                    href="#",
                    title="Ransomware stops dispatch in a regional grid",
                    severity="5",
                    graded="Emergency",
                    ours=False,
                    party="ru",
                    other="us",
                    standing="Raised",
                    tone="ours",
                    waits=True,
                    unanswered=True,
                    exercise=False,
                    raised_at=at(3, 14, 2),
                    clock=ANSWER_TARGET,
                )
            ],
            "raise_href": "#",
            "seconds": [
                Row(
                    title="Refuse the request",
                    href="confirm_second.html",
                    ref="ru-2026-0001",
                    prepared_by="A. Marlow",
                    office="Office of International Affairs",
                    at=at(3, 14, 2),
                )
            ],
            "duty": {
                "calls": [
                    Row(
                        pk=7,
                        title="A new alert to us",
                        severity=5,
                        ref="ru-2026-0911",
                        party=other,
                        at=at(3, 15, 2),
                        href="#",
                        was_on_duty=True,
                        exercise=False,
                    )
                ],
                "count": 1,
                "latest": 7,
                "sound": False,
                "zone": "UTC",
                "on_duty": [Row(order=1, official="A. Marlow", ends=at(3, 22, 0))],
                "gaps": [Row(begins=at(4, 2, 0), ends=at(4, 6, 0))],
                "unread": [Row(pk=1)],
                "late": [
                    Row(
                        ref="ru-2026-0910",
                        party=other,
                        ours=False,
                        exercise=False,
                        due_at=at(3, 14, 0),
                        href="#",
                        course="#",
                    )
                ],
                "failing": [
                    Row(
                        official="A. Marlow",
                        way="mail",
                        last_error="the mail server refused it: 550",
                        failed_at=at(3, 14, 9),
                    )
                ],
                "given_up": 1,
            },
            "our_clocks": [ANSWER_TARGET, CONFIRM_WRITING],
            "their_clocks": [THEIR_TARGET, FROZEN],
            "channels": [
                Row(
                    name="Working group on ICT security",
                    href="channel.html",
                    party=other,
                    standing="Open",
                    tone="open",
                    last_heard=at(3, 15, 19),
                    unreceipted=2,
                    oldest_unreceipted=at(3, 9, 18),
                    silent=False,
                ),
                Row(
                    name="Protection of critical infrastructure",
                    href="#",
                    party=other,
                    standing="Suspended by them",
                    tone="frozen",
                    last_heard=at(1, 8, 0),
                    unreceipted=0,
                    oldest_unreceipted=None,
                    is_closed=True,
                    silent=True,
                ),
                Row(
                    name="24/7 contact point",
                    href="#",
                    party=other,
                    standing="Open",
                    tone="open",
                    last_heard=at(3, 15, 15),
                    unreceipted=0,
                    oldest_unreceipted=None,
                    silent=False,
                ),
            ],
        },
    }
