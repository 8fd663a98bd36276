"""Who is calling: HTTP message signatures on what this node sends, and on what counterparts' nodes send here.

Between nodes, deliveries prove their origin themselves; the signature over the request tells to whom an
answer may be given. A hook's receiver learns by it that our node called. It covers method, target and the
digest of the body, under the party's wire key; the tag names the use, so that no call stands for another.

Follows: docs/spec/wire.md, Who is calling; docs/spec/hooks.md; RFC 9421; RFC 9530 (Content-Digest).
"""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from http_message_signatures import (
    HTTPMessageSignaturesException,
    HTTPMessageVerifier,
    HTTPSignatureAlgorithm,
    HTTPSignatureKeyResolver,
    InvalidSignature,
)

from comity.errors import CounterpartBreach
from comity.keys.signing import Ed25519Key, verify_ed25519

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, MutableMapping

COMPONENTS: Final = ("@method", "@target-uri", "content-digest")
TAG: Final = "comity-wire"  # between nodes
HOOK: Final = "comity-hook"  # to systems of our own authority
LABEL: Final = "comity"
# A replayed request changes nothing, and its answer shows no more than the open headers of what is new, which
# TLS keeps from whoever could record one. So the window is wide enough for a clock that is a day off to be
# reported, instead of cutting the channel.
WINDOW: Final = timedelta(days=3)


class NotAuthenticated(CounterpartBreach):
    """A request does not carry the signature of a counterpart we know."""

    code = "not-authenticated"
    default_hint = "compare the addresses and wire keys in the passports of both sides"


class Ed25519(HTTPSignatureAlgorithm):
    """``ed25519`` of RFC 9421, section 3.3.6, over the keys every other signature here is made with."""

    algorithm_id = "ed25519"

    def __init__(self, public_key: bytes | None = None, private_key: Ed25519Key | None = None) -> None:
        """Take the one half the task at hand needs."""
        self._public, self._private = public_key, private_key

    def sign(self, message: bytes) -> bytes:
        """Sign a signature base."""
        assert self._private is not None
        return self._private.sign(message)

    def verify(self, signature: bytes, message: bytes) -> None:
        """Verify a signature base, or raise."""
        if self._public is None or not verify_ed25519(self._public, signature, message):
            raise InvalidSignature("the signature does not verify")


@dataclass(slots=True)
class Message:
    """A request as the signature library reads it."""

    method: str
    url: str
    headers: MutableMapping[str, str]


def sign(
    method: str, url: str, body: bytes, *, party: str, key: Ed25519Key, at: datetime, tag: str = TAG
) -> dict[str, str]:
    """The headers that authenticate a request of ours.

    What is covered never changes, so the signature base (RFC 9421, section 2.5) is four lines of text. The
    library that verifies would write the same, through a parser and thirty times as slowly.
    """
    digest = f"sha-256=:{b64encode(sha256(body).digest()).decode()}:"
    covered = " ".join(f'"{component}"' for component in COMPONENTS)
    parameters = f'({covered});created={int(at.timestamp())};keyid="{party}";alg="ed25519";tag="{tag}"'
    values = (method, url, digest)
    lines = [f'"{component}": {value}' for component, value in zip(COMPONENTS, values, strict=True)]
    base = "\n".join([*lines, f'"@signature-params": {parameters}'])
    return {
        "Content-Digest": digest,
        "Signature-Input": f"{LABEL}={parameters}",
        "Signature": f"{LABEL}=:{b64encode(key.sign(base.encode('ascii'))).decode()}:",
    }


class Caller(NamedTuple):
    """A counterpart whose request was authenticated: who it is, when it signed by its clock, what it sent."""

    party: str
    at: datetime
    body: bytes


def caller(
    method: str,
    url: str,
    headers: Mapping[str, str],
    body: Callable[[str], bytes],
    *,
    keys: Mapping[str, bytes],
) -> Caller:
    """Which counterpart signed a request, and when by its clock.

    Args:
        method: As sent.
        url: Absolute, as the counterpart addressed it.
        headers: Of the request.
        body: Reads that of the request, as sent, for the party that signed it; never a stranger's.
        keys: Wire keys by party.

    Raises:
        NotAuthenticated: No counterpart we know signed exactly this request.
    """
    verifier = _Verifier(signature_algorithm=Ed25519, key_resolver=_Keys(keys))
    message = Message(method, url, dict(headers))
    try:
        (result,) = verifier.verify(
            message, max_age=timedelta(), expect_tag=TAG, require_components=COMPONENTS
        )
        sent = body(str(result.parameters["keyid"]))
        verifier.verify_body(message, [result], sent)
    except (HTTPMessageSignaturesException, LookupError, ValueError, TypeError) as error:
        raise NotAuthenticated(f"the request was not answered: {error}") from error
    parameters: dict[str, Any] = result.parameters
    signed_at = datetime.fromtimestamp(int(parameters["created"])).astimezone()
    return Caller(str(parameters["keyid"]), signed_at, sent)


class _Verifier(HTTPMessageVerifier):
    """Gives a clock that is ahead the same room as one that is behind."""

    max_clock_skew = WINDOW


class _Keys(HTTPSignatureKeyResolver):
    """Finds keys by party."""

    def __init__(self, keys: Mapping[str, Any]) -> None:
        self._keys = keys

    def resolve_private_key(self, key_id: str) -> Any:  # noqa: ANN401 - the library's own signature
        """Our own key."""
        return self._keys[key_id]

    def resolve_public_key(self, key_id: str) -> Any:  # noqa: ANN401 - the library's own signature
        """The key of the party that says it signed."""
        return self._keys[key_id]
