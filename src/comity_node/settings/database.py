"""The database a node keeps its record in, from the URL in ``node.toml``."""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote, urlsplit

# A receipt is our word that we hold an entry: a commit must survive a power failure, so FULL, never NORMAL.
# What is erased is overwritten: content that a Party signed it destroyed must not be left in free pages.
# Foreign keys are Django's own doing; the busy timeout is `timeout`, in seconds.
_SQLITE_OPTIONS = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;"
    " PRAGMA secure_delete=ON",
}


def database(url: str) -> dict[str, Any]:
    """Return Django's settings for the database at ``url`` (``sqlite:///path`` or ``postgresql://``)."""
    if url.startswith("sqlite:///"):
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": url.removeprefix("sqlite:///"),
            "CONN_MAX_AGE": None,  # opening one costs more than what most requests ask of it
            "OPTIONS": dict(_SQLITE_OPTIONS),
        }
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.removeprefix("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
    }
