"""Two logs written act by act, for tests of what a suspension does to a request."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from comity.instruments import library
from comity.lifecycle import Act, Suspensions, fold
from comity.lifecycle.suspensions import KINDS
from comity.names import EntryRef, Origin

CHANNEL = "a" * 16
CHARTER = library()["charter"].procedure("suspension")
ASSISTANCE = library()["us-ru-1999"].procedure("assistance")
BEGAN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DECLARED = {
    "instrument": "charter", "table": "0" * 64, "requested": "bb", "topics": ["assistance"],
    "legal_basis": "none", "pending": "stand_as_they_are", "material": "kept_under_its_limits",
}  # fmt: skip
LODGED = {"instrument": "us-ru-1999", "table": "0" * 64, "requested": "bb", "types": ["service"]}


class Record:
    """Two logs, written act by act; each author has seen everything so far unless it says otherwise."""

    def __init__(self) -> None:
        self.acts: list[tuple[str, str, Act]] = []

    def write(
        self, party: str, ref: str, name: str, day: float, *, blind: int = 0, depth: int = 0, **stated
    ) -> Act:
        """Put an act on record; ``blind``: so many of the other's latest entries its author had not seen.

        ``depth``: where it stands in the common order, if not last.
        """
        others = [one for _, _, one in self.acts if one.party != party]
        own = sum(one.party == party for _, _, one in self.acts)
        at = BEGAN + timedelta(days=day)
        done = Act(
            ref=EntryRef(Origin(party, CHANNEL), own), party=party, act=name, at=at, stated=stated,
            answers=(), seen={others[0].party: max(0, len(others) - blind)} if others else {},
            receipted_at=at, depth=depth or 10 * len(self.acts) + 10,
        )  # fmt: skip
        self.acts.append((KINDS if ref.startswith("s") else ASSISTANCE.kinds, ref, done))
        return done

    def of(self, ref: str) -> list[Act]:
        """The acts of one procedure."""
        return sorted((act for _, one, act in self.acts if one == ref), key=lambda act: act.place)

    @property
    def suspensions(self) -> Suspensions:
        """What the suspensions on record come to."""
        refs = dict.fromkeys(ref for kinds, ref, _ in self.acts if kinds == KINDS)
        return Suspensions.of({ref: fold(CHARTER, self.of(ref)) for ref in refs})

    def standing(self, ref: str = "r1"):
        """Where a request stands."""
        return fold(ASSISTANCE, self.of(ref), self.suspensions.on(ASSISTANCE.kinds))
