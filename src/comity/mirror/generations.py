"""The keys of a log or mirror over the years: each pair, and the part of the record it may sign.

A pair of keys is replaced by an entry in the log itself (docs/spec/passport.md, Rotation). So what a pair may
sign is said in entries of that log, never by a clock: the same for both parties and for any later verifier.

Follows: docs/adr/0022-keys-change-by-entries.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from comity.errors import BadCheckpoint
from comity.tlog.checkpoint import Checkpoint
from comity.tlog.note import parse_note

if TYPE_CHECKING:
    from collections.abc import Iterable

    from comity.tlog.note import Note
    from comity.tlog.vkey import VerifierKey


@dataclass(frozen=True, slots=True)
class Generation:
    """One pair of keys, all of which sign together.

    Attributes:
        keys: The pair.
        since: It signs logs of more entries than this: the entry that announced it, and all before, stand
            under the keys it follows. 0 for the keys a channel began with.
        until: The index of the entry of its party's log that retired it: it signs no log that holds that
            entry. None while it has not been retired.
    """

    keys: tuple[VerifierKey, ...]
    since: int = 0
    until: int | None = None

    def may_sign(self, size: int) -> bool:
        """Whether a checkpoint of so many entries may bear its signature."""
        return (not self.since or size > self.since) and (self.until is None or size <= self.until)


def generations(keys: Iterable[VerifierKey | Generation]) -> tuple[Generation, ...]:
    """Every pair, oldest first; keys without a history are one pair that signs all there is."""
    given = tuple(keys)
    changed = tuple(one for one in given if isinstance(one, Generation))
    return changed or (Generation(tuple(one for one in given if not isinstance(one, Generation))),)


def every_key(keys: Iterable[VerifierKey | Generation]) -> tuple[VerifierKey, ...]:
    """The keys of every pair."""
    return tuple(key for one in generations(keys) for key in one.keys)


def signed_by(note: Note, keys: Iterable[VerifierKey | Generation]) -> Generation:
    """Find the newest pair of which *every* key has signed a note.

    All of them, because each algorithm is there for the day the other falls.

    Raises:
        BadCheckpoint: There is none.
        BadSignature: A line in the name of one of the keys does not verify.
    """
    each = generations(keys)
    named = {(line.name, line.key_id) for line in note.signatures}
    for one in reversed(each):
        if named.isdisjoint((key.name, key.key_id) for key in one.keys):
            continue  # a log may have had hundreds of pairs, and a note bears a line or two of one
        if set(note.signed_by(one.keys)) == set(one.keys):
            return one
    names = ", ".join(sorted({key.name for key in each[-1].keys})) or "no key is known"
    raise BadCheckpoint(f"a checkpoint lacks a signature it must have ({names})")


def signed_checkpoint(note: bytes, keys: Iterable[VerifierKey | Generation]) -> Checkpoint:
    """Read a checkpoint that one pair of the log's keys has signed, and might sign.

    Raises:
        BadCheckpoint: A signature is missing or wrong, or by keys that do not sign a log of that size.
        ComityError: The note cannot be read.
    """
    parsed = parse_note(note)
    by = signed_by(parsed, keys)
    checkpoint = Checkpoint.parse(parsed.text)
    if not by.may_sign(checkpoint.size):
        raise BadCheckpoint(
            f"a checkpoint of {checkpoint.size} entries is signed by keys that sign no log of that size",
            hint="they were retired by an entry of this log, or announced by a later one",
        )
    return checkpoint
