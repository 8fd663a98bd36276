"""Delivery beside two federated Synapse homeservers: the same machine, the same minutes.

Their messages are plain text, and count as soon as a client on the other side sees them. Ours count once
they are sealed, durable on both sides, and receipted.

A homeserver that has a hundred events of one room waiting drops those that later ones refer to, though it has
accepted them (``prune_staged_events_in_room``): that is where messages go missing when eight send at once.
"""

from __future__ import annotations

import json
import threading
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from statistics import median
from typing import TYPE_CHECKING, Final, Self
from urllib.parse import quote

from bench import homeservers, nodes, peers
from bench.delivery import Run
from bench.report import Row, Scale, percentile

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import httpx

    from bench.homeservers import Homeserver

SENDERS: Final = 8
_TEXT: Final = "x" * 1000
_QUIET: Final = 10.0  # seconds without a further message after which a run has ended


def measure(scale: Scale) -> list[Row]:
    """Every run does each once, so that what else the machine does falls on all alike."""
    once = Scale(1, scale.size)
    try:
        with _room() as room, nodes.two() as (here, there, channel):
            run = Run(here, there, channel)
            found = [[*run.batches(once), *run.singly(once), *room.measure(once)] for _ in range(scale.runs)]
    except peers.NotHere as reason:
        return [Row(what="Synapse", value=None, unit="", note=str(reason))]
    rows = [replace(same[-1], value=median(row.value for row in same)) for same in zip(*found, strict=True)]
    return [*rows, *_beside(rows)]


def _beside(rows: Sequence[Row]) -> list[Row]:
    """Our figures as multiples of theirs."""
    batches, _, p50, p95, eight, one, seen50, seen95 = (row.value for row in rows)
    rate = batches / max(eight, one)
    times = {"p50": p50 / seen50, "p95": p95 / seen95}
    return [
        Row(what="our rate in batches, against Synapse's best", value=rate, unit="x", bar=40),
        *(
            Row(what=f"our time, against Synapse's, {share}", value=ratio, unit="x", bar=1 / 3, least=False)
            for share, ratio in times.items()
        ),
    ]


@contextmanager
def _room() -> Iterator[_Room]:
    """A room on two homeservers: eight people on one, a reader on the other."""
    with homeservers.two() as (here, there), ExitStack() as clients:
        senders = [clients.enter_context(here.person(f"sender{number}")) for number in range(SENDERS)]
        reader = clients.enter_context(there.person("reader"))
        made = senders[0].post("/_matrix/client/v3/createRoom", json={"preset": "public_chat"})
        room = made.raise_for_status().json()["room_id"]
        for person in (*senders[1:], reader):
            joining = person.post(f"/_matrix/client/v3/join/{quote(room)}?server_name={here.name}", json={})
            joining.raise_for_status()
        with _Reader(reader) as seen:
            yield _Room(room, (here, there), senders, seen)


class _Room:
    """A room, and the messages numbered so far."""

    def __init__(
        self, room: str, servers: Sequence[Homeserver], senders: Sequence[httpx.Client], seen: _Reader
    ) -> None:
        self._path = f"/_matrix/client/v3/rooms/{quote(room)}/send/m.room.message"
        self._servers, self._senders, self._seen = servers, senders, seen
        self._done = 0
        self._missing: dict[int, list[str]] = defaultdict(list)

    def measure(self, once: Scale) -> list[Row]:
        """One run: how soon in quiet, and how many."""
        times = [1e3 * self._seen_after() for _ in range(once.of(40, least=2))]
        one, eight = self._rate(once.of(200, least=2), 1), self._rate(once.of(800, least=SENDERS), SENDERS)
        p50, p95 = (
            Row(what=f"Synapse: message to visible there, {name}", value=percentile(times, share), unit="ms")
            for name, share in (("p50", 0.5), ("p95", 0.95))
        )
        return [eight, one, p50, p95]

    def _seen_after(self) -> float:
        """Seconds from a message sent in quiet until the reader at the other homeserver has it."""
        time.sleep(0.05)
        (number,) = self._numbers(1)
        begun = time.perf_counter()
        self._send(self._senders[0], number)
        return self._seen.all([number]).get(number, time.perf_counter()) - begun

    def _rate(self, count: int, senders: int) -> Row:
        """Messages a second until the reader had the last that came; those that never came count too."""
        numbers = self._numbers(count)
        spent = [server.processor_seconds() for server in self._servers]
        begun = time.perf_counter()
        with ThreadPoolExecutor(senders) as pool:
            shares = [numbers[place::senders] for place in range(senders)]
            sent = {event for events in pool.map(self._send_all, self._senders, shares) for event in events}
        took = max(self._seen.all(numbers).values(), default=time.perf_counter()) - begun
        each = [
            1e3 * (server.processor_seconds() - then) / count
            for server, then in zip(self._servers, spent, strict=True)
        ]
        self._missing[senders].append(f"{len(sent - self._servers[1].holds())} of {count}")
        return Row(
            what=f"Synapse: messages until visible there, senders at once: {senders}",
            value=count / took,
            unit="/s",
            note=f"missing there when a run ended: {', '.join(self._missing[senders])};"
            f" processor {each[0]:.0f} ms a message here, {each[1]:.0f} there",
        )

    def _numbers(self, count: int) -> range:
        self._done += count
        return range(self._done - count, self._done)

    def _send_all(self, sender: httpx.Client, numbers: Sequence[int]) -> list[str]:
        return [self._send(sender, number) for number in numbers]

    def _send(self, sender: httpx.Client, number: int) -> str:
        content = {"msgtype": "m.text", "body": _TEXT, "number": number}
        return str(sender.put(f"{self._path}/{number}", json=content).raise_for_status().json()["event_id"])


class _Reader:
    """A client that always asks what is new, as an open window does, and notes when it saw which message."""

    def __init__(self, http: httpx.Client) -> None:
        self._http = http
        self._news = threading.Condition()
        self._seen: dict[int, float] = {}
        self._closed = False

    def __enter__(self) -> Self:
        since = self._ask("")["next_batch"]
        self._thread = threading.Thread(target=self._listen, args=(since,))
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closed = True
        self._thread.join()

    def all(self, numbers: Sequence[int]) -> dict[int, float]:
        """When each was seen, once all are or nothing further has come for a while."""
        with self._news:
            while not self._seen.keys() >= set(numbers) and self._news.wait(_QUIET):
                pass
            return {number: self._seen[number] for number in numbers if number in self._seen}

    def _listen(self, since: str) -> None:
        while not self._closed:
            answer = self._ask(since)
            since = answer["next_batch"]
            self._note(answer.get("rooms", {}).get("join", {}), time.perf_counter())

    def _note(self, rooms: dict[str, dict], at: float) -> None:
        numbers = [
            event["content"]["number"] for room in rooms.values() for event in room["timeline"]["events"]
        ]
        if numbers:
            with self._news:
                self._seen |= dict.fromkeys(numbers, at)
                self._news.notify_all()

    def _ask(self, since: str) -> dict:
        timeline = {"limit": 1000, "types": ["m.room.message"]}
        asked = {"filter": json.dumps({"room": {"timeline": timeline}}), "timeout": "2000"}
        asked |= {"since": since} if since else {}
        return self._http.get("/_matrix/client/v3/sync", params=asked).raise_for_status().json()
