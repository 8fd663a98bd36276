"""Sealing content so that only its recipients can read it.

A small payload is sealed in one call; an exhibit of any size piece by piece with a ``Sealer``, which does no
input or output itself.

Follows: C2SP age.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from comity.errors import CannotSeal
from comity.keys.sealing.header import FILE_KEY_SIZE, MAX_STANZAS, write_header
from comity.keys.sealing.stream import NONCE_SIZE, TAG_SIZE, SealingStream, piece_count

if TYPE_CHECKING:
    from collections.abc import Sequence

    from comity.keys.sealing.recipients import Recipient
    from comity.keys.sealing.stream import Octets


class Sealer:
    """Seals one file under a key of its own: write ``header``, then what ``seal`` gives, in order."""

    __slots__ = ("_buffer", "_stream", "header")

    def __init__(self, recipients: Sequence[Recipient]) -> None:
        """Draw the file key and wrap it for every recipient.

        Raises:
            CannotSeal: No recipient, too many, or recipients of both kinds.
        """
        _check(recipients)
        file_key = secrets.token_bytes(FILE_KEY_SIZE)
        nonce = secrets.token_bytes(NONCE_SIZE)
        self.header = write_header((recipient.wrap(file_key) for recipient in recipients), file_key) + nonce
        self._stream = SealingStream(file_key, nonce)
        self._buffer = memoryview(bytearray())

    def seal(self, content: Octets, *, last: bool) -> memoryview:
        """Seal the next content, any number of whole pieces of 64 KiB; the last alone may be of any size.

        Returns:
            The sealed pieces, in a buffer that the next call overwrites: write them before.

        Raises:
            ValueError: The calling program gave a short piece before the last, or anything after it.
        """
        size = sealed_size(len(content))
        if len(self._buffer) < size:
            self._buffer = memoryview(bytearray(size))
        return self._buffer[: self._stream.seal_into(memoryview(content), self._buffer, last=last)]


def seal(content: bytes, recipients: Sequence[Recipient]) -> bytes:
    """Seal ``content`` so that each of ``recipients`` alone can open it.

    Raises:
        CannotSeal: No recipient, too many, or recipients of both kinds.
    """
    sealer = Sealer(recipients)
    return sealer.header + sealer.seal(content, last=True)


def sealed_size(content_size: int, header_size: int = 0) -> int:
    """How large a file becomes when sealed under a ``Sealer.header`` of this size."""
    return header_size + content_size + piece_count(content_size) * TAG_SIZE


def _check(recipients: Sequence[Recipient]) -> None:
    if not recipients:
        raise CannotSeal("nothing was sealed: there is no recipient, so nobody could ever open it")
    if len(recipients) > MAX_STANZAS:
        raise CannotSeal(
            f"nothing was sealed: {len(recipients)} recipients, and at most {MAX_STANZAS} are allowed"
        )
    if len({recipient.prefix for recipient in recipients}) > 1:
        raise CannotSeal(
            "nothing was sealed: a file to a hybrid recipient must not also go to a classic one (C2SP age)",
            hint="ask for a hybrid recipient, age1pq1…, from every party",
        )
