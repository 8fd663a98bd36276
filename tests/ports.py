"""Ports for the nodes of tests: none is given out twice, and none is one that a caller could have by chance.

A node is made long before its server runs, and a test stops and starts it. A port that the system picks may
meanwhile be another node's, or the near end of somebody's connection.
"""

from __future__ import annotations

import os
import socket
from contextlib import closing
from itertools import count
from typing import Final

_FIRST: Final = 20_000  # below those the system gives out by itself
_EACH: Final = 3_000
_WORKER: Final = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")) % 4
_BEGIN: Final = os.getpid() % (_EACH // 2)  # of two runs at once each begins elsewhere
_next = count(_FIRST + _WORKER * _EACH + _BEGIN)


def free_port() -> int:
    """A port nobody listens on, and that is given to nobody else."""
    return next(port for port in _next if _is_free(port))


def _is_free(port: int) -> bool:
    with closing(socket.socket()) as listener:
        try:
            listener.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
