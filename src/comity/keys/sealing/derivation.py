"""How age derives one key from another.

Follows: C2SP age, conventions (HKDF-SHA-256, 32 bytes).
"""

from __future__ import annotations

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


def derive_key(secret: bytes, *, salt: bytes, info: bytes) -> bytes:
    """Derive the 32-byte key that ``info`` names."""
    return HKDF(SHA256(), 32, salt, info).derive(secret)
