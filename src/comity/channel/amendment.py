"""What an amendment of the charter says besides its instruments: purpose, languages, a coordinator.

It is the payload of ``channel.amendment.proposed``: texts under ``fields``, as in everything one party
drafts. What is not said, or cannot be read, changes nothing.

Follows: docs/spec/charter.md, Amendment.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from comity.channel.charter import MAX_LIST, MAX_SHORT, MAX_TEXT
from comity.entries import readable

if TYPE_CHECKING:
    from collections.abc import Mapping

_TAG: Final = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,3}", re.ASCII)
_APART: Final = re.compile(r"[,;\s]+")


@dataclass(frozen=True, slots=True)
class Wording:
    """The words of a charter that an amendment can change; empty where it leaves one as it is.

    Attributes:
        purpose: What the channel is for.
        languages: BCP 47 tags.
        coordinator: Office, capacity and how it is reached, of the party that proposes; one line.
        faults: What was written and cannot be read, by the name of its field.
    """

    purpose: str = ""
    languages: tuple[str, ...] = ()
    coordinator: str = ""
    faults: tuple[str, ...] = ()


def read_wording(document: Mapping[str, object] | None) -> Wording:
    """Read the payload of an amendment, whatever it is made of."""
    fields = (document or {}).get("fields")
    said = fields if isinstance(fields, dict) else {}
    purpose, tags, line = (_text(said.get(name)) for name in ("purpose", "languages", "coordinator"))
    languages = tuple(dict.fromkeys(filter(None, _APART.split(tags))))
    fit = {
        "purpose": len(purpose) <= MAX_TEXT and "\x00" not in purpose,
        "languages": len(languages) <= MAX_LIST and all(map(_TAG.fullmatch, languages)),
        "coordinator": not line or readable(line, most=3 * MAX_SHORT),
    }
    return Wording(
        purpose=purpose if fit["purpose"] else "",
        languages=languages if fit["languages"] else (),
        coordinator=line if fit["coordinator"] else "",
        faults=tuple(name for name, is_fit in fit.items() if not is_fit),
    )


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""
