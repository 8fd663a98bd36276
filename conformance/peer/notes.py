"""Keys, signed notes, checkpoints, cosignatures.

Follows: docs/spec/tlog.md; C2SP signed-note, tlog-cosignature.
"""

from __future__ import annotations

import base64
import hashlib
import struct
import time
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PrivateKey, MLDSA44PublicKey

NOTE, COSIGNED, COSIGNED_PQ = b"\x01", b"\x04", b"\x06"
NOTE_PQ = b"\xffcomity/ml-dsa-44/v1"
KINDS = (NOTE_PQ, NOTE, COSIGNED, COSIGNED_PQ)
STAMPED = (COSIGNED, COSIGNED_PQ)


class Refused(Exception):
    """Something is not as the specification says."""


@dataclass(frozen=True)
class Vkey:
    """A verifier key."""

    name: str
    kind: bytes
    public: bytes

    @property
    def key_id(self) -> bytes:
        return hashlib.sha256(self.name.encode() + b"\n" + self.kind + self.public).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{base64.b64encode(self.kind + self.public).decode()}"

    @classmethod
    def parse(cls, text: str) -> Vkey:
        name, _, rest = text.partition("+")
        material = base64.b64decode(rest[9:], validate=True)
        kind = next((kind for kind in KINDS if material.startswith(kind)), None)
        if kind is None:
            raise Refused(f"a key of {name} is of no kind known")
        key = cls(name, kind, material[len(kind) :])
        if str(key) != text:
            raise Refused(f"the key id of {name} is not of its key")
        return key

    def renamed(self, name: str) -> Vkey:
        return Vkey(name, self.kind, self.public)

    def verifies(self, text: str, blob: bytes) -> bool:
        """Whether this is what follows the key id where the key signed a note or a checkpoint."""
        stamp = blob[:8] if self.kind in STAMPED else b""
        return self.verifies_raw(_message(self, text, stamp), blob[len(stamp) :])

    def verifies_raw(self, message: bytes, signature: bytes) -> bool:
        """Whether it is the bare signature of a message."""
        kind = Ed25519PublicKey if self.kind in (NOTE, COSIGNED) else MLDSA44PublicKey
        try:
            kind.from_public_bytes(self.public).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True)
class Signer:
    """A key that signs notes or checkpoints."""

    vkey: Vkey
    secret: Ed25519PrivateKey | MLDSA44PrivateKey

    @classmethod
    def new(cls, name: str, kind: bytes) -> Signer:
        secret = Ed25519PrivateKey.generate() if kind in (NOTE, COSIGNED) else MLDSA44PrivateKey.generate()
        return cls(Vkey(name, kind, secret.public_key().public_bytes_raw()), secret)

    def renamed(self, name: str) -> Signer:
        return Signer(self.vkey.renamed(name), self.secret)

    def line(self, text: str, at: int | None = None) -> str:
        stamp = (
            struct.pack(">Q", int(time.time()) if at is None else at) if self.vkey.kind in STAMPED else b""
        )
        blob = stamp + self.secret.sign(_message(self.vkey, text, stamp))
        return f"\u2014 {self.vkey.name} {base64.b64encode(self.vkey.key_id + blob).decode()}\n"


def _message(key: Vkey, text: str, stamp: bytes) -> bytes:
    if key.kind not in STAMPED:
        return text.encode()
    if key.kind == COSIGNED:
        return f"cosignature/v1\ntime {int.from_bytes(stamp, 'big')}\n{text}".encode()
    origin, size, root = checkpoint(text)
    name, log = key.name.encode(), origin.encode()
    return b"".join(
        [
            b"subtree/v1\n\0",
            bytes([len(name)]),
            name,
            stamp,
            bytes([len(log)]),
            log,
            struct.pack(">QQ", 0, size),
            root,
        ]
    )


def sign(text: str, signers: list[Signer], at: int | None = None) -> bytes:
    """A note signed by all of these at one time."""
    at = int(time.time()) if at is None else at
    return (text + "\n" + "".join(one.line(text, at) for one in signers)).encode()


def parse(note: bytes) -> tuple[str, list[tuple[str, bytes, bytes]]]:
    """A note's text, and of each signature line the name, the key id and what follows."""
    whole = note.decode("utf-8")
    text, mark, lines = whole.rpartition("\n\n")
    if not mark or not lines.endswith("\n"):
        raise Refused("a note is a text, a blank line and signature lines")
    found = []
    for line in lines[:-1].split("\n"):
        if not line.startswith("\u2014 "):
            raise Refused(f"{line[:40]!r} is no signature line")
        name, _, data = line[2:].partition(" ")
        blob = base64.b64decode(data, validate=True)
        found.append((name, blob[:4], blob[4:]))
    return text + "\n", found


def signed_by(note: bytes, keys: list[Vkey]) -> str:
    """The text of a note that every one of these keys has signed."""
    text, lines = parse(note)
    for key in keys:
        mine = [blob for name, key_id, blob in lines if (name, key_id) == (key.name, key.key_id)]
        if not mine or not all(key.verifies(text, blob) for blob in mine):
            raise Refused(f"{key.name} has not signed, or a signature in its name is false")
    return text


def stamps(note: bytes, keys: list[Vkey]) -> list[int]:
    """The times at which these cosigners signed."""
    _text, lines = parse(note)
    return [
        int.from_bytes(blob[:8], "big")
        for key in keys
        for name, key_id, blob in lines
        if (name, key_id) == (key.name, key.key_id)
    ]


def checkpoint(text: str) -> tuple[str, int, bytes]:
    """Origin, size and root."""
    lines = text.split("\n")
    if len(lines) < 4 or lines[-1] or str(int(lines[1])) != lines[1]:
        raise Refused("a checkpoint has an origin, a size and a root")
    root = base64.b64decode(lines[2], validate=True)
    if len(root) != 32:
        raise Refused("a root has 32 bytes")
    return lines[0], int(lines[1]), root


def checkpoint_text(origin: str, size: int, root: bytes) -> str:
    """The three lines that are signed."""
    return f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n"
