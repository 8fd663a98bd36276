"""An act: what an official is about to put on record, before it is an entry."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING

import msgspec

from comity.entries import Capacity

if TYPE_CHECKING:
    from collections.abc import Mapping

    from comity.names import EntryRef

__all__ = ["Act", "Capacity"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Everything an entry will say, except what the moment of signing decides.

    Attributes:
        channel: Channel it belongs to.
        kind: Entry kind, as ``assistance.request.refused``.
        ref: Reference of the procedure.
        answers: Entries it answers.
        stated: Codes that stand in the open header.
        payload: Content to be sealed to every party, or None.
    """

    channel: str
    kind: str
    ref: str
    answers: tuple[EntryRef, ...] = ()
    stated: Mapping[str, str | list[str]] = field(default_factory=dict)
    payload: Mapping[str, object] | None = None

    def text(self) -> str:
        """The exact text to be signed, one line a fact, the same for everyone who is shown it."""
        lines = [f"{self.kind}", f"channel {self.channel}", f"reference {self.ref}"]
        lines += [f"answers {ref}" for ref in self.answers]
        for code, value in sorted(self.stated.items()):
            lines += [f"states {code}: {one}" for one in ([value] if isinstance(value, str) else value)]
        if self.payload is not None:
            lines += ["", self.document().decode()]
        return "\n".join(lines)

    def digest(self) -> str:
        """SHA-256 of the exact text: pages carry it on, so that what is signed is what was read."""
        return sha256(self.text().encode()).hexdigest()

    def document(self) -> bytes:
        """The payload as it is sealed: JSON, keys sorted, readable when opened with the age tool alone."""
        text = json.dumps(self.payload, ensure_ascii=False, sort_keys=True, allow_nan=False)
        return msgspec.json.format(text.encode(), indent=1)  # the other lays out ten times as slowly
