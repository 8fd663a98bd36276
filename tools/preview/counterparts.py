"""Samples: counterparts, passports, the ceremony."""

from __future__ import annotations

from types import SimpleNamespace as Row

from tools.preview.cast import (
    DIGEST,
    EMPTY,
    NAMES,
    TREATY,
    act,
    at,
    columns,
)
from tools.preview.sample_forms import CeremonyForm


def contexts(home: str) -> dict[str, dict]:
    """Give each page of the family its context, as the node of ``home`` shows it."""
    other = "ru" if home == "us" else "us"
    return {
        "counterpart_list": {
            "columns": columns(
                "Counterpart",
                "Trust",
                "Passport",
                "Compared",
                "Channels",
                "Last heard",
                numbers=("Passport", "Channels"),
            ),
            "import_href": "#",
            "empty": EMPTY,
            "rows": [
                Row(
                    code=other,
                    name=NAMES[other],
                    href="passport.html",
                    trust="Compared by voice",
                    tone="done",
                    passport_version=3,
                    checked_at=at(1, 8, 0),
                    channels=3,
                    last_heard=at(3, 15, 19),
                ),
                Row(
                    code="vn",
                    name="Socialist Republic of Viet Nam",
                    href="#",
                    trust="To be compared",
                    tone="ours",
                    passport_version=1,
                    checked_at=None,
                    channels=0,
                    last_heard=None,
                ),
            ],
        },
        "passport": {
            "party": Row(
                code=other,
                name=NAMES[other],
                ours=False,
                trust="Compared by voice",
                tone="done",
                version=3,
                signed_at=at(1, 7, 30),
                checked_at=at(1, 8, 0),
                checked_by="A. Marlow",
                address="https://comity.example",
            ),
            "names": [
                Row(language="en", called="English", name=NAMES[other]),
                Row(language="ru", called="Русский", name="Российская Федерация"),
                Row(language="vi", called="Tiếng Việt", name="Liên bang Nga"),
                Row(language="ar", called="العربية", name="الاتحاد الروسي"),
            ],
            "keys": [
                Row(
                    use="Identity", name=f"{other}.comity", algorithm="Ed25519, ML-DSA-44", fingerprint=DIGEST
                ),
                Row(
                    use="Mirror",
                    name=f"{other}.comity/mirror",
                    algorithm="Ed25519, ML-DSA-44",
                    fingerprint=DIGEST[::-1],
                ),
            ],
            "authorities": [
                Row(name="Prosecutor General's Office", roles="central authority", instruments=TREATY),
                Row(name="Security Council", roles="coordinator", instruments="Arrangement of 16 June 2021"),
            ],
            "contacts": [
                Row(
                    kind="24/7",
                    name="Duty officer",
                    how="+7 000 000 00 00",
                    hours="always",
                    languages="Russian, English",
                )
            ],
            "acts": [act("Compare fingerprints again", "practice: trust", "V")],
            "download_href": "#",
            "history": [Row(version=3, at=at(1, 7, 30), change="New mirror key")],
        },
        "ceremony": {
            "party": Row(code=other, name=NAMES[other]),
            "form": CeremonyForm(),
            "back_href": "#",
            "theirs": Row(
                words=[
                    "harbour",
                    "anvil",
                    "linen",
                    "orchard",
                    "violin",
                    "copper",
                    "meadow",
                    "signal",
                    "lantern",
                    "marble",
                    "timber",
                    "falcon",
                ],
                digits=["48213", "90277", "11806", "55930", "27714", "60482", "39915", "08264"],
            ),
            "ours": Row(
                words=[
                    "bridge",
                    "saffron",
                    "walnut",
                    "compass",
                    "river",
                    "granite",
                    "candle",
                    "pelican",
                    "thread",
                    "window",
                    "autumn",
                    "silver",
                ],
                digits=["70155", "23948", "66027", "81390", "44172", "09563", "27718", "51204"],
            ),
        },
    }
