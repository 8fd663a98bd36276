"""Words to a browser over a push service that must not read them, and the key by which it knows who sends.

What is pushed passes through a service that neither side runs. It is sealed to a key the browser drew for
this node alone; the service sees to whom, when, and how long. The node proves to the service that it is the
one the browser subscribed to, by a key of its own that signs nothing else.

Follows: RFC 8291 (message encryption), RFC 8188 (aes128gcm), RFC 8292 (VAPID).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Self

import msgspec
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from comity.errors import BadPublicKey, BadSecretKey

if TYPE_CHECKING:
    from datetime import datetime

LONGEST_WORD: Final = 3_000  # a push service takes 4096 octets of a record at most
AUTH_SIZE: Final = 16
_CURVE: Final = ec.SECP256R1()
_SCALAR: Final = 32
_SALT: Final = 16
_RECORD: Final = 4096
_HEADER: Final = _RECORD.to_bytes(4, "big")
_LAST_RECORD: Final = b"\x02"


@dataclass(frozen=True, slots=True)
class PushKey:
    """The key by which push services know this node (RFC 8292), and nothing else."""

    secret: ec.EllipticCurvePrivateKey

    @classmethod
    def generate(cls) -> Self:
        """Draw one."""
        return cls(ec.generate_private_key(_CURVE))

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Read one as it is kept.

        Raises:
            BadSecretKey: It is no such key.
        """
        try:
            number = int(text, 16)
            return cls(ec.derive_private_key(number, _CURVE))
        except ValueError as bad:
            raise BadSecretKey("the key for push services cannot be read") from bad

    def to_text(self) -> str:
        """The private number in hexadecimal: what is kept."""
        return self.secret.private_numbers().private_value.to_bytes(_SCALAR, "big").hex()

    @property
    def public(self) -> str:
        """The public half as browsers take it: a point, in base64 for addresses."""
        return _to_64(_point(self.secret.public_key()))

    def authorization(self, origin: str, *, contact: str, until: datetime) -> str:
        """What proves to a push service who sends: the ``Authorization`` field.

        Args:
            origin: Scheme, host and port of the service: what is said to one is worth nothing at another.
            contact: Where its operator finds us: an address beginning with ``mailto:`` or ``https:``.
            until: When it ends; services refuse what lasts longer than a day.
        """
        claims = {"aud": origin, "exp": int(until.timestamp()), "sub": contact}
        said = ".".join(_to_64(msgspec.json.encode(one)) for one in ({"typ": "JWT", "alg": "ES256"}, claims))
        r, s = decode_dss_signature(self.secret.sign(said.encode(), ec.ECDSA(hashes.SHA256())))
        signature = r.to_bytes(_SCALAR, "big") + s.to_bytes(_SCALAR, "big")
        return f"vapid t={said}.{_to_64(signature)}, k={self.public}"


def must_be_subscribed(p256dh: str, auth: str) -> None:
    """See to it that something can be sealed to a browser's keys before they are kept.

    Raises:
        BadPublicKey: They are none.
    """
    _browser(p256dh, auth)


def seal(word: bytes, *, p256dh: str, auth: str) -> bytes:
    """Seal a word to one browser.

    Args:
        word: At most :data:`LONGEST_WORD` octets.
        p256dh: The browser's public key, as it gave it.
        auth: The secret it gave with it.

    Raises:
        BadPublicKey: The browser's keys are none.
    """
    return sealed_with(ec.generate_private_key(_CURVE), os.urandom(_SALT), word, p256dh=p256dh, auth=auth)


def sealed_with(
    own: ec.EllipticCurvePrivateKey, salt: bytes, word: bytes, *, p256dh: str, auth: str
) -> bytes:
    """The same under a key and salt that are given: what the vector of RFC 8291 is made with."""
    theirs, secret = _browser(p256dh, auth)
    ours, point = _point(own.public_key()), _point(theirs)
    shared = _derived(own.exchange(ec.ECDH(), theirs), secret, b"WebPush: info\x00" + point + ours, 32)
    key = _derived(shared, salt, b"Content-Encoding: aes128gcm\x00", 16)
    nonce = _derived(shared, salt, b"Content-Encoding: nonce\x00", 12)
    sealed = AESGCM(key).encrypt(nonce, word + _LAST_RECORD, None)
    return salt + _HEADER + bytes([len(ours)]) + ours + sealed


def topic(key: str) -> str:
    """A name for a push by which a service keeps only the last of those that wait (RFC 8030, section 5.4)."""
    return _to_64(hashlib.sha256(key.encode()).digest())[:32]


def _browser(p256dh: str, auth: str) -> tuple[ec.EllipticCurvePublicKey, bytes]:
    try:
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, _from_64(p256dh))
        secret = _from_64(auth)
    except (ValueError, binascii.Error) as bad:
        raise BadPublicKey("these are not the keys of a browser's subscription") from bad
    if len(secret) != AUTH_SIZE:
        raise BadPublicKey("these are not the keys of a browser's subscription")
    return theirs, secret


def _derived(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=salt, info=info).derive(secret)


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _to_64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _from_64(text: str) -> bytes:
    bare = text.rstrip("=")
    if not bare.isascii() or len(bare) > 200:
        raise ValueError("not base64 for addresses")
    return base64.b64decode(bare + "=" * (-len(bare) % 4), altchars=b"-_", validate=True)
