"""The database is the one the home names, and loses nothing it has promised to keep."""

from __future__ import annotations

import sqlite3

from comity_node.register import erasing
from comity_node.settings.database import database


def test_sqlite_survives_a_power_failure():
    """A receipt given out must not be forgotten: write-ahead log, and every commit on the disk."""
    settings = database("sqlite:////srv/comity/comity.sqlite3")

    assert settings["NAME"] == "/srv/comity/comity.sqlite3"
    assert settings["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        assert pragma in settings["OPTIONS"]["init_command"]


def test_postgresql_address_is_taken_apart():
    """A password may hold any character; in an address it is escaped."""
    settings = database("postgresql://node:p%40ss@db.example:5433/comity")

    assert settings["ENGINE"] == "django.db.backends.postgresql"
    assert [settings[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT")] == [
        "comity",
        "node",
        "p@ss",
        "db.example",
        "5433",
    ]


def test_what_was_erased_leaves_the_files_of_the_database(tmp_path):
    """Free pages are overwritten, and the write-ahead log does not keep what they held."""
    place = tmp_path / "x.sqlite3"
    held = sqlite3.connect(place, isolation_level=None)
    held.executescript(database(f"sqlite:///{place}")["OPTIONS"]["init_command"])
    held.execute("CREATE TABLE t (said TEXT)")
    held.execute("INSERT INTO t VALUES (?)", ["qqzxvkwjqx" * 3_000])
    held.execute("UPDATE t SET said = ''")
    log = tmp_path / "x.sqlite3-wal"
    assert b"qqzxvkwjqx" in log.read_bytes()

    erasing.shorten_log(held.cursor())

    assert (b"", False) == (log.read_bytes(), b"qqzxvkwjqx" in place.read_bytes())
    assert held.execute("PRAGMA busy_timeout").fetchone()[0] == 5_000
    held.close()
