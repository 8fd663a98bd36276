"""Samples: logs, entries, proofs."""

from __future__ import annotations

from types import SimpleNamespace as Row

from tools.preview.cast import (
    CHANNEL,
    DIGEST,
    EMPTY,
    NAMES,
    NOW,
    PAGES,
    REF,
    at,
    columns,
    record,
    ref,
)
from tools.preview.sample_forms import Filters, ProofForm

LEAF = (
    '{"v":1,"kind":"assistance.request.lodged","at":"2026-11-01T14:05:31Z","by":{"office":"OIA","cap'
    'acity":"case-officer"},"ref":"us-2026-0001","re":[],"seen":{"ru.comity/wgict2021mosgen5":1},"st'
    'ated":{"instrument":"mlat-us-ru-1999"},"payload":{"sha256":"9f2c61f0c2a34d5be0a77d4bd0d9b1a4fb7'
    'c6f1a5f3e8b7f1d2c3b4a59687706","size":48211}}'
)
CHECKPOINT = f"""us.comity/{CHANNEL}
6
n2xh8MKjTVvgp31L0NmxpPt8bxpfPot/HSw7SllodwY=

— us.comity/{CHANNEL} 0a1b2c3dQ1v…
"""
TITLE = "Records and seized devices in the matter of the group known as REvil"


def contexts(home: str) -> dict[str, dict]:
    """Give each page of the family its context, as the node of ``home`` shows it."""
    other = "ru" if home == "us" else "us"
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
        "log": {
            **filters,
            "log": Row(
                origin=f"{home}.comity/{CHANNEL}",
                channel=CHANNEL,
                ours=True,
                party=home,
                party_name=NAMES[home],
                size=6,
                root=DIGEST,
                checkpoint=CHECKPOINT,
                checkpoint_href="#",
                signed_at=at(3, 12, 6, 40),
            ),
            "others": [Row(origin=f"{other}.comity/{CHANNEL}", href="#")],
            "cosignatures": [
                Row(
                    name=f"{other}.comity/mirror",
                    role="mirror of the counterpart",
                    at=at(3, 9, 41),
                    size=4,
                    algorithm="Ed25519, ML-DSA-44",
                ),
                Row(
                    name="x-witness.comity/witness",
                    role="neutral witness",
                    at=at(3, 12, 7),
                    size=6,
                    algorithm="Ed25519, ML-DSA-44",
                ),
            ],
            "columns": columns("Entry", "Act", "Authored", "Receipt", "Leaf hash", "Proof"),
            "rows": [
                Row(
                    ref=line.ref,
                    href="entry.html",
                    title=line.title,
                    procedure=line.procedure,
                    at=line.at,
                    leaf_hash=DIGEST,
                    receipt=line.receipt,
                    irregular="Irregular" if line.irregular else "",
                    proof_href="#" if line.receipt else "",
                )
                for line in reversed(lines)
                if line.ours
            ],
        },
        "entry": {
            "entry": Row(
                ref=ref("us", 1),
                title="Request lodged",
                kind="assistance.request.lodged",
                procedure=REF,
                procedure_href="#",
                at=at(1, 14, 5, 31),
                by="Office of International Affairs, case officer",
                ours=home == "us",
                party="us",
                party_name=NAMES["us"],
                reader="ru",
                sent_at=at(1, 14, 5, 31),
                receipt=Row(at=at(1, 14, 5, 33), size=2),
                irregular="",
                remark="",
                leaf_hash=DIGEST,
                leaf=LEAF,
                article="Art. 5",
                article_href="procedure.html",
                verified="P",
                answers=[],
                answered_by=[
                    Row(ref=ref("ru", 1), href="#", title="Receipt acknowledged by the central authority")
                ],
                seen=[Row(origin=f"ru.comity/{CHANNEL}", size=1)],
            ),
            "payload": Row(
                size=48211,
                sha256=DIGEST,
                erased_at=None,
                fields=[
                    Row(label="Authority conducting the proceeding", value="Federal Bureau of Investigation"),
                    Row(
                        label="Summary of the facts",
                        value=(
                            "Between April 2019 and July 2021 persons using the name REvil "
                            "entered the networks of several undertakings and demanded payment."
                        ),
                    ),
                ],
                text="{…}",
            ),
            "proof_href": "#",
            "translations": [Row(language="Русский", by="entry US 2", href="#")],
        },
        "verify": {
            "form": ProofForm(),
            "result": Row(
                holds=True,
                verdict="The proof holds",
                subject=[
                    Row(label="Entry", value=f"us.comity/{CHANNEL}#1"),
                    Row(label="Act", value="assistance.request.lodged, us-2026-0001"),
                ],
                checks=[
                    Row(holds=True, text="The file is well formed.", because=""),
                    Row(
                        holds=True,
                        text="The entry is in the tree of size 2.",
                        because="Inclusion path of 1 hash.",
                    ),
                    Row(holds=True, text="The author signed that tree.", because="Ed25519 and ML-DSA-44."),
                    Row(
                        holds=True,
                        text="The counterpart's mirror cosigned it.",
                        because="1 November 2026, 14:05:33 UTC.",
                    ),
                ],
                proven=[
                    "The United States of America wrote this entry, with exactly these bytes.",
                    "The Russian Federation held it, content included, by 1 November 2026, 14:05:33 UTC.",
                ],
                not_proven=[
                    "What the sealed content says: its hash is shown, the content was not given.",
                    "That anybody has read it.",
                ],
                report_href="#",
            ),
        },
        "verify_failed": {
            "form": ProofForm(),
            "result": Row(
                holds=False,
                verdict="The proof does not hold",
                subject=[Row(label="Entry", value=f"us.comity/{CHANNEL}#1")],
                checks=[
                    Row(holds=True, text="The file is well formed.", because=""),
                    Row(
                        holds=False,
                        text="The entry is not in the tree of size 2.",
                        because="The path leads to another root.",
                    ),
                ],
                proven=[],
                not_proven=["That this entry was ever in the log."],
                report_href="",
            ),
        },
    }
