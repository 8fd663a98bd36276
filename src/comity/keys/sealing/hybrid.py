"""Recipients of the hybrid kind, ML-KEM-768 with X25519: sealed today, still sealed when X25519 is broken.

Follows: C2SP age, the MLKEM768-X25519 recipient type; draft-ietf-hpke-pq-03 (X-Wing).
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)

from comity.errors import BadPublicKey, BadSecretKey
from comity.keys.sealing import bech32
from comity.keys.sealing.canonical import encode_base64
from comity.keys.sealing.header import HYBRID, Stanza
from comity.keys.sealing.points import X25519_SIZE, check_x25519_public

_SUITE: Final = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
_INFO: Final = b"age-encryption.org/mlkem768x25519"
_SECRET_SIZE: Final = 32
_MLKEM_SEED_SIZE: Final = 64
_MLKEM_PUBLIC_SIZE: Final = 1184
_SHARE_SIZE: Final = 1120

HYBRID_PUBLIC_SIZE: Final = _MLKEM_PUBLIC_SIZE + X25519_SIZE


def check_hybrid_public(public: bytes) -> None:
    """Refuse a hybrid public key either half of which is not what its specification allows.

    Raises:
        BadPublicKey: Wrong length, an ML-KEM coefficient not reduced (FIPS 203, 7.2), or a bad X25519 half.
    """
    if len(public) != HYBRID_PUBLIC_SIZE:
        raise BadPublicKey(f"a hybrid sealing key has {HYBRID_PUBLIC_SIZE} bytes, not {len(public)}")
    try:
        MLKEM768PublicKey.from_public_bytes(public[:_MLKEM_PUBLIC_SIZE])
    except ValueError:
        raise BadPublicKey("the hybrid sealing key fails the modulus check (FIPS 203, 7.2)") from None
    check_x25519_public(public[_MLKEM_PUBLIC_SIZE:])


@dataclass(frozen=True, slots=True)
class HybridRecipient:
    """To whom a file is sealed: ``age1pq1…``. Cannot exist with a key nothing can be sealed to."""

    public: bytes

    prefix = "age1pq"

    def __post_init__(self) -> None:
        check_hybrid_public(self.public)

    def __str__(self) -> str:
        return bech32.encode(self.prefix, self.public)

    def __repr__(self) -> str:
        return f"HybridRecipient(public={self.public[:8].hex()}…)"

    def wrap(self, file_key: bytes) -> Stanza:
        """Wrap the file key so that only the holder of the identity can unwrap it."""
        sealed = _SUITE.encrypt(file_key, _load(self.public), _INFO)
        return Stanza(HYBRID, (encode_base64(sealed[:_SHARE_SIZE]).decode(),), sealed[_SHARE_SIZE:])


class HybridIdentity:
    """The secret that opens what was sealed to its recipient: ``AGE-SECRET-KEY-PQ-1…``."""

    __slots__ = ("_loaded", "_recipient", "secret")

    prefix = "age-secret-key-pq-"
    kind = HYBRID

    def __init__(self, secret: bytes) -> None:
        """Load the identity of 32 secret bytes, from which both halves are derived.

        Raises:
            BadSecretKey: There are more or fewer.
        """
        if len(secret) != _SECRET_SIZE:
            raise BadSecretKey(f"a hybrid identity has {_SECRET_SIZE} bytes, not {len(secret)}")
        self.secret: Final = secret
        seeds = hashlib.shake_256(secret).digest(_MLKEM_SEED_SIZE + X25519_SIZE)
        mlkem = MLKEM768PrivateKey.from_seed_bytes(seeds[:_MLKEM_SEED_SIZE])
        x25519 = X25519PrivateKey.from_private_bytes(seeds[_MLKEM_SEED_SIZE:])
        self._loaded = MLKEM768X25519PrivateKey(mlkem, x25519)
        self._recipient = HybridRecipient(
            mlkem.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw()
        )

    @classmethod
    def generate(cls) -> Self:
        """Draw a new identity."""
        return cls(secrets.token_bytes(_SECRET_SIZE))

    def __str__(self) -> str:
        return bech32.encode(self.prefix, self.secret).upper()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, HybridIdentity) and other.recipient() == self.recipient()

    def __hash__(self) -> int:
        return hash(self._recipient)

    def __repr__(self) -> str:
        return f"HybridIdentity(of {self._recipient!r})"

    def recipient(self) -> HybridRecipient:
        """The recipient to give away."""
        return self._recipient

    def unwrap(self, stanza: Stanza) -> bytes | None:
        """Unwrap the file key of a hybrid stanza; None if it was wrapped for somebody else."""
        try:
            return _SUITE.decrypt(stanza.share + stanza.body, self._loaded, _INFO)
        except InvalidTag:
            return None


# Loading a hybrid key costs a quarter of wrapping with it, and a node seals to few.
@lru_cache(maxsize=256)
def _load(public: bytes) -> MLKEM768X25519PublicKey:
    mlkem = MLKEM768PublicKey.from_public_bytes(public[:_MLKEM_PUBLIC_SIZE])
    return MLKEM768X25519PublicKey(mlkem, X25519PublicKey.from_public_bytes(public[_MLKEM_PUBLIC_SIZE:]))
