"""The statements that run for every entry and every exchange, ready made.

Everything else asks through the query builder, which writes each question anew. For one entry and its receipt
that took several times as long as sealing, signing and storing together (docs/adr/0010). What stands here is
read alike by SQLite and PostgreSQL, and every value is a parameter.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from django.db import connection

from comity_node.register.cursors import instant, read, write, write_all
from comity_node.register.models import Log

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from comity.tlog.merkle import CompactRange

_HEAD: Final = (
    "id", "origin", "channel", "party", "ours", "log_keys", "mirror_keys", "recipients", "size", "peaks",
    "seen", "checkpoint", "receipted", "held_elsewhere", "receipt_known", "rotations",
    "many", "place", "told", "heard", "brought",
)  # fmt: skip
_HEADS: Final = f"""
SELECT {", ".join(f'"{column}"' for column in _HEAD)} FROM "register_log" WHERE "channel" = %s
ORDER BY "origin" """  # noqa: S608 - names of columns, from the line above
_MOVE: Final = """
UPDATE "register_log" SET "size" = %s, "peaks" = %s, "seen" = %s, "checkpoint" = %s
WHERE "id" = %s AND "size" = %s"""
_ADD_ENTRY: Final = """
INSERT INTO "register_entry"
  ("log_id", "index", "depth", "kind", "ref", "leaf", "leaf_hash", "payload", "stored_at")
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)"""
_ADD_CHECKPOINT: Final = """
INSERT INTO "register_checkpoint" ("log_id", "size", "note", "stored_at") VALUES (%s, %s, %s, %s)"""
_ADD_PAYLOAD: Final = """
INSERT INTO "register_payload" ("sha256", "size", "sealed") VALUES (%s, %s, %s)
ON CONFLICT ("sha256") DO UPDATE SET "sealed" = EXCLUDED."sealed", "erased_at" = NULL
WHERE "register_payload"."sealed" IS NULL"""
_ADD_RECEIPT: Final = """
INSERT INTO "register_receipt" ("log_id", "party", "size", "given_at", "note", "stored_at")
VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT ("log_id", "party", "size") WHERE NOT "void" DO NOTHING"""
_ADD_LACKING: Final = """
INSERT INTO "register_payload" ("sha256", "size", "sealed") VALUES (%s, %s, NULL)
ON CONFLICT ("sha256") DO NOTHING"""
_ADD_ERASED: Final = """
INSERT INTO "register_payload" ("sha256", "size", "sealed", "erased_at") VALUES (%s, %s, NULL, %s)
ON CONFLICT ("sha256") DO NOTHING"""
_RECEIPTED: Final = """
UPDATE "register_log" SET "receipted" = %s WHERE "id" = %s AND "receipted" <> %s"""
_KNOWN: Final = """
UPDATE "register_log" SET "receipt_known" = %s WHERE "id" = %s AND "receipt_known" < %s"""
_RECEIPTED_BELOW: Final = """
SELECT MAX("size") FROM "register_receipt"
WHERE "log_id" = %s AND "party" = %s AND "size" < %s AND NOT "void" """
_RECEIPTED_BY: Final = """
SELECT MAX("size") FROM "register_receipt" WHERE "log_id" = %s AND "party" = %s AND NOT "void" """
_RECEIPTED_BY_ALL: Final = """
SELECT MIN(COALESCE((
  SELECT MAX(r."size") FROM "register_receipt" r
  WHERE r."log_id" = %s AND r."party" = l."party" AND NOT r."void"), 0)),
  (SELECT "size" FROM "register_log" WHERE "id" = %s)
FROM "register_log" l WHERE l."channel" = %s AND l."party" <> %s AND l."place" = 'member'"""
# Two lists, each read along an index from where we were, and merged: a channel of fifty parties has many
# times the receipts that one of them is told of.
_RECEIPTS_TO_TELL: Final = """
SELECT "id", "note" FROM (
  SELECT r."id", r."note" FROM "register_receipt" r
  WHERE r."party" = %s AND r."id" > %s AND NOT r."void"
    AND r."log_id" IN (SELECT "id" FROM "register_log" WHERE "channel" = %s AND "party" <> %s)
  UNION ALL
  SELECT r."id", r."note" FROM "register_receipt" r
  WHERE r."log_id" = (SELECT "id" FROM "register_log" WHERE "channel" = %s AND "ours")
    AND r."id" > %s AND r."party" <> %s AND NOT r."void"
) AS untold ORDER BY "id" LIMIT %s"""
_RECEIPTS_TO_BRING: Final = """
SELECT "id", "note" FROM "register_receipt"
WHERE "log_id" = %s AND "id" > %s AND "party" <> %s AND "party" <> %s AND NOT "void" ORDER BY "id" LIMIT %s"""
_TOLD: Final = """
UPDATE "register_log" SET "told" = %s WHERE "id" = %s AND "told" < %s"""
_RECEIPT_NOTES: Final = """
SELECT "size", "note" FROM "register_receipt"
WHERE "log_id" = %s AND "party" = %s AND "size" > %s AND NOT "void"
ORDER BY "size" LIMIT %s"""
_SIZES: Final = """
SELECT LENGTH(e."leaf") + COALESCE(p."size", 0)
FROM "register_entry" e LEFT JOIN "register_payload" p ON p."sha256" = e."payload"
WHERE e."log_id" = %s AND e."index" >= %s AND e."index" < %s ORDER BY e."index" """
_CONTENTS: Final = """
SELECT e."leaf", e."payload", p."sealed" FROM "register_entry" e
LEFT JOIN "register_payload" p ON p."sha256" = e."payload"
WHERE e."log_id" = %s AND e."index" >= %s AND e."index" < %s ORDER BY e."index" """
_CONCERNED: Final = """
SELECT DISTINCT "kind", "ref" FROM "register_entry" WHERE "log_id" = %s AND "index" >= %s AND "index" < %s"""
_LAST_LEAVES: Final = """
SELECT e."leaf" FROM "register_entry" e JOIN "register_log" l ON l."id" = e."log_id"
WHERE l."channel" = %s AND e."index" = l."size" - 1"""
_TILE: Final = """
SELECT "hashes" FROM "register_tile" WHERE "log_id" = %s AND "level" = %s AND "index" = %s"""
_TILE_ROOTS: Final = """
SELECT "root" FROM "register_tile" WHERE "log_id" = %s AND "level" = %s AND "index" >= %s AND "index" < %s
ORDER BY "index" """
_LEAF_HASHES: Final = """
SELECT "leaf_hash" FROM "register_entry" WHERE "log_id" = %s AND "index" >= %s AND "index" < %s
ORDER BY "index" """
_LEAF: Final = """
SELECT e."leaf" FROM "register_entry" e JOIN "register_log" l ON l."id" = e."log_id"
WHERE l."channel" = %s AND l."party" = %s AND e."index" = %s"""
_LAST_OF: Final = """
SELECT MAX("index") FROM "register_entry" WHERE "log_id" = %s AND "ref" = %s AND "kind" LIKE %s"""
_CHECKPOINT_AT: Final = """
SELECT "note" FROM "register_checkpoint" WHERE "log_id" = %s AND "size" = %s"""
_CHECKPOINT_SIZES: Final = """
SELECT "size" FROM "register_checkpoint" WHERE "log_id" = %s AND "size" > %s AND "size" <= %s
ORDER BY "size" """
_HOLDS_RECEIPT: Final = """
SELECT 1 FROM "register_receipt" WHERE "log_id" = %s AND "party" = %s AND "note" = %s"""
_FORKED: Final = """
SELECT DISTINCT l."party" FROM "register_misconduct" m JOIN "register_log" l ON l."id" = m."log_id"
WHERE l."channel" = %s"""
_FORK: Final = """
SELECT "proof" FROM "register_misconduct" WHERE "log_id" = %s ORDER BY "id" LIMIT 1"""
_OWN_SIZES: Final = """
SELECT own."channel", own."size" FROM "register_log" own
JOIN "register_log" theirs ON theirs."channel" = own."channel" AND theirs."party" = %s AND NOT theirs."ours"
  AND (theirs."size" > 0 OR theirs."place" <> 'gone')
WHERE own."ours" AND (own."held_elsewhere" <> 0 OR EXISTS (
  SELECT 1 FROM "register_log" begun WHERE begun."channel" = own."channel" AND begun."size" > 0))
ORDER BY own."channel" """


class NewEntry(NamedTuple):
    """An entry as it is about to be stored; ``payload`` is the digest it names, or empty."""

    place: int
    depth: int
    kind: str
    ref: str
    leaf: bytes
    leaf_hash: bytes
    payload: str


class NewReceipt(NamedTuple):
    """A receipt as it is about to be stored: whose, for how many entries, given when."""

    party: str
    size: int
    given_at: datetime
    note: bytes


# --- heads of logs ----------------------------------------------------------------------------------


def heads(channel: str, *, lock: bool = False) -> list[Log]:
    """The logs of a channel by origin; ``lock``: let no other transaction move them before ours ends."""
    locked = lock and connection.features.has_select_for_update  # SQLite has locked everything by then
    return [_head(row) for row in read(_HEADS + "FOR UPDATE" * locked, channel)]


def hold(channel: str) -> None:
    """Let no other transaction write in a channel before ours ends; SQLite has locked everything by then.

    Whoever writes also projects. Of two that did not wait for one another each would project without what the
    other wrote, and the later would leave it so.
    """
    if connection.features.has_select_for_update:
        heads(channel, lock=True)


def _head(row: Sequence[Any]) -> Log:
    found: dict[str, Any] = dict(zip(_HEAD, row, strict=True))
    found["ours"], found["many"] = bool(found["ours"]), bool(found["many"])
    for column in ("seen", "heard", "rotations", "brought"):
        if isinstance(found[column], str):
            found[column] = json.loads(found[column])
    return Log.from_db(connection.alias, list(found), list(found.values()))


def move(log: Log, tree: CompactRange, *, seen: dict[str, int], checkpoint: bytes) -> bool:
    """Move the head of a log, only if its size is still the one ``log`` says; ``log`` moves with it.

    The condition stands in the statement itself: no level of transaction isolation has to be trusted for it.
    """
    peaks, causal = tree.to_bytes(), connection.ops.adapt_json_value(seen, None)
    if write(_MOVE, tree.size, peaks, causal, checkpoint, log.pk, log.size) != 1:
        return False
    log.size, log.peaks, log.seen, log.checkpoint = tree.size, peaks, seen, checkpoint
    return True


def own_sizes(party: str) -> dict[str, int]:
    """How many entries we have authored in each channel with another party, once it has begun.

    Until a proposal, or an invitation, is signed it is our own matter: nobody is called about it, nor is to
    know of it.
    """
    return dict(read(_OWN_SIZES, party))


# --- entries ----------------------------------------------------------------------------------------


def add_entries(log: Log, entries: Iterable[NewEntry], now: datetime) -> None:
    """Store entries of a log."""
    at = instant(now)
    write_all(_ADD_ENTRY, [(log.pk, *one, at) for one in entries])


def add_checkpoint(log: Log, size: int, note: bytes, now: datetime) -> None:
    """Store a checkpoint of a log."""
    write(_ADD_CHECKPOINT, log.pk, size, note, instant(now))


def add_payloads(payloads: Iterable[tuple[str, bytes]]) -> None:
    """Store sealed contents under their SHA-256; what is held stays, and what was erased is held again."""
    write_all(_ADD_PAYLOAD, [(digest, len(sealed), sealed) for digest, sealed in payloads])


def add_lacking(payloads: Iterable[tuple[str, int]]) -> None:
    """Note contents by SHA-256 and size that were not given back with their entries."""
    write_all(_ADD_LACKING, list(payloads))


def add_erased(payloads: Iterable[tuple[str, int]], now: datetime) -> None:
    """Note contents by SHA-256 and size that were sealed to others alone, and erased before we came in."""
    at = instant(now)
    write_all(_ADD_ERASED, [(digest, size, at) for digest, size in payloads])


def sizes(log: Log, start: int, end: int) -> list[int]:
    """How many bytes each entry takes with its payload."""
    return [size for (size,) in read(_SIZES, log.pk, start, end)]


def contents(log: Log, start: int, end: int) -> tuple[tuple[bytes, ...], tuple[bytes, ...]]:
    """Leaves of a log, and the sealed contents they name, in their order; empty where one was erased."""
    rows = read(_CONTENTS, log.pk, start, end) if start < end else []
    leaves = tuple(bytes(leaf) for leaf, _, _ in rows)
    return leaves, tuple(bytes(sealed or b"") for _, named, sealed in rows if named)


def concerned(log: Log, start: int, end: int) -> list[tuple[str, str]]:
    """Kind and reference of what the entries from ``start`` to ``end`` are about."""
    return [(kind, ref) for kind, ref in read(_CONCERNED, log.pk, start, end)]


def leaf(channel: str, party: str, index: int) -> bytes:
    """One stored entry of a party's log, as authored."""
    ((found,),) = read(_LEAF, channel, party, index)
    return bytes(found)


def last_of(log: Log, kinds: str) -> int:
    """Where the last entry of these kinds stands that concerns the channel itself; -1 where there is none."""
    ((index,),) = read(_LAST_OF, log.pk, log.channel, f"{kinds}%")
    return -1 if index is None else index


def checkpoint_at(log: Log, size: int) -> bytes:
    """The checkpoint of a log at a size; empty where none was signed there."""
    return next((bytes(note) for (note,) in read(_CHECKPOINT_AT, log.pk, size)), b"")


def checkpoint_sizes(log: Log, start: int, end: int) -> list[int]:
    """The sizes beyond ``start`` and up to ``end`` at which a checkpoint of a log is held."""
    return [size for (size,) in read(_CHECKPOINT_SIZES, log.pk, start, end)]


def forked(channel: str) -> frozenset[str]:
    """The parties of a channel that are proven to have signed two histories."""
    return frozenset(party for (party,) in read(_FORKED, channel))


def last_leaves(channel: str) -> list[bytes]:
    """The last entry of each log of a channel."""
    return [bytes(leaf) for (leaf,) in read(_LAST_LEAVES, channel)]


def fork_proof(log: Log) -> bytes | None:
    """The first proof that a log's author signed two histories."""
    return next((bytes(proof) for (proof,) in read(_FORK, log.pk)), None)


# --- the tree of a log: hashes, joined --------------------------------------------------------------


def tile(log: Log, level: int, index: int) -> bytes:
    """The hashes of a full tile; nothing where there is none."""
    return b"".join(bytes(hashes) for (hashes,) in read(_TILE, log.pk, level, index))


def tile_roots(log: Log, level: int, start: int, end: int) -> bytes:
    """The roots of full tiles of one level."""
    return b"".join(bytes(root) for (root,) in read(_TILE_ROOTS, log.pk, level, start, end))


def leaf_hashes(log: Log, start: int, end: int) -> bytes:
    """The leaf hashes of stored entries."""
    return b"".join(bytes(digest) for (digest,) in read(_LEAF_HASHES, log.pk, start, end))


# --- receipts ---------------------------------------------------------------------------------------


def add_receipts(log: Log, receipts: Sequence[NewReceipt], now: datetime) -> int:
    """Store receipts of a log, and move how much of it is receipted; returns how many were not held yet."""
    at = instant(now)
    rows = [(log.pk, one.party, one.size, instant(one.given_at), one.note, at) for one in receipts]
    new = write_all(_ADD_RECEIPT, rows)
    count_receipted(log)
    return new


def count_receipted(log: Log) -> None:
    """Note how much of a log every other member of the channel has signed for.

    By its size as it stands now: ``log`` may have been read before another exchange moved it.
    """
    ((everybody, size),) = read(_RECEIPTED_BY_ALL, log.pk, log.pk, log.channel, log.party)
    log.receipted = min(everybody or 0, size)
    write(_RECEIPTED, log.receipted, log.pk, log.receipted)


def receipted_by(log: Log, party: str) -> int:
    """How many entries of a log a party has signed for."""
    ((largest,),) = read(_RECEIPTED_BY, log.pk, party)
    return largest or 0


def receipts_to_tell(theirs: Log, us: str, *, most: int) -> list[tuple[int, bytes]]:
    """What the author of a log may not know of who holds what: our receipts, and others' for our log.

    Returns:
        The number of storing of each, in order, and the note.
    """
    ours = us, theirs.told, theirs.channel, theirs.party
    of_ours = theirs.channel, theirs.told, theirs.party
    rows = read(_RECEIPTS_TO_TELL, *ours, *of_ours, most)
    return [(number, bytes(note)) for number, note in rows]


def receipts_to_bring(log: Log, receiver: str, us: str, *, after: int, most: int) -> list[tuple[int, bytes]]:
    """What others than the receiver and ourselves gave for a log, in the order in which it was stored.

    Returns:
        The number of storing of each, and the note.
    """
    rows = read(_RECEIPTS_TO_BRING, log.pk, after, receiver, us, most)
    return [(number, bytes(note)) for number, note in rows]


def told(theirs: Log, number: int) -> None:
    """Note up to which number of storing the author of a log knows of others' receipts."""
    write(_TOLD, number, theirs.pk, number)
    theirs.told = max(theirs.told, number)


def receipts_known(log: Log, size: int) -> None:
    """Note that the author of a log has our receipts up to a size."""
    write(_KNOWN, size, log.pk, size)
    log.receipt_known = size


def receipted_below(log: Log, party: str, size: int) -> int:
    """How many entries a party's largest receipt of fewer than ``size`` covers."""
    ((largest,),) = read(_RECEIPTED_BELOW, log.pk, party, size)
    return largest or 0


def holds_receipt(log: Log, party: str, note: bytes) -> bool:
    """Whether this very receipt is held."""
    return bool(read(_HOLDS_RECEIPT, log.pk, party, note))


def receipt_notes(log: Log, party: str, *, beyond: int, most: int) -> list[tuple[int, bytes]]:
    """A party's receipts of a log for more than ``beyond`` entries, the smallest first: size and note."""
    return [(size, bytes(note)) for size, note in read(_RECEIPT_NOTES, log.pk, party, beyond, most)]
