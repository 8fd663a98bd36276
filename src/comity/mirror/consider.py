"""Judge what a counterpart offers of its log: take it, ask for another part, or prove misconduct.

A receipt is a party's word that it holds these entries, payloads included, and cannot be taken back. So
every check comes first. The caller then stores, advancing the size only if it is still the size checked
here, and only after that signs (:mod:`comity.mirror.receipt`).

The checks, in order:

1. the checkpoint is a note every key of the log has signed, and speaks of this log
2. it is not shorter than, or different from, what we hold: else it repeats, or proves a fork
3. what is offered begins at or before where we end: else we say where we end
4. the entries lead to the root that was signed: else a consistency proof may prove a fork
5. each entry is well formed, and claims to have seen no more than existed, no less than before, and nothing
   without what that had seen; of a third party's log whoever has seen more than we hold must show it first
6. each payload is the one its entry names, sealed to as many recipients as the channel has members

The very note we hold, offered again, is a repetition: it was judged when it came.

Follows: docs/spec/mirror.md; C2SP tlog-mirror, tlog-witness (add-checkpoint).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from comity.entries.entry import Entry, decode
from comity.entries.order import overlooked
from comity.errors import BadCheckpoint, ClaimsTheUnseen, ComityError, EntriesDoNotMatch, PayloadDoesNotMatch
from comity.keys.sealing import stanza_count
from comity.mirror.fork import ForkProof
from comity.mirror.generations import Generation, every_key, signed_checkpoint
from comity.names import EntryRef
from comity.tlog.checkpoint import Checkpoint
from comity.tlog.merkle import EMPTY_ROOT, CompactRange, consistency_roots, leaf_hash
from comity.tlog.note import parse_note

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from comity.names import Origin
    from comity.tlog.vkey import VerifierKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What we hold of one counterpart's log in one channel.

    Attributes:
        origin: The log.
        keys: All the log's verifier keys, of which a checkpoint needs every signature; or each pair it had.
        tree: The tree over what is stored.
        checkpoint: The last signed note stored, empty at the start.
        root_at: Root of the first ``n`` stored entries, for any ``n`` up to what is stored.
        leaf_at: Leaf hash of a stored entry.
        prove: Consistency proof from the first ``n`` stored entries to all of them.
        seen: What the last stored entry had seen.
        sizes: How many entries we hold of each *other* party's log. Of our own nobody can have seen more.
        seals_to: The parties that the payload of an entry must be sealed to, by its index; asked of each
            entry in order. Nobody where that is not known yet: whoever calls has to look later.
        us: Our own party. Of our log nobody can have seen more than there is.
        many: There are third parties, of whose logs others may have seen more than we hold.
        seen_by: What a stored entry of another log, ours among them, given by party and index, had seen.
        forked: The parties proven to have signed two histories. Who has seen which of them cannot be held
            against what we hold.
        returning: What comes was lost here and is given back: the content of an entry may have been erased
            meanwhile, and an empty payload stands for it. A delivery owes every content that was sealed to
            its reader.
    """

    origin: Origin
    keys: tuple[VerifierKey, ...] | tuple[Generation, ...]
    tree: CompactRange
    checkpoint: bytes
    root_at: Callable[[int], bytes]
    leaf_at: Callable[[int], bytes]
    prove: Callable[[int], tuple[bytes, ...]]
    seen: Mapping[str, int]
    sizes: Mapping[str, int]
    seals_to: Callable[[int, Entry], frozenset[str]]
    us: str = ""
    many: bool = False
    seen_by: Callable[[str, int], Mapping[str, int]] = lambda _party, _index: {}
    forked: frozenset[str] = frozenset()
    returning: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """Their signed checkpoint, with entries from ``start`` and the proof that it extends what went before."""

    checkpoint: bytes
    start: int
    consistency: tuple[bytes, ...]
    entries: tuple[bytes, ...]
    payloads: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Fresh:
    """An entry we did not hold, with everything needed to store it."""

    index: int
    leaf: bytes
    leaf_hash: bytes
    entry: Entry
    payload: bytes | None


@dataclass(frozen=True, slots=True)
class Accepted:
    """Store these, advance to this tree, then sign the receipt.

    Attributes:
        note: The checkpoint to store: with a line of each of the log's keys, and none that only came with it.
    """

    checkpoint: Checkpoint
    note: bytes
    tree: CompactRange
    fresh: tuple[Fresh, ...]


@dataclass(frozen=True, slots=True)
class AlreadyHeld:
    """We hold all of this. The answer is the receipt we already gave."""

    checkpoint: Checkpoint


@dataclass(frozen=True, slots=True)
class SendFrom:
    """The offer does not join what we hold. Nothing was kept; send from this index."""

    size: int


@dataclass(frozen=True, slots=True)
class Awaits:
    """Its author has seen more of a third party's log than we hold. Nothing was kept; that must come first.

    Attributes:
        party: The third party.
        size: How many entries of its log we hold.
    """

    party: str
    size: int


Judgement = Accepted | AlreadyHeld | SendFrom | Awaits | ForkProof


def consider(offer: Offer, held: Held) -> Judgement:
    """Decide what to do with an offer. Nothing is stored and no key of ours is used.

    Raises:
        CounterpartBreach: The offer is malformed or inconsistent; it is refused whole.
    """
    if held.checkpoint and offer.checkpoint == held.checkpoint:
        return AlreadyHeld(Checkpoint.parse(parse_note(held.checkpoint).text))
    checkpoint = signed_checkpoint(offer.checkpoint, held.keys)
    offer = replace(offer, checkpoint=parse_note(offer.checkpoint).only(every_key(held.keys)).encode())
    if checkpoint.origin != str(held.origin) or checkpoint.extensions:
        raise BadCheckpoint(f"a checkpoint of another log was offered for {held.origin}")
    if checkpoint.size == 0 and checkpoint.root != EMPTY_ROOT:
        raise BadCheckpoint(f"a checkpoint of {held.origin} gives a log of no entries the root of some")
    if checkpoint.size <= held.tree.size:
        return _compare_with_history(offer, checkpoint, held)
    if offer.start > held.tree.size or not _overlap_agrees(offer, held):
        return SendFrom(held.tree.size)
    if offer.start + len(offer.entries) != checkpoint.size:
        raise EntriesDoNotMatch(
            f"the checkpoint speaks of {checkpoint.size} entries,"
            f" the delivery ends at {offer.start + len(offer.entries)}"
        )
    return _extend(offer, checkpoint, held)


def _compare_with_history(offer: Offer, checkpoint: Checkpoint, held: Held) -> Judgement:
    """A checkpoint of what we already hold is a repetition, or one of two histories.

    If it is one of two, our own tree supplies the proof: from its prefix of that size to its end.
    """
    if held.root_at(checkpoint.size) == checkpoint.root:
        return AlreadyHeld(checkpoint)
    return ForkProof(offer.checkpoint, held.checkpoint, held.prove(checkpoint.size))


def _overlap_agrees(offer: Offer, held: Held) -> bool:
    """Whether what they repeat is what we hold. If not, the next offer must show where they part."""
    overlap = offer.entries[: held.tree.size - offer.start]
    return all(leaf_hash(leaf) == held.leaf_at(offer.start + place) for place, leaf in enumerate(overlap))


def _extend(offer: Offer, checkpoint: Checkpoint, held: Held) -> Judgement:
    overlap = held.tree.size - offer.start
    leaves = offer.entries[overlap:]
    hashes = [leaf_hash(leaf) for leaf in leaves]
    tree = CompactRange.from_bytes(held.tree.to_bytes())
    tree.extend(hashes)
    if tree.root() != checkpoint.root:
        return _why_they_differ(offer, checkpoint, held)
    entries = [decode(leaf) for leaf in leaves]
    unheld = next((_unheld(entry, held) for entry in entries if _unheld(entry, held)), None)
    if unheld is not None:
        return unheld
    _check(entries, held)
    payloads = _matched(offer, overlap, entries, held)
    fresh = tuple(
        Fresh(held.tree.size + place, leaf, digest, entry, payload)
        for place, (leaf, digest, entry, payload) in enumerate(
            zip(leaves, hashes, entries, payloads, strict=True)
        )
    )
    return Accepted(checkpoint, offer.checkpoint, tree, fresh)


def _why_they_differ(offer: Offer, checkpoint: Checkpoint, held: Held) -> ForkProof:
    """The signed root does not follow from what we hold: a damaged delivery, or another history.

    Raises:
        EntriesDoNotMatch: Nothing shows that the counterpart signed two histories.
    """
    damaged = EntriesDoNotMatch(
        f"the entries delivered for {held.origin} do not lead to the root that was signed",
        hint="the delivery was damaged or its sender is at fault; nothing was kept; it is asked for again",
    )
    if offer.start != held.tree.size or not held.checkpoint:
        raise damaged
    try:
        old, new = consistency_roots(held.tree.size, checkpoint.size, offer.consistency)
    except ComityError:
        raise damaged from None
    if new != checkpoint.root or old == held.tree.root():
        raise damaged
    return ForkProof(held.checkpoint, offer.checkpoint, offer.consistency)


def _unheld(entry: Entry, held: Held) -> Awaits | None:
    """The third party's log of which an entry has seen more than we hold; one we know of, where there is."""
    others = ((party, size) for party, size in _of_others(entry, held) if party != held.us)
    ahead = [party for party, size in others if size > held.sizes.get(party, 0)]
    known = [party for party in ahead if party in held.sizes]
    return Awaits(one, held.sizes.get(one, 0)) if (one := next(iter([*known, *ahead]), "")) else None


def _of_others(entry: Entry, held: Held) -> Iterator[tuple[str, int]]:
    """What an entry says it has seen of each log, but for its own, and those of which there are several.

    Of two parties nothing: neither can have seen what the other had not.
    """
    for party, size in entry.seen.items():
        if held.many and party not in held.forked and party != held.origin.party:
            yield party, size


def _check(entries: Sequence[Entry], held: Held) -> None:
    """Hold the claims of entries to have seen against what can have been."""
    before, own = held.seen, held.origin.party
    for index, entry in enumerate(entries, held.tree.size):
        if own in entry.seen:
            raise ClaimsTheUnseen(f"an entry of {held.origin} lists its own log among those it has seen")
        for party, size in entry.seen.items():
            if party not in held.forked and size > held.sizes.get(party, 0):
                raise ClaimsTheUnseen(
                    f"an entry of {held.origin} says it has seen {size} entries of {party}: there are fewer"
                )
        if any(entry.seen.get(party, 0) < size for party, size in before.items()):
            raise ClaimsTheUnseen(f"an entry of {held.origin} says it has seen less than the one before it")
        for party, size in _of_others(entry, held):
            if size > before.get(party, 0):
                _check_causes(EntryRef(held.origin, index), entry, party, held)
        _check_answers(entry, EntryRef(held.origin, index))
        before = entry.seen


def _check_causes(ref: EntryRef, entry: Entry, party: str, held: Held) -> None:
    """Whoever saw an entry saw what that had seen, or it would stand before its cause in the one order."""
    last = entry.seen[party] - 1
    other = overlooked(ref, entry.seen, held.seen_by(party, last))
    if other is not None:
        raise ClaimsTheUnseen(
            f"{ref} says it has seen entry {last} of {party}, and not what that had seen of {other}"
        )


def _check_answers(entry: Entry, ref: EntryRef) -> None:
    """Within the channel, an entry answers only what stood when it was written."""
    for answered in entry.answers:
        if answered.origin.channel != ref.origin.channel:
            continue
        party = answered.origin.party
        stood = ref.index if party == ref.origin.party else entry.seen.get(party, 0)
        if answered.index >= stood:
            raise ClaimsTheUnseen(f"{ref} answers {answered}, which its author cannot have held")


def _matched(offer: Offer, overlap: int, entries: list[Entry], held: Held) -> Iterator[bytes | None]:
    """Give each new entry its payload. Those of repeated entries were checked when they first came."""
    payloads = list(offer.payloads)
    repeated = sum(1 for leaf in offer.entries[:overlap] if decode(leaf).payload is not None)
    named = [entry.payload for entry in entries if entry.payload is not None]
    if len(payloads) != repeated + len(named):
        raise PayloadDoesNotMatch(
            f"{len(payloads)} payloads came for {repeated + len(named)} entries that name one",
            hint="payloads travel with their entries; nothing of the delivery was kept",
        )
    rest = iter(payloads[repeated:])
    for index, entry in enumerate(entries, held.tree.size):
        parties = held.seals_to(index, entry)
        yield None if entry.payload is None else _the_payload(next(rest), entry, held, parties)


def _the_payload(payload: bytes, entry: Entry, held: Held, parties: frozenset[str]) -> bytes | None:
    # What was never meant for us may be gone by now: whoever comes in later cannot know, and loses nothing.
    was_closed_to_us = held.many and bool(parties) and held.us not in parties
    if not payload and (held.returning or was_closed_to_us):
        return None
    named = entry.payload
    if named is None or len(payload) != named.size or hashlib.sha256(payload).hexdigest() != named.sha256:
        raise PayloadDoesNotMatch(
            f"the payload of an entry of kind {entry.kind} is not the one the entry names"
        )
    if parties and stanza_count(payload) != len(parties):
        raise PayloadDoesNotMatch(
            f"a payload of kind {entry.kind} is not sealed to each of the {len(parties)} parties it is meant"
            " for"
        )
    return payload
