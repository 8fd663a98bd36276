"""The loop that calls: takes the steps that are due, looks at clocks and lines, and sends what waits.

Each sort of way has a thread of its own, so that a mail server that does not answer keeps no push waiting.
All of it can be stopped at any instant (docs/adr/0006).
"""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.db import close_old_connections
from django.utils import timezone

from comity_node.duty import escalating, looking, outbox
from comity_node.duty.ways import WAYS
from comity_node.register import news

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from comity_node.duty.looking import Heard

LOG: Final = logging.getLogger("comity.duty")
_SHORTEST: Final = 0.2
_LOOKS_UP: Final = 1.0


def start(stop: threading.Event, lines: Callable[[], Iterable[Heard]]) -> None:
    """Start the threads; they end soon after ``stop`` is set.

    Args:
        stop: Set when the node is told to stop.
        lines: The last word about the line to each counterpart.
    """
    told = {way: threading.Event() for way in WAYS}
    work = {"decide": _deciding(lines, told, stop)} | {way: _sending(way, told[way]) for way in WAYS}
    for name, does in work.items():
        threading.Thread(target=_until, args=(stop, name, does), name=f"duty-{name}", daemon=True).start()


def decide(lines: Callable[[], Iterable[Heard]]) -> None:
    """Take the steps that are due, and look at what nobody writes down."""
    now = timezone.now()
    escalating.take(now)
    looking.look(now, lines())


def _deciding(
    lines: Callable[[], Iterable[Heard]], told: Mapping[str, threading.Event], stop: threading.Event
) -> Callable[[], None]:
    """Decide at every news and whenever a step is due, and tell those who send that something waits."""

    def does() -> None:
        heard = news.heard()
        try:
            decide(lines)
        finally:
            for way in told.keys() & outbox.ways_waiting(timezone.now()):
                told[way].set()
            news.wait(heard, seconds=_pause())
            stop.wait(news.ENTRIES_FIRST)

    return does


def _sending(way: str, told: threading.Event) -> Callable[[], None]:
    """Send by one sort of way, once told that something waits: who keeps looking takes time from others."""

    def does() -> None:
        if told.wait(_LOOKS_UP):
            told.clear()
            while outbox.send(way, timezone.now()):
                pass

    return does


def _until(stop: threading.Event, name: str, does: Callable[[], None]) -> None:
    while not stop.is_set():
        close_old_connections()
        try:
            does()
        except Exception:
            LOG.exception("officers could not be called: %s", name)
            stop.wait(_SHORTEST)


def _pause() -> float:
    """Until the next step is due, but no longer than the courier looks."""
    seconds = float(settings.NODE.courier_seconds)
    due = escalating.next_at()
    if due is not None:
        seconds = min(seconds, (due - timezone.now()).total_seconds())
    return max(_SHORTEST, seconds)
