"""The database is the one the home names, and loses nothing it has promised to keep."""

from __future__ import annotations

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
