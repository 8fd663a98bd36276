"""How private keys lie on our own disk: as text, or in an age file under a passphrase or under a secret.

A secret is an age identity in place of a passphrase. Custodians hold shares of one (``comity.keys.shares``);
drawn, not thought up, it needs no stretching.

Follows: docs/spec/sealing.md, "Keyring".
"""

from __future__ import annotations

from typing import Final

import pyrage  # type: ignore[import-untyped]  # it ships stubs without py.typed

from comity.errors import ComityError, WrongPassphrase
from comity.keys.sealing import HybridIdentity, open_sealed, parse_identity, seal

_AGE_FILE: Final = b"age-encryption.org/"
_SECRET: Final = HybridIdentity.prefix.upper()


def is_locked(data: bytes) -> bool:
    """Whether a file lies under a passphrase."""
    return data.startswith(_AGE_FILE)


def lock(text: bytes, passphrase: str | None, *, what: str = "keyring") -> bytes:
    """Put ``text`` under ``passphrase`` unless that is None.

    Raises:
        WrongPassphrase: It is empty, which would protect nothing.
    """
    if passphrase is None:
        return text
    if not passphrase:
        raise WrongPassphrase(f"the {what} was not written: its passphrase is empty")
    if passphrase.startswith(_SECRET):
        return seal(text, [parse_identity(passphrase).recipient()])
    return bytes(pyrage.passphrase.encrypt(text, passphrase))


def unlock(data: bytes, passphrase: str | None, *, what: str = "keyring") -> bytes:
    """Open a file; a passphrase given for one that needs none is not used.

    Raises:
        WrongPassphrase: It is sealed, and the passphrase is missing or another.
    """
    if not is_locked(data):
        return data
    if not passphrase:
        raise WrongPassphrase(f"the {what} was not read: it is sealed and no passphrase was given")
    try:
        if passphrase.startswith(_SECRET):
            return open_sealed(data, [parse_identity(passphrase)])
        return bytes(pyrage.passphrase.decrypt(data, passphrase))
    except (ComityError, pyrage.DecryptError):
        raise WrongPassphrase(
            f"the {what} was not read: the passphrase is another, or the file damaged"
        ) from None
