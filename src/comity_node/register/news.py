"""Word that the register has grown, for whoever waits in this process: the courier, the live pages.

It carries nothing. Who is woken reads the database, so word lost with a process costs a moment, no more.
"""

from __future__ import annotations

import threading
from typing import Final

from django.db import transaction

# Seconds that whoever is in no hurry leaves to what woke it: that is being delivered just now, by a thread
# that should not have to share the interpreter.
ENTRIES_FIRST: Final = 0.1
_CHANGED: Final = threading.Condition()
_count = 0
_ended = threading.Event()


def ring() -> None:
    """Wake everyone who waits."""
    global _count  # noqa: PLW0603 - one number for the process, guarded by the condition
    with _CHANGED:
        _count += 1
        _CHANGED.notify_all()


def end() -> None:
    """Wake everyone, for the last time: this process is told to stop."""
    _ended.set()
    ring()


def has_ended() -> bool:
    """Whether there is nothing more to wait for."""
    return _ended.is_set()


def ring_on_commit() -> None:
    """Wake everyone once what was written stands."""
    transaction.on_commit(ring)


def heard() -> int:
    """How often word has come. Hand it to :func:`wait` to miss nothing in between."""
    return _count


def wait(since: int, *, seconds: float) -> int:
    """Wait until word comes that is newer than ``since``, or the time is over."""
    with _CHANGED:
        _CHANGED.wait_for(lambda: _count != since, timeout=seconds)
        return _count
