"""Calling a hook's address: only where it may be called, signed by this node, never led elsewhere.

An administrator names the address, and must not be able to have the node speak to what only it can reach:
its own machine, the network behind it. So beyond what the operator lists in ``node.toml``, an address is
public and over TLS, by what its name leads to at the moment of the call; and a redirect is not followed.
"""

from __future__ import annotations

import socket
import ssl
import threading
from contextlib import suppress
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from ipaddress import ip_address
from typing import TYPE_CHECKING, Final
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from comity_node import signatures
from comity_node.api.errors import HookNotAnswered, UnfitHook
from comity_node.register.keyring import keyring

if TYPE_CHECKING:
    from datetime import datetime

_WITHIN: Final = 10.0
_WHY: Final = (
    (socket.gaierror, "its name is not known"),
    (ConnectionRefusedError, "nobody listens there"),
    (TimeoutError, "it took too long"),
    (ssl.SSLError, "its certificate or its TLS is not accepted"),
)
_PORTS: Final = {"https": 443, "http": 80}


def check(address: str) -> None:
    """See to it that an address may be called, as far as its text says.

    Raises:
        UnfitHook: It is no URL, holds a password, or is neither public over TLS nor listed by the operator.
    """
    place = _place(address)
    if not _is_listed(place) and place.scheme != "https":
        raise UnfitHook("no hook was added: the address is not over TLS, and the operator has not listed it")
    with suppress(ValueError):
        if not _is_listed(place) and not ip_address(place.hostname or "").is_global:
            raise UnfitHook(
                "no hook was added: the address is not public, and the operator has not listed it"
            )


def post(address: str, body: bytes, *, at: datetime) -> None:
    """Post a signed notice; any answer of success will do, and nothing of it is kept.

    Raises:
        HookNotAnswered: Nobody answered in time, not with success, or the address may not be called.
    """
    place = _place(address)
    signed = signatures.sign(
        "POST",
        address,
        body,
        party=settings.NODE.party,
        key=keyring().wire,
        at=at,
        tag=signatures.HOOK,
    )
    target = (place.path or "/") + (f"?{place.query}" if place.query else "")
    try:
        connection = _connected(place)
        # The receiver has so long for all of it: a time limit on each read would let it drip for ever.
        alarm = threading.Timer(_WITHIN, _broken_off, [connection.sock])
        alarm.start()
        try:
            connection.request("POST", target, body, {"Content-Type": "application/json", **signed})
            status = connection.getresponse().status
        finally:
            alarm.cancel()
            connection.close()
    except (OSError, HTTPException, UnicodeError, ValueError) as error:
        why = next((words for kind, words in _WHY if isinstance(error, kind)), "the connection broke off")
        raise HookNotAnswered(f"the hook was not answered: {why}") from error
    if 300 <= status < 400:
        raise HookNotAnswered(f"the hook was not answered: {status}, and redirects are not followed")
    if not 200 <= status < 300:
        raise HookNotAnswered(f"the hook was not answered: {status}")


def _place(address: str) -> SplitResult:
    try:
        place = urlsplit(address)
        usable = place.scheme in _PORTS and place.hostname and (place.port is None or place.port > 0)
    except ValueError:
        usable = False
    plain = address.isascii() and address.isprintable() and " " not in address
    if not usable or not plain or place.username or place.password or place.fragment or '"' in address:
        raise UnfitHook("no hook was added: that is not the address of a web service")
    return place


def _is_listed(place: SplitResult) -> bool:
    """Whether the operator lists the base of the address."""
    return f"{place.scheme}://{place.netloc}" in settings.NODE.hook_addresses


def _connected(place: SplitResult) -> HTTPConnection:
    """A connection to the address that was checked: the name is looked up once."""
    host, port = str(place.hostname), place.port or _PORTS[place.scheme]
    found = [one[4][0] for one in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    if not _is_listed(place) and not all(ip_address(str(one)).is_global for one in found):
        raise HookNotAnswered("the hook was not called: its name leads to an address that is not public")
    connection: HTTPConnection
    plain = socket.create_connection((str(found[0]), port), timeout=_WITHIN)
    if place.scheme == "https":
        import httpx  # noqa: PLC0415 - what it brings is needed only where there is TLS

        context = httpx.create_ssl_context(trust_env=False)
        connection = HTTPSConnection(place.netloc, context=context)
        try:
            connection.sock = context.wrap_socket(plain, server_hostname=host)
        except BaseException:
            plain.close()
            raise
    else:
        connection = HTTPConnection(place.netloc)
        connection.sock = plain
    connection.auto_open = 0
    return connection


def _broken_off(connected: socket.socket) -> None:
    with suppress(OSError):
        connected.shutdown(socket.SHUT_RDWR)
