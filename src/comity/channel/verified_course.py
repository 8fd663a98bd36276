"""The entries of an exported channel in the one order, and where its procedures stand by them.

Logs are read side by side, so neither has to be held: the entry that comes next is always at the head of
one of them, unless two claim to have seen each other.

Follows: docs/spec/entries.md, Order; docs/spec/export.md, Verifying.
"""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from msgspec.structs import replace

from comity.channel.export import INSTRUMENTS
from comity.custody import KINDS, custody
from comity.entries import depth_after
from comity.errors import ClaimsTheUnseen, ComityError, ExportDoesNotHold
from comity.instruments import library, parse_instrument
from comity.instruments.parse import MAX_FILE_BYTES
from comity.lifecycle import Act, Suspensions, fold, governing
from comity.lifecycle.stated import values
from comity.lifecycle.suspensions import KINDS as SUSPENSIONS
from comity.names import EntryRef, Origin
from comity.reciprocity import Case, count, document

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from comity.channel.export import Files
    from comity.entries import Entry
    from comity.instruments import Instrument, Procedure
    from comity.lifecycle import Standing

CHARTER: Final = "charter"


def in_one_order(
    channel: str, logs: Mapping[str, Iterator[Entry]], sizes: Mapping[str, int]
) -> Iterator[tuple[EntryRef, Entry]]:
    """Merge the logs of a channel into the order every party reads, checking what entries claim to have seen.

    Args:
        channel: Channel id.
        logs: Entries of each log, by party, in order.
        sizes: How many entries each log has.

    Raises:
        ClaimsTheUnseen: An entry saw less than the one before it, what never was, or what saw it.
    """
    heads = {party: _Head(party, channel, entries) for party, entries in sorted(logs.items())}
    for head in heads.values():
        head.move(sizes)
    while waiting := [head for head in heads.values() if head.entry is not None]:
        ready = [head for head in waiting if head.find_depth(heads)]
        if not ready:
            names = " and ".join(str(head.ref) for head in waiting)
            raise ClaimsTheUnseen(f"{names} each say that they came after the other")
        first = min(ready, key=lambda head: (head.depth, str(head.origin)))
        entry, ref = first.entry, first.ref
        first.depths.append(first.depth)
        first.move(sizes)
        assert entry is not None
        yield ref, entry


class _Head:
    """How far one log has been read."""

    def __init__(self, party: str, channel: str, entries: Iterator[Entry]) -> None:
        self.party = party
        self.depths: array[int] = array("q")
        self.entry: Entry | None = None
        self.depth = 0
        self.origin = Origin(party, channel)
        self._entries = entries
        self._seen: Mapping[str, int] = {}

    @property
    def ref(self) -> EntryRef:
        """Where the entry at the head stands."""
        return EntryRef(self.origin, len(self.depths))

    def move(self, sizes: Mapping[str, int]) -> None:
        """Take the next entry to the head."""
        self.entry, self.depth = next(self._entries, None), 0
        if self.entry is not None:
            self._check(self.entry, sizes)
            self._seen = self.entry.seen

    def find_depth(self, heads: Mapping[str, _Head]) -> bool:
        """Whether everything the entry has seen was read, so that its place is known."""
        if not self.depth and self.entry is not None:
            seen = self.entry.seen
            if any(size > len(heads[party].depths) for party, size in seen.items() if size):
                return False
            deepest = [heads[party].depths[size - 1] for party, size in seen.items() if size]
            self.depth = depth_after(self.depths[-1] if self.depths else 0, deepest)
        return bool(self.depth)

    def _check(self, entry: Entry, sizes: Mapping[str, int]) -> None:
        if self.party in entry.seen:
            raise ClaimsTheUnseen(f"{self.ref} lists its own log among those it has seen")
        for party, size in entry.seen.items():
            if size > sizes.get(party, 0):
                raise ClaimsTheUnseen(
                    f"{self.ref} says it has seen {size} entries of {party}; they are not here"
                )
        if any(entry.seen.get(party, 0) < size for party, size in self._seen.items()):
            raise ClaimsTheUnseen(f"{self.ref} says it has seen less than the entry before it")
        if entry.re:
            self._check_answers(entry)

    def _check_answers(self, entry: Entry) -> None:
        for answered in entry.answers:
            if answered.origin.channel != self.origin.channel:
                continue
            own = answered.origin.party == self.party
            if answered.index >= (len(self.depths) if own else entry.seen.get(answered.origin.party, 0)):
                raise ClaimsTheUnseen(f"{self.ref} answers {answered}, which it cannot have seen")


@dataclass
class Course:
    """The acts of every procedure the exported texts have a table for, until all are read.

    Attributes:
        channel: Channel id.
        instruments: The texts in the export, by digest.
        parties: The parties whose logs it has.
        stated: The digests of texts that entries state.
    """

    channel: str
    instruments: Mapping[str, Instrument]
    parties: Collection[str] = ()
    stated: set[str] = field(default_factory=set)
    _tables: dict[str, Procedure] = field(default_factory=dict)
    _acts: dict[tuple[str, str], list[Act]] = field(default_factory=dict)
    _place: int = 0

    def __post_init__(self) -> None:
        """Find the table of each kind of entry."""
        self._tables = {
            procedure.kinds: procedure for text in self.instruments.values() for procedure in text.procedures
        }

    def take(self, ref: EntryRef, entry: Entry, receipted_at: Callable[[int], datetime | None]) -> None:
        """Take in the next entry of the one order, if some table speaks of its kind."""
        self._place += 1
        if entry.stated:
            self._note_texts(entry)
        if entry.kinds in self._tables:
            done = Act.of(ref, entry, receipted_at(ref.index), depth=self._place)
            self._acts.setdefault((entry.kinds, entry.ref), []).append(done)

    def standings(self) -> Iterator[tuple[str, Standing]]:
        """Where each procedure stands by the texts both parties chose, by its reference."""
        chosen = self.chosen()
        suspensions = self._suspensions(chosen)
        for (kinds, ref), acts in sorted(self._acts.items()):
            counted = self._under_our_custody(acts) if kinds == KINDS else acts
            table = governing(chosen, kinds, counted)
            if table is not None and counted:
                yield ref, fold(table.procedure, counted, suspensions.on(kinds))

    def figures(self, as_of: datetime) -> dict[str, Any]:
        """The figures of reciprocity as the record had them at an instant, as both parties count them."""
        chosen = self.chosen()
        suspended = self._suspended(chosen, as_of)
        suspensions = Suspensions.of(suspended)
        cases = [
            one
            for key, acts in sorted(self._acts.items())
            for one in self._case(chosen, key, acts, as_of, suspensions)
        ]
        terms = [term for standing in suspended.values() for term in standing.terms]
        return document(self.channel, count(cases, parties=self.parties, as_of=as_of, terms=terms))

    def _case(
        self,
        chosen: Sequence[Instrument],
        key: tuple[str, str],
        acts: Sequence[Act],
        as_of: datetime,
        suspensions: Suspensions,
    ) -> Iterator[Case]:
        kinds, ref = key
        known = _until(acts, as_of)
        table = governing(chosen, kinds, known)
        if known and table is not None and any(row.counts for row in table.procedure.rows):
            bearing = suspensions.on(kinds)
            yield Case(ref, table.instrument.id, fold(table.procedure, known, bearing), bearing)

    def _suspensions(self, chosen: Sequence[Instrument]) -> Suspensions:
        """The suspensions of the channel, by the charter both parties chose."""
        return Suspensions.of(self._suspended(chosen))

    def _suspended(self, chosen: Sequence[Instrument], as_of: datetime | None = None) -> dict[str, Standing]:
        found = {}
        for (kinds, ref), acts in self._acts.items():
            known = _until(acts, as_of) if as_of else acts
            table = governing(chosen, kinds, known) if kinds == SUSPENSIONS and known else None
            if table is not None:
                found[ref] = fold(table.procedure, known)
        return found

    def chosen(self) -> list[Instrument]:
        """The texts here that govern. What one party alone names in its entries decides nothing.

        They are the custody of exhibits and the charter that every channel has, in the editions this verifier
        knows, and the instruments that the proposal names which, by the charter, opened the channel.
        """
        charter, found = library()[CHARTER], []
        if charter.digest in self.instruments:
            found.append(charter)
            course = fold(charter.procedure("channel"), self._acts.get(("channel", self.channel), []))
            opening = next((one.act.stated for one in course.judged if one.regular), {})
            rests_on = dict(zip(values(opening, "instruments"), values(opening, "tables"), strict=False))
            texts = [
                (name, self.instruments.get(digest)) for name, digest in rests_on.items() if name != CHARTER
            ]
            found += [text for name, text in texts if text is not None and text.id == name]
        # What every channel has goes before what it chose: no text may govern custody or the channel itself.
        return [*([custody()] if custody().digest in self.instruments else []), *found]

    def _under_our_custody(self, acts: list[Act]) -> list[Act]:
        """An exhibit is opened by an announcement that states the custody table, and by no other."""
        ours = (custody().digest,)
        return [act for act in acts if act.act != "added" or values(act.stated, "table") == ours]

    def _note_texts(self, entry: Entry) -> None:
        for name in ("table", "tables"):
            said = entry.stated.get(name)
            if said is not None:
                self.stated.update([said] if isinstance(said, str) else said)

    def must_be_stated(self) -> None:
        """Make sure every text in the export is one that the parties chose, to the letter.

        Raises:
            ExportDoesNotHold: No entry states the digest of a text.
        """
        for digest, text in self.instruments.items():
            if digest not in self.stated:
                raise ExportDoesNotHold(f"the text of {text.id} in the export is not one that an entry names")


def exported_instruments(files: Files) -> dict[str, Instrument]:
    """Read every instrument of an export, by the digest of its text.

    Raises:
        ExportDoesNotHold: A text is not in the form of one.
    """
    found = {}
    for folder in files.names(INSTRUMENTS):
        place = f"{INSTRUMENTS}/{folder}"
        texts = {name: files.read(f"{place}/{name}", MAX_FILE_BYTES) for name in files.names(place)}
        try:
            instrument = parse_instrument(texts)
        except ComityError as fault:
            raise ExportDoesNotHold(f"{place} is not an instrument: {fault}") from fault
        found[instrument.digest] = instrument
    return found


def _until(acts: Iterable[Act], as_of: datetime) -> list[Act]:
    """The acts their authors date no later, with the receipts dated no later."""
    return [
        replace(one, receipted_at=None) if one.receipted_at is not None and one.receipted_at > as_of else one
        for one in acts
        if one.at <= as_of
    ]
