"""The key and certificate this party signs formal letters with: made once, kept beside the keyring."""

from __future__ import annotations

import contextlib
import os
import tempfile
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from comity.keys import at_rest
from comity.keys.certificate import LetterKey
from comity_node.register.keyring import NoKeyring, passphrase_of


def where() -> Path:
    """The file of this node's home."""
    path: Path = settings.NODE.keyring.with_name("letters")
    return path


def letter_key() -> LetterKey:
    """Read the key for letters; a node that has none yet draws one, protected as its keyring is.

    Raises:
        NoKeyring: The file, or the keyring whose protection it takes, cannot be read or written.
        ComityError: It is not such a file, or the passphrase is wrong.
    """
    path = where()
    try:
        if not path.exists():
            _make(path)
        return _read(path, path.stat().st_mtime_ns)
    except OSError as error:
        raise NoKeyring(f"{path} cannot be used: {error.strerror}") from error


def fingerprint() -> str:
    """The fingerprint of our certificate; empty while this node has none."""
    return letter_key().fingerprint if where().exists() else ""


@lru_cache(maxsize=1)
def _read(path: Path, _changed: int) -> LetterKey:
    data = path.read_bytes()
    return LetterKey.from_bytes(data, passphrase_of(data))


def _make(path: Path) -> None:
    """Draw one, whole or not at all; where somebody else was faster, theirs is the key."""
    node = settings.NODE
    ring = node.keyring.read_bytes()
    passphrase = passphrase_of(ring)
    at_rest.unlock(ring, passphrase)  # under another passphrase than the keyring's it would be lost
    made = LetterKey.generate(node.party, node.name, now=timezone.now())
    number, draft = tempfile.mkstemp(prefix=".letters.", dir=path.parent)
    try:
        with os.fdopen(number, "wb") as file:
            file.write(made.to_bytes(passphrase))
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
    finally:
        Path(draft).unlink()
