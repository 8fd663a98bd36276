"""Calls to a counterpart's node.

Follows: docs/spec/wire.md.
"""

from __future__ import annotations

import json
import re
from contextlib import closing, suppress
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import httpx
from django.conf import settings
from django.utils import timezone

from comity.errors import ComityError, CounterpartBreach, MalformedBundle
from comity_node.register.keyring import keyring
from comity_node.wire import signatures

if TYPE_CHECKING:
    from collections.abc import Iterator

_TIMEOUT: Final = httpx.Timeout(30.0, connect=5.0)
_EXHIBIT_TIMEOUT: Final = 30.0
_EXHIBIT_BLOCK: Final = 256 * 1024
_MOST_PROBLEM: Final = 64 * 1024
_ANSWERED: Final = (200, 206)
_SECONDS: Final = re.compile(r"-?[0-9]{1,12}", re.ASCII)


class Unreachable(CounterpartBreach):
    """The counterpart's node did not answer."""

    code = "unreachable"
    default_hint = (
        "nothing is lost: the courier asks again; if it lasts, use another path, or carry a bundle by hand"
    )


class RefusedByCounterpart(CounterpartBreach):
    """The counterpart's node refused what we sent, and said why."""

    code = "refused-by-counterpart"

    def __init__(self, message: str, *, hint: str, code: str, send_from: int | None) -> None:
        """``code``: its own code; ``send_from``: where it says our next delivery must begin.

        Its words reach officials' pages, the journal and terminals, so nothing in them may move a cursor.
        """
        super().__init__(_one_line(message), hint=_one_line(hint))
        self.their_code = code
        self.send_from = send_from


class Line:
    """A line to one counterpart, kept open between calls."""

    def __init__(self, party: str, address: str, most: int) -> None:
        """Open no connection yet.

        Args:
            party: The counterpart.
            address: Base URL of its node.
            most: Bytes an answer may have.
        """
        self.party = party
        self.address = address
        self.skew_seconds = 0.0
        self._most = most
        self._http = httpx.Client(timeout=_TIMEOUT, follow_redirects=False, trust_env=False)

    def deliver(self, bundle: bytes) -> bytes:
        """Post a delivery; give back the bytes of the answer.

        Raises:
            Unreachable: No answer came.
            RefusedByCounterpart: It was refused.
        """
        with self._call("POST", "/wire/bundle", bundle) as response:
            return _limited(response, self._most)

    def part(self, channel: str, author: str, start: int, receipts: int) -> bytes:
        """Ask for a part of a log as the counterpart holds it, our own among them.

        Raises:
            Unreachable: No answer came.
            RefusedByCounterpart: It was refused.
        """
        path = f"/wire/logs/{channel}/{author}?start={start}&receipts={receipts}"
        with self._call("GET", path, b"") as response:
            return _limited(response, self._most)

    def read(self, name: str, start: int) -> Iterator[bytes]:
        """Read a sealed exhibit from a byte onwards, in chunks as they come.

        By the standard library's client, on a connection of its own: for each GiB it takes half a second of
        processor time less than the one that carries deliveries.

        Raises:
            Unreachable: No answer came, or it broke off.
            RefusedByCounterpart: It was refused.
        """
        url = f"{self.address}/wire/exhibits/{name}"
        headers = self._signed("GET", url, b"") | {"Range": f"bytes={start}-"}
        with closing(_connection(url)) as connection:
            try:
                connection.request("GET", urlsplit(url).path, headers=headers)
                response = connection.getresponse()
                self._note_skew(response.headers.get("Comity-Skew", "0"))
                if response.status not in _ANSWERED:
                    raise _refusal(self.party, response.status, response.read(_MOST_PROBLEM))
                if start and not response.headers.get("Content-Range", "").startswith(f"bytes {start}-"):
                    raise Unreachable(
                        f"{self.party} did not go on from byte {start} of the exhibit, where we asked"
                    )
                while chunk := response.read1(_EXHIBIT_BLOCK):
                    yield chunk
            except (OSError, HTTPException) as error:
                raise Unreachable(f"{self.party} broke off: {type(error).__name__}") from error

    def _call(self, method: str, path: str, body: bytes) -> _Answer:
        url = self.address + path
        # Answers are read as they come, so that nobody can have us unpack a bomb: none may be packed.
        headers = self._signed(method, url, body) | {"Accept-Encoding": "identity"}
        return _Answer(self, self._http.build_request(method, url, content=body, headers=headers))

    def _signed(self, method: str, url: str, body: bytes) -> dict[str, str]:
        return signatures.sign(
            method, url, body, party=settings.NODE.party, key=keyring().wire, at=timezone.now()
        )

    def _note_skew(self, said: str) -> None:
        self.skew_seconds = -float(said) if _SECONDS.fullmatch(said) else 0.0

    def close(self) -> None:
        """Close the connections."""
        self._http.close()


class _Answer:
    """One answer, refused answers turned into errors."""

    def __init__(self, line: Line, request: httpx.Request) -> None:
        self._line = line
        self._request = request

    def __enter__(self) -> httpx.Response:
        """Send, and read the head of the answer."""
        try:
            self._response = self._line._http.send(self._request, stream=True)  # noqa: SLF001 - one module
        except httpx.HTTPError as error:
            raise Unreachable(
                f"{self._line.party} did not answer at {self._line.address}: {type(error).__name__}"
            ) from error
        self._line._note_skew(self._response.headers.get("Comity-Skew", "0"))  # noqa: SLF001 - one module
        if self._response.status_code not in _ANSWERED:
            try:
                raise _refusal(self._line.party, self._response.status_code, self._problem())
            finally:
                self._response.close()
        return self._response

    def __exit__(self, *_: object) -> None:
        """Give the connection back."""
        self._response.close()

    def _problem(self) -> bytes:
        """What a refusal says; nothing where it says too much, or breaks off."""
        try:
            return _limited(self._response, _MOST_PROBLEM)
        except ComityError:
            return b""


def _connection(url: str) -> HTTPConnection:
    """A connection for one exhibit, trusting whom the line of deliveries trusts."""
    place = urlsplit(url)
    if place.scheme == "https":
        context = httpx.create_ssl_context(trust_env=False)
        return HTTPSConnection(place.netloc, timeout=_EXHIBIT_TIMEOUT, context=context)
    return HTTPConnection(place.netloc, timeout=_EXHIBIT_TIMEOUT)


def _one_line(text: str) -> str:
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in text)


def _limited(response: httpx.Response, most: int) -> bytes:
    parts, total = [], 0
    try:
        for part in response.iter_raw():
            total += len(part)
            if total > most:
                raise MalformedBundle(f"an answer of over {most:,} bytes came; this node takes no more")
            parts.append(part)
    except httpx.HTTPError as error:
        raise Unreachable(f"the answer broke off: {type(error).__name__}") from error
    return b"".join(parts)


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
    )
