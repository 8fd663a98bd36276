"""Terms of resumption, by who is to perform them: performed, disputed, released, open, and past their day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import msgspec

from comity.names import EntryRef

if TYPE_CHECKING:
    from datetime import datetime

    from comity.lifecycle import Term


class TermLine(msgspec.Struct, frozen=True):
    """The terms one party is to perform, by standing, each as its proposal and number."""

    performer: str
    by_standing: Mapping[str, tuple[tuple[EntryRef, str], ...]]
    past_their_day: tuple[tuple[EntryRef, str], ...]


def count_terms(terms: Iterable[Term], *, as_of: datetime) -> tuple[TermLine, ...]:
    """The agreed terms of a channel, by performer."""
    found: dict[str, list[Term]] = {}
    for term in terms:
        if term.agreed:
            found.setdefault(term.performer, []).append(term)
    return tuple(_line(performer, of_one, as_of) for performer, of_one in sorted(found.items()))


def _line(performer: str, terms: Iterable[Term], as_of: datetime) -> TermLine:
    by_standing: dict[str, list[tuple[EntryRef, str]]] = {}
    past: list[tuple[EntryRef, str]] = []
    for term in sorted(terms, key=lambda one: (one.proposal, int(one.number))):
        by_standing.setdefault(term.standing, []).append((term.proposal, term.number))
        if not term.is_settled and term.due < as_of.date():
            past.append((term.proposal, term.number))
    return TermLine(performer, {name: tuple(by_standing[name]) for name in sorted(by_standing)}, tuple(past))
