"""Recipients of the classic kind, X25519: for files from and to tools that know no other.

Follows: C2SP age, the X25519 recipient type.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from comity.errors import BadSecretKey
from comity.keys.sealing import bech32
from comity.keys.sealing.canonical import encode_base64
from comity.keys.sealing.derivation import derive_key
from comity.keys.sealing.header import X25519, Stanza
from comity.keys.sealing.points import X25519_SIZE, check_x25519_public

_INFO: Final = b"age-encryption.org/v1/X25519"
_NONCE: Final = bytes(12)  # every wrap key is used once


@dataclass(frozen=True, slots=True)
class X25519Recipient:
    """To whom a file is sealed: ``age1…``. Cannot exist with a key nothing can be sealed to."""

    public: bytes

    prefix = "age"

    def __post_init__(self) -> None:
        check_x25519_public(self.public)

    def __str__(self) -> str:
        return bech32.encode(self.prefix, self.public)

    def wrap(self, file_key: bytes) -> Stanza:
        """Wrap the file key so that only the holder of the identity can unwrap it."""
        ephemeral = X25519PrivateKey.generate()
        share = ephemeral.public_key().public_bytes_raw()
        secret = ephemeral.exchange(X25519PublicKey.from_public_bytes(self.public))
        body = _cipher(secret, share, self.public).encrypt(_NONCE, file_key, None)
        return Stanza(X25519, (encode_base64(share).decode(),), body)


class X25519Identity:
    """The secret that opens what was sealed to its recipient: ``AGE-SECRET-KEY-1…``."""

    __slots__ = ("_loaded", "_recipient", "secret")

    prefix = "age-secret-key-"
    kind = X25519

    def __init__(self, secret: bytes) -> None:
        """Load the identity of 32 secret bytes.

        Raises:
            BadSecretKey: There are more or fewer.
        """
        if len(secret) != X25519_SIZE:
            raise BadSecretKey(f"an X25519 identity has {X25519_SIZE} bytes, not {len(secret)}")
        self.secret: Final = secret
        self._loaded = X25519PrivateKey.from_private_bytes(secret)
        self._recipient = X25519Recipient(self._loaded.public_key().public_bytes_raw())

    @classmethod
    def generate(cls) -> Self:
        """Draw a new identity."""
        return cls(X25519PrivateKey.generate().private_bytes_raw())

    def __str__(self) -> str:
        return bech32.encode(self.prefix, self.secret).upper()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, X25519Identity) and other.recipient() == self.recipient()

    def __hash__(self) -> int:
        return hash(self._recipient)

    def __repr__(self) -> str:
        return f"X25519Identity(of {self._recipient})"

    def recipient(self) -> X25519Recipient:
        """The recipient to give away."""
        return self._recipient

    def unwrap(self, stanza: Stanza) -> bytes | None:
        """Unwrap the file key of an X25519 stanza; None if it was wrapped for somebody else."""
        share = stanza.share
        secret = self._loaded.exchange(X25519PublicKey.from_public_bytes(share))
        try:
            return _cipher(secret, share, self._recipient.public).decrypt(_NONCE, stanza.body, None)
        except InvalidTag:
            return None


def _cipher(secret: bytes, share: bytes, recipient: bytes) -> ChaCha20Poly1305:
    return ChaCha20Poly1305(derive_key(secret, salt=share + recipient, info=_INFO))
