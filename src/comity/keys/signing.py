"""Signing and verifying: Ed25519 for today, ML-DSA-44 for the day Ed25519 is broken.

A key is its 32-byte seed and nothing else; two keys of one seed are one key. Verifying answers yes or no and
never raises: what is not a signature is simply not a signature. Whether a public key may be trusted at all
is asked once, when it is registered.

Follows: RFC 8032 (Ed25519), FIPS 204 (ML-DSA-44, empty context).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Protocol, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey, MLDSA44PublicKey

from comity.errors import BadPublicKey, BadSecretKey, OurFault

if TYPE_CHECKING:
    from collections.abc import Callable

SEED_SIZE: Final = 32
ED25519_PUBLIC_SIZE: Final = 32
ED25519_SIGNATURE_SIZE: Final = 64
MLDSA44_PUBLIC_SIZE: Final = 1312
MLDSA44_SIGNATURE_SIZE: Final = 2420

_P: Final = 2**255 - 19
_SIGN_BIT: Final = 1 << 255

# The y coordinates of the eight points whose order divides 8 (Chalkias, Garillot, Nikolaenko: Taming the
# many EdDSAs, 2020, table 1; C2SP/CCTV, ed25519). Under such a key one signature fits many messages, so "who
# signed this" has no answer.
_ORDER_8_Y: Final = 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7
_SMALL_ORDER_Y: Final = frozenset((0, 1, _P - 1, _ORDER_8_Y, _P - _ORDER_8_Y))


_IN_TOKEN: Final = re.compile(r"(pkcs11:[!-~]{1,400})\?comity-public=([0-9a-f]{64})", re.ASCII)


class _PublicHalf(Protocol):
    """What both kinds of loaded public key offer."""

    def public_bytes_raw(self) -> bytes: ...


class _PrivateHalf(Protocol):
    """What both kinds of loaded private key offer."""

    def private_bytes_raw(self) -> bytes: ...

    def public_key(self) -> _PublicHalf: ...

    def sign(self, data: bytes, /) -> bytes: ...


class _SigningKey:
    """A secret seed, its public key, and the signatures it makes; the seed is never shown."""

    __slots__ = ("_loaded", "public", "seed")

    def __init__(self, loaded: _PrivateHalf) -> None:
        self._loaded = loaded
        self.seed: Final = loaded.private_bytes_raw()
        self.public = loaded.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        """Sign ``message`` as it stands."""
        return self._loaded.sign(message)

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and isinstance(other, _SigningKey) and other.public == self.public

    def __hash__(self) -> int:
        return hash((type(self), self.public))

    def __repr__(self) -> str:
        return f"{type(self).__name__}(public={self.public[:8].hex()}…)"


class Ed25519Key(_SigningKey):
    """An Ed25519 key that signs."""

    __slots__ = ()

    @classmethod
    def generate(cls) -> Self:
        """Draw a new key."""
        return cls(Ed25519PrivateKey.generate())

    @classmethod
    def from_seed(cls, seed: bytes) -> Self:
        """Load the key of a 32-byte seed.

        Raises:
            BadSecretKey: The seed has another length.
        """
        return cls(Ed25519PrivateKey.from_private_bytes(_seed(seed)))


class TokenSilent(OurFault):
    """The token that holds a key did not sign with it."""

    code = "token-silent"
    default_hint = "see that the token is in, that node.toml names its module, and that the PIN is right"


class KeyInToken(Ed25519Key):
    """An Ed25519 key whose secret half is in a PKCS#11 token and never leaves it.

    It is written as the address of the key in its token (RFC 7512), with the public half, so that
    everything but signing goes on while the token is not there.
    """

    __slots__ = ("_signs", "uri")

    def __init__(self, uri: str, public: bytes, signs: Callable[[str, bytes], bytes]) -> None:
        """Take a key that is in a token already.

        Args:
            uri: Where it is.
            public: Its public half.
            signs: Has the token sign, given ``uri`` and a message.

        Raises:
            BadSecretKey: Nothing signs under such a public half.
        """
        try:
            check_ed25519_public(public)
        except BadPublicKey as fault:
            raise BadSecretKey(f"the key in the token cannot be used: {fault}") from fault
        self.uri: Final = uri
        self.public = public
        self._signs = signs

    @classmethod
    def parse(cls, text: str, signs: Callable[[str, bytes], bytes] | None) -> KeyInToken:
        """Read a key as a keyring names it.

        Raises:
            BadSecretKey: It is not the address of a key in a token.
        """
        found = _IN_TOKEN.fullmatch(text)
        if found is None:
            raise BadSecretKey("a key in a token is named by its PKCS#11 address and its public half")
        return cls(found[1], bytes.fromhex(found[2]), signs or _no_token)

    def __str__(self) -> str:
        return f"{self.uri}?comity-public={self.public.hex()}"

    def sign(self, message: bytes) -> bytes:
        """Have the token sign ``message``; what it answers is verified before anybody sees it.

        Raises:
            TokenSilent: The token is not there, or answers with something else than this key's signature.
        """
        signature = self._signs(self.uri, message)
        if not verify_ed25519(self.public, signature, message):
            raise TokenSilent(f"nothing was signed: what {self.uri} gave is not a signature of its key")
        return signature

    @classmethod
    def generate(cls) -> Self:
        """A key in a token is drawn by the token."""
        raise BadSecretKey("a key in a token is drawn by the token")

    @classmethod
    def from_seed(cls, seed: bytes) -> Self:  # noqa: ARG003 - whatever it is
        """A key in a token has no seed that could be loaded."""
        raise BadSecretKey("a key in a token has no seed")


def _no_token(uri: str, _message: bytes) -> bytes:
    raise TokenSilent(f"nothing was signed: the key is in a token, and {uri} is not at hand here")


class MLDSA44Key(_SigningKey):
    """An ML-DSA-44 key that signs; no two of its signatures are alike."""

    __slots__ = ()

    @classmethod
    def generate(cls) -> Self:
        """Draw a new key."""
        return cls(MLDSA44PrivateKey.generate())

    @classmethod
    def from_seed(cls, seed: bytes) -> Self:
        """Load the key of a 32-byte seed.

        Raises:
            BadSecretKey: The seed has another length.
        """
        return cls(MLDSA44PrivateKey.from_seed_bytes(_seed(seed)))


def verify_ed25519(public: bytes, signature: bytes, message: bytes) -> bool:
    """Say whether ``signature`` is the Ed25519 signature of ``message`` under ``public``."""
    try:
        _ed25519(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def verify_mldsa44(public: bytes, signature: bytes, message: bytes) -> bool:
    """Say whether ``signature`` is an ML-DSA-44 signature of ``message`` under ``public``."""
    try:
        _mldsa44(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def check_ed25519_public(public: bytes) -> None:
    """Refuse an Ed25519 public key under which signatures would not bind their signer.

    Raises:
        BadPublicKey: Wrong length, an encoding that is not the point's own, or a point of small order.
    """
    if len(public) != ED25519_PUBLIC_SIZE:
        raise BadPublicKey(f"an Ed25519 public key has {ED25519_PUBLIC_SIZE} bytes, not {len(public)}")
    encoded = int.from_bytes(public, "little")
    y = encoded & ~_SIGN_BIT
    if y >= _P:
        raise BadPublicKey(
            "the Ed25519 public key is not the canonical encoding of its point (RFC 8032, 5.1.3)"
        )
    if y in _SMALL_ORDER_Y:
        raise BadPublicKey("the Ed25519 public key is a point of small order: its signatures prove nothing")


def check_mldsa44_public(public: bytes) -> None:
    """Refuse what cannot be an ML-DSA-44 public key; every string of the right length can.

    Raises:
        BadPublicKey: The length is not that of FIPS 204, table 2.
    """
    if len(public) != MLDSA44_PUBLIC_SIZE:
        raise BadPublicKey(f"an ML-DSA-44 public key has {MLDSA44_PUBLIC_SIZE} bytes, not {len(public)}")


# Loading an ML-DSA-44 public key costs about as much as verifying with it, and a node meets few keys.
@lru_cache(maxsize=256)
def _ed25519(public: bytes) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(public)


@lru_cache(maxsize=256)
def _mldsa44(public: bytes) -> MLDSA44PublicKey:
    return MLDSA44PublicKey.from_public_bytes(public)


def _seed(seed: bytes) -> bytes:
    if len(seed) != SEED_SIZE:
        raise BadSecretKey(f"a key is made from a seed of {SEED_SIZE} bytes, not {len(seed)}")
    return seed
