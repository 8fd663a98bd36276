"""A minimal node of another house: channels in memory, deliveries by HTTP, officers who agree to all.

It imports nothing of Comity. Whatever it needed to know stands in ``docs/spec``.
"""

from __future__ import annotations

import base64
import json
import os
import re
import threading
import time
import urllib.parse
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Self

from conformance.peer import calls, entries
from conformance.peer.bundle import Bundle
from conformance.peer.channel import Channel, Problem
from conformance.peer.notes import Refused
from conformance.peer.party import Counterpart, Party, policy

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST = 64 * 2**20
PART = re.compile(r"/wire/logs/([a-z2-7]{16,32})/([a-z-]{2,32})(?:\?(.*))?")
NUMBER = re.compile("0|[1-9][0-9]{0,17}")


class SecondNode:
    """One party's node.

    Args:
        code: Its party code.
        instruments: The texts it knows, by name: edition and digest.
    """

    def __init__(self, code: str, instruments: Mapping[str, tuple[str, str]]) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.party = Party.new(code, f"http://127.0.0.1:{self._server.server_address[1]}")
        self.instruments = instruments
        self.trusted: dict[str, Counterpart] = {}
        self.channels: dict[str, Channel] = {}
        self.lock = threading.RLock()

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    # --- what its officers do -----------------------------------------------------------------------

    def passport(self) -> bytes:
        """Its passport, for others' officers."""
        return self.party.passport()

    def trust(self, passport: bytes) -> None:
        """Its officers have compared the fingerprint."""
        other = Counterpart.of(passport)
        self.trusted[other.code] = other

    def propose(self, other: str, instrument: str) -> str:
        """Propose a channel; returns its id."""
        name = base64.b32encode(os.urandom(10)).decode().lower()
        channel = self.channels[name] = Channel(name, self.party, self.trusted[other])
        chosen = ("charter", instrument)
        codes, tables = list(chosen), [self.instruments[one][1] for one in chosen]
        channel.write(
            "channel.proposed",
            name,
            self._charter(channel, chosen),
            stated={"requested": other, "instruments": codes, "tables": tables, "exercise": "yes"},
        )
        return name

    def accept(self, name: str) -> None:
        """Accept a channel that was proposed to us."""
        channel = self.channels[name]
        (place,) = (
            at
            for at, leaf in enumerate(channel.theirs.leaves)
            if entries.decode(leaf)["kind"] == "channel.proposed"
        )
        content = {"coordinator": _coordinator(), "note": ""}
        channel.write("channel.accepted", name, content, re=[f"{channel.other.code}.comity/{name}#{place}"])

    def lodge(self, name: str, ref: str, instrument: str, types: list[str]) -> None:
        """Lodge a request in a channel."""
        channel = self.channels[name]
        stated = {
            "instrument": instrument,
            "table": self.instruments[instrument][1],
            "requested": channel.other.code,
            "types": types,
        }
        channel.write(
            "assistance.request.lodged", ref, {"title": ref, "language": "en", "fields": {}}, stated=stated
        )

    def _charter(self, channel: Channel, chosen: tuple[str, ...]) -> dict[str, Any]:
        instruments = [
            {"id": one, "edition": self.instruments[one][0], "table": self.instruments[one][1]}
            for one in chosen
        ]
        return {
            "v": 1,
            "channel": channel.name,
            "parties": [self.party.code, channel.other.code],
            "purpose": "A channel of two implementations",
            "instruments": instruments,
            "languages": ["en"],
            "coordinators": {self.party.code: _coordinator()},
            "policy": policy(channel.name, [self.party.counterpart(), channel.other]),
            "witnesses": [],
            "exercise": True,
        }

    # --- calling ------------------------------------------------------------------------------------

    def exchange(self, name: str) -> None:
        """Call the counterpart until neither side has news."""
        channel, start = self.channels[name], None
        for _ in range(20):
            with self.lock:
                sent = channel.delivery(start)
            answer = self.call(channel.other, "POST", "/wire/bundle", sent.encode())
            if answer.status == 409 and start is None:
                start = json.loads(answer.body)["send_from"]
                continue
            if answer.status != 200:
                raise Refused(f"{answer.status} {answer.body[:300]!r}")
            before = (channel.own.receipted, channel.theirs.size, len(sent.cosignatures))
            with self.lock:
                channel.take(Bundle.parse(answer.body))
            if before == (channel.own.receipted, channel.theirs.size, 0) or _is_done(channel, before):
                return
            start = None

    def call(self, other: Counterpart, method: str, path: str, body: bytes = b"") -> calls.Answer:
        """A signed request."""
        url = other.address + path
        headers = calls.signed(method, url, body, self.party.code, self.party.keys["wire"][0])
        return calls.send(method, url, body, {**headers, "Content-Type": calls.BUNDLE})

    # --- being called -------------------------------------------------------------------------------

    def answer(
        self, method: str, path: str, headers: Mapping[str, str], body: bytes
    ) -> tuple[int, str, bytes]:
        """Status, type and body of the answer to a request."""
        if (method, path) == ("GET", "/wire/hello"):
            return 200, "application/json", json.dumps({"comity": 1, "time": _now()}).encode()
        try:
            keys = {code: other.keys["wire"][0] for code, other in self.trusted.items()}
            try:
                party = calls.caller(method, self.party.address + path, headers, body, keys)
            except (Refused, ValueError, KeyError) as error:
                raise Problem(401, "not-authenticated", str(error)) from error
            with self.lock:
                return 200, calls.BUNDLE, self._answer(method, path, party, body)
        except Problem as problem:
            said = {"type": "about:blank", "title": _TITLES[problem.status], "status": problem.status}
            said |= {"detail": problem.detail, "hint": "", "code": problem.code}
            if problem.send_from is not None:
                said["send_from"] = problem.send_from
            return problem.status, "application/problem+json", json.dumps(said).encode()

    def _answer(self, method: str, path: str, party: str, body: bytes) -> bytes:
        part = PART.fullmatch(path)
        if method == "GET" and part:
            return self._part(party, *part.groups())
        if (method, path) != ("POST", "/wire/bundle"):
            raise Problem(404, "no-such-exhibit", "there is nothing of that name for you")
        try:
            bundle = Bundle.parse(body)
        except Refused as error:
            raise Problem(400, "malformed-bundle", str(error)) from error
        if (bundle.sender, bundle.receiver) != (party, self.party.code):
            raise Problem(403, "not-for-us", "the delivery is another's, or for another")
        channel = self.channels.get(bundle.channel) or self._opened(bundle)
        channel.take(bundle)
        self.channels[bundle.channel] = channel
        return channel.delivery(receipts_after=bundle.start).encode()

    def _opened(self, bundle: Bundle) -> Channel:
        proposal = entries.decode(bundle.entries[0]) if bundle.entries and not bundle.start else None
        said = (
            (proposal or {}).get("kind"),
            (proposal or {}).get("ref"),
            (proposal or {}).get("stated", {}).get("requested"),
        )
        if said != ("channel.proposed", bundle.channel, self.party.code):
            raise Problem(404, "unknown-origin", "no channel of that name, and this proposes none")
        return Channel(bundle.channel, self.party, self.trusted[bundle.sender])

    def _part(self, party: str, name: str, author: str, query: str | None) -> bytes:
        channel = self.channels.get(name)
        if channel is None or channel.other.code != party or author not in (party, self.party.code):
            raise Problem(404, "unknown-origin", "no such log in a channel with you")
        asked = dict(urllib.parse.parse_qsl(query or ""))
        numbers = [asked.get(one, "0") for one in ("start", "receipts")]
        if not all(map(NUMBER.fullmatch, numbers)):
            raise Problem(400, "malformed-bundle", "start and receipts are numbers of entries")
        begin, beyond = map(int, numbers)
        ours = author == self.party.code
        log, other = (channel.own, channel.theirs) if ours else (channel.theirs, channel.own)
        receiver = party if ours else self.party.code
        return Bundle(
            name,
            author,
            receiver,
            min(begin, log.size),
            log.note,
            [],
            log.leaves[begin:],
            [
                one or b""
                for leaf, one in zip(log.leaves[begin:], log.payloads[begin:], strict=True)
                if entries.decode(leaf)["payload"]
            ],
            [note for size, note in other.receipts if size > beyond][:32],
        ).encode()


_TITLES = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    409: "Conflict",
    422: "Unprocessable Entity",
}


def _is_done(channel: Channel, before: tuple[int, int, int]) -> bool:
    """Whether both sides hold all, and the last delivery carried our newest receipt."""
    whole = channel.own.receipted == channel.own.size and before[1] == channel.theirs.size
    return whole and before[2] > 0


def _coordinator() -> dict[str, str]:
    return {"office": "ministry", "capacity": "coordinator", "reached_by": "telephone"}


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def _handler(node: SecondNode) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _do(self) -> None:
            declared = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(declared) if declared <= MOST else b""
            allowed = {"/wire/bundle": "POST", "/wire/hello": "GET"}.get(self.path)
            if allowed and self.command != allowed:
                self._send(405, "text/plain", b"", Allow=allowed)
                return
            status, kind, said = node.answer(self.command, self.path, dict(self.headers), body)
            told = {"Comity-Time": _now()}
            created = re.search(r";created=(\d+)", self.headers.get("Signature-Input", ""))
            if created and status != 401:
                told["Comity-Skew"] = f"{int(created[1]) - time.time():.0f}"
            self._send(status, kind, said, **told)

        def _send(self, status: int, kind: str, said: bytes, **headers: str) -> None:
            self.send_response(status)
            for name, value in {**headers, "Content-Type": kind, "Content-Length": str(len(said))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(said)

        do_GET = do_POST = do_PUT = do_DELETE = _do  # noqa: N815 - the server asks for these names

        def log_message(self, *_said: object) -> None:
            """Say nothing."""

    return Handler
