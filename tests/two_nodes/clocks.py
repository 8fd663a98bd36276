"""The clock of a node's process, off from the machine's: wrong by a day, or right in months to come."""

from __future__ import annotations

import datetime as dt
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
