"""Calls to a counterpart's node.

Follows: docs/spec/wire.md.
"""

from __future__ import annotations

import json
import time
from contextlib import closing, contextmanager, suppress
from datetime import timedelta
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone

from comity import skew
from comity.errors import ComityError, CounterpartBreach, MalformedBundle
from comity_node import signatures
from comity_node.register.keyring import keyring

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_CONNECTS_WITHIN: Final = 5.0
_GOES_ON_WITHIN: Final = 30.0
_BLOCK: Final = 256 * 1024
_NONE: Final[Mapping[str, str]] = {}
_ENDED: Final = (ConnectionError, HTTPException)
_MOST_PROBLEM: Final = 64 * 1024
_ANSWERED: Final = (200, 206)


class Unreachable(CounterpartBreach):
    """The counterpart's node did not answer."""

    code = "unreachable"
    default_hint = (
        "nothing is lost: the courier asks again; if it lasts, use another path, or carry a bundle by hand"
    )


class RefusedByCounterpart(CounterpartBreach):
    """The counterpart's node refused what we sent, and said why."""

    code = "refused-by-counterpart"

    def __init__(
        self,
        message: str,
        *,
        hint: str,
        code: str,
        send_from: int | None,
        awaits: tuple[str, int] | None = None,
    ) -> None:
        """Take in what it said.

        Args:
            message: Its words.
            hint: What it says is to be done.
            code: Its own code.
            send_from: Where it says our next delivery must begin.
            awaits: Whose log it says it must have first, and how much of it it holds.

        Its words reach officials' pages, the journal and terminals, so nothing in them may move a cursor.
        """
        super().__init__(_one_line(message), hint=_one_line(hint))
        self.their_code = code
        self.send_from = send_from
        self.awaits = awaits


class Line:
    """A line to one counterpart, its connection kept open between calls.

    By the standard library's client: of a call's processor time the common ones take several times as much,
    and copy what they read.
    """

    def __init__(self, party: str, address: str, most: int) -> None:
        """Open no connection yet.

        Args:
            party: The counterpart.
            address: Base URL of its node.
            most: Bytes an answer may have.
        """
        self.party = party
        self.address = address
        self.clock: skew.Reading | None = None
        self.forked: frozenset[str] = frozenset()
        self._most = most
        self._kept: HTTPConnection | None = None

    def deliver(self, bundle: bytes) -> bytes:
        """Post a delivery; give back the bytes of the answer.

        Raises:
            Unreachable: No answer came, or it broke off.
            RefusedByCounterpart: It was refused.
        """
        return self._whole("POST", "/wire/bundle", bundle)

    def part(self, channel: str, author: str, start: int, receipts: int) -> bytes:
        """Ask for a part of a log as the counterpart holds it, our own among them.

        Raises:
            Unreachable: No answer came, or it broke off.
            RefusedByCounterpart: It was refused.
        """
        return self._whole("GET", f"/wire/logs/{channel}/{author}?start={start}&receipts={receipts}", b"")

    def misconduct(self, channel: str, author: str) -> bytes:
        """Ask for the proof it says it has that a party signed two histories.

        Raises:
            Unreachable: No answer came, or it broke off.
            RefusedByCounterpart: It was refused.
        """
        return self._whole("GET", f"/wire/misconduct/{channel}/{author}", b"")

    def read(self, name: str, start: int) -> Iterator[bytes]:
        """Read a sealed exhibit from a byte onwards, in chunks as they come, on a connection of its own.

        Raises:
            Unreachable: No answer came, or it broke off.
            RefusedByCounterpart: It was refused.
        """
        with self._said("broke off"), closing(self._connection()) as connection:
            headers = {"Range": f"bytes={start}-"}
            response = self._ask(connection, "GET", f"/wire/exhibits/{name}", b"", headers)
            if start and not response.headers.get("Content-Range", "").startswith(f"bytes {start}-"):
                raise Unreachable(
                    f"{self.party} did not go on from byte {start} of the exhibit, where we asked"
                )
            while chunk := response.read1(_BLOCK):
                yield chunk

    def close(self) -> None:
        """Close the connection."""
        if self._kept is not None:
            self._kept.close()
            self._kept = None

    def _whole(self, method: str, path: str, body: bytes) -> bytes:
        """Ask, and read the whole answer, never more than a bundle may have."""
        with self._said(f"did not answer at {self.address}"):
            response = self._answer(method, path, body)
        try:
            with self._said("broke off"):
                return self._read(response)
        except BaseException:
            self.close()
            raise

    def _read(self, response: HTTPResponse) -> bytes:
        parts, total = [], 0
        while chunk := response.read(_BLOCK):
            parts.append(chunk)
            total += len(chunk)
            if total > self._most:
                raise MalformedBundle(f"an answer of over {self._most:,} bytes came; this node takes no more")
        if response.length:
            raise Unreachable(f"{self.party} broke off before the end of its answer")
        return b"".join(parts)

    def _answer(self, method: str, path: str, body: bytes) -> HTTPResponse:
        """Ask on the kept connection; where it has ended meanwhile, on a new one: any request may repeat."""
        if self._kept is not None:
            with suppress(*_ENDED):
                return self._ask(self._kept, method, path, body)
            self.close()
        self._kept = self._connection()
        return self._ask(self._kept, method, path, body)

    def _ask(
        self,
        connection: HTTPConnection,
        method: str,
        path: str,
        body: bytes,
        headers: Mapping[str, str] = _NONE,
    ) -> HTTPResponse:
        """Send a signed request and read the head of its answer."""
        signed = signatures.sign(
            method,
            self.address + path,
            body,
            party=settings.NODE.party,
            key=keyring().wire,
            at=timezone.now(),
        )
        asked_at, began = timezone.now(), time.monotonic()
        # The client asks for answers that are not packed, so that nobody can have us unpack a bomb.
        try:
            connection.request(method, path, body or None, {**signed, **headers})
            response = connection.getresponse()
        except BaseException:
            connection.close()
            raise
        answered_at = asked_at + timedelta(seconds=time.monotonic() - began)
        told = skew.told(response.headers.get("Comity-Time", ""))
        self.clock = skew.read(told, asked_at=asked_at, answered_at=answered_at) if told else None
        if response.status not in _ANSWERED:
            try:
                raise _refusal(self.party, response.status, response.read(_MOST_PROBLEM))
            finally:
                connection.close()
        # A refusal says nothing of it: what was said before, in the same exchange it may be, still stands.
        self.forked = frozenset(filter(None, response.headers.get("Comity-Forked", "").split(",")))
        return response

    def _connection(self) -> HTTPConnection:
        place = urlsplit(self.address)
        if place.scheme == "https":
            import httpx  # noqa: PLC0415 - what it brings is needed only where there is TLS

            context = httpx.create_ssl_context(trust_env=False)
            connection: HTTPConnection = HTTPSConnection(
                place.netloc, timeout=_CONNECTS_WITHIN, context=context
            )
        else:
            connection = HTTPConnection(place.netloc, timeout=_CONNECTS_WITHIN)
        with self._said(f"did not answer at {self.address}"):
            connection.connect()
        connection.sock.settimeout(_GOES_ON_WITHIN)
        connection.auto_open = 0  # or it would connect again by itself, and wait as for a connection
        return connection

    @contextmanager
    def _said(self, what: str) -> Iterator[None]:
        """Say in plain words that the line failed."""
        try:
            yield
        except (OSError, HTTPException, UnicodeError) as error:
            raise Unreachable(f"{self.party} {what}: {type(error).__name__}") from error


def _one_line(text: str) -> str:
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in text)


def _refusal(party: str, status: int, problem: bytes) -> ComityError:
    """What the counterpart said, as far as it can be read; its words are shown, never trusted."""
    said: dict[str, object] = {}
    with suppress(ValueError, RecursionError):
        document = json.loads(problem)
        said = document if isinstance(document, dict) else {}
    send_from = said.get("send_from")
    return RefusedByCounterpart(
        f"{party} refused it ({status}): {str(said.get('detail', 'no reason given'))[:500]}",
        hint=str(said.get("hint", ""))[:500],
        code=str(said.get("code", ""))[:60],
        send_from=send_from if isinstance(send_from, int) and send_from >= 0 else None,
        awaits=_awaits(said.get("awaits")),
    )


def _awaits(said: object) -> tuple[str, int] | None:
    """Whose log it awaits, and from where, if that can be read."""
    match said:
        case {"party": str(party), "size": int(size)} if size >= 0:
            return party, size
        case _:
            return None
