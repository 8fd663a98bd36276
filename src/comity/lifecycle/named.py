"""The entries an act names: its author's own, or those the other Party named before.

A Party recalls only what it said itself, and destroys or keeps only what was recalled. Both Parties hold to
this alike, because the content of what is named is erased and cannot be brought back.

Follows: docs/spec/procedures.md, Disposal of content.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from comity.instruments.procedure import OWN
from comity.lifecycle.stated import values
from comity.names import EntryRef

if TYPE_CHECKING:
    from comity.instruments import Procedure, Row
    from comity.lifecycle.standing import Act

_NAMED = "entries"


class Named:
    """Which entries were made and named so far in one procedure, by whom."""

    def __init__(self, procedure: Procedure) -> None:
        self._is_needed = procedure.names_entries
        self._made: dict[str, set[EntryRef]] = {}  # by author
        self._named: dict[tuple[str, str], set[str]] = {}  # by author and act

    def objection(self, row: Row, act: Act) -> str | None:
        """Why the act cannot be about the entries it names, or None."""
        if row.entries == OWN:
            own = self._made.get(act.party, frozenset[EntryRef]())
            foreign = (one for one in values(act.stated, _NAMED) if EntryRef.parse(one) not in own)
            why = "is none of its author's in this procedure"
        else:
            theirs = [
                named
                for (party, name), named in self._named.items()
                if name == row.entries and party != act.party
            ]
            foreign = (one for one in values(act.stated, _NAMED) if not any(one in some for some in theirs))
            why = "was not named by the other Party before"
        return next((f"the entry #{one.rpartition('#')[2]} {why}" for one in foreign), None)

    def made(self, act: Act) -> None:
        """Note an entry, whether it has effect or not."""
        if self._is_needed:
            self._made.setdefault(act.party, set()).add(act.ref)

    def take(self, act: Act) -> None:
        """Note what a regular act names."""
        self._named.setdefault((act.party, act.act), set()).update(values(act.stated, _NAMED))
