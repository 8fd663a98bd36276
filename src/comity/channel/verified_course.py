"""The entries of an exported channel in the one order, and where its procedures stand by them.

Logs are read side by side, so none has to be held: the entry that comes next is always at the head of one of
them.

Follows: docs/spec/entries.md, Order; docs/spec/export.md, Verifying.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from comity.channel.accession import KINDS as ACCESSION
from comity.channel.accession import Accessions
from comity.channel.export import INSTRUMENTS
from comity.channel.membership import PREFIX, Seats
from comity.custody import KINDS, custody
from comity.entries import merged, overlooked
from comity.errors import ClaimsTheUnseen, ComityError, ExportDoesNotHold
from comity.instruments import library, parse_instrument
from comity.instruments.parse import MAX_FILE_BYTES
from comity.lifecycle import Act, Life, bearing_on, fold, joint, of_another, standings
from comity.lifecycle.life import BEARING
from comity.lifecycle.stated import values
from comity.lifecycle.suspensions import KINDS as SUSPENSIONS
from comity.names import MAX_INDEX, EntryRef, Origin
from comity.reciprocity import Case, count

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from datetime import datetime

    from comity.channel.export import Files
    from comity.entries import Entry
    from comity.instruments import Instrument, Procedure
    from comity.lifecycle import Standing
    from comity.reciprocity import Extent, Figures

CHARTER: Final = "charter"
_BILATERAL: Final = 2
_FORGET_EVERY: Final = 256


def in_one_order(
    channel: str,
    logs: Mapping[str, Iterator[Entry]],
    sizes: Mapping[str, int],
    forked: Collection[str] = (),
) -> Iterator[tuple[EntryRef, Entry]]:
    """Merge the logs of a channel into the order every party reads, checking what entries claim to have seen.

    Args:
        channel: Channel id.
        logs: Entries of each log, by party, in order.
        sizes: How many entries each log has.
        forked: The parties proven to have signed two histories. What others saw of theirs may be another
            history than the one that is here.

    Raises:
        ClaimsTheUnseen: An entry saw less than the one before it, what never was, what saw it, or an entry
            and not what that had seen.
    """
    causes = _Causes(sizes, forked)
    most = {**sizes, **dict.fromkeys(forked, MAX_INDEX)}
    claims = [_checked(Origin(party, channel), entries, most) for party, entries in sorted(logs.items())]
    for ref, entry in merged(claims):
        causes.follow(ref, entry)
        yield ref, entry


class _Causes:
    """What was read so far, and what each entry had seen for as long as others may still come to see it.

    Of two parties nothing is kept: neither can have seen an entry and not what that had seen.
    """

    def __init__(self, sizes: Mapping[str, int], forked: Collection[str]) -> None:
        self._forked = forked
        self._sizes = sizes
        self._read = dict.fromkeys(sizes, 0)
        self._last: dict[str, Mapping[str, int]] = {party: {} for party in sizes}
        self._seen: dict[str, deque[Mapping[str, int]]] = {party: deque() for party in sizes}

    def follow(self, ref: EntryRef, entry: Entry) -> None:
        """Hold the next entry of the one order against those before it."""
        party = ref.origin.party
        for other, size in entry.seen.items():
            if other in self._forked:
                continue
            if size > self._read.get(other, 0):
                raise ClaimsTheUnseen(
                    f"{ref} and entry {self._read[other]} of {other} each say that they came after the other"
                )
            if len(self._sizes) > _BILATERAL and size > self._last[party].get(other, 0):
                self._must_follow(ref, entry, other, size - 1)
        self._read[party] += 1
        self._last[party] = entry.seen
        if len(self._sizes) > _BILATERAL:
            self._seen[party].append(entry.seen)
            if self._read[party] % _FORGET_EVERY == 0:
                self._forget(party)

    def _must_follow(self, ref: EntryRef, entry: Entry, party: str, index: int) -> None:
        first = self._read[party] - len(self._seen[party])
        missed = overlooked(ref, entry.seen, self._seen[party][index - first])
        if missed is not None:
            raise ClaimsTheUnseen(
                f"{ref} says it has seen entry {index} of {party}, and not what that had seen of {missed}"
            )

    def _forget(self, party: str) -> None:
        """Let go of what every log that goes on has seen: nobody comes to see it any more."""
        going_on = (one for one, size in self._sizes.items() if one != party and self._read[one] < size)
        known = min((self._last[one].get(party, 0) for one in going_on), default=self._read[party])
        kept = self._seen[party]
        while kept and self._read[party] - len(kept) < known:
            kept.popleft()


def _checked(
    origin: Origin, entries: Iterator[Entry], sizes: Mapping[str, int]
) -> Iterator[tuple[EntryRef, Entry]]:
    """One log, each entry held against what it can have seen."""
    before: Mapping[str, int] = {}
    for index, entry in enumerate(entries):
        ref = EntryRef(origin, index)
        _check(ref, entry, before, sizes)
        before = entry.seen
        yield ref, entry


def _check(ref: EntryRef, entry: Entry, before: Mapping[str, int], sizes: Mapping[str, int]) -> None:
    if ref.origin.party in entry.seen:
        raise ClaimsTheUnseen(f"{ref} lists its own log among those it has seen")
    for party, size in entry.seen.items():
        if size > sizes.get(party, 0):
            raise ClaimsTheUnseen(f"{ref} says it has seen {size} entries of {party}; they are not here")
    if any(entry.seen.get(party, 0) < size for party, size in before.items()):
        raise ClaimsTheUnseen(f"{ref} says it has seen less than the entry before it")
    for answered in entry.answers:
        if answered.origin.channel != ref.origin.channel:
            continue
        own = answered.origin == ref.origin
        if answered.index >= (ref.index if own else entry.seen.get(answered.origin.party, 0)):
            raise ClaimsTheUnseen(f"{ref} answers {answered}, which it cannot have seen")


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
    _between: dict[tuple[str, str], frozenset[str]] = field(default_factory=dict)
    _place: int = 0

    def __post_init__(self) -> None:
        """Find the table of each kind of entry."""
        self._tables = {
            procedure.kinds: procedure for text in self.instruments.values() for procedure in text.procedures
        }

    def take(self, ref: EntryRef, entry: Entry, receipted_at: Callable[[int, str], datetime | None]) -> None:
        """Take in the next entry of the one order, if some table speaks of its kind.

        Args:
            ref: Where it stands.
            entry: What it says.
            receipted_at: When a party, or whoever was first where none is named, signed for an entry.
        """
        self._place += 1
        if entry.stated:
            self._note_texts(entry)
        if entry.kinds in self._tables:
            others = self._others(ref.origin.party, entry)
            at = receipted_at(ref.index, next(iter(others)) if len(others) == 1 else "")
            each = {one: receipted_at(ref.index, one) for one in others} if len(others) > 1 else {}
            receipts = {one: when for one, when in each.items() if when is not None}
            done = Act.of(ref, entry, at, depth=self._place, receipts=receipts)
            self._acts.setdefault((entry.kinds, entry.ref), []).append(done)

    def _others(self, author: str, entry: Entry) -> frozenset[str]:
        """Whose receipts count for an entry: of many, those of the parties its procedure is with."""
        key = entry.kinds, entry.ref
        to = values(entry.stated, "requested") if key not in self._between else ()
        if to and not of_another(Origin(author, self.channel), entry):
            self._between[key] = frozenset({author, *to})
        between = self._between.get(key, frozenset())
        return between - {author} if author in between else frozenset()

    def standings(self) -> Iterator[tuple[str, Standing]]:
        """Where each procedure stands by the texts both parties chose, by its reference."""
        life = self.life()
        for (kinds, ref), acts in sorted(self._acts.items()):
            if (kinds, ref) == (PREFIX, self.channel) and len(self.parties) > 2:
                yield from self._openings(acts)
                continue
            counted = self._under_our_custody(acts) if kinds == KINDS else acts
            table = life.governing(kinds, counted)
            if table is not None and counted:
                if kinds in (*BEARING, ACCESSION):
                    yield ref, joint(table.procedure, counted, life.on(kinds))
                    continue
                found = standings(table.procedure, counted, life.on(kinds))
                for party, one in found.items():
                    yield (ref if len(found) == 1 else f"{ref} {party}"), one

    def _openings(self, acts: Sequence[Act]) -> Iterator[tuple[str, Standing]]:
        """The opening of a channel of many, as it concerns each party that was invited."""
        for party, course in sorted(self.seats(acts).now.courses.items()):
            yield f"{self.channel} {party}", course

    def seats(self, opened: Sequence[Act]) -> Seats:
        """Who is in the channel, by the acts of its opening and of all accessions here."""
        charter = library()[CHARTER]
        later = {ref: acts for (kinds, ref), acts in self._acts.items() if kinds == ACCESSION}
        return Seats(charter.procedure(PREFIX), opened, Accessions(charter.procedure("accession"), later))

    def figures(self, extent: Extent) -> Figures:
        """The figures of reciprocity of a part of the record, as both parties count them."""
        whole, life = self.life(), self.life(extent)
        cases = [
            one
            for key, acts in sorted(self._acts.items())
            for one in _case(whole, life, key, _within(acts, extent))
        ]
        terms = [term for standing in life.standings_of(SUSPENSIONS).values() for term in standing.terms]
        since, as_of = extent.since, extent.as_of
        return count(cases, parties=self.parties, as_of=as_of, since=since, terms=terms)

    def life(self, extent: Extent | None = None) -> Life:
        """What became of the charter, by a part of the record; by all of it by default.

        It rests on texts that are in the export, and what one party alone names in its entries decides
        nothing. They are the custody of exhibits and the charter that every channel has, in the editions this
        verifier knows; the instruments named by the proposal that, by the charter, opened the channel; and
        those named by amendments both agreed to.
        """
        charter = library()[CHARTER]
        has_charter = charter.digest in self.instruments
        opened = self._acts.get((PREFIX, self.channel), []) if has_charter else []
        seats = self.seats(opened)
        invited = seats.now
        known = {key: _within(acts, extent) if extent else acts for key, acts in self._acts.items()}
        # What every channel has goes before what it chose: no text may govern custody or the channel itself.
        every = [text for text in (custody(), charter) if text.digest in self.instruments]
        return Life(
            charter,
            invited.course(invited.founder) or fold(charter.procedure(PREFIX), opened),
            known if has_charter else {},
            texts=self.instruments,
            every=every,
            members=None if invited.is_bilateral else seats.members,
        )

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


def _case(whole: Life, life: Life, key: tuple[str, str], known: Sequence[Act]) -> Iterator[Case]:
    """One that is counted: by the text it began under, as what was known of the record bears on it."""
    kinds, ref = key
    table = whole.governing(kinds, known)
    if known and table is not None and any(row.counts for row in table.procedure.rows):
        bearing = bearing_on(table.procedure, known, life.on(kinds))
        yield Case(ref, table.instrument.id, fold(table.procedure, known, bearing), bearing)


def _within(acts: Iterable[Act], extent: Extent) -> list[Act]:
    """The acts of a part of the record, with the receipts dated no later."""
    return [
        replace(one, receipted_at=None)
        if one.receipted_at is not None and one.receipted_at > extent.as_of
        else one
        for one in acts
        if extent.holds(one.ref, one.at)
    ]
