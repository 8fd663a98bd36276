"""Cosignatures: the bytes a mirror, a witness or the log itself signs, and how the time travels with them.

An Ed25519 cosignature covers the whole checkpoint text but not its signer's name; an ML-DSA-44 cosignature
covers the name but not the extension lines. Both begin with the time of signing.

Follows: C2SP tlog-cosignature.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Final

from comity.errors import CannotSign
from comity.tlog.encoding import MAX_SIZE

if TYPE_CHECKING:
    from comity.tlog.checkpoint import Checkpoint

TIMESTAMP_SIZE: Final = 8
MAX_NAME: Final = 255


def ed25519_message(text: str, timestamp: int) -> bytes:
    """What is signed for kind 0x04: a header, the time, and the checkpoint text as it stands."""
    return f"cosignature/v1\ntime {timestamp}\n{text}".encode()


def mldsa44_message(cosigner: str, checkpoint: Checkpoint, timestamp: int) -> bytes:
    """What is signed for kind 0x06: the ``cosigned_message`` structure over the entire tree.

    Raises:
        CannotSign: A name does not fit the single byte of its length.
    """
    name, origin = cosigner.encode(), checkpoint.origin.encode()
    if not (0 < len(name) <= MAX_NAME and 0 < len(origin) <= MAX_NAME):
        raise CannotSign(f"an ML-DSA-44 cosignature has no place for a name over {MAX_NAME} bytes")
    return struct.pack(
        f">12sB{len(name)}sQB{len(origin)}sQQ32s",
        b"subtree/v1\n\0",
        len(name),
        name,
        timestamp,
        len(origin),
        origin,
        0,
        checkpoint.size,
        checkpoint.root,
    )


def join(timestamp: int, signature: bytes) -> bytes:
    """Write a ``timestamped_signature``.

    Raises:
        CannotSign: The time is before 1970 or does not fit 63 bits.
    """
    if not 0 <= timestamp <= MAX_SIZE:
        raise CannotSign(f"{timestamp} is not a time a cosignature can carry")
    return timestamp.to_bytes(TIMESTAMP_SIZE, "big") + signature


def split(blob: bytes) -> tuple[int, bytes] | None:
    """Read a ``timestamped_signature``; None if the time does not fit 63 bits."""
    timestamp = int.from_bytes(blob[:TIMESTAMP_SIZE], "big")
    if len(blob) < TIMESTAMP_SIZE or timestamp > MAX_SIZE:
        return None
    return timestamp, blob[TIMESTAMP_SIZE:]
