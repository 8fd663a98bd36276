"""What every open page asks is read once for all of them.

One word wakes all pages of a process. Were each to read the record for itself, the last of two hundred would
know long after the first, and whoever delivers would wait meanwhile.
"""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from comity_node.duty import queries as duty
from comity_node.register import growth

if TYPE_CHECKING:
    from collections.abc import Mapping

    from comity_node.register.growth import Happened, Version

_reading = threading.Lock()
_last: Reading | None = None


@dataclass
class Reading:
    """How far the record had grown, and who was called for what, once word had come so often.

    Attributes:
        heard: How often.
        read_at: When, on the clock of the process.
        version: How far the record had grown.
        calls: What stood on the pages of officials, as ``duty.latest`` says it, of those with anything.
    """

    heard: int
    read_at: float
    version: Version
    calls: Mapping[int, tuple[int, int]]
    _happened: dict[Version, list[Happened]] = field(default_factory=dict)

    def happened(self, since: Version) -> list[Happened]:
        """What the record grew by since a version that a page had read."""
        with _reading:
            if since not in self._happened:
                self._happened[since] = growth.between(since, self.version)
            return self._happened[since]


def read(heard: int, *, oldest: float) -> Reading:
    """The record as it is now that word has come so often; nobody reads while another does.

    Args:
        heard: From ``news.heard``, asked before.
        oldest: How many seconds ago it may have been read, where no word has come since.
    """
    global _last  # noqa: PLW0603 - one reading for the process, guarded by the lock
    with _reading:
        now = time.monotonic()
        if _last is None or _last.heard < heard or now - _last.read_at > oldest:
            _last = Reading(heard, now, growth.version(), duty.latest_of_all())
        return _last
