"""Samples: exhibits."""

from __future__ import annotations

from types import SimpleNamespace as Row

from tools.preview.cast import (
    DIGEST,
    EMPTY,
    NOW,
    PAGES,
    REF,
    act,
    at,
    ref,
)
from tools.preview.sample_forms import Filters


def contexts(home: str) -> dict[str, dict]:
    """Give each page of the family its context, as the node of ``home`` shows it."""
    filters = {
        "filters": Filters({}),
        "pages": PAGES,
        "empty": EMPTY,
        "reset_href": "#",
        "exports": [{"label": "CSV", "href": "#"}, {"label": "JSON", "href": "#"}],
        "new_href": "#",
        "now": NOW,
    }
    exhibits = [
        Row(
            number="RU-E-0007",
            title="Forensic image of a laptop computer",
            href="exhibit.html",
            size=274_877_906_944,
            sha256=DIGEST,
            custodian="Investigative Department, evidence store",
            since=at(3, 9, 40),
            sealed=True,
            state="handed over, receipt pending",
        ),
        Row(
            number="RU-E-0008",
            title="Extract of payment records",
            href="exhibit.html",
            size=18_240_112,
            sha256=DIGEST[::-1],
            custodian="Office of International Affairs",
            since=at(3, 9, 40),
            sealed=True,
            state="received and hashed again",
        ),
    ]

    def hand(**more: object) -> Row:
        return Row(
            **{
                "basis": "Art. 7(3)",
                "verified": "V",
                "hash_agrees": None,
                "seal": "",
                "condition": "",
                "receipt": Row(at=at(3, 9, 41), size=6),
                "entry_href": "entry.html",
                "purpose": "",
                **more,
            }
        )

    return {
        "exhibit": {
            "exhibit": Row(
                **{
                    **vars(exhibits[0]),
                    "root": "RU-E-0007",
                    "description": (
                        "Solid-state drive, 256 GB, taken from a laptop computer at the second address."
                    ),
                    "sha512": DIGEST + DIGEST,
                    "ref": REF,
                    "ref_href": "#",
                    "marking": "TLP:AMBER+STRICT · only for the matter named",
                }
            ),
            "hands": [
                hand(
                    title="Seized",
                    ours=home == "ru",
                    party="ru",
                    by="Investigative Department",
                    at=at(
                        1,
                        6,
                        15,
                    ),
                    place="Moscow",
                    purpose="search under the order of 31 October 2026",
                    entry=ref("ru", 2),
                    seal="0047731",
                ),
                hand(
                    title="Imaged and hashed",
                    ours=home == "ru",
                    party="ru",
                    by="Forensic laboratory",
                    at=at(2, 10, 30),
                    place="Moscow",
                    purpose="write-blocked acquisition",
                    entry=ref("ru", 4),
                    condition="Seal 0047731 intact before, 0047732 after.",
                ),
                hand(
                    title="Handed over",
                    ours=home == "ru",
                    party="ru",
                    by="Prosecutor General's Office",
                    at=at(3, 9, 40, 33),
                    place="by this node",
                    purpose="execution of us-2026-0001",
                    entry=ref("ru", 5),
                ),
                hand(
                    title="Received",
                    ours=home == "us",
                    party="us",
                    by="Office of International Affairs",
                    at=at(3, 9, 52, 10),
                    place="by this node",
                    entry=ref("us", 5),
                    hash_agrees=True,
                    receipt=None,
                ),
            ],
            "acts": [act("Receipt the hand-over", "Art. 7(3)", weight="primary")],
            "exports": [
                Row(label="Custody record", href="#", format="CASE/UCO JSON-LD"),
                Row(label="Certificate for seized items", href="#", format="PDF, form E"),
                Row(label="Everything, to be verified offline", href="#", format="bundle, 256 GiB"),
            ],
        },
        "exhibit_list": {**filters, "exhibits": exhibits},
    }
