"""Recipients and identities as they are written down, of whichever kind."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from comity.errors import BadPublicKey, BadSecretKey
from comity.keys.sealing import bech32
from comity.keys.sealing.hybrid import HybridIdentity, HybridRecipient
from comity.keys.sealing.x25519 import X25519Identity, X25519Recipient

Recipient = X25519Recipient | HybridRecipient
Identity = X25519Identity | HybridIdentity

_RECIPIENTS: Final[dict[str, type[Recipient]]] = {
    kind.prefix: kind for kind in (X25519Recipient, HybridRecipient)
}
_IDENTITIES: Final[dict[str, type[Identity]]] = {
    kind.prefix: kind for kind in (X25519Identity, HybridIdentity)
}


@lru_cache(maxsize=256)  # a node seals to the same few, many times a second
def parse_recipient(text: str) -> Recipient:
    """Read ``age1…`` or ``age1pq1…`` and check that something can be sealed to it.

    Raises:
        BadPublicKey: It is neither, or its key must not be used.
    """
    prefix, public = bech32.decode(text) or ("", b"")
    if prefix not in _RECIPIENTS:
        raise BadPublicKey(
            f"{text[:40]!r} is not an age recipient", hint="recipients look like age1pq1… or age1…"
        )
    return _RECIPIENTS[prefix](public)


def parse_identity(text: str) -> Identity:
    """Read ``AGE-SECRET-KEY-1…`` or ``AGE-SECRET-KEY-PQ-1…``; the text is never repeated in an error.

    Raises:
        BadSecretKey: It is neither.
    """
    lower = text.lower() if text.isascii() and text == text.upper() else ""
    prefix, secret = bech32.decode(lower) or ("", b"")
    if prefix not in _IDENTITIES:
        raise BadSecretKey(
            "the text is not an age identity",
            hint="identities look like AGE-SECRET-KEY-PQ-1… or AGE-SECRET-KEY-1…, in capitals",
        )
    return _IDENTITIES[prefix](secret)
