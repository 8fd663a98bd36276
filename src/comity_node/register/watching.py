"""Notice what other processes of this node write, such as an act signed on the command line."""

from __future__ import annotations

import logging
import threading
from typing import Final

from django.db import close_old_connections

from comity_node.register import growth, news

_LOOK: Final = 0.2
LOG: Final = logging.getLogger("comity.register")


def start() -> threading.Thread:
    """Ring, in this process, whenever the record has grown in any."""
    watcher = threading.Thread(target=_watch, name="watcher", daemon=True)
    watcher.start()
    return watcher


def _watch() -> None:
    pause = threading.Event()
    known: tuple[int, int] | None = None
    while True:
        try:
            close_old_connections()
            now = growth.version()
            if now != known:
                known = now
                news.ring()
        except Exception:
            LOG.exception("the record could not be watched")
        pause.wait(_LOOK)
