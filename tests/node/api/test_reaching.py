"""Calling a hook: never into the operator's network, never led there meanwhile, and never for long."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from dataclasses import replace
from itertools import chain, repeat

import pytest
from django.utils import timezone

from comity_node.api import hooks, reaching
from comity_node.api.errors import HookNotAnswered, UnfitHook

ADDRESS = "https://cases.example/hooks"
PUBLIC = "93.184.215.14"
INSIDE = [
    "0.0.0.0",
    "10.0.0.7",
    "100.64.0.1",
    "127.0.0.1",
    "169.254.169.254",
    "172.16.0.1",
    "192.168.1.1",
    "192.88.99.1",
    "224.0.0.251",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::7f00:1",
    "::ffff:10.0.0.7",
    "::ffff:127.0.0.1",
    "::ffff:93.184.215.14",
    "64:ff9b::a00:7",
    "64:ff9b::7f00:1",
    "64:ff9b:1::a00:7",
    "100::1",
    "2001:0:a00:7::1",
    "2001:db8::1",
    "2002:a00:7::1",
    "2002:7f00:1::",
    "3fff::1",
    "fc00::1",
    "fd12:3456:789a::1",
    "fe80::1",
    "fe80::1%1",
    "fec0::1",
    "ff02::1",
    "ff0e::1",
]
OUTSIDE = [PUBLIC, "8.8.8.8", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "2a00:1450:4001:830::200e"]


def leads_to(monkeypatch, *answers):
    """Have a name lead to these addresses: one list for each look-up, the last one for ever after."""
    each = chain(answers, repeat(answers[-1]))

    def look_up(*_args, **_named):
        return [
            (socket.AF_INET6 if ":" in one else socket.AF_INET, 1, 6, "", (one, 443)) for one in next(each)
        ]

    monkeypatch.setattr(reaching.socket, "getaddrinfo", look_up)


@pytest.fixture
def connected(monkeypatch):
    """Whatever is connected to, and no socket."""
    to = []

    def connect(address, **_named):
        to.append(address[0])
        raise ConnectionRefusedError

    monkeypatch.setattr(reaching.socket, "create_connection", connect)
    return to


def test_no_address_of_the_operators_network_is_called_in_any_disguise(clara, boris, monkeypatch, connected):
    """Written down, or hidden behind a name; as itself, or within an address of a way between networks."""
    for address in INSIDE:
        leads_to(monkeypatch, [PUBLIC, address])

        with pytest.raises(UnfitHook):
            hooks.add("cases", address=f"https://{f'[{address}]' if ':' in address else address}/", by=clara)
        with pytest.raises(HookNotAnswered, match="not public"):
            reaching.post(ADDRESS, b"{}", at=timezone.now())
    assert [] == connected


def test_public_addresses_are_called(monkeypatch, connected, boris):
    """A rule that refuses everything protects nobody for long: it is switched off."""
    for address in OUTSIDE:
        leads_to(monkeypatch, [address])

        with pytest.raises(HookNotAnswered, match="nobody listens"):
            reaching.post(ADDRESS, b"{}", at=timezone.now())
    assert connected == OUTSIDE


def test_what_was_checked_is_what_is_connected_to(monkeypatch, connected, boris):
    """Whoever owns the name may answer otherwise the second time it is asked for."""
    leads_to(monkeypatch, [PUBLIC], ["127.0.0.1"])

    with pytest.raises(HookNotAnswered, match="nobody listens"):
        reaching.post(ADDRESS, b"{}", at=timezone.now())

    assert [PUBLIC] == connected


def test_a_name_that_is_never_found_holds_nobody(monkeypatch, boris):
    """The servers of a name belong to whoever owns it, and may never answer."""
    never = threading.Event()
    monkeypatch.setattr(reaching, "_WITHIN", 0.1)
    monkeypatch.setattr(reaching.socket, "getaddrinfo", lambda *_args, **_named: never.wait(5) and [])

    with pytest.raises(HookNotAnswered, match="too long"):
        reaching.post(ADDRESS, b"{}", at=timezone.now())

    never.set()


class Receiver:
    """Answers one call with some pieces, one after the other, until nobody listens or it is to stop."""

    def __init__(self, pieces, pause):
        self._pieces, self._pause = pieces, pause
        self._server = socket.create_server(("127.0.0.1", 0))
        self._stop, self.broke_off = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._answer)
        self._thread.start()
        self.base = f"127.0.0.1:{self._server.getsockname()[1]}"

    def _answer(self):
        connected, _from = self._server.accept()
        with connected, suppress(OSError):
            connected.recv(65_536)
            for piece in self._pieces:
                try:
                    connected.sendall(piece)
                except OSError:
                    self.broke_off.set()
                    return
                if self._stop.wait(self._pause):
                    return

    def close(self):
        """Answer no more."""
        self._stop.set()
        self._thread.join()
        self._server.close()


@pytest.fixture
def receives(settings):
    """Set up a receiver on this machine, which the operator lists; gives it and its address."""
    opened = []

    def open_(scheme, pieces, pause=0.0):
        opened.append(Receiver(pieces, pause))
        base = f"{scheme}://{opened[-1].base}"
        settings.NODE = replace(settings.NODE, hook_addresses=(base,))
        return opened[-1], f"{base}/hooks"

    yield open_
    for one in opened:
        one.close()


DRIPPED = {
    "http": chain([b"HTTP/1.1 204 No Content\r\nX: "], repeat(b"x", 200)),
    "https": chain([b"\x16\x03\x03\x3f\xff\x02\x00\x3f\xfb\x03\x03"], repeat(b"x", 200)),
}


@pytest.mark.loopback
@pytest.mark.parametrize("scheme", DRIPPED)
def test_a_receiver_that_drips_is_broken_off(receives, monkeypatch, scheme, boris):
    """A byte now and then keeps every limit on a single read, in the answer and while TLS is agreed."""
    monkeypatch.setattr(reaching, "_WITHIN", 0.3)
    receiver, address = receives(scheme, DRIPPED[scheme], pause=0.05)

    with pytest.raises(HookNotAnswered, match="too long"):
        reaching.post(address, b"{}", at=timezone.now())

    assert receiver.broke_off.wait(5)


FLOODS = {
    "headers": chain(
        [b"HTTP/1.1 204 No Content\r\n"], repeat(b"X: " + b"x" * 60_000 + b"\r\n", 50), [b"\r\n"]
    ),
    "answers": chain(repeat(b"HTTP/1.1 100 Continue\r\n\r\n", 2_000), [b"HTTP/1.1 204 No Content\r\n\r\n"]),
}


@pytest.mark.loopback
@pytest.mark.parametrize("flood", FLOODS)
def test_an_answer_is_read_so_far_and_no_further(receives, flood, boris):
    """Nothing of an answer is wanted but its status."""
    _receiver, address = receives("http", FLOODS[flood])

    with pytest.raises(HookNotAnswered, match="answer is too long"):
        reaching.post(address, b"{}", at=timezone.now())


@pytest.mark.loopback
def test_the_body_of_an_answer_is_not_read(receives, boris):
    """A receiver may say thank you at any length: it was told at the status."""
    pieces = chain([b"HTTP/1.1 200 OK\r\nContent-Length: 9000000\r\n\r\n"], repeat(b"x" * 90_000, 100))
    receiver, address = receives("http", pieces)

    reaching.post(address, b"{}", at=timezone.now())

    assert receiver.broke_off.wait(5)
