"""The statements that run for every entry and every exchange, ready made.

Everything else asks through the query builder, which writes each question anew. For one entry and its receipt
that took several times as long as sealing, signing and storing together (docs/adr/0010). What stands here is
read alike by SQLite and PostgreSQL, and every value is a parameter.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from django.db import connection

from comity_node.register.models import Log

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from comity.tlog.merkle import CompactRange

    Value = str | int | bytes | datetime

_HEAD: Final = (
    "id", "origin", "channel", "party", "ours", "log_keys", "mirror_keys", "recipients", "size", "peaks",
    "depth", "seen", "checkpoint", "receipted", "held_elsewhere", "receipt_known",
)  # fmt: skip
_HEADS: Final = f"""
SELECT {", ".join(f'"{column}"' for column in _HEAD)} FROM "register_log" WHERE "channel" = %s
ORDER BY "origin" """  # noqa: S608 - names of columns, from the line above
_MOVE: Final = """
UPDATE "register_log" SET "size" = %s, "peaks" = %s, "depth" = %s, "seen" = %s, "checkpoint" = %s
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
VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT ("log_id", "party", "size") DO NOTHING"""
_ADD_LACKING: Final = """
INSERT INTO "register_payload" ("sha256", "size", "sealed") VALUES (%s, %s, NULL)
ON CONFLICT ("sha256") DO NOTHING"""
_RECEIPTED: Final = """
UPDATE "register_log" SET "receipted" = %s WHERE "id" = %s AND "receipted" < %s"""
_KNOWN: Final = """
UPDATE "register_log" SET "receipt_known" = %s WHERE "id" = %s AND "receipt_known" < %s"""
_RECEIPTED_BELOW: Final = """
SELECT MAX("size") FROM "register_receipt" WHERE "log_id" = %s AND "size" < %s"""
_RECEIPT_NOTES: Final = """
SELECT "size", "note" FROM "register_receipt" WHERE "log_id" = %s AND "party" = %s AND "size" > %s
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
_DEPTH: Final = """
SELECT e."depth" FROM "register_entry" e JOIN "register_log" l ON l."id" = e."log_id"
WHERE l."channel" = %s AND l."party" = %s AND e."index" = %s"""
_TILE: Final = """
SELECT "hashes" FROM "register_tile" WHERE "log_id" = %s AND "level" = %s AND "index" = %s"""
_TILE_ROOTS: Final = """
SELECT "root" FROM "register_tile" WHERE "log_id" = %s AND "level" = %s AND "index" >= %s AND "index" < %s
ORDER BY "index" """
_LEAF_HASHES: Final = """
SELECT "leaf_hash" FROM "register_entry" WHERE "log_id" = %s AND "index" >= %s AND "index" < %s
ORDER BY "index" """
_FORK: Final = """
SELECT "proof" FROM "register_misconduct" WHERE "log_id" = %s ORDER BY "id" LIMIT 1"""
_OWN_SIZES: Final = """
SELECT own."channel", own."size" FROM "register_log" own
JOIN "register_log" theirs ON theirs."channel" = own."channel" AND theirs."party" = %s AND NOT theirs."ours"
WHERE own."ours" ORDER BY own."channel" """
_VERSION: Final = """
SELECT COALESCE((SELECT MAX("id") FROM "register_entry"), 0),
  COALESCE((SELECT MAX("id") FROM "register_receipt"), 0)"""


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
    return [_head(row) for row in _read(_HEADS + "FOR UPDATE" * locked, channel)]


def hold(channel: str) -> None:
    """Let no other transaction write in a channel before ours ends; SQLite has locked everything by then.

    Whoever writes also projects. Of two that did not wait for one another each would project without what the
    other wrote, and the later would leave it so.
    """
    if connection.features.has_select_for_update:
        heads(channel, lock=True)


def _head(row: Sequence[Any]) -> Log:
    found: dict[str, Any] = dict(zip(_HEAD, row, strict=True))
    found["ours"] = bool(found["ours"])
    if isinstance(found["seen"], str):
        found["seen"] = json.loads(found["seen"])
    return Log.from_db(connection.alias, list(found), list(found.values()))


def move(log: Log, tree: CompactRange, *, depth: int, seen: dict[str, int], checkpoint: bytes) -> bool:
    """Move the head of a log, only if its size is still the one ``log`` says; ``log`` moves with it.

    The condition stands in the statement itself: no level of transaction isolation has to be trusted for it.
    """
    peaks, causal = tree.to_bytes(), connection.ops.adapt_json_value(seen, None)
    if _write(_MOVE, tree.size, peaks, depth, causal, checkpoint, log.pk, log.size) != 1:
        return False
    log.size, log.peaks, log.depth, log.seen, log.checkpoint = tree.size, peaks, depth, seen, checkpoint
    return True


def own_sizes(party: str) -> dict[str, int]:
    """How many entries we have authored in each channel with another party."""
    return dict(_read(_OWN_SIZES, party))


# --- entries ----------------------------------------------------------------------------------------


def add_entries(log: Log, entries: Iterable[NewEntry], now: datetime) -> None:
    """Store entries of a log."""
    at = _instant(now)
    _write_all(_ADD_ENTRY, [(log.pk, *one, at) for one in entries])


def add_checkpoint(log: Log, size: int, note: bytes, now: datetime) -> None:
    """Store a checkpoint of a log."""
    _write(_ADD_CHECKPOINT, log.pk, size, note, _instant(now))


def add_payloads(payloads: Iterable[tuple[str, bytes]]) -> None:
    """Store sealed contents under their SHA-256; what is held stays, and what was erased is held again."""
    _write_all(_ADD_PAYLOAD, [(digest, len(sealed), sealed) for digest, sealed in payloads])


def add_lacking(payloads: Iterable[tuple[str, int]]) -> None:
    """Note contents by SHA-256 and size that were not given back with their entries."""
    _write_all(_ADD_LACKING, list(payloads))


def sizes(log: Log, start: int, end: int) -> list[int]:
    """How many bytes each entry takes with its payload."""
    return [size for (size,) in _read(_SIZES, log.pk, start, end)]


def contents(log: Log, start: int, end: int) -> tuple[tuple[bytes, ...], tuple[bytes, ...]]:
    """Leaves of a log, and the sealed contents they name, in their order; empty where one was erased."""
    rows = _read(_CONTENTS, log.pk, start, end) if start < end else []
    leaves = tuple(bytes(leaf) for leaf, _, _ in rows)
    return leaves, tuple(bytes(sealed or b"") for _, named, sealed in rows if named)


def concerned(log: Log, start: int, end: int) -> list[tuple[str, str]]:
    """Kind and reference of what the entries from ``start`` to ``end`` are about."""
    return [(kind, ref) for kind, ref in _read(_CONCERNED, log.pk, start, end)]


def depth_of(channel: str, party: str, index: int) -> int:
    """Depth of one stored entry; 0 where there is none."""
    return next((depth for (depth,) in _read(_DEPTH, channel, party, index)), 0)


def fork_proof(log: Log) -> bytes | None:
    """The first proof that a log's author signed two histories."""
    return next((bytes(proof) for (proof,) in _read(_FORK, log.pk)), None)


# --- the tree of a log: hashes, joined --------------------------------------------------------------


def tile(log: Log, level: int, index: int) -> bytes:
    """The hashes of a full tile; nothing where there is none."""
    return b"".join(bytes(hashes) for (hashes,) in _read(_TILE, log.pk, level, index))


def tile_roots(log: Log, level: int, start: int, end: int) -> bytes:
    """The roots of full tiles of one level."""
    return b"".join(bytes(root) for (root,) in _read(_TILE_ROOTS, log.pk, level, start, end))


def leaf_hashes(log: Log, start: int, end: int) -> bytes:
    """The leaf hashes of stored entries."""
    return b"".join(bytes(digest) for (digest,) in _read(_LEAF_HASHES, log.pk, start, end))


# --- receipts ---------------------------------------------------------------------------------------


def add_receipts(log: Log, receipts: Sequence[NewReceipt], now: datetime) -> int:
    """Store receipts of a log, and move how much of it is receipted; returns how many were not held yet."""
    at = _instant(now)
    rows = [(log.pk, one.party, one.size, _instant(one.given_at), one.note, at) for one in receipts]
    new = _write_all(_ADD_RECEIPT, rows)
    most = max(one.size for one in receipts)
    _write(_RECEIPTED, most, log.pk, most)
    log.receipted = max(log.receipted, most)
    return new


def receipts_known(log: Log, size: int) -> None:
    """Note that the author of a log has our receipts up to a size."""
    _write(_KNOWN, size, log.pk, size)
    log.receipt_known = size


def receipted_below(log: Log, size: int) -> int:
    """How many entries the largest receipt of fewer than ``size`` covers."""
    ((largest,),) = _read(_RECEIPTED_BELOW, log.pk, size)
    return largest or 0


def receipt_notes(log: Log, party: str, *, beyond: int, most: int) -> list[tuple[int, bytes]]:
    """A party's receipts of a log for more than ``beyond`` entries, the smallest first: size and note."""
    return [(size, bytes(note)) for size, note in _read(_RECEIPT_NOTES, log.pk, party, beyond, most)]


def version() -> tuple[int, int]:
    """The newest entry and the newest receipt, by number of storing."""
    ((entry, receipt),) = _read(_VERSION)
    return entry, receipt


# --- how they are run -------------------------------------------------------------------------------


def _read(statement: str, *values: Value) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())


def _write(statement: str, *values: Value) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return int(cursor.rowcount)


def _write_all(statement: str, rows: Sequence[tuple[Value, ...]]) -> int:
    if not rows:
        return 0
    with connection.cursor() as cursor:
        cursor.executemany(statement, rows)
        return int(cursor.rowcount)


def _instant(at: datetime) -> str | datetime:
    adapted: str | datetime | None = connection.ops.adapt_datetimefield_value(at)
    assert adapted is not None
    return adapted
