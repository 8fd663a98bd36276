"""What the manual shows to integrators works: every call, and the receiver that verifies a notice."""

from __future__ import annotations

import re
import shlex
import threading
from base64 import b64encode
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from django.utils import timezone
from http_message_signatures import HTTPMessageSignaturesException

from comity_node.api import hooks, reaching
from comity_node.api.errors import HookNotAnswered
from comity_node.register.keyring import keyring
from tests.node.assistance.conftest import FILLED

PAGE = (Path(__file__).parents[3] / "docs" / "manual" / "case-systems.md").read_text(encoding="utf-8")
NODE = "https://comity.aa.example/api/v1"
CALLS = [line for line in PAGE.splitlines() if line.startswith("curl ")]


def called(system, line):
    """Do what a line of the manual does."""
    method, path, said = "GET", "", None
    words = iter(shlex.split(line)[1:])
    for word in words:
        if word == "-X":
            method = next(words)
        elif word == "-d":
            said = next(words)
        elif word == "-H":
            next(words)
        else:
            path = word.removeprefix(NODE)
    return system(method, path, said)


def test_every_call_of_the_manual_is_answered_in_order(system, asked, boris):
    """An integrator begins by copying these lines."""
    assert len(CALLS) > 15
    for line in CALLS:
        if "hand-over" in line and "PUT" in line:  # the manual leaves out the fields between
            system("PATCH", "/drafts/aa-2026-0001", {"fields": FILLED})

        answer = called(system, line)

        assert answer.status_code in (200, 201, 204), (line, answer.content)


@pytest.fixture
def verify():
    """The receiver of the manual."""
    (block,) = re.findall(r"^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    names = {}
    exec(compile(block, "case-systems.md", "exec"), names)
    return names["verify"]


@pytest.fixture
def receiver():
    """A web service on this machine: what was posted to it, and what it is to answer."""

    class Taking(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.server.got.append((self.path, self.headers, body))
            self.send_response(self.server.answers)
            if self.server.answers == 302:
                self.send_header("Location", f"http://127.0.0.1:{self.server.server_port}/elsewhere")
            self.end_headers()

        def log_message(self, *_):
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Taking)
    server.got, server.answers = [], 204
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def address(receiver, settings):
    """Where it listens; the operator lists it."""
    base = f"http://127.0.0.1:{receiver.server_port}"
    settings.NODE = replace(settings.NODE, hook_addresses=(base,))
    return f"{base}/hooks?from=comity"


@pytest.mark.loopback
def test_the_receiver_of_the_manual_believes_a_notice_and_nothing_else(
    boris, clara, receiver, address, verify
):
    """What integrators copy must accept what this node sends, and refuse what it did not."""
    hooks.add("cases", address=address, by=clara)
    hooks.try_now("cases", by=clara)
    ((_path, headers, body),) = receiver.got
    key = b64encode(keyring().wire.public).decode()

    verify(address, headers, body, party="aa", key=key)

    for changed in (
        {"address": address + "x"},
        {"body": body + b" "},
        {"party": "bb"},
        {"key": b64encode(bytes(31) + b"\x01").decode()},
        {"headers": {name: text for name, text in headers.items() if name != "Signature"}},
    ):
        said = {"address": address, "headers": headers, "body": body, "party": "aa", "key": key, **changed}
        with pytest.raises((HTTPMessageSignaturesException, ValueError, LookupError)):
            verify(said.pop("address"), said.pop("headers"), said.pop("body"), **said)


@pytest.mark.loopback
@pytest.mark.parametrize("status", [302, 400, 500])
def test_what_is_not_success_is_a_failure_and_no_redirect_is_followed(receiver, address, status):
    """A receiver that sends us on could send us to our own machine."""
    receiver.answers = status

    with pytest.raises(HookNotAnswered):
        reaching.post(address, b"{}", at=timezone.now())

    assert ["/hooks?from=comity"] == [path for path, _headers, _body in receiver.got]


@pytest.mark.loopback
def test_an_address_nobody_listens_at_is_a_failure_in_words(receiver, address, settings):
    """The page says what happened; no trace of the program does."""
    settings.NODE = replace(settings.NODE, hook_addresses=("http://127.0.0.1:1",))

    with pytest.raises(HookNotAnswered, match="nobody listens"):
        reaching.post("http://127.0.0.1:1/hooks", b"{}", at=timezone.now())
