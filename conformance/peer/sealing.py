"""Sealing to hybrid recipients. Follows: C2SP age; docs/spec/sealing.md."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import re
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from conformance.peer.notes import Refused

SUITE = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
INFO = b"age-encryption.org/mlkem768x25519"
VERSION = "age-encryption.org/v1"
PIECE = 65536
CHARSET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"


@dataclass(frozen=True)
class Identity:
    """What opens what was sealed to its recipient."""

    secret: MLKEM768X25519PrivateKey
    public: bytes

    @classmethod
    def new(cls) -> Identity:
        seeds = hashlib.shake_256(os.urandom(32)).digest(96)
        mlkem, x25519 = (
            MLKEM768PrivateKey.from_seed_bytes(seeds[:64]),
            X25519PrivateKey.from_private_bytes(seeds[64:]),
        )
        public = mlkem.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw()
        return cls(MLKEM768X25519PrivateKey(mlkem, x25519), public)

    @property
    def recipient(self) -> str:
        return bech32("age1pq", self.public)


def seal(content: bytes, recipients: list[str]) -> bytes:
    """Seal to every one of these recipients."""
    file_key, lines = os.urandom(16), [VERSION]
    for recipient in recipients:
        sealed = SUITE.encrypt(file_key, _public(recipient), INFO)
        lines += [f"-> mlkem768x25519 {_b64(sealed[:1120])}", _b64(sealed[1120:])]
    covered = "\n".join([*lines, "---"])
    header = f"{covered} {_b64(_mac(file_key, covered))}\n".encode()
    nonce = os.urandom(16)
    cipher = ChaCha20Poly1305(_derive(file_key, nonce, b"payload"))
    pieces = [content[at : at + PIECE] for at in range(0, len(content), PIECE)] or [b""]
    sealed = [
        cipher.encrypt(number.to_bytes(11, "big") + bytes([number == len(pieces) - 1]), piece, None)
        for number, piece in enumerate(pieces)
    ]
    return header + nonce + b"".join(sealed)


def stanzas(sealed: bytes) -> list[tuple[bytes, bytes]]:
    """Share and body of each stanza."""
    header, _, _ = sealed.partition(b"\n---")
    found = re.findall(r"-> mlkem768x25519 (\S+)\n(\S+)", header.decode("ascii"))
    return [(_unb64(share), _unb64(body)) for share, body in found]


def opened(sealed: bytes, identity: Identity) -> bytes:
    """The content."""
    end = sealed.index(b"\n", sealed.index(b"\n---") + 1) + 1
    covered, _, mac = sealed[: end - 1].decode("ascii").rpartition(" ")
    for share, body in stanzas(sealed):
        try:
            file_key = SUITE.decrypt(share + body, identity.secret, INFO)
        except InvalidTag:
            continue
        if not hmac.compare_digest(_mac(file_key, covered), _unb64(mac)):
            raise Refused("the header of a sealed file was altered")
        cipher = ChaCha20Poly1305(_derive(file_key, sealed[end : end + 16], b"payload"))
        rest = sealed[end + 16 :]
        pieces = [rest[at : at + PIECE + 16] for at in range(0, len(rest), PIECE + 16)]
        return b"".join(
            cipher.decrypt(number.to_bytes(11, "big") + bytes([number == len(pieces) - 1]), piece, None)
            for number, piece in enumerate(pieces)
        )
    raise Refused("the file is not sealed to us")


def _public(recipient: str) -> MLKEM768X25519PublicKey:
    groups = [CHARSET.index(letter) for letter in recipient.rpartition("1")[2][:-6]]
    bits = "".join(f"{group:05b}" for group in groups)
    raw = int(bits[: len(bits) // 8 * 8], 2).to_bytes(len(bits) // 8, "big")
    return MLKEM768X25519PublicKey(
        MLKEM768PublicKey.from_public_bytes(raw[:1184]), X25519PublicKey.from_public_bytes(raw[1184:])
    )


def bech32(prefix: str, value: bytes) -> str:
    """BIP 173, without its limit of length."""
    bits = "".join(f"{byte:08b}" for byte in value)
    groups = [int(bits[at : at + 5].ljust(5, "0"), 2) for at in range(0, len(bits), 5)]
    expanded = [ord(c) >> 5 for c in prefix] + [0] + [ord(c) & 31 for c in prefix]
    rest = _polymod(expanded + groups + [0] * 6) ^ 1
    groups += [rest >> 5 * (5 - place) & 31 for place in range(6)]
    return f"{prefix}1" + "".join(CHARSET[group] for group in groups)


def _polymod(values: list[int]) -> int:
    rest = 1
    for value in values:
        top = rest >> 25
        rest = (rest & 0x1FFFFFF) << 5 ^ value
        for place, term in enumerate((0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)):
            rest ^= term if top >> place & 1 else 0
    return rest


def _mac(file_key: bytes, covered: str) -> bytes:
    return hmac.digest(_derive(file_key, b"", b"header"), covered.encode(), "sha256")


def _derive(secret: bytes, salt: bytes, info: bytes) -> bytes:
    return HKDF(SHA256(), 32, salt, info).derive(secret)


def _b64(value: bytes) -> str:
    return base64.b64encode(value).decode().rstrip("=")


def _unb64(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
