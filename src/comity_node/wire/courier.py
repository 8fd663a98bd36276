"""The courier: carries deliveries to every counterpart, one exchange in flight for each.

There is no queue. What has to be sent is the gap between our log and the counterpart's last receipt, and is read anew
each time. The courier calls at once when the register grows, and otherwise at a short fixed interval, whether or not
the last call was answered: recovery is pulled, not waited for.
"""

from __future__ import annotations

import fcntl
import logging
import threading
import time
from typing import IO, TYPE_CHECKING, Final

from django.conf import settings
from django.db import close_old_connections

from comity.errors import ComityError, CounterpartBreach
from comity_node.counterparts.queries import all_trusted
from comity_node.evidence import services as evidence
from comity_node.register import models, news
from comity_node.wire.client import Line, Unreachable
from comity_node.wire.exchange import exchange
from comity_node.wire.reports import report

if TYPE_CHECKING:
    from comity_node.counterparts.queries import TrustedCounterpart

LOG: Final = logging.getLogger("comity.courier")
# Acts signed by another process of this node (the command line) are noticed by looking.
_LOOK: Final = 0.2


class Courier:
    """Keeps one carrier going for each confirmed counterpart."""

    def __init__(self, lock: IO[str]) -> None:
        """``lock``: held for as long as this courier lives."""
        self._lock = lock
        self._carriers: dict[str, Carrier] = {}
        self._stop = threading.Event()

    def run(self) -> None:
        """Until stopped: see that every confirmed counterpart has its carrier."""
        while not self._stop.is_set():
            close_old_connections()
            for other in all_trusted():
                carrier = self._carriers.get(other.party)
                if carrier is None or carrier.other != other:
                    if carrier is not None:
                        carrier.stop()
                    self._carriers[other.party] = Carrier(other)
                    self._carriers[other.party].start()
            self._stop.wait(settings.NODE.courier_seconds)

    def stop(self) -> None:
        """Stop all carriers after the exchange they are in."""
        self._stop.set()
        for carrier in self._carriers.values():
            carrier.stop()


class Carrier(threading.Thread):
    """Carries everything between this node and one counterpart."""

    def __init__(self, other: TrustedCounterpart) -> None:
        super().__init__(name=f"courier-{other.party}", daemon=True)
        self.other = other
        self._line = Line(other.party, other.address, settings.NODE.limits.bundle_bytes)
        self._stopped = threading.Event()
        self._exhibits = threading.Thread(
            target=self._fetch_exhibits, name=f"exhibits-{other.party}", daemon=True
        )

    def stop(self) -> None:
        """Stop after the present exchange."""
        self._stopped.set()
        news.ring()

    def run(self) -> None:
        """Exchange at every change, and at every interval."""
        self._exhibits.start()
        heard, seen = -1, None
        due = 0.0
        while not self._stopped.is_set():
            close_old_connections()
            heard, seen_before = news.heard(), seen
            seen = _version()
            asked = time.monotonic() >= due
            if asked or seen != seen_before:
                self._exchange_all(ask=asked)
                seen = _version()
            if asked:
                due = time.monotonic() + settings.NODE.courier_seconds
            news.wait(heard, seconds=_LOOK)
        self._line.close()

    def _exchange_all(self, *, ask: bool) -> None:
        channels = models.Log.objects.filter(party=self.other.party, ours=False).values_list(
            "channel", flat=True
        )
        for channel in channels:
            self._exchange(channel, ask=ask)

    def _exchange(self, channel: str, *, ask: bool) -> None:
        try:
            exchange(channel, self._line, ask=ask)
        except Unreachable as error:
            report(self.other.party, answered=False, because=str(error), skew=0.0)
        except ComityError as error:
            LOG.warning(
                "exchange refused", extra={"party": self.other.party, "channel": channel, "code": error.code}
            )
            report(self.other.party, answered=True, because=str(error), skew=self._line.skew_seconds)
        except Exception:
            # One exchange must not end the courier: it is written down, and the next interval tries again.
            LOG.exception("exchange failed", extra={"party": self.other.party, "channel": channel})
        else:
            report(self.other.party, answered=True, because="", skew=self._line.skew_seconds)

    def _fetch_exhibits(self) -> None:
        """Large exhibits travel apart, so that no entry waits behind them."""
        line = Line(self.other.party, self.other.address, settings.NODE.limits.bundle_bytes)
        heard = -1
        while not self._stopped.is_set():
            close_old_connections()
            heard = news.heard()
            for exhibit in evidence.pending(party=self.other.party):
                try:
                    evidence.fetch(exhibit, line)
                except CounterpartBreach as error:
                    LOG.warning("exhibit not fetched", extra={"party": self.other.party, "code": error.code})
                except Exception:
                    LOG.exception("exhibit not fetched", extra={"party": self.other.party})
            news.wait(heard, seconds=settings.NODE.courier_seconds)


def _version() -> tuple[int, ...]:
    """Changes whenever the register may have grown, whichever process of this node wrote."""
    newest = models.Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    receipts = models.Receipt.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    return newest, receipts


def start() -> Courier | None:
    """Start the courier of this node in the background, unless another process of it already has one."""
    path = settings.NODE.path / "courier.lock"
    lock = path.open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        return None
    courier = Courier(lock)
    threading.Thread(target=courier.run, name="courier", daemon=True).start()
    return courier
