"""Which points of Curve25519 a counterpart may name.

With a point of small order the shared secret is all zeros for every secret key: whatever is sealed to it,
anybody can open.

Follows: RFC 7748, 6.1; C2SP age, X25519 stanza.
"""

from __future__ import annotations

from typing import Final

from comity.errors import BadPublicKey

X25519_SIZE: Final = 32

_P: Final = 2**255 - 19
_TOP_BIT: Final = 1 << 255
# As listed at https://cr.yp.to/ecdh.html#validate (RFC 7748, 6.1) and in C2SP/wycheproof, x25519.
_SMALL_ORDER_U: Final = frozenset(
    (
        0,
        1,
        _P - 1,
        325606250916557431795983626356110631294008115727848805560023387167927233504,
        39382357235489614581723060781553021112529911719440698176882885853963445705823,
    )
)


def is_small_order(point: bytes) -> bool:
    """Say whether an X25519 exchange with ``point`` gives no secret at all, however it is spelled."""
    u = int.from_bytes(point, "little") & ~_TOP_BIT
    return u % _P in _SMALL_ORDER_U


def check_x25519_public(public: bytes) -> None:
    """Refuse an X25519 public key that is misspelled or to which nothing can be sealed.

    Raises:
        BadPublicKey: Wrong length, not the canonical encoding, or a point of small order.
    """
    if len(public) != X25519_SIZE:
        raise BadPublicKey(f"an X25519 public key has {X25519_SIZE} bytes, not {len(public)}")
    if int.from_bytes(public, "little") >= _P:
        raise BadPublicKey("the X25519 public key is not the canonical encoding of its point (RFC 7748, 5)")
    if is_small_order(public):
        raise BadPublicKey("the X25519 public key is a point of small order: nothing sealed to it is secret")
