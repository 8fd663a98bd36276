"""Sealed, durable, receipted entries between two real node processes: how many, how soon, after an outage."""

from __future__ import annotations

import statistics
import threading
import time
from typing import TYPE_CHECKING, Self

import httpx

from bench import nodes
from bench.report import Row, percentile
from comity.tlog.merkle import verify_consistency

if TYPE_CHECKING:
    from bench.nodes import Node
    from bench.report import Scale

BATCH = 100
_PARTY = "aa"
_OFFICERS = 8


class Lost(AssertionError):
    """Entries are missing or doubled: no rate means anything then."""


def measure(scale: Scale) -> list[Row]:
    """Everything two nodes on loopback can show."""
    with nodes.two() as (ours, theirs, channel):
        run = Run(ours, theirs, channel)
        return [
            *run.batches(scale),
            *run.singly(scale),
            *run.at_once(scale),
            *run.page(scale),
            *run.requests(scale),
            *run.outage(scale),
        ]


class Run:
    """Two nodes and the measurements numbered so far."""

    def __init__(self, ours: Node, theirs: Node, channel: str) -> None:
        self.ours, self.theirs, self.channel = ours, theirs, channel
        self.done = 0

    def batches(self, scale: Scale) -> list[Row]:
        """Payloads of 1 kB, hybrid sealing to both parties, a checkpoint for every hundred."""
        count = scale.of(5000, least=BATCH)
        before = self.ours.does("state", channel=self.channel, party=_PARTY)
        spent = self._spent()
        rates = [count / self._notes(count)["receipted"] for _ in range(scale.runs)]
        note = self._per_entry(spent, count * scale.runs)
        note = f"{self._prove(before)}; {note}"
        rate = statistics.median(rates)
        return [
            Row(
                what=f"entries sealed, delivered, receipted, {BATCH} a batch",
                value=rate,
                unit="/s",
                bar=2500,
                note=note,
            )
        ]

    def singly(self, scale: Scale) -> list[Row]:
        """One by one: each its own transaction and receipt."""
        count = scale.of(200, least=3)
        runs = [self._singly(count) for _ in range(scale.runs)]
        times = [one for run in runs for one in run]
        return [
            Row(
                what="the same one by one",
                value=statistics.median(count / sum(run) for run in runs),
                unit="/s",
                bar=200,
            ),
            Row(
                what="act to receipt, p50", value=1e3 * percentile(times, 0.5), unit="ms", bar=15, least=False
            ),
            Row(
                what="act to receipt, p95",
                value=1e3 * percentile(times, 0.95),
                unit="ms",
                bar=40,
                least=False,
            ),
        ]

    def at_once(self, scale: Scale) -> list[Row]:
        """Several officers at once, each waiting for the receipt of the act before the next."""
        count = scale.of(400, least=2 * _OFFICERS)
        runs = []
        for _ in range(scale.runs):
            first, self.done = self.done, self.done + count
            runs.append(
                self.ours.does("at_once", channel=self.channel, first=first, count=count, officers=_OFFICERS)
            )
        times = [one for run in runs for one in run["times"]]
        note = f"p50 {1e3 * percentile(times, 0.5):.0f}, p95 {1e3 * percentile(times, 0.95):.0f} ms"
        rate = statistics.median(count / run["took"] for run in runs)
        return [
            Row(
                what=f"by {_OFFICERS} officers at once, each its own receipt",
                value=rate,
                unit="/s",
                note=note,
            )
        ]

    def page(self, scale: Scale) -> list[Row]:
        """From an act here to the event on a page that is open there."""
        with OpenPage(self.theirs) as page:
            times = []
            for _ in range(scale.of(20, least=2)):
                begun = time.perf_counter()
                self._notes(1)
                times.append(page.heard_after(begun))
                time.sleep(0.05)
        return [
            Row(
                what="act to the other officer's open page, p95",
                value=percentile(times, 0.95),
                unit="s",
                bar=1,
                least=False,
            )
        ]

    def requests(self, scale: Scale) -> list[Row]:
        """Requests under a treaty: each judged here, and projected on both sides."""
        count = scale.of(500, least=2)
        rates = []
        spent = self._spent()
        for run in range(scale.runs):
            took = self.ours.does(
                "requests",
                channel=self.channel,
                party=_PARTY,
                other="bb",
                first=run * count,
                count=count,
                batch=BATCH,
            )
            rates.append(count / took["receipted"])
        return [
            Row(
                what=f"requests lodged, delivered, receipted, {BATCH} a batch",
                value=statistics.median(rates),
                unit="/s",
                note=self._per_entry(spent, count * scale.runs),
            )
        ]

    def outage(self, scale: Scale) -> list[Row]:
        """A backlog written while the counterpart is away, from its return to the receipt for everything."""
        count = scale.of(10_000, least=BATCH)
        before = self.ours.does("state", channel=self.channel, party=_PARTY)
        self.theirs.stop()
        self._notes(count, settled=False)
        self.theirs.start()
        took = self.ours.does("settle", channel=self.channel)
        note = self._prove(before)
        return [
            Row(
                what=f"backlog of {count:,} gap-free after an outage",
                value=took,
                unit="s",
                bar=10,
                least=False,
                note=note,
            )
        ]

    def _spent(self) -> tuple[float, float]:
        return self.ours.processor_seconds(), self.theirs.processor_seconds()

    def _per_entry(self, before: tuple[float, float], count: int) -> str:
        """What both nodes have spent since ``before``, on so many entries."""
        here, there = (1e6 * (now - then) / count for now, then in zip(self._spent(), before, strict=True))
        return f"processor {here:.0f} µs an entry here, {there:.0f} there"

    def _notes(self, count: int, *, settled: bool = True) -> dict[str, float]:
        first, self.done = self.done, self.done + count
        took: dict[str, float] = self.ours.does(
            "notes", channel=self.channel, first=first, count=count, batch=BATCH, settled=settled
        )
        return took

    def _singly(self, count: int) -> list[float]:
        first, self.done = self.done, self.done + count
        times: list[float] = self.ours.does("one_by_one", channel=self.channel, first=first, count=count)
        return times

    def _prove(self, before: dict[str, object]) -> str:
        """That both hold one tree that extends the earlier one, and every measurement exactly once."""
        here, there = (
            node.does("state", channel=self.channel, party=_PARTY) for node in (self.ours, self.theirs)
        )
        proof = self.theirs.does("grown", channel=self.channel, party=_PARTY, before=before["size"])
        old, new = bytes.fromhex(str(before["root"])), bytes.fromhex(there["root"])
        verify_consistency(before["size"], old, there["size"], new, [bytes.fromhex(one) for one in proof])
        missing = len(set(range(self.done)) - set(there["numbers"]))
        doubled = len(there["numbers"]) - len(set(there["numbers"]))
        if missing or doubled or (here["size"], here["root"]) != (there["size"], there["root"]):
            raise Lost(f"{missing} missing, {doubled} doubled")
        return "0 missing, 0 doubled, proven by the consistency proof"


class OpenPage:
    """An official's open page on a node: hears the events a browser would."""

    def __init__(self, node: Node) -> None:
        self._node = node
        self._heard = threading.Condition()
        self._times: list[float] = []

    def __enter__(self) -> Self:
        self._http = signed_in(self._node)
        self._stream = self._http.stream("GET", "/live", timeout=None)
        self._lines = self._stream.__enter__().iter_lines()
        next(self._lines)
        threading.Thread(target=self._listen, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def heard_after(self, begun: float) -> float:
        """Seconds from ``begun`` to the first event after it."""
        with self._heard:
            self._heard.wait_for(lambda: any(at > begun for at in self._times), timeout=10)
            return next((at - begun for at in self._times if at > begun), 10.0)

    def quiet(self, seconds: float = 0.2) -> None:
        """Wait until no event came for so long: what trails one act must not count as heard of the next."""
        with self._heard:
            while self._heard.wait(seconds):
                pass

    def _listen(self) -> None:
        try:
            for line in self._lines:
                if line.startswith("event:"):
                    with self._heard:
                        self._times.append(time.perf_counter())
                        self._heard.notify_all()
        except (httpx.HTTPError, httpx.StreamError, OSError):
            return


def signed_in(node: Node) -> httpx.Client:
    """A browser of the node's first official."""
    http = httpx.Client(base_url=node.address, cookies=node.does("browser"), trust_env=False, timeout=60)
    if not http.get("/").is_success:
        raise nodes.NodeFailed(f"{node.party} does not let its official in")
    return http
