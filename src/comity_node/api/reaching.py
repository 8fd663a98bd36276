"""Calling a hook's address: only where it may be called, signed by this node, never led elsewhere.

An administrator names the address, and must not be able to have the node speak to what only it can reach:
its own machine, the network behind it. So beyond what the operator lists in ``node.toml``, an address is
public and over TLS, by what its name leads to at the moment of the call; what was checked is what is
connected to, and a redirect is not followed. The receiver is no friend either: a call has so long, and reads
so much.
"""

from __future__ import annotations

import socket
import ssl
import threading
from contextlib import closing, contextmanager, suppress
from http.client import HTTPConnection, HTTPException, HTTPResponse
from io import BufferedReader, RawIOBase
from ipaddress import IPv6Address, ip_address, ip_network
from time import monotonic
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from comity_node import signatures
from comity_node.api.errors import HookNotAnswered, UnfitHook
from comity_node.register.keyring import keyring

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from _typeshed import WriteableBuffer


class _TooLong(HTTPException):
    """The answer has no end in sight."""


_WITHIN: Final = 10.0
_WHY: Final = (
    (socket.gaierror, "its name is not known"),
    (ConnectionRefusedError, "nobody listens there"),
    (TimeoutError, "it took too long"),
    (ssl.SSLError, "its certificate or its TLS is not accepted"),
    (_TooLong, "its answer is too long"),
)
_NO_ADDRESS: Final = "that is not the address of a web service"
_PORTS: Final = {"https": 443, "http": 80}
_MOST_ANSWER: Final = 16 * 1024
# IPv6 outside of this is local, of one link or site, or another address in disguise (mapped, NAT64).
_GLOBAL_6: Final = ip_network("2000::/3")
# What may count as global nevertheless: IPv4 in disguise (6to4, Teredo), relays of such, and documentation.
_BARRED: Final = tuple(map(ip_network, ("2002::/16", "2001::/32", "192.88.99.0/24", "3fff::/20")))


def check(address: str) -> None:
    """See to it that an address may be called, as far as its text says.

    Raises:
        UnfitHook: It is no URL, holds a password, or is neither public over TLS nor listed by the operator.
    """
    flaw = flaw_of(address)
    if flaw:
        raise UnfitHook(f"no hook was added: {flaw}")


def flaw_of(address: str) -> str:
    """Why an address may not be called, as far as its text says; empty where it may."""
    try:
        place = _place(address)
    except UnfitHook:
        return _NO_ADDRESS
    if _is_listed(place):
        return ""
    if place.scheme != "https":
        return "the address is not over TLS, and the operator has not listed it"
    with suppress(ValueError):
        if not is_public(place.hostname or ""):
            return "the address is not public, and the operator has not listed it"
    return ""


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public network, and no way back into the operator's own.

    Raises:
        ValueError: It is no IP address.
    """
    one = ip_address(address)
    if not one.is_global or one.is_multicast or any(one in network for network in _BARRED):
        return False
    return not isinstance(one, IPv6Address) or one in _GLOBAL_6


def post(address: str, body: bytes, *, at: datetime) -> None:
    """Post a signed notice; any answer of success will do, and nothing of it is kept.

    Raises:
        HookNotAnswered: Nobody answered in time, not with success, or the address may not be called.
    """
    signed = signatures.sign(
        "POST",
        address,
        body,
        party=settings.NODE.party,
        key=keyring().wire,
        at=at,
        tag=signatures.HOOK,
    )
    status = status_of(address, body, {"Content-Type": "application/json", **signed})
    if 300 <= status < 400:
        raise HookNotAnswered(f"the hook was not answered: {status}, and redirects are not followed")
    if not 200 <= status < 300:
        raise HookNotAnswered(f"the hook was not answered: {status}")


def status_of(address: str, body: bytes, headers: Mapping[str, str]) -> int:
    """Post to an address that may be called, and say by which status it answered.

    Raises:
        HookNotAnswered: Nobody answered in time, or the address may not be called.
    """
    place = _place(address)
    target = (place.path or "/") + (f"?{place.query}" if place.query else "")
    until = monotonic() + _WITHIN
    try:
        with closing(_connected(place, until)) as plain, _ending_at(until, plain):
            status = _asked(place, plain, target, body, headers)
        if monotonic() >= until:  # broken off, which the reader takes for the end of an answer
            raise TimeoutError
    except (OSError, HTTPException, UnicodeError, ValueError) as error:
        late = TimeoutError() if monotonic() >= until else error
        why = next((words for kind, words in _WHY if isinstance(late, kind)), "the connection broke off")
        raise HookNotAnswered(f"the hook was not answered: {why}") from error
    return status


def _place(address: str) -> SplitResult:
    try:
        place = urlsplit(address)
        usable = place.scheme in _PORTS and place.hostname and (place.port is None or place.port > 0)
    except ValueError:
        usable = False
    plain = address.isascii() and address.isprintable() and " " not in address
    if not usable or not plain or place.username or place.password or place.fragment or '"' in address:
        raise UnfitHook(f"no hook was added: {_NO_ADDRESS}")
    return place


def _is_listed(place: SplitResult) -> bool:
    """Whether the operator lists the base of the address."""
    return f"{place.scheme}://{place.netloc}" in settings.NODE.hook_addresses


def _connected(place: SplitResult, until: float) -> socket.socket:
    """Connect to an address that was checked: the name is looked up once."""
    host, port = str(place.hostname), place.port or _PORTS[place.scheme]
    found = _looked_up(host, port, until)
    if not _is_listed(place) and not all(map(is_public, found)):
        raise HookNotAnswered("the hook was not called: its name leads to an address that is not public")
    return socket.create_connection((found[0], port), timeout=max(0.001, until - monotonic()))


def _looked_up(host: str, port: int, until: float) -> list[str]:
    """The addresses of a name; on a thread of its own, since the system's look-up takes no time limit."""
    found: list[list[str] | OSError | UnicodeError] = []

    def look() -> None:
        try:
            found.append([str(one[4][0]) for one in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)])
        except (OSError, UnicodeError) as error:
            found.append(error)

    looking = threading.Thread(target=look, name="hook-look-up", daemon=True)
    looking.start()
    looking.join(max(0.0, until - monotonic()))
    if not found:
        raise TimeoutError
    if isinstance(found[0], Exception):
        raise found[0]
    return found[0]


@contextmanager
def _ending_at(until: float, plain: socket.socket) -> Iterator[None]:
    """Within it a connection ends at ``until``, whatever it is doing: a limit on each read lets it drip."""
    watched = plain.dup()  # TLS takes the other one over
    alarm = threading.Timer(max(0.0, until - monotonic()), _shut, [watched])
    alarm.daemon = True
    alarm.start()
    try:
        yield
    finally:
        alarm.cancel()
        watched.close()


def _shut(watched: socket.socket) -> None:
    with suppress(OSError):
        watched.shutdown(socket.SHUT_RDWR)


def _asked(
    place: SplitResult, plain: socket.socket, target: str, body: bytes, headers: Mapping[str, str]
) -> int:
    """Post over a connection, and read the head of the answer: its status."""
    connection = HTTPConnection(str(place.hostname), place.port or _PORTS[place.scheme])
    connection.default_port = _PORTS[place.scheme]
    connection.response_class = _Answer
    connection.auto_open = 0
    connection.sock = plain
    if place.scheme == "https":
        import httpx  # noqa: PLC0415 - what it brings is needed only where there is TLS

        context = httpx.create_ssl_context(trust_env=False)
        connection.sock = context.wrap_socket(plain, server_hostname=place.hostname)
    with closing(connection):
        connection.request("POST", target, body, dict(headers))
        return connection.getresponse().status


class _Answer(HTTPResponse):
    """An answer of which no more than so much is read."""

    def __init__(self, sock: socket.socket, **said: Any) -> None:  # noqa: ANN401 - as its parent takes it
        super().__init__(sock, **said)
        self.fp = BufferedReader(_AtMost(self.fp.detach(), _MOST_ANSWER))


class _AtMost(RawIOBase):
    """A stream that may be read so far."""

    def __init__(self, raw: RawIOBase, left: int) -> None:
        self._raw, self._left = raw, left

    def readable(self) -> bool:
        return True

    def readinto(self, into: WriteableBuffer) -> int | None:
        if not self._left:
            raise _TooLong
        got = self._raw.readinto(memoryview(into)[: self._left])
        self._left -= got or 0
        return got

    def close(self) -> None:
        self._raw.close()
        super().close()
