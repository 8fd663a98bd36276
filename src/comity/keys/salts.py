"""Random salts, for commitments that must not be guessed."""

from __future__ import annotations

import secrets
from typing import Final

SALT_SIZE: Final = 32


def draw_salts(count: int) -> list[bytes]:
    """So many salts of 32 random bytes, each drawn for itself."""
    return [secrets.token_bytes(SALT_SIZE) for _ in range(count)]
