"""A node whose clock is wrong by as many days as ``DAYS_OFF`` says; otherwise what the web server runs."""

from __future__ import annotations

import datetime as dt
import os
from types import SimpleNamespace

import http_message_signatures.signatures as library
from django.utils import timezone

_OFF = dt.timedelta(days=float(os.environ["DAYS_OFF"]))
_now = timezone.now


class _Wrong(dt.datetime):
    """A clock that is wrong."""

    @classmethod
    def now(cls, tz=None):
        """The wrong time."""
        return dt.datetime.now(tz) + _OFF


timezone.now = lambda: _now() + _OFF
library.datetime = SimpleNamespace(datetime=_Wrong, timedelta=dt.timedelta, timezone=dt.timezone)

from comity_node.settings.wsgi import application  # noqa: E402 - it must find the clock wrong

__all__ = ["application"]
