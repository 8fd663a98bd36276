"""How often a token is answered: so many calls a minute, few at once. Counted in each process."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from django.conf import settings

from comity_node.api.errors import TooManyCalls

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from contextlib import ExitStack

    from comity_node.api.models import Token

RETRY_SECONDS: Final = 10
_MINUTE: Final = 60.0
_AT_ONCE: Final = 8
_LOCK: Final = threading.Lock()
_AT_WORK: Final[defaultdict[int, int]] = defaultdict(int)
_FULL: Final[dict[int, tuple[float, float]]] = {}  # by token: what is left of its calls, and when that was


@contextmanager
def place_for(token: Token) -> Iterator[None]:
    """Answer a token within its rate, few calls at once: threads and memory are there for officials too.

    Raises:
        TooManyCalls: It has used up its minute, or as many of its calls are being answered.
    """
    with _LOCK:
        if _AT_WORK[token.pk] >= _AT_ONCE or not _spent(token.pk, time.monotonic()):
            raise TooManyCalls("the call was not answered: the token calls too often")
        _AT_WORK[token.pk] += 1
    try:
        yield
    finally:
        with _LOCK:
            _AT_WORK[token.pk] -= 1
            if _AT_WORK[token.pk] <= 0:
                del _AT_WORK[token.pk]


class Holding:
    """What is sent block by block, while its call holds its place; let go however the sending ends."""

    def __init__(self, content: Iterable[bytes], place: ExitStack) -> None:
        """``place``: what to let go."""
        self._content, self._place = iter(content), place

    def __iter__(self) -> Iterator[bytes]:
        """Give itself: it is sent once."""
        return self

    def __next__(self) -> bytes:
        """Give the next block."""
        try:
            return next(self._content)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Let the place go; more than once does no harm."""
        self._place.close()

    def __del__(self) -> None:
        """Let the place go although whoever was sending forgot to."""
        self.close()


def _spent(token: int, now: float) -> bool:
    """Take one call from what is left; a minute fills it up again, evenly."""
    most = float(settings.NODE.limits.api_calls)
    left, since = _FULL.get(token, (most, now))
    left = min(most, left + (now - since) * most / _MINUTE)
    _FULL[token] = (left - 1.0 if left >= 1.0 else left, now)
    return left >= 1.0


def forget() -> None:
    """Count anew: for a process that starts over."""
    with _LOCK:
        _FULL.clear()
        _AT_WORK.clear()
