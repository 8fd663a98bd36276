"""Calling back in an emergency: the words each officer says, and whether the right ones were heard."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from comity.errors import ComityError
from comity.keys.spoken import CodeWords
from comity_node.register import payloads

if TYPE_CHECKING:
    from comity_node.assistance.detail import Detail

CALLED_BACK: Final = "called_back"
HEARD: Final = "heard"


@dataclass(frozen=True, slots=True)
class Call:
    """A call-back as one side makes or takes it.

    Attributes:
        ours: We are called: both halves are known to us. Whoever calls is shown its own half only, and has to
            hear the other.
        say: What the caller says.
        answer: What the called one answers; empty on the side of the caller.
    """

    ours: bool
    say: str
    answer: str


def words(found: Detail) -> CodeWords | None:
    """The code words of a request; None where it knows no call-back, or its text cannot be opened."""
    at = found.opened_at
    if CALLED_BACK not in found.procedure.act_of or at is None:
        return None
    opening = found.entry_at(at)
    sealed = payloads.sealed_payload(opening.entry.payload.sha256) if opening.entry.payload else None
    try:
        return CodeWords.of(payloads.opened(sealed)) if sealed else None
    except ComityError:
        return None


def call(found: Detail, *, language: str) -> Call | None:
    """What a page shows while a call-back may be made."""
    expected = {row.act for row in (*found.ours, *found.theirs)}
    known = words(found) if CALLED_BACK in expected else None
    if known is None:
        return None
    ours = CALLED_BACK not in {row.act for row in found.ours}
    return Call(ours, known.to_say(language), known.to_answer(language) if ours else "")
