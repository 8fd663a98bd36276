"""Samples: requests and drafts."""

from __future__ import annotations

import tomllib
from pathlib import Path
from types import SimpleNamespace as Row

from tools.preview.cast import (
    ACTS,
    ANSWER_TARGET,
    CHANNEL,
    CONFIRM_WRITING,
    DIGEST,
    EMPTY,
    FROZEN,
    NAMES,
    NOW,
    PAGES,
    REF,
    THEIR_TARGET,
    TITLE,
    TREATY,
    at,
    columns,
    record,
    side,
)
from tools.preview.sample_forms import DraftForm, Filters


def contexts(home: str) -> dict[str, dict]:
    """Give each page of the family its context, as the node of ``home`` shows it."""
    other = "ru" if home == "us" else "us"
    ours, theirs = side(home, home), side(other, home)
    lines = record(home)
    mine = [line for line in lines if line.procedure == REF]
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
    letter = tomllib.loads((Path(__file__).parent / "letter.toml").read_text())
    request_ = Row(
        ref=REF,
        title=TITLE,
        ours=home == "us",
        sort="Request for legal assistance",
        words={"requesting": "requesting Party", "requested": "requested Party"},
        requesting="us",
        requested="ru",
        standing="Accepted for execution",
        tone="theirs" if home == "us" else "ours",
        channel=CHANNEL,
        channel_name="Working group on ICT security",
        channel_href="channel.html",
        instrument=TREATY,
        instrument_href="instrument.html",
        verified="P",
    )
    trail = [Row(label="Requests", href="request_list.html"), Row(label=REF, href="")]

    def request(tab: str, **more: object) -> dict:
        names = [
            ("overview", "Overview"),
            ("basis", "Legal basis"),
            ("correspondence", "Correspondence"),
            ("evidence", "Evidence"),
            ("deadlines", "Deadlines"),
            ("log", "Log"),
        ]
        tabs = [
            Row(
                label=label,
                href=f"request_{key}.html",
                current=key == tab,
                count=len(exhibits) if key == "evidence" else 0,
            )
            for key, label in names
        ]
        return {
            "request_": request_,
            "tab": tab,
            "tabs": tabs,
            "trail": trail,
            "acts": ACTS,
            "now": NOW,
            **more,
        }

    return {
        "request_list": {
            **filters,
            "columns": columns("Request", "Requesting", "Legal basis", "Standing", "Clock", "Last entry"),
            "rows": [
                Row(
                    ref=REF,
                    href="request_overview.html",
                    title=TITLE,
                    ours=home == "us",
                    party="us",
                    instrument="Treaty of 1999, Art. 2",
                    verified="S",
                    standing="Accepted for execution",
                    tone="theirs",
                    clock=None,
                    changed_at=at(3, 12, 6),
                ),
                Row(
                    ref="ru-2026-0001",
                    href="#",
                    title="Subscriber records of two electronic mail accounts",
                    ours=home == "ru",
                    party="ru",
                    instrument="Treaty of 1999, Art. 2",
                    verified="S",
                    standing="In consultation",
                    tone="ours",
                    clock=ANSWER_TARGET,
                    changed_at=at(3, 9, 18),
                ),
            ],
        },
        "request_overview": request(
            "overview",
            missing=[Row(label="Penalties for the offences cited", href="#")],
            facts=[
                Row(label="Authority conducting the proceeding", value="Federal Bureau of Investigation"),
                Row(label="Offences", value="Unauthorised access to computers, extortion"),
                Row(
                    label="Assistance sought", value="Documents, records and other items; search and seizure"
                ),
                Row(
                    label="Use",
                    value="Only in the matter named, unless the requested Party consents (Art. 9)",
                ),
            ],
            texts=[
                Row(
                    label="English, as lodged",
                    own_language="en",
                    own=letter["en"],
                    other_language="ru",
                    other=letter["ru"],
                    translation_by="US, entry US 2",
                )
            ],
        ),
        "request_basis": request(
            "basis",
            precedence=(
                "The bilateral treaty prevails over fallback instruments; nobody has recorded "
                "that another applies in lieu."
            ),
            edition=Row(since=at(1, 14, 5), digest=DIGEST),
            provisions=[
                Row(
                    article="Art. 2",
                    verified="S",
                    href="#",
                    says="Documents, records and other items; search and seizure.",
                    applies="Both kinds of assistance asked for are within the scope.",
                ),
                Row(
                    article="Art. 5",
                    verified="P",
                    href="#",
                    says="Form and contents of a request.",
                    applies="One item of the list is missing.",
                ),
                Row(
                    article="Art. 7(3)",
                    verified="V",
                    href="#",
                    says="Executed under the law of the requested Party.",
                    applies="No special procedure was asked for.",
                ),
            ],
        ),
        "request_correspondence": request("correspondence", entries=mine, ours=ours, theirs=theirs),
        "request_evidence": request("evidence", exhibits=exhibits),
        "request_deadlines": request(
            "deadlines", clocks=[CONFIRM_WRITING, ANSWER_TARGET, THEIR_TARGET, FROZEN]
        ),
        "request_log": request(
            "log",
            rows=[
                Row(
                    ref=line.ref,
                    title=line.title,
                    href="entry.html",
                    at=line.at,
                    leaf_hash=DIGEST,
                    receipt=line.receipt,
                    sent_at=line.at if line.receipt else None,
                    reader=other if line.ours else home,
                    proof_href="#" if line.receipt else "",
                )
                for line in mine[-3:]
            ],
        ),
        "draft": {
            "act_label": "Lodge a request",
            "ref": REF,
            "instrument": TREATY,
            "verified": "P",
            "form": (form := DraftForm({"authority": "Office of International Affairs"})),
            "fields": [form[name] for name in ("authority", "offences", "assistance", "confidential")],
            "pairs": [(form["facts_en"], form["facts_ru"])],
            "missing": [
                Row(label="Offences", href="#id_offences"),
                Row(label="Assistance sought", href="#id_assistance"),
            ],
            "saved_at": at(3, 15, 2),
            "recipients": f"{NAMES[other]}, all authorities of the charter. Sealed to their keys and ours.",
            "back_href": "#",
        },
    }
