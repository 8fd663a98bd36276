"""Entries in their one spelling. Follows: docs/spec/entries.md."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from conformance.peer.notes import Refused

if TYPE_CHECKING:
    from collections.abc import Callable

FIELDS = ("v", "kind", "at", "by", "ref", "re", "seen", "stated", "payload")


def encode(**said: Any) -> bytes:
    """An entry: fields in their order, what is empty left out, keys of maps by their code points."""
    for name in ("seen", "stated"):
        if name in said:
            said[name] = dict(sorted(said[name].items()))
    ordered = {name: said[name] for name in FIELDS if said.get(name) not in (None, [], {})}
    return json.dumps(ordered, ensure_ascii=False, separators=(",", ":")).encode()


def write(kind: str, ref: str, *, sealed: bytes | None = None, **said: Any) -> bytes:
    """An entry of an office, now."""
    digest = {"sha256": hashlib.sha256(sealed).hexdigest(), "size": len(sealed)} if sealed else None
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    fields = {
        "v": 1,
        "kind": kind,
        "at": now,
        "by": {
            "office": "ministry",
            "capacity": "coordinator",
            "second": {"office": "prosecution", "capacity": "coordinator"},
        },
        "ref": ref,
        "payload": digest,
    }
    return encode(**{**fields, **said})


def decode(leaf: bytes) -> dict[str, Any]:
    """An entry, if it is in its one spelling and each field in its form."""
    if len(leaf) > 65535:
        raise Refused("an entry has at most 65,535 bytes")
    try:
        said = json.loads(leaf)
    except (ValueError, RecursionError) as error:
        raise Refused("an entry is not JSON") from error
    if not isinstance(said, dict) or not said.keys() <= set(FIELDS):
        raise Refused("an entry has a field that no entry has")
    entry = {
        "v": None,
        "kind": "",
        "at": "",
        "by": {},
        "ref": "",
        "re": [],
        "seen": {},
        "stated": {},
        "payload": None,
    }
    entry |= said
    wrong = [name for name, holds in _FORMS.items() if not _holds(holds, entry[name])]
    if wrong or encode(**said) != leaf:
        raise Refused(f"an entry is not in its one spelling, or {wrong} are out of their form")
    return entry


def _holds(holds: Callable[[Any], object], value: Any) -> bool:
    try:
        return bool(holds(value))
    except (TypeError, ValueError, AttributeError, KeyError):
        return False


def _is_instant(at: str) -> bool:
    return bool(
        re.fullmatch(r"\d{4}-\d\d-\d\dT([01]\d|2[0-3]):\d\d:\d\dZ", at) and datetime.fromisoformat(at)
    )


def _is_readable(text: str) -> bool:
    categories = {unicodedata.category(letter) for letter in text}
    return (
        0 < len(text) <= 120
        and text == text.strip()
        and text == unicodedata.normalize("NFC", text)
        and not categories & {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
    )


def _is_capacity(by: dict[str, Any], *more: str) -> bool:
    names = by.keys() - set(more)
    return names == {"office", "capacity"} and all(_is_readable(by[name]) for name in names)


def _is_stated(stated: dict[str, Any]) -> bool:
    lists = {code: [value] if isinstance(value, str) else value for code, value in stated.items()}
    return len(stated) <= 16 and all(
        re.fullmatch("[a-z][a-z0-9_]{0,40}", code)
        and 1 <= len(values) <= 32
        and all(map(_is_readable, values))
        for code, values in lists.items()
    )


_PARTY = "(?:[a-z]{2}|x-[a-z0-9](?:[a-z0-9-]{0,28}[a-z0-9])?)"
_REF = rf"{_PARTY}\.comity/[a-z2-7]{{16,32}}#(?:0|[1-9][0-9]{{0,18}})"
_FORMS: dict[str, Callable[[Any], object]] = {
    "v": lambda v: v == 1 and v is not True,
    "kind": lambda kind: re.fullmatch(r"[a-z][a-z_]{0,30}(?:\.[a-z][a-z_]{0,30}){1,3}", kind),
    "at": _is_instant,
    "by": lambda by: _is_capacity(by, "second") and ("second" not in by or _is_capacity(by["second"])),
    "ref": lambda ref: re.fullmatch("[a-z0-9][a-z0-9-]{0,62}[a-z0-9]", ref),
    "re": lambda refs: (
        len(refs) <= 32 and len(set(refs)) == len(refs) and all(re.fullmatch(_REF, one) for one in refs)
    ),
    "seen": lambda seen: (
        len(seen) <= 50 and all(re.fullmatch(_PARTY, one) and 0 <= size < 2**63 for one, size in seen.items())
    ),
    "stated": _is_stated,
    "payload": lambda one: (
        one is None
        or (
            one.keys() == {"sha256", "size"}
            and re.fullmatch("[0-9a-f]{64}", one["sha256"])
            and one["size"] >= 0
        )
    ),
}
