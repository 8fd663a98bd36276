"""What a witness remembers: which logs it serves, by which keys, and the last note it cosigned of each.

Nothing is ever removed. A log that was forgotten and added again could have its past signed twice.
"""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing, contextmanager
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from comity.errors import ComityError
from comity.names import Origin
from comity.tlog.checkpoint import Checkpoint
from comity.tlog.note import parse_note
from comity.tlog.vkey import VerifierKey

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_MAKE: Final = """
CREATE TABLE IF NOT EXISTS trusted (
  origin TEXT NOT NULL, vkey TEXT NOT NULL, every_channel INTEGER NOT NULL, added_at INTEGER NOT NULL,
  PRIMARY KEY (origin, vkey)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS cosigned (
  origin TEXT PRIMARY KEY, origin_hash TEXT NOT NULL UNIQUE, size INTEGER NOT NULL, note BLOB NOT NULL,
  lines BLOB NOT NULL DEFAULT x'', at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TRIGGER IF NOT EXISTS cosigned_stays BEFORE DELETE ON cosigned
BEGIN SELECT RAISE(ABORT, 'what was cosigned is never forgotten'); END;
CREATE TRIGGER IF NOT EXISTS cosigned_grows BEFORE UPDATE OF size ON cosigned WHEN NEW.size < OLD.size
BEGIN SELECT RAISE(ABORT, 'a log never becomes shorter'); END;
"""
_KEYS_OF: Final = """
SELECT vkey FROM trusted WHERE origin = ? OR (every_channel AND origin = ?) ORDER BY added_at, vkey"""
_TRUSTED: Final = """
SELECT origin, every_channel, COUNT(*) FROM trusted GROUP BY origin, every_channel ORDER BY origin"""
_FIRST: Final = """
INSERT INTO cosigned (origin, origin_hash, size, note, at) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"""
_NEXT: Final = """
UPDATE cosigned SET size = ?, note = ?, lines = x'', at = ? WHERE origin = ? AND note = ?"""


class Store:
    """The store of one witness: a SQLite file, every change durable before it is answered."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with self._open() as database:
            database.executescript(_MAKE)
        path.chmod(0o600)

    # --- what the protocol asks (comity.tlog.witness.Store) ----------------------------------------------

    def keys(self, origin: str) -> Sequence[VerifierKey]:
        """The keys trusted for a log: its own, or those of the party whose log it is in any channel."""
        try:
            party = f"{Origin.parse(origin).party}.comity"
        except ComityError:
            party = ""
        with self._open() as database:
            rows = database.execute(
                _KEYS_OF,
                (origin, party),
            ).fetchall()
        return [VerifierKey.parse(text).renamed(origin) for (text,) in rows]

    def latest(self, origin: str) -> bytes:
        """The last note cosigned for a log, or nothing."""
        with self._open() as database:
            row = database.execute("SELECT note FROM cosigned WHERE origin = ?", (origin,)).fetchone()
        return bytes(row[0]) if row else b""

    def advance(self, origin: str, latest: bytes, note: bytes) -> bool:
        """Move on to a note, only if ``latest`` is still the last: one statement, durable when it ends."""
        size, now = Checkpoint.parse(parse_note(note).text).size, int(time.time())
        hashed = sha256(origin.encode()).hexdigest()
        with self._open() as database:
            if latest:
                return database.execute(_NEXT, (size, note, now, origin, latest)).rowcount == 1
            return database.execute(_FIRST, (origin, hashed, size, note, now)).rowcount == 1

    # --- what its operator and monitors ask ---------------------------------------------------------------

    def answered(self, origin: str, size: int, lines: bytes) -> None:
        """Keep the cosignatures given for the last note, for monitors."""
        with self._open() as database:
            database.execute(
                "UPDATE cosigned SET lines = ? WHERE origin = ? AND size = ?", (lines, origin, size)
            )

    def shown(self, origin_hash: str) -> bytes:
        """The last checkpoint of a log with our cosignatures, by the SHA-256 of its origin; or nothing."""
        with self._open() as database:
            row = database.execute(
                "SELECT note, lines FROM cosigned WHERE origin_hash = ? AND lines != x''", (origin_hash,)
            ).fetchone()
        return bytes(row[0]) + bytes(row[1]) if row else b""

    def trust(self, origin: str, keys: Sequence[VerifierKey], *, every_channel: bool) -> int:
        """Serve a log, or all logs of a party; more keys may be added, none is removed.

        Returns:
            How many keys are new.
        """
        now = int(time.time())
        rows = [(origin, str(key), int(every_channel), now) for key in keys]
        with self._open() as database:
            return database.executemany(
                "INSERT INTO trusted VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING", rows
            ).rowcount

    def logs(self) -> list[dict[str, object]]:
        """What is trusted, and how far each log was cosigned."""
        with self._open() as database:
            trusted = database.execute(_TRUSTED).fetchall()
            cosigned = database.execute("SELECT origin, size, at FROM cosigned ORDER BY origin").fetchall()
        return [
            {"origin": origin, "every_channel": bool(every), "keys": count}
            for origin, every, count in trusted
        ] + [{"origin": origin, "size": size, "cosigned_at": at} for origin, size, at in cosigned]

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """A connection of its own for each question: threads share none."""
        with closing(sqlite3.connect(self._path, timeout=30, isolation_level=None)) as database:
            database.execute("PRAGMA journal_mode=WAL")
            database.execute("PRAGMA synchronous=FULL")
            yield database
