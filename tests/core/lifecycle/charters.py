"""Two logs written act by act, for tests of what becomes of a charter."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from msgspec.structs import replace

from comity.entries import depth
from comity.instruments import Instrument, library
from comity.lifecycle import Act, Life, fold
from comity.names import EntryRef, Origin

CHANNEL = "a" * 16
CHARTER = library()["charter"]
TREATY = library()["us-ru-1999"]
WORLD = library()["untoc-2000"]
ICT = library()["us-ru-ict-cbm-2013"]
DAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
KINDS = {
    "c": "channel",
    "a": "channel.amendment",
    "d": "channel.denunciation",
    "k": "channel.closing",
    "s": "channel.suspension",
    "r": "assistance.request",
}
OPENS = {"instrument": "charter", "table": CHARTER.digest, "requested": "bb"}
SUSPENDED = {
    "topics": ["assistance"], "legal_basis": "none", "pending": "stand_as_they_are",
    "material": "kept_under_its_limits",
}  # fmt: skip
CLOSED = {
    "exhibits": "returned", "lists": "returned", "materials": "returned", "carried_out_by": "2026-06-30",
    "obligations": "released",
}  # fmt: skip


def other_edition(text: Instrument) -> Instrument:
    """The same instrument to another letter."""
    return replace(text, digest="f" * 64, edition="2")


EDITED = other_edition(TREATY)
TEXTS = {one.digest: one for one in (CHARTER, TREATY, WORLD, ICT, EDITED)}


class Record:
    """Two logs, written act by act; each author has seen everything so far unless it says otherwise.

    The first letter of a reference says of what kind the procedure is: an amendment ``a1``, a request ``r1``.
    """

    def __init__(self, *texts: Instrument, opener: str = "aa") -> None:
        self.acts: list[tuple[str, Act]] = []
        invited = {"aa": "bb", "bb": "aa"}[opener]
        rests_on = (CHARTER, *(texts or (TREATY,)))
        named = [one.id for one in rests_on]
        digests = [one.digest for one in rests_on]
        self.write(opener, "c", "proposed", 0, requested=invited, instruments=named, tables=digests)
        self.write(invited, "c", "accepted", 0)

    def write(
        self, party: str, ref: str, name: str, day: float, *, blind: int = 0, late: float = 0, **stated
    ) -> Act:
        """Put an act on record; ``blind``: so many of the other's latest entries its author had not seen.

        ``late``: how many days after the day it bears it was receipted.
        """
        others = [one for _, one in self.acts if one.party != party]
        own = [one for _, one in self.acts if one.party == party]
        before = max((size for one in own[-1:] for size in one.seen.values()), default=0)
        held = max(before, len(others) - blind)  # nobody unlearns what it has seen
        seen = {others[0].party: held} if held else {}
        at = DAY + timedelta(days=day)
        done = Act(
            ref=EntryRef(Origin(party, CHANNEL), len(own)), party=party, act=name, at=at, stated=stated,
            answers=(), seen=seen, receipted_at=at + timedelta(days=late),
            depth=depth(len(own), seen),
        )  # fmt: skip
        self.acts.append((ref, done))
        return done

    def asks(self, ref: str, text: Instrument, day: float, party: str = "aa", **said) -> Act:
        """Lodge a request under a text."""
        to = {"aa": "bb", "bb": "aa"}[party]
        opens = {"instrument": text.id, "table": text.digest, "requested": to, "types": [text.types[0].id]}
        return self.write(party, ref, "lodged", day, **opens, **said)

    def amends(self, ref: str, day: float, *, adds: Instrument | None = None, without: str = "") -> None:
        """Propose an amendment on our side, and accept it on the other."""
        added = {"instruments": [adds.id], "tables": [adds.digest]} if adds else {}
        taken = {"taken_away": [without]} if without else {}
        self.write("aa", ref, "proposed", day, **OPENS, **added, **taken)
        self.write("bb", ref, "accepted", day)

    def leaves(self, ref: str, day: float, on: date, party: str = "aa", **said) -> Act:
        """Give notice."""
        opens = OPENS | {"requested": {"aa": "bb", "bb": "aa"}[party]}
        said = {"legal_basis": "none", **said}
        return self.write(party, ref, "given", day, **opens, takes_effect_on=on.isoformat(), **said)

    def closes(self, ref: str, day: float, **stated) -> None:
        """Propose to close, and accept."""
        self.write("aa", ref, "proposed", day, **OPENS, **CLOSED | stated)
        self.write("bb", ref, "accepted", day)

    def of(self, ref: str) -> list[Act]:
        """The acts of one procedure."""
        return sorted((act for one, act in self.acts if one == ref), key=lambda act: act.place)

    @property
    def life(self) -> Life:
        """What became of the charter."""
        refs = [ref for ref in dict.fromkeys(ref for ref, _ in self.acts) if ref != "c"]
        opening = fold(CHARTER.procedure("channel"), self.of("c"))
        acts = {(KINDS[one[0]], one): self.of(one) for one in refs}
        return Life(CHARTER, opening, acts, texts=TEXTS)

    def standing(self, ref: str):
        """Where a procedure stands, as whoever holds all of it reads it."""
        life, kinds = self.life, KINDS[ref[0]]
        table = life.governing(kinds, self.of(ref))
        assert table is not None
        return fold(table.procedure, self.of(ref), life.on(kinds))


def because(standing) -> str:
    """Why the one act of a procedure had no effect."""
    return standing.judged[-1].because
