"""What the exit code of the command means. Scripts act on it, so a code never changes its meaning."""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """How a verb ended."""

    DONE = 0
    NOT_SO = 1  # the thing asked about is not so: a verification failed, a check found something
    USAGE = 2
    REFUSED = 3  # a rule of the protocol, the instrument or this node forbids it; nothing was recorded
    COUNTERPART = 4  # it did not answer, or what it sent breaks the protocol
    BROKEN = 5  # this node's home, keys or database cannot be used
    STOPPED = 130
