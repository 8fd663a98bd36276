"""Each way, over a real socket or process: what is sent, how a failure is said, and that no case leaves."""

from __future__ import annotations

import base64
import json
import threading
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from comity_node import signatures
from comity_node.duty import outbox, push_key, services
from comity_node.duty.errors import NotReached, UnfitWay, WayEnded
from comity_node.duty.models import Sending, Way
from comity_node.home import MailBy, Program
from comity_node.register import calls
from comity_node.register.calls import Call
from comity_node.register.keyring import keyring
from tests.core.keys.test_push import opened
from tests.mail_server import mail_server
from tests.node.duty.conftest import send_all

pytestmark = [pytest.mark.django_db, pytest.mark.loopback]
ALARM = Call(source="alert", key="alert:1", severity=5, channel="c" * 16, ref="bb-2026-0911", party="bb")


@pytest.fixture
def post(node):
    """A mail server on loopback, and a node set up for it."""
    with mail_server() as post:
        node(mail=MailBy("127.0.0.1", post.port, "none", "", "", "comity@aa.test", 5))
        yield post


@contextmanager
def web_service(settings, status=204):
    """A web service on loopback that the operator lists; what was posted to it."""
    taken = []

    class Takes(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            taken.append((dict(self.headers), body, self.path))
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_said):
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Takes)
    base = f"http://127.0.0.1:{server.server_port}"
    settings.NODE = replace(settings.NODE, hook_addresses=(base,))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield base, taken
    finally:
        server.shutdown()
        server.server_close()


def test_a_mail_says_what_the_open_header_says(post, dora, on_duty):
    """Reference and party, and no more; a machine sent it, and nobody should answer."""
    services.add_way(dora, "mail", address="dora@aa.test")
    calls.call(ALARM)
    send_all()

    (mail,) = post.mails
    assert "Comity: Something waits for you at aa.test, severity 5, bb-2026-0911" == mail["Subject"]
    assert ("auto-generated", "dora@aa.test") == (mail["Auto-Submitted"], mail["To"])
    assert "From: BB" in mail.get_content()
    sending = Sending.objects.get(by_way="mail")
    assert f"<{sending.key[:40]}@aa.test>" == mail["Message-ID"]
    assert "sent" == sending.state
    assert Way.objects.get().worked_at is not None


def test_a_bare_mail_says_not_even_the_reference(post, dora, on_duty):
    """An official whose mail others read is told only that something waits."""
    services.add_way(dora, "mail", address="dora@aa.test", bare=True)
    calls.call(ALARM)
    send_all()

    (mail,) = post.mails
    assert "bb-2026" not in mail.as_string()
    assert "alert" not in mail.as_string().lower()


def test_a_mail_is_in_the_language_of_its_official(post, dora, on_duty):
    """At three in the morning nobody translates; and a language without words is no failure."""
    dora.language = "fr"
    dora.save()
    services.add_way(dora, "mail", address="dora@aa.test")
    calls.call(ALARM)
    send_all()

    assert 1 == len(post.taken)


def test_a_refusal_of_the_mail_server_is_said(post, dora, on_duty):
    """Its number says to its administrator what is wrong; its words might say to whom it was."""
    post.says = "554 no such dora@aa.test here"
    way = services.add_way(dora, "mail", address="dora@aa.test")

    with pytest.raises(NotReached, match="554"):
        outbox.try_now(way)
    way.refresh_from_db()
    assert ("the mail server refused it: 554", 1) == (way.last_error, way.failures)


def test_a_mail_server_that_is_away_is_said(mail, dora, on_duty):
    """Nobody listens at port nine."""
    way = services.add_way(dora, "mail", address="dora@aa.test")

    with pytest.raises(NotReached, match="did not take it: ConnectionRefusedError"):
        outbox.try_now(way)


def test_a_web_service_is_told_under_the_signature_of_the_node(settings, dora, on_duty):
    """It can tell our node from anybody else, and one call from the same call sent again."""
    with web_service(settings) as (base, taken):
        services.add_way(dora, "webhook", address=f"{base}/duty")
        calls.call(ALARM)
        send_all()

    ((headers, body, path),) = taken
    said = json.loads(body)
    assert ("duty.alert", "bb-2026-0911", 5, "dora") == tuple(
        said[name] for name in ("event", "ref", "severity", "official")
    )
    assert Sending.objects.get(by_way="webhook").key == said["id"]
    assert signatures.HOOK in headers["Signature-Input"]
    assert "/duty" == path
    assert keyring().party == said["party"]


def test_a_push_is_sealed_to_the_browser_and_says_nothing(settings, dora, on_duty):
    """The service in between sees to whom and when; not even the reference is within."""
    browser = ec.generate_private_key(ec.SECP256R1())
    point = browser.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    keys = {
        "p256dh": base64.urlsafe_b64encode(point).decode().rstrip("="),
        "auth": base64.urlsafe_b64encode(b"s" * 16).decode().rstrip("="),
    }
    with web_service(settings, 201) as (base, taken):
        services.add_way(dora, "push", address=f"{base}/push/1", keys=keys)
        calls.call(ALARM)
        send_all()

    ((headers, body, _path),) = taken
    word = json.loads(opened(body, browser, keys["auth"]))
    assert "Something waits for you at aa.test, severity 5" == word["body"]
    assert "bb-2026" not in json.dumps(word)
    assert ("aes128gcm", "high") == (headers["Content-Encoding"], headers["Urgency"])
    assert headers["Authorization"].startswith("vapid t=")
    assert headers["Authorization"].endswith(push_key.push_key().public)
    assert 0o600 == push_key.where().stat().st_mode & 0o777


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_took_its_subscription_back_is_asked_no_more(settings, dora, on_duty, status):
    """Its service says so, and goes on saying so."""
    keys = {"p256dh": push_key.push_key().public, "auth": "BTBZMqHH6r4Tts7J_aSIgg"}
    with web_service(settings, status) as (base, _taken):
        services.add_way(dora, "push", address=f"{base}/push/1", keys=keys)
        calls.call(ALARM)
        send_all()

    one = Sending.objects.get(by_way="push")
    assert ("given up", None) == (one.state, one.way)
    assert not Way.objects.exists()
    assert WayEnded.code == "way-ended"


@pytest.mark.parametrize(
    ("words", "seconds", "because"),
    [
        (("/bin/sh", "-c", "exit 3"), 5, "ended with status 3"),
        (("/bin/sleep", "30"), 1, "did not end within 1 seconds"),
        (("/nowhere/at-all",), 5, "could not be run: No such file or directory"),
    ],
)
def test_a_program_that_fails_says_how(node, dora, on_duty, words, seconds, because):
    """Its exit is all it says: what it prints may hold what it was given."""
    node(program=Program(words, seconds))
    way = services.add_way(dora, "command", address="+43 1 5350")

    with pytest.raises(NotReached, match=because):
        outbox.try_now(way)


def test_a_program_is_given_what_came_up_and_nothing_of_the_node(node, dora, on_duty, tmp_path, monkeypatch):
    """Fixed words, JSON on its standard input, and none of the node's environment."""
    monkeypatch.setenv("COMITY_HOME", "/secret")
    script = f"cat > {tmp_path}/said; env > {tmp_path}/env"
    node(program=Program(("/bin/sh", "-c", script), 5))
    services.add_way(dora, "command", address="+43 1 5350; rm -rf".replace("; rm -rf", ""))
    calls.call(ALARM)
    send_all()

    said = json.loads((tmp_path / "said").read_text())
    assert ("+43 1 5350", "duty.alert", 5) == (said["address"], said["event"], said["severity"])
    assert "COMITY" not in (tmp_path / "env").read_text()


@pytest.mark.parametrize(
    ("way", "address", "keys", "because"),
    [
        ("mail", "dora@aa.test\r\nBcc: x@y.test", {}, "no mail address"),
        ("mail", "nobody", {}, "no mail address"),
        ("mail", "dorä@aa.test", {}, "ASCII letters only|no mail address"),
        ("webhook", "http://cases.example/", {}, "not over TLS"),
        ("webhook", "https://127.0.0.1/", {}, "not public"),
        ("webhook", "https://[::1]/", {}, "not public"),
        ("webhook", "https://user:secret@cases.example/", {}, "not the address"),
        ("push", "https://push.example/1", {}, "not the keys"),
        ("push", "https://10.0.0.1/1", {"p256dh": "KEY", "auth": "BTBZMqHH6r4Tts7J_aSIgg"}, "not public"),
        ("command", "+43; reboot", {}, "not set up"),
        ("pigeon", "x", {}, "not set up"),
        ("webhook", "https://cases.example/" + "a" * 1000, {}, "too long"),
    ],
)
def test_where_an_officer_cannot_be_called_is_refused(mail, dora, way, address, keys, because):
    """What only this node can reach, what is no address, and what would be more than one."""
    keys = {name: push_key.push_key().public if text == "KEY" else text for name, text in keys.items()}

    with pytest.raises(UnfitWay, match=because):
        services.add_way(dora, way, address=address, keys=keys)
    assert not Way.objects.exists()


def test_nobody_has_more_ways_than_can_be_kept(mail, dora):
    """Each alert is sent by each of them."""
    for n in range(services.MOST_WAYS):
        services.add_way(dora, "mail", address=f"dora{n}@aa.test")

    with pytest.raises(UnfitWay, match="more than 12 ways"):
        services.add_way(dora, "mail", address="more@aa.test")
