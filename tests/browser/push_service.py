"""A push service on loopback, and a browser's subscription to it: Chromium's own is beyond this machine."""

from __future__ import annotations

import base64
import json
import queue
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.core.keys.test_push import octets, opened

if TYPE_CHECKING:
    from collections.abc import Iterator

_AUTH: Final = base64.urlsafe_b64encode(b"sixteen octets..").decode().rstrip("=")
# What the page's call to its browser comes to: the answer of a push service, and the key it was given.
_SUBSCRIBES: Final = """PushManager.prototype.subscribe = async (asked) => {
  if (!asked.userVisibleOnly) throw new Error("browsers refuse pushes nobody sees");
  sessionStorage.subscribed = JSON.stringify([...asked.applicationServerKey]);
  return %s;
};"""


def _drawn() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


@dataclass
class PushService:
    """What nodes post to one browser; it opens and checks each as the service and the browser do.

    Attributes:
        address: Scheme, host and port.
    """

    address: str = ""
    browser: ec.EllipticCurvePrivateKey = field(default_factory=_drawn)
    taken: queue.Queue[tuple[dict[str, str], bytes]] = field(default_factory=queue.Queue)

    @property
    def script(self) -> str:
        """Makes a page's browser subscribe here."""
        point = self.browser.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        keys = {"p256dh": base64.urlsafe_b64encode(point).decode().rstrip("="), "auth": _AUTH}
        return _SUBSCRIBES % json.dumps({"endpoint": f"{self.address}/push/1", "keys": keys})

    def next(self, seconds: float) -> tuple[dict[str, str], bytes]:
        """Wait for the next message; its fields, and its word as the browser opens it."""
        fields, body = self.taken.get(timeout=seconds)
        return fields, opened(body, self.browser, _AUTH)


def proven(authorization: str) -> tuple[dict[str, Any], bytes]:
    """What a node says of itself under RFC 8292, its signature verified; and the key it signed with."""
    token, key = (part.partition("=")[2] for part in authorization.removeprefix("vapid ").split(", "))
    said, signature = token.rsplit(".", 1)
    r, s = (int.from_bytes(half, "big") for half in (octets(signature)[:32], octets(signature)[32:]))
    point = octets(key)
    sender = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    sender.verify(encode_dss_signature(r, s), said.encode(), ec.ECDSA(hashes.SHA256()))
    return json.loads(octets(said.partition(".")[2])), point


@contextmanager
def push_service(port: int) -> Iterator[PushService]:
    """Serve one until the end."""
    service = PushService(f"http://127.0.0.1:{port}")

    class Takes(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            service.taken.put((dict(self.headers), body))
            self.send_response(201)
            self.end_headers()

        def log_message(self, *_said: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Takes)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
