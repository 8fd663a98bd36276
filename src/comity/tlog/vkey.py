"""Verifier keys: a name, a kind of signature and a public key, as people pass them on.

Follows: C2SP signed-note, Verifier keys; C2SP tlog-cosignature, Format.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from comity.errors import BadPublicKey, CannotSign, MalformedCheckpoint, MalformedKey
from comity.keys.signing import (
    ED25519_SIGNATURE_SIZE,
    MLDSA44_SIGNATURE_SIZE,
    check_ed25519_public,
    check_mldsa44_public,
    verify_ed25519,
    verify_mldsa44,
)
from comity.tlog import cosignature
from comity.tlog.checkpoint import Checkpoint
from comity.tlog.cosignature import TIMESTAMP_SIZE
from comity.tlog.encoding import base64_bytes, base64_text, is_clean

if TYPE_CHECKING:
    from collections.abc import Callable

NOTE_ED25519: Final = b"\x01"
COSIGNATURE_ED25519: Final = b"\x04"
COSIGNATURE_MLDSA44: Final = b"\x06"
NOTE_MLDSA44: Final = b"\xffcomity/ml-dsa-44/v1"

MAX_VKEY: Final = 4_096
KEY_ID_SIZE: Final = 4

_KEY_NAME: Final = re.compile(r"[^\s+]+")


def is_key_name(name: str) -> bool:
    """Whether a signature line can hold the name: not empty, no spaces, plus or control characters."""
    return is_clean(name) and _KEY_NAME.fullmatch(name) is not None


@dataclass(frozen=True, slots=True)
class VerifierKey:
    """Whom we believe, and how they sign."""

    name: str
    kind: bytes
    public: bytes

    def __post_init__(self) -> None:
        """Refuse a key whose signatures could never be checked.

        Raises:
            MalformedKey: The name, the kind or the public key is not one we can verify with.
        """
        if not is_key_name(self.name):
            raise MalformedKey(f"{self.name[:80]!r} is not a key name: it is empty or has a space or a plus")
        if self.kind not in _SCHEMES:
            raise MalformedKey(f"keys of kind 0x{self.kind[:20].hex()} are not verified here")
        try:
            _SCHEMES[self.kind].check_public(self.public)
        except BadPublicKey as fault:
            raise MalformedKey(f"the key of {self.name[:80]} is not usable: {fault}") from fault

    @property
    def key_id(self) -> bytes:
        """The four bytes that, with the name, say which key made a signature."""
        return sha256(self.name.encode() + b"\n" + self.kind + self.public).digest()[:KEY_ID_SIZE]

    @classmethod
    def parse(cls, text: str) -> VerifierKey:
        """Read ``<name>+<key id>+<base64>``; the key id must be the one the rest demands.

        Raises:
            MalformedKey: The text has another form or names a kind we do not verify.
        """
        name, mark, rest = text[: MAX_VKEY + 1].partition("+")
        material = base64_bytes(rest[2 * KEY_ID_SIZE + 1 :])
        if len(text) > MAX_VKEY or not mark or material is None:
            raise MalformedKey(
                "a verifier key is <name>+<key id>+<base64>", hint="copy it again, in one piece"
            )
        kind = next((kind for kind in _SCHEMES if material.startswith(kind)), material[:1])
        key = cls(name, kind, material[len(kind) :])
        if str(key) != text:
            raise MalformedKey(
                f"the key id of {name[:80]} does not belong to this key", hint="copy it again, in one piece"
            )
        return key

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{base64_text(self.kind + self.public)}"

    def renamed(self, name: str) -> VerifierKey:
        """The same key under another name, such as a log key under the origin of one channel."""
        return replace(self, name=name)

    @property
    def is_cosigner(self) -> bool:
        """Whether this key signs checkpoints with a time (kinds 0x04 and 0x06), not notes."""
        return _SCHEMES[self.kind].message is not _note_message

    def verify(self, text: bytes, signature: bytes) -> bool:
        """Say whether ``signature`` is this key's signature of the note text.

        ``signature`` is what follows the key id on a signature line; for a cosigner it begins with the time.
        """
        scheme = _SCHEMES[self.kind]
        if len(signature) != scheme.signature_size:
            return False
        message = scheme.message(self.name, text, signature)
        return message is not None and scheme.verify(self.public, signature[-scheme.raw_size :], message)


@dataclass(frozen=True, slots=True)
class _Scheme:
    """One kind of signature: the sizes it demands, the bytes it covers, the algorithm."""

    prefix_size: int
    raw_size: int
    check_public: Callable[[bytes], None]
    message: Callable[[str, bytes, bytes], bytes | None]
    verify: Callable[[bytes, bytes, bytes], bool]

    @property
    def signature_size(self) -> int:
        """Bytes after the key id."""
        return self.prefix_size + self.raw_size


def _note_message(_name: str, text: bytes, _signature: bytes) -> bytes:
    """Kinds 0x01 and ML-DSA-44 over notes: the note text itself."""
    return text


def _ed25519_cosigned(_name: str, text: bytes, signature: bytes) -> bytes | None:
    """Kind 0x04, over the text of any checkpoint."""
    stamped = cosignature.split(signature)
    if stamped is None:
        return None
    try:
        Checkpoint.parse(text.decode())
    except (UnicodeDecodeError, MalformedCheckpoint):
        return None
    return cosignature.ed25519_message(text.decode(), stamped[0])


def _mldsa44_cosigned(name: str, text: bytes, signature: bytes) -> bytes | None:
    """Kind 0x06, over the tree a checkpoint names."""
    stamped = cosignature.split(signature)
    if stamped is None:
        return None
    try:
        return cosignature.mldsa44_message(name, Checkpoint.parse(text.decode()), stamped[0])
    except (UnicodeDecodeError, MalformedCheckpoint, CannotSign):
        return None


_SCHEMES: Final = {
    NOTE_ED25519: _Scheme(0, ED25519_SIGNATURE_SIZE, check_ed25519_public, _note_message, verify_ed25519),
    NOTE_MLDSA44: _Scheme(0, MLDSA44_SIGNATURE_SIZE, check_mldsa44_public, _note_message, verify_mldsa44),
    COSIGNATURE_ED25519: _Scheme(
        TIMESTAMP_SIZE, ED25519_SIGNATURE_SIZE, check_ed25519_public, _ed25519_cosigned, verify_ed25519
    ),
    COSIGNATURE_MLDSA44: _Scheme(
        TIMESTAMP_SIZE, MLDSA44_SIGNATURE_SIZE, check_mldsa44_public, _mldsa44_cosigned, verify_mldsa44
    ),
}
