"""Signers: a secret key, the name it signs under, and the kind of signature it makes.

Follows: C2SP signed-note, Signatures; C2SP tlog-cosignature, Format.
"""

from __future__ import annotations

from dataclasses import dataclass

from comity.errors import CannotSign, MalformedCheckpoint
from comity.keys.signing import Ed25519Key, MLDSA44Key
from comity.tlog import cosignature
from comity.tlog.checkpoint import Checkpoint
from comity.tlog.vkey import (
    COSIGNATURE_ED25519,
    COSIGNATURE_MLDSA44,
    NOTE_ED25519,
    NOTE_MLDSA44,
    VerifierKey,
)


@dataclass(frozen=True, slots=True)
class NoteSigner:
    """Signs any note: kind 0x01 with Ed25519, Comity's own kind with ML-DSA-44."""

    name: str
    key: Ed25519Key | MLDSA44Key

    @property
    def vkey(self) -> VerifierKey:
        """The key that verifies what this signs."""
        kind = NOTE_ED25519 if isinstance(self.key, Ed25519Key) else NOTE_MLDSA44
        return VerifierKey(self.name, kind, self.key.public)

    def sign(self, text: str) -> bytes:
        """Sign the text as it stands."""
        return self.key.sign(text.encode())


@dataclass(frozen=True, slots=True)
class Cosigner:
    """Signs checkpoints at a stated time: kind 0x04 with Ed25519, kind 0x06 with ML-DSA-44.

    A mirror or a witness signs under its own name. A log signs its own checkpoints this way too, with
    ML-DSA-44 and its origin for a name.
    """

    name: str
    key: Ed25519Key | MLDSA44Key
    at: int

    @property
    def vkey(self) -> VerifierKey:
        """The key that verifies what this signs."""
        kind = COSIGNATURE_ED25519 if isinstance(self.key, Ed25519Key) else COSIGNATURE_MLDSA44
        return VerifierKey(self.name, kind, self.key.public)

    def sign(self, text: str) -> bytes:
        """Sign the checkpoint at the stated time (POSIX seconds).

        Raises:
            CannotSign: The text is not a checkpoint, or a part does not fit the signed structure.
        """
        try:
            checkpoint = Checkpoint.parse(text)
        except MalformedCheckpoint as fault:
            raise CannotSign("only a checkpoint can be cosigned") from fault
        if isinstance(self.key, Ed25519Key):
            message = cosignature.ed25519_message(text, self.at)
        else:
            message = cosignature.mldsa44_message(self.name, checkpoint, self.at)
        return cosignature.join(self.at, self.key.sign(message))
