"""Hashing passwords, few at once: each takes 100 MiB, and strangers may try as many as there are threads."""

from __future__ import annotations

from threading import BoundedSemaphore
from typing import Final

from django.contrib.auth.hashers import Argon2PasswordHasher

_AT_ONCE: Final = BoundedSemaphore(2)


class Argon2(Argon2PasswordHasher):
    """Django's own, one after the other once two are at work."""

    def encode(self, password: str, salt: str) -> str:
        """Hash a password."""
        with _AT_ONCE:
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        """Say whether a password is the one that was hashed."""
        with _AT_ONCE:
            return super().verify(password, encoded)
