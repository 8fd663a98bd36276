"""Password hashes cost memory on purpose: not as often at once as strangers like."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Lock

from django.contrib.auth.hashers import Argon2PasswordHasher

from comity_node.officials.hashing import Argon2
from comity_node.settings import base


def test_few_passwords_are_hashed_at_once(monkeypatch) -> None:
    """Thirty log-in attempts in the same moment would be three gigabytes."""
    lock, now, most = Lock(), [0], [0]

    def hashes(*_) -> str:
        with lock:
            now[0] += 1
            most[0] = max(most[0], now[0])
        time.sleep(0.01)
        with lock:
            now[0] -= 1
        return "hash"

    monkeypatch.setattr(Argon2PasswordHasher, "encode", hashes)
    monkeypatch.setattr(Argon2PasswordHasher, "verify", hashes)
    with ThreadPoolExecutor(8) as strangers:
        list(
            strangers.map(
                lambda n: Argon2().encode("x", "y") if n % 2 else Argon2().verify("x", "y"), range(16)
            )
        )

    assert most[0] <= 2


def test_what_was_hashed_before_still_opens() -> None:
    """The form of the hash is Django's."""
    assert ["comity_node.officials.hashing.Argon2"] == base.PASSWORD_HASHERS
    assert Argon2().verify("secret", Argon2PasswordHasher().encode("secret", "saltsaltsalt"))
