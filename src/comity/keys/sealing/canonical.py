"""Base 64 as age writes it: unpadded, and every value in exactly one spelling.

Follows: C2SP age, conventions; RFC 4648, 3.5 (canonical encoding).
"""

from __future__ import annotations

import binascii


def encode_base64(value: bytes) -> bytes:
    """Spell ``value`` in unpadded base 64."""
    return binascii.b2a_base64(value, newline=False).rstrip(b"=")


def decode_base64(spelled: bytes) -> bytes | None:
    """Read unpadded base 64; None where ``spelled`` is not the one spelling of a value."""
    try:
        value = binascii.a2b_base64(spelled + b"=" * (-len(spelled) % 4), strict_mode=True)
    except binascii.Error:
        return None
    return value if encode_base64(value) == spelled else None
