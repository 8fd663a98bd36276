"""Texts of an instrument as they are shown to whoever checks it: what hides or reorders letters is spelt."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any, Final

import msgspec

from comity.entries.entry import readable

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST: Final = 400  # of a finding or an error: it quotes what may have been written to fill a screen
_WRITTEN_OUT: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,59}", re.ASCII)
_ID: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,59}", re.ASCII)
_LONGEST_TEXT: Final = 10_000


def written_out(text: str) -> str:
    """A text on one line of bounded length, in the order it is stored in: ``state [U+202E]nepo``."""
    shown = "".join(
        f"[U+{ord(letter):04X}]" if unicodedata.category(letter) in _WRITTEN_OUT else letter
        for letter in text[: LONGEST + 1]
    )
    return shown if len(shown) <= LONGEST else f"{shown[:LONGEST]}…"


def illegible(instrument: msgspec.Struct) -> Iterator[tuple[str, str]]:
    """Names that are none, and texts that show as something else than they are: the place, and what."""
    for place, key, text in _texts(msgspec.to_builtins(instrument), ""):
        if key == "id" and not (_NAME if place else _ID).fullmatch(text):
            yield (
                place or "id",
                f"{text[:60]!r} is no name: a letter, then letters, digits and low lines",
            )
        elif not all(_reads(line) for line in text.split("\n")):
            yield f"{place}.{key}".lstrip("."), f"is no readable text: {text[:60]!r}"


def _reads(line: str) -> bool:
    plain = line.strip(" ")
    return not plain or readable(plain, most=_LONGEST_TEXT)


def _texts(value: Any, place: str, key: str = "") -> Iterator[tuple[str, str, str]]:  # noqa: ANN401 - a document
    """Every text in a document: where it stands, by names where there are names, under which key, and it."""
    if isinstance(value, str):
        yield place, key, value
    elif isinstance(value, dict):
        for name, one in value.items():
            yield place, "key", name
            yield from _texts(one, place if isinstance(one, str) else f"{place}/{name}".lstrip("/"), name)
    elif isinstance(value, (list, tuple)):
        for at, one in enumerate(value, 1):
            name = one.get("id") or one.get("number") or at if isinstance(one, dict) else at
            yield from _texts(one, place if isinstance(one, str) else f"{place} {name}", key)
