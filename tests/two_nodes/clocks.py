"""The clock of a node's process, off from the machine's: wrong by a day, or right in months to come."""

from __future__ import annotations

import datetime as dt
import sqlite3
from contextlib import closing
from types import SimpleNamespace

import http_message_signatures.signatures as library
from django.utils import timezone

_now = timezone.now


def put_off(days: float) -> None:
    """Put it off by so many days, whatever it was off before."""
    off = dt.timedelta(days=days)

    class Off(dt.datetime):
        """The same clock, for what signs the calls between nodes."""

        @classmethod
        def now(cls, tz=None):
            """The time, off."""
            return dt.datetime.now(tz) + off

    timezone.now = lambda: _now() + off
    library.datetime = SimpleNamespace(datetime=Off, timedelta=dt.timedelta, timezone=dt.timezone)


def pass_by(node, minutes):
    """Let the watch over the alert have begun so much earlier, and its next step come so much sooner.

    Its end stays: with another one the node would take it for another clock, and watch over that anew.
    """
    with closing(sqlite3.connect(node.home / "comity.sqlite3", timeout=20)) as database, database:
        (row,) = database.execute("SELECT id, begins, next_at FROM duty_watch").fetchall()
        earlier = [
            (dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC) - dt.timedelta(minutes=minutes)).strftime(
                "%Y-%m-%d %H:%M:%S"
            )
            for text in row[1:]
        ]
        database.execute("UPDATE duty_watch SET begins = ?, next_at = ? WHERE id = ?", (*earlier, row[0]))
