"""Samples: channels."""

from __future__ import annotations

from types import SimpleNamespace as Row

from tools.preview.cast import (
    CHANNEL,
    EMPTY,
    NAMES,
    NOW,
    PAGES,
    TREATY,
    act,
    at,
    columns,
    record,
    side,
)
from tools.preview.sample_forms import Filters


def contexts(home: str) -> dict[str, dict]:
    """Give each page of the family its context, as the node of ``home`` shows it."""
    other = "ru" if home == "us" else "us"
    ours, theirs = side(home, home), side(other, home)
    lines = record(home)
    filters = {
        "filters": Filters({}),
        "pages": PAGES,
        "empty": EMPTY,
        "reset_href": "#",
        "exports": [{"label": "CSV", "href": "#"}, {"label": "JSON", "href": "#"}],
        "new_href": "#",
        "now": NOW,
    }
    return {
        "channel_list": {
            **filters,
            "columns": columns(
                "Channel",
                "Counterpart",
                "Legal basis",
                "Standing",
                "Entries, ours | theirs",
                "No receipt",
                "Last heard",
                numbers=("Entries, ours | theirs", "No receipt"),
            ),
            "rows": [
                Row(
                    name="Working group on ICT security",
                    href="channel.html",
                    party=other,
                    party_name=NAMES[other],
                    basis=TREATY,
                    basis_href="#",
                    verified="P",
                    standing="Open",
                    tone="open",
                    ours_size=6,
                    theirs_size=6,
                    unreceipted=2,
                    last_heard=at(3, 15, 19),
                ),
                Row(
                    name="Protection of critical infrastructure",
                    href="#",
                    party=other,
                    party_name=NAMES[other],
                    basis="Arrangement of 16 June 2021",
                    basis_href="#",
                    verified="S",
                    standing="Suspended by them",
                    tone="frozen",
                    ours_size=41,
                    theirs_size=38,
                    unreceipted=0,
                    last_heard=at(1, 8, 0),
                ),
            ],
        },
        "channel": {
            "channel": Row(
                id=CHANNEL,
                name="Working group on ICT security",
                standing="Open",
                tone="open",
                basis=TREATY,
                basis_href="#",
                verified="P",
            ),
            "ours": ours,
            "theirs": theirs,
            "halves": [
                Row(
                    code=party.code,
                    name=party.name,
                    ours=party.ours,
                    size=6,
                    receipted=4 if party.ours else 6,
                    receipted_at=at(3, 9, 41),
                    checkpoint_href="#",
                    last_heard=at(3, 15, 19),
                    coordinator="National Security Council" if party.code == "us" else "Security Council",
                )
                for party in (ours, theirs)
            ],
            "entries": lines,
            "by_procedure": False,
            "now": NOW,
            "time_href": "#",
            "procedure_href": "#",
            "lost": None,
            "suspensions": [],
            "acts": [
                act("Lodge a request", "Art. 5", "P", weight="primary"),
                act(
                    "Suspend our side",
                    "practice: charter, section 6",
                    "V",
                    second="a coordinator of another office",
                ),
                act(
                    "Propose resumption", "practice: charter, section 6", "V", because="the channel is open."
                ),
            ],
            "obligations": [
                Row(
                    text="Return or destroy the material of us-2026-0001",
                    ours=home == "us",
                    party="us",
                    basis="Art. 9",
                    verified="P",
                    href="#",
                ),
                Row(
                    text="Report the outcome of us-2026-0001",
                    ours=home == "ru",
                    party="ru",
                    basis="Art. 7",
                    verified="P",
                    href="#",
                ),
            ],
        },
    }
