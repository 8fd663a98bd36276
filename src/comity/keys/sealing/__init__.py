"""Sealing: nobody but its recipients reads a payload or an exhibit, and any age tool can be one of them.

Small payloads: ``seal`` and ``open_sealed``. Exhibits: ``Sealer`` and ``Opener``, or ``seal_stream`` and
``open_stream`` where both ends are files.

Follows: C2SP age v1; docs/spec/sealing.md.
"""

from __future__ import annotations

from comity.keys.sealing.armored import armor, is_armored, remove_armor
from comity.keys.sealing.files import open_stream, seal_stream
from comity.keys.sealing.hybrid import HybridIdentity, HybridRecipient, check_hybrid_public
from comity.keys.sealing.opener import Opener, open_sealed, stanza_count
from comity.keys.sealing.points import check_x25519_public
from comity.keys.sealing.recipients import Identity, Recipient, parse_identity, parse_recipient
from comity.keys.sealing.sealer import Sealer, seal, sealed_size
from comity.keys.sealing.x25519 import X25519Identity, X25519Recipient

__all__ = [
    "HybridIdentity",
    "HybridRecipient",
    "Identity",
    "Opener",
    "Recipient",
    "Sealer",
    "X25519Identity",
    "X25519Recipient",
    "armor",
    "check_hybrid_public",
    "check_x25519_public",
    "is_armored",
    "open_sealed",
    "open_stream",
    "parse_identity",
    "parse_recipient",
    "remove_armor",
    "seal",
    "seal_stream",
    "sealed_size",
    "stanza_count",
]
