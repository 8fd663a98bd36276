"""What the doctor says of one thing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        subject: What was looked at.
        state: ``ok``; ``note``: worth knowing; ``wrong``: the node cannot do its work.
        says: What was found.
        remedy: What to do, where something is to be done.
    """

    subject: str
    state: Literal["ok", "note", "wrong"]
    says: str
    remedy: str = ""
