"""A client that knows docs/spec and nothing of this node: httpx, http-message-signatures, tarfile.

It stands for another implementation. Of this project it imports nothing; what it calls is the node under
test, in this process.
"""

from __future__ import annotations

import base64
import io
import json
import struct
import tarfile
from datetime import UTC, datetime

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.test import Client
from http_message_signatures import HTTPMessageSigner, HTTPSignatureKeyResolver, algorithms

MEMBERS = ("bundle.json", "checkpoint", "consistency", "entries", "payloads", "cosignatures")
BUNDLE = "application/vnd.comity.bundle+tar"
SIGNED = ("@method", "@target-uri", "content-digest")


class _Key(HTTPSignatureKeyResolver):
    def __init__(self, seed: bytes) -> None:
        self._seed = seed

    def resolve_private_key(self, key_id: str):
        return Ed25519PrivateKey.from_private_bytes(self._seed)


class Stranger:
    """One party's client.

    Args:
        party: Its party code.
        seed: Seed of its wire key.
        address: Base URL of the node it calls, as in that node's passport.
    """

    def __init__(self, party: str, seed: bytes, address: str) -> None:
        self.party = party
        self.address = address
        self._signer = HTTPMessageSigner(signature_algorithm=algorithms.ED25519, key_resolver=_Key(seed))
        self._http = httpx.Client(transport=httpx.MockTransport(_in_process))

    def call(self, method: str, path: str, body: bytes = b"", *, at: datetime | None = None, **headers: str):
        """One request, signed as section "Who is calling" says."""
        request = self._request(method, path, body, headers)
        self.sign(request, body, at=at)
        return self._http.send(request)

    def unsigned(self, method: str, path: str, body: bytes = b"", **headers: str):
        """The same without a signature."""
        return self._http.send(self._request(method, path, body, headers))

    def sign(self, request: httpx.Request, body: bytes, *, at: datetime | None = None, **other) -> None:
        """Put a signature on a request."""
        said = {"tag": "comity-wire", "label": "sig1", "covered_component_ids": SIGNED} | other
        self._signer.sign(request, key_id=self.party, created=at or datetime.now(UTC), body=body, **said)

    def send(self, request: httpx.Request):
        """Send what was signed, or changed since."""
        return self._http.send(request)

    def _request(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> httpx.Request:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return httpx.Request(method, self.address + path, content=body, headers=named)

    request = _request


def _in_process(request: httpx.Request) -> httpx.Response:
    """Hand a request to the node under test, and its answer back as it would come over a line."""
    headers = {name: value for name, value in request.headers.items() if name.lower() != "content-type"}
    answer = Client().generic(
        request.method,
        request.url.raw_path.decode(),
        request.content,
        content_type=request.headers.get("content-type", "application/octet-stream"),
        headers=headers,
    )
    content = b"".join(answer) if answer.streaming else answer.content
    return httpx.Response(answer.status_code, headers=dict(answer.items()), content=content)


def problem(answer: httpx.Response, status: int, code: str) -> dict:
    """The answer is the problem document of section "Refusals"."""
    assert (status, "application/problem+json") == (answer.status_code, answer.headers["content-type"])
    said = answer.json()
    assert ("about:blank", status, code) == (said["type"], said["status"], said["code"])
    assert said["title"] == answer.reason_phrase
    assert said["detail"]
    assert isinstance(said["hint"], str)
    assert answer.headers["comity-time"]
    return said


# --- docs/spec/bundle.md, Form ------------------------------------------------------------------------


def write_bundle(
    manifest: dict,
    *,
    checkpoint: bytes = b"",
    consistency: tuple[bytes, ...] = (),
    entries: tuple[bytes, ...] = (),
    payloads: tuple[bytes, ...] = (),
    cosignatures: tuple[bytes, ...] = (),
) -> bytes:
    """The tar of a delivery."""
    parts = (
        json.dumps(manifest, separators=(",", ":")).encode(),
        checkpoint,
        b"".join(base64.b64encode(one) + b"\n" for one in consistency),
        b"".join(struct.pack(">H", len(one)) + one for one in entries),
        b"".join(struct.pack(">I", len(one)) + one for one in payloads),
        b"".join(struct.pack(">I", len(one)) + one for one in cosignatures),
    )
    written = b""
    for name, content in zip(MEMBERS, parts, strict=True):
        member = tarfile.TarInfo(name)
        member.size = len(content)
        written += member.tobuf(tarfile.USTAR_FORMAT) + content + bytes(-len(content) % 512)
    return written + bytes(1024)


def read_bundle(data: bytes) -> dict:
    """The parts of a delivery by name."""
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as archive:
        parts = {member.name: archive.extractfile(member).read() for member in archive}
    assert list(MEMBERS) == list(parts)
    return {
        **json.loads(parts["bundle.json"]),
        "checkpoint": parts["checkpoint"],
        "entry_leaves": _split(parts["entries"], ">H"),
        "payloads": _split(parts["payloads"], ">I"),
        "cosignatures": _split(parts["cosignatures"], ">I"),
    }


def _split(data: bytes, form: str) -> list[bytes]:
    parts, width = [], struct.calcsize(form)
    while data:
        (length,) = struct.unpack_from(form, data)
        parts.append(data[width : width + length])
        data = data[width + length :]
    return parts
