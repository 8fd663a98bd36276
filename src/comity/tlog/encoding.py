"""Numbers and hashes as the C2SP texts write them: one value, one spelling.

Every parser of this package reads through these functions, so a text that parses re-prints to
the same bytes.
"""

from __future__ import annotations

import binascii
import re
from base64 import b64encode
from typing import Final

MAX_SIZE: Final = 2**63 - 1
HASH_SIZE: Final = 32

_DECIMAL: Final = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)
_UNCLEAN: Final = re.compile("[\x00-\x09\x0b-\x1f\ud800-\udfff]")


def is_clean(text: str) -> bool:
    """Whether a note can hold this: no control characters but newlines, no broken code points."""
    return _UNCLEAN.search(text) is None


def decimal(text: str) -> int | None:
    """Read an ASCII decimal without leading zeroes that fits 63 bits; None if it is not one."""
    if not _DECIMAL.fullmatch(text):
        return None
    number = int(text)
    return number if number <= MAX_SIZE else None


def base64_text(data: bytes) -> str:
    """Write standard base64 with padding (RFC 4648, section 4)."""
    return b64encode(data).decode("ascii")


def base64_bytes(text: str) -> bytes | None:
    """Read standard base64; None unless the text is exactly how the bytes would be written."""
    try:
        data = binascii.a2b_base64(text, strict_mode=True)
    except ValueError:  # binascii.Error, and non-ASCII text
        return None
    return data if base64_text(data) == text else None


def hash_bytes(text: str) -> bytes | None:
    """Read one base64 SHA-256 hash; None if it is anything else."""
    data = base64_bytes(text)
    return data if data is not None and len(data) == HASH_SIZE else None
