"""How private keys lie on our own disk: as text, in an age passphrase file where one is wanted.

Follows: docs/spec/sealing.md, "Keyring".
"""

from __future__ import annotations

from typing import Final

import pyrage  # type: ignore[import-untyped]  # it ships stubs without py.typed

from comity.errors import WrongPassphrase

_AGE_FILE: Final = b"age-encryption.org/"


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
        return bytes(pyrage.passphrase.decrypt(data, passphrase))
    except pyrage.DecryptError:
        raise WrongPassphrase(
            f"the {what} was not read: the passphrase is another, or the file damaged"
        ) from None
