"""This party's keys, as the register uses them."""

from __future__ import annotations

import os
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from django.conf import settings

from comity.errors import OurFault
from comity.keys.keyring import Keyring
from comity.tlog.signer import Cosigner, NoteSigner

if TYPE_CHECKING:
    from comity.names import Origin
    from comity.tlog.vkey import VerifierKey

PASSPHRASE: Final = "COMITY_PASSPHRASE"  # noqa: S105 - the name of a variable, not a secret


class NoKeyring(OurFault):
    """The keys of this node cannot be read."""

    code = "no-keyring"
    default_hint = "run `comity init`, or restore keys/keyring from a backup"


@lru_cache(maxsize=1)
def keyring() -> Keyring:
    """Read the keyring of this node's home once.

    Raises:
        NoKeyring: It is missing or unreadable.
        ComityError: It is not a keyring, or the passphrase is wrong.
    """
    path = settings.NODE.keyring
    try:
        data = path.read_bytes()
    except OSError as error:
        raise NoKeyring(f"{path} cannot be read: {error.strerror}") from error
    return Keyring.from_bytes(data, os.environ.get(PASSPHRASE))


def log_signers(origin: Origin, at: int) -> tuple[NoteSigner, Cosigner]:
    """Who signs a checkpoint of ours: Ed25519 as a note, ML-DSA-44 at ``at`` (POSIX seconds)."""
    pair = keyring().log
    return NoteSigner(str(origin), pair.ed25519), Cosigner(str(origin), pair.mldsa44, at)


def mirror_signers(at: int) -> tuple[Cosigner, Cosigner]:
    """Who gives our receipts, at ``at`` (POSIX seconds)."""
    ring = keyring()
    name = f"{ring.party}.comity/mirror"
    return Cosigner(name, ring.mirror.ed25519, at), Cosigner(name, ring.mirror.mldsa44, at)


def own_log_keys(origin: Origin) -> tuple[VerifierKey, ...]:
    """The keys that verify our checkpoints of this log."""
    return tuple(signer.vkey for signer in log_signers(origin, 1))


def own_mirror_keys() -> tuple[VerifierKey, ...]:
    """The keys that verify our receipts."""
    return tuple(signer.vkey for signer in mirror_signers(1))
