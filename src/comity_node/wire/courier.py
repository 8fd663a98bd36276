"""The courier: carries deliveries to every counterpart, one exchange in flight for each.

There is no queue. What has to be sent is the gap between our log and the counterpart's last receipt, and is
read anew each time. The courier calls at once when the register grows, and otherwise at a short fixed
interval, whether or not the last call was answered: recovery is pulled, not waited for.
"""

from __future__ import annotations

import fcntl
import logging
import threading
import time
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Final

from django.conf import settings
from django.db import close_old_connections
from django.utils import timezone

from comity.errors import ComityError
from comity_node.api import hooks, noticing
from comity_node.contact_point import checking
from comity_node.counterparts import clocks
from comity_node.counterparts.queries import all_trusted
from comity_node.duty import calling
from comity_node.evidence import services as evidence
from comity_node.officials import people
from comity_node.register import news, queries
from comity_node.wire.line import Line, Unreachable
from comity_node.wire.queries import last_words
from comity_node.wire.recovering import exchange_whole
from comity_node.wire.reports import report
from comity_node.witness import services as witness

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from comity_node.counterparts.queries import TrustedCounterpart
    from comity_node.evidence.models import Exhibit

LOG: Final = logging.getLogger("comity.courier")
_SWEEP_EVERY: Final = 3600.0
_CHECKS_EVERY: Final = 60.0


class Courier:
    """Keeps one carrier going for each confirmed counterpart."""

    def __init__(self, lock: IO[str]) -> None:
        """``lock``: held for as long as this courier lives."""
        self._lock = lock
        self._carriers: dict[str, Carrier] = {}
        self._stop = threading.Event()
        self._sweep_at = 0.0
        self._checks_at = 0.0
        self._hooks = threading.Thread(target=self._tell_hooks, name="hooks", daemon=True)

    def run(self) -> None:
        """Until stopped: see that every confirmed counterpart has its carrier."""
        self._hooks.start()
        calling.start(self._stop, last_words)
        while not self._stop.is_set():
            close_old_connections()
            try:
                self._engage(all_trusted())
                self._sweep()
                self._ask_witnesses()
            except ComityError as error:
                LOG.warning("witness: %s", error)
            except Exception:
                LOG.exception("the courier could not make its round")
            self._stop.wait(settings.NODE.courier_seconds)

    def _ask_witnesses(self) -> None:
        if settings.NODE.witnesses:
            with witness.asking() as http:
                witness.ask_all(http)

    def _sweep(self) -> None:
        """Once an hour: drop what expired sessions still hold, drafts of acts among it."""
        if time.monotonic() >= self._sweep_at:
            people.drop_expired_sessions()
            self._sweep_at = time.monotonic() + _SWEEP_EVERY

    def _tell_hooks(self) -> None:
        """Until stopped: tell our own systems what happened, on a thread that no exchange waits for."""
        while not self._stop.is_set():
            heard, is_more = news.heard(), False
            close_old_connections()
            self._attend_to_checks()
            try:
                is_more = noticing.notice(timezone.now())
                hooks.tell(timezone.now())
            except Exception:
                LOG.exception("hooks could not be told")
            if not is_more:
                news.wait(heard, seconds=settings.NODE.courier_seconds)
                self._stop.wait(news.ENTRIES_FIRST)

    def _attend_to_checks(self) -> None:
        """Answer communication checks at once; ask, and say what was missed, now and then."""
        now = timezone.now()
        try:
            checking.answer(now)
            if time.monotonic() >= self._checks_at:
                self._checks_at = time.monotonic() + _CHECKS_EVERY
                checking.miss(now)
                checking.ask(now)
        except Exception:
            LOG.exception("communication checks could not be seen to")

    def _engage(self, others: Iterable[TrustedCounterpart]) -> None:
        """One carrier for each counterpart, a new one where its passport says something new; no other.

        Whom officers have stopped dealing with is called no more after the exchange it is in.
        """
        others = list(others)
        for party in self._carriers.keys() - {other.party for other in others}:
            self._carriers.pop(party).stop()
        for other in others:
            carrier = self._carriers.get(other.party)
            if carrier is not None and carrier.other == other:
                continue
            if carrier is not None:
                carrier.stop()
            self._carriers[other.party] = Carrier(other)
            self._carriers[other.party].start()

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
        """Exchange where our own log has grown, and everywhere at every interval.

        What the counterpart sends needs no call of ours: our receipt is in the answer it gets.
        """
        self._exhibits.start()
        carried: dict[str, int] = {}
        due = 0.0
        while not self._stopped.is_set():
            heard = news.heard()
            asked = time.monotonic() >= due
            with self._surviving("exchange"):
                before, carried = carried, queries.own_sizes(self.other.party)
                for channel, size in carried.items():
                    if asked or before.get(channel) != size:
                        self._exchange(channel, ask=asked)
            if asked:
                due = time.monotonic() + settings.NODE.courier_seconds
            news.wait(heard, seconds=max(0.0, due - time.monotonic()))
        self._line.close()

    def _exchange(self, channel: str, *, ask: bool) -> None:
        try:
            exchange_whole(channel, self._line, ask=ask)
        except Unreachable as error:
            report(self.other.party, answered=False, because=str(error))
        except ComityError as error:
            LOG.warning(
                "exchange refused", extra={"party": self.other.party, "channel": channel, "code": error.code}
            )
            report(self.other.party, answered=True, because=str(error))
            clocks.note(self.other.party, self._line.clock)
        except Exception:
            LOG.exception("exchange failed", extra={"party": self.other.party, "channel": channel})
        else:
            report(self.other.party, answered=True, because="")
            clocks.note(self.other.party, self._line.clock)

    @contextmanager
    def _surviving(self, what: str, **about: str) -> Iterator[None]:
        """Nothing that goes wrong in one task ends the courier: it is written down, and tried again later."""
        close_old_connections()
        try:
            yield
        except Exception:
            LOG.exception("%s failed", what, extra={"party": self.other.party, **about})

    def _fetch_exhibits(self) -> None:
        """Large exhibits travel apart, so that no entry waits behind them."""
        line = Line(self.other.party, self.other.address, settings.NODE.limits.bundle_bytes)
        while not self._stopped.is_set():
            heard = news.heard()
            with self._surviving("fetching exhibits"):
                for exhibit in evidence.due():
                    if exhibit.provider == self.other.party:
                        self._fetch(exhibit, line)
                for exhibit in evidence.due_from(self.other.party):
                    self._fetch(exhibit, line)
            news.wait(heard, seconds=settings.NODE.courier_seconds)
            self._stopped.wait(news.ENTRIES_FIRST)
        line.close()

    def _fetch(self, exhibit: Exhibit, line: Line) -> None:
        try:
            evidence.fetch(exhibit, line, self.other.party)
        except ComityError as error:
            LOG.warning("exhibit not fetched", extra={"party": self.other.party, "code": error.code})


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
