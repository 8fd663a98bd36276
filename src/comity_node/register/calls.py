"""How whatever happens here calls officers, without knowing who is on duty or how they are reached.

A room, or what stands above it, says that something has come up which somebody should look at now. Whoever
keeps the roster hears it within the same transaction: what it keeps of its own is never behind the record.
A call of the same key is one call, however often it is said.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """Something that an officer should look at.

    Attributes:
        source: What sort of thing it is, by a code the roster's table of sources has: ``talk``, ``check``.
        key: What makes it one call and no other, such as an entry; said again, it calls nobody again.
        severity: 0 to 5; None for what the table says of the source.
        channel: The channel concerned; empty if none.
        ref: The procedure concerned; empty if none.
        party: The other party concerned; empty if none.
        exercise: Whether nothing of it is meant.
    """

    source: str
    key: str
    severity: int | None = None
    channel: str = ""
    ref: str = ""
    party: str = ""
    exercise: bool = False


Hearer = Callable[[Call], None]
Ender = Callable[[str, str, str], None]
_HEARERS: Final[list[Hearer]] = []
_ENDERS: Final[list[Ender]] = []


def hear(hearer: Hearer, ender: Ender) -> None:
    """Have whoever keeps the roster told of every call, and of its end. Called once, when the node starts."""
    _HEARERS.append(hearer)
    _ENDERS.append(ender)


def call(said: Call) -> None:
    """Call the officers on duty."""
    for hearer in _HEARERS:
        hearer(said)


def over(source: str, channel: str, ref: str) -> None:
    """Say that what officers were called for in a procedure has been seen to: nobody is called any more."""
    for ender in _ENDERS:
        ender(source, channel, ref)
