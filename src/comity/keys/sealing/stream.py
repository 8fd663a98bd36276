"""The payload of a sealed file: pieces of 64 KiB, each sealed by itself, the last one marked as last.

Cutting the file short, or swapping, dropping or adding pieces, makes some piece fail. Both directions write
into a buffer the caller keeps: a fresh one for each piece costs four times as much as the cipher.

Follows: C2SP age, payload.
"""

from __future__ import annotations

from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from comity.errors import AlteredSeal
from comity.keys.sealing.derivation import derive_key

PIECE_SIZE: Final = 64 * 1024
TAG_SIZE: Final = 16
SEALED_PIECE_SIZE: Final = PIECE_SIZE + TAG_SIZE
NONCE_SIZE: Final = 16

Octets = bytes | bytearray | memoryview


def piece_count(content_size: int) -> int:
    """How many pieces hold this much content; empty content is one empty piece."""
    return max(1, -(-content_size // PIECE_SIZE))


class _Stream:
    """The cipher of one payload and the number of its next piece."""

    __slots__ = ("_cipher", "_number")

    def __init__(self, file_key: bytes, nonce: bytes) -> None:
        self._cipher = ChaCha20Poly1305(derive_key(file_key, salt=nonce, info=b"payload"))
        self._number = 0

    def _next_nonce(self, *, last: bool) -> bytes:
        nonce = self._number.to_bytes(11) + bytes([last])
        self._number += 1
        return nonce


class SealingStream(_Stream):
    """Seals content piece by piece."""

    __slots__ = ("_closed",)

    def __init__(self, file_key: bytes, nonce: bytes) -> None:
        super().__init__(file_key, nonce)
        self._closed = False

    def seal_into(self, content: memoryview, sealed: memoryview, *, last: bool) -> int:
        """Seal the next pieces into ``sealed``; return how many bytes they took.

        Raises:
            ValueError: After the last piece, or with a piece in the middle that is not full: a mistake of the
                calling program, as the file would not open.
        """
        if self._closed or (not last and len(content) % PIECE_SIZE) or (not content and self._number):
            raise ValueError("only the last piece of a sealed file may be short, and nothing follows it")
        written = 0
        for start in range(0, max(1, len(content)), PIECE_SIZE):
            piece = content[start : start + PIECE_SIZE]
            end = written + len(piece) + TAG_SIZE
            self._closed = last and start + len(piece) == len(content)
            nonce = self._next_nonce(last=self._closed)
            self._cipher.encrypt_into(nonce, piece, None, sealed[written:end])
            written = end
        return written


class OpeningStream(_Stream):
    """Opens sealed pieces in their order.

    Attributes:
        opened: How many sealed bytes have been opened.
    """

    __slots__ = ("opened",)

    def __init__(self, file_key: bytes, nonce: bytes) -> None:
        super().__init__(file_key, nonce)
        self.opened = 0

    def open_into(self, sealed: memoryview, content: memoryview, *, last: bool) -> None:
        """Open the next pieces into ``content``, which must be disregarded if any of them fails.

        Raises:
            AlteredSeal: A piece is not what was sealed, or not in its place, or the file is cut short.
        """
        written = 0
        for start in range(0, max(1, len(sealed)), SEALED_PIECE_SIZE):
            piece = sealed[start : start + SEALED_PIECE_SIZE]
            end = written + len(piece) - TAG_SIZE
            number = self._number
            nonce = self._next_nonce(last=last and start + len(piece) == len(sealed))
            if len(piece) < TAG_SIZE or (end == written and number):
                raise AlteredSeal(f"the file was not opened: piece {number} is cut short")
            try:
                self._cipher.decrypt_into(nonce, piece, None, content[written:end])
            except InvalidTag:
                raise AlteredSeal(f"the file was not opened: piece {number} is not what was sealed") from None
            written = end
            self.opened += len(piece)
