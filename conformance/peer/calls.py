"""Calls between nodes. Follows: docs/spec/wire.md, Who is calling; RFC 9421; RFC 9530."""

from __future__ import annotations

import base64
import hashlib
import re
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import TYPE_CHECKING

from conformance.peer.notes import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.peer.notes import Signer, Vkey

COVERED = ("@method", "@target-uri", "content-digest")
TAG = "comity-wire"
BUNDLE = "application/vnd.comity.bundle+tar"
_INPUT = re.compile(r'([a-z][\w.-]*)=(\(([^()]*)\)((?:;[a-z]+=(?:"[^"]*"|[0-9]+))*))')


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def signed(
    method: str, url: str, body: bytes, party: str, key: Signer, *, created: int | None = None, tag: str = TAG
) -> dict[str, str]:
    """The headers of a request by a counterpart."""
    digest = f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"
    names = " ".join(f'"{name}"' for name in COVERED)
    at = int(time.time()) if created is None else created
    parameters = f'({names});created={at};keyid="{party}";alg="ed25519";tag="{tag}"'
    base = _base({"@method": method, "@target-uri": url, "content-digest": digest}, list(COVERED), parameters)
    signature = base64.b64encode(key.secret.sign(base)).decode()
    return {
        "Content-Digest": digest,
        "Signature-Input": f"sig={parameters}",
        "Signature": f"sig=:{signature}:",
    }


def caller(method: str, url: str, headers: Mapping[str, str], body: bytes, keys: Mapping[str, Vkey]) -> str:
    """Which counterpart signed a request."""
    lower = {name.lower(): value for name, value in headers.items()}
    digest = f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"
    if lower.get("content-digest") != digest:
        raise Refused("the digest of the content does not match")
    tagged = [
        found for found in _INPUT.findall(lower.get("signature-input", "")) if f';tag="{TAG}"' in found[3]
    ]
    if len(tagged) != 1:
        raise Refused("there is not exactly one signature for this use")
    label, parameters, names, rest = tagged[0]
    said = dict(re.findall(r';([a-z]+)="?([^";]*)"?', rest))
    covered = re.findall(r'"([^"]+)"', names)
    key = keys.get(said.get("keyid", ""))
    found = re.search(rf"(?:^|[, ]){re.escape(label)}=:([A-Za-z0-9+/=]+):", lower.get("signature", ""))
    if key is None or found is None or not set(COVERED) <= set(covered):
        raise Refused("nobody we know signed what must be signed")
    if abs(int(said.get("created", "0")) - time.time()) > 3 * 86400:
        raise Refused("the signature is more than three days off")
    values = {**lower, "@method": method, "@target-uri": url}
    if not key.verifies_raw(_base(values, covered, parameters), base64.b64decode(found[1])):
        raise Refused("the signature is false")
    return said["keyid"]


def _base(values: Mapping[str, str], covered: list[str], parameters: str) -> bytes:
    lines = [f'"{name}": {values[name]}' for name in covered]
    return "\n".join([*lines, f'"@signature-params": {parameters}']).encode("ascii")


def send(method: str, url: str, body: bytes = b"", headers: Mapping[str, str] | None = None) -> Answer:
    """One request, as it is; a refusal is an answer too."""
    request = urllib.request.Request(
        url, data=body if method != "GET" else None, method=method, headers=dict(headers or {})
    )
    try:
        with urllib.request.build_opener(_NoRedirect, urllib.request.ProxyHandler({})).open(
            request, timeout=30
        ) as answer:
            return Answer(answer.status, answer.headers, answer.read())
    except urllib.error.HTTPError as refused:
        return Answer(refused.code, refused.headers, refused.read())


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args: object) -> None:
        """A node follows no redirect."""
