"""The network between nodes as the faults have it: each node is called through a wire that may do anything.

A wire never knows a key. What it does to a call it picks from what was armed for that caller: lose it or its
answer, bring it twice, late, after others, again long after, cut short, or with a byte changed. Two parties
can be parted: then no call between them passes, in either direction.
"""

from __future__ import annotations

import re
import socket
import threading
import time
from collections import Counter, defaultdict, deque
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

_KEPT = 200
_ANSWERS_WITHIN = 20.0
_CALLER = re.compile(r'keyid="([^"]+)"')
# Beyond these nothing more is armed on a line: it is silent, and they would all meet it at once later.
MOST_ARMED = 3


@dataclass(frozen=True, slots=True)
class Answer:
    """What a node answered."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


@dataclass(frozen=True)
class Call:
    """One call to a node, on its way."""

    port: int
    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    def made(self, body: bytes | None = None) -> Answer | None:
        """Let it through, with another body if one is given; None where nobody answered."""
        sent = self.body if body is None else body
        connection = HTTPConnection("127.0.0.1", self.port, timeout=_ANSWERS_WITHIN)
        try:
            connection.request(self.method, self.path, sent or None, self.headers)
            response = connection.getresponse()
            return Answer(response.status, response.getheaders(), response.read())
        except (OSError, HTTPException):
            return None
        finally:
            connection.close()

    def broken_off(self, share: float) -> None:
        """Send a part of it, and end the connection."""
        lines = [f"{self.method} {self.path} HTTP/1.1", *(f"{k}: {v}" for k, v in self.headers.items())]
        whole = "\r\n".join([*lines, "", ""]).encode() + self.body
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=5) as wire:
            wire.sendall(whole[: max(1, round(share * len(whole)))])


@dataclass
class Network:
    """What the wires of all nodes share: who is parted, what is armed, what was met."""

    chance: random.Random
    armed: defaultdict[tuple[str, str], deque[str]] = field(default_factory=lambda: defaultdict(deque))
    parted: dict[frozenset[str], float] = field(default_factory=dict)
    met: Counter[str] = field(default_factory=Counter)
    kept: defaultdict[str, deque[Call]] = field(
        default_factory=lambda: defaultdict(lambda: deque(maxlen=_KEPT))
    )
    lock: threading.Lock = field(default_factory=threading.Lock)

    def arm(self, caller: str, called: str, fault: str) -> bool:
        """Have a fault meet the next call from one to the other; not where some wait there already."""
        with self.lock:
            waiting = self.armed[caller, called]
            if len(waiting) >= MOST_ARMED:
                return False
            waiting.append(fault)
            return True

    def part(self, one: str, other: str, seconds: float) -> None:
        """Let nothing pass between two for a while."""
        self.parted[frozenset((one, other))] = time.monotonic() + seconds
        self.met["partition"] += 1

    def mend(self) -> None:
        """Let everything pass from now on."""
        with self.lock:
            self.armed.clear()
            self.parted.clear()

    def passes(self, caller: str, called: str, call: Call) -> Answer | None:
        """What becomes of a call."""
        if time.monotonic() < self.parted.get(frozenset((caller, called)), 0.0):
            return None
        with self.lock:
            waiting = self.armed[caller, called]
            fault = waiting.popleft() if waiting else ""
            self.met[fault] += bool(fault)
            self.kept[called].append(call)
        return FAULTS[fault](self, called, call) if fault else call.made()

    # --- what may become of it ------------------------------------------------------------------------------

    def lost(self, _called: str, _call: Call) -> Answer | None:
        return None

    def answer_lost(self, _called: str, call: Call) -> Answer | None:
        call.made()
        return None

    def doubled(self, _called: str, call: Call) -> Answer | None:
        call.made()
        return call.made()

    def replayed(self, called: str, call: Call) -> Answer | None:
        """Something that was sent before comes once more: its caller hears nothing of it."""
        with self.lock:
            old = self.chance.choice(self.kept[called])
        old.made()
        return call.made()

    def late(self, _called: str, call: Call) -> Answer | None:
        """It seems lost, is sent again, and comes after what was sent later."""
        timer = threading.Timer(self.chance.uniform(0.05, 3.0), call.made)
        timer.daemon = True
        timer.start()
        return None

    def overtaken(self, _called: str, call: Call) -> Answer | None:
        time.sleep(self.chance.uniform(0.05, 1.0))
        return call.made()

    def damaged(self, _called: str, call: Call) -> Answer | None:
        return call.made(self._with_a_byte_changed(call.body))

    def answer_damaged(self, _called: str, call: Call) -> Answer | None:
        answer = call.made()
        return answer and Answer(answer.status, answer.headers, self._with_a_byte_changed(answer.body))

    def cut_short(self, _called: str, call: Call) -> Answer | None:
        call.broken_off(self.chance.random())
        return None

    def answer_cut_short(self, _called: str, call: Call) -> Answer | None:
        answer = call.made()
        kept = round(len(answer.body) * self.chance.random()) if answer else 0
        return answer and Answer(answer.status, answer.headers, answer.body[:kept])

    def _with_a_byte_changed(self, body: bytes) -> bytes:
        if not body:
            return body
        place = self.chance.randrange(len(body))
        return body[:place] + bytes([body[place] ^ self.chance.randrange(1, 256)]) + body[place + 1 :]


FAULTS: dict[str, Callable[[Network, str, Call], Answer | None]] = {
    "call lost": Network.lost,
    "answer lost": Network.answer_lost,
    "delivered twice": Network.doubled,
    "replayed": Network.replayed,
    "late, out of order": Network.late,
    "overtaken": Network.overtaken,
    "call damaged": Network.damaged,
    "answer damaged": Network.answer_damaged,
    "call cut short": Network.cut_short,
    "answer cut short": Network.answer_cut_short,
}


class Wire:
    """The way into one node, from the port others know to the one it listens at."""

    def __init__(self, network: Network, party: str, port: int, listens: int) -> None:
        class Passing(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                said = _CALLER.search(self.headers.get("Signature-Input", ""))
                headers = {name: value for name, value in self.headers.items() if name != "Connection"}
                call = Call(listens, self.command, self.path, headers, body)
                answer = network.passes(said.group(1) if said else "", party, call)
                self.close_connection = True
                if answer is not None:
                    self._give(answer)

            do_POST = do_GET  # noqa: N815 - as above

            def _give(self, answer: Answer) -> None:
                with suppress(OSError):
                    self.send_response_only(answer.status)
                    for name, value in answer.headers:
                        self.send_header(name, value)
                    self.end_headers()
                    self.wfile.write(answer.body)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Passing)
        self._server.daemon_threads = True
        threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True
        ).start()

    def close(self) -> None:
        """Take no more calls."""
        self._server.shutdown()
        self._server.server_close()
