"""Sealing and opening whole exhibits from file to file, with flat memory, and hashing them on the way.

One thread hashes while the other seals, so that hashing, the slower of the two, alone sets the pace. The
content is hashed exactly once, and it is the content that is hashed, never the sealed file.
"""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Final, Protocol

from comity.keys.sealing.opener import Opener
from comity.keys.sealing.sealer import Sealer
from comity.keys.sealing.stream import PIECE_SIZE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from comity.keys.sealing.recipients import Identity, Recipient
    from comity.keys.sealing.stream import Octets

BATCH_SIZE: Final = 16 * PIECE_SIZE
_PART_SIZE: Final = 4 * PIECE_SIZE


class Source(Protocol):
    """Where content comes from: a binary file, or what reads like one."""

    def readinto(self, buffer: memoryview, /) -> int | None:
        """Put the next bytes into ``buffer``; return how many, 0 at the end."""


class Destination(Protocol):
    """Where content goes: a binary file, or what is written like one."""

    def write(self, octets: Octets, /) -> int | None:
        """Take all of ``octets``."""


class Digest(Protocol):
    """A running hash, such as ``hashlib.sha256()``."""

    def update(self, octets: Octets, /) -> None:
        """Take in the next ``octets``."""


def seal_stream(
    source: Source, destination: Destination, recipients: Sequence[Recipient], *, digest: Digest
) -> int:
    """Seal everything ``source`` gives into ``destination``; ``digest`` takes in the content.

    Returns:
        How many bytes of content were sealed.

    Raises:
        CannotSeal: No recipient, too many, or recipients of both kinds. Nothing was read or written.
    """
    sealer = Sealer(recipients)
    destination.write(sealer.header)
    batch, spare = memoryview(bytearray(BATCH_SIZE)), memoryview(bytearray(BATCH_SIZE))
    total = 0
    with ThreadPoolExecutor(1, "hash-content") as hasher:
        content = _fill(source, batch)
        while True:
            hashing = hasher.submit(digest.update, content)
            following = _fill(source, spare)
            _seal_batch(sealer, content, destination, last=not following)
            hashing.result()
            total += len(content)
            if not following:
                return total
            content, batch, spare = following, spare, batch


def open_stream(
    source: Source, destination: Destination, identities: Iterable[Identity], *, digest: Digest
) -> int:
    """Open the sealed file ``source`` into ``destination``; ``digest`` takes in the content.

    What was written before an error is authentic but incomplete: the caller discards it.

    Returns:
        How many bytes of content were written.

    Raises:
        MalformedSeal: The header is not that of a sealed file.
        NotSealedToUs: None of the identities is among its recipients.
        AlteredSeal: The file is not what was sealed, or not all of it.
    """
    opener = Opener(identities)
    batch = memoryview(bytearray(BATCH_SIZE))
    total = 0
    with ThreadPoolExecutor(1, "hash-content") as hasher:
        hashing: Future[None] | None = None
        while True:
            sealed = _fill(source, batch)
            content = opener.feed(sealed) if sealed else opener.finish()
            total += len(content)
            if hashing:
                hashing.result()
            hashing = hasher.submit(digest.update, content)
            destination.write(content)
            if not sealed:
                hashing.result()
                return total


def _fill(source: Source, batch: memoryview) -> memoryview:
    """Read until ``batch`` is full or the source is at its end; return what came."""
    filled = 0
    while filled < len(batch) and (size := source.readinto(batch[filled:])):
        filled += size
    return batch[:filled]


def _seal_batch(sealer: Sealer, content: memoryview, destination: Destination, *, last: bool) -> None:
    """Seal one batch and write it, in parts that stay in the processor's cache."""
    for start in range(0, max(1, len(content)), _PART_SIZE):
        part = content[start : start + _PART_SIZE]
        sealed = sealer.seal(part, last=last and start + len(part) == len(content))
        destination.write(sealed)
