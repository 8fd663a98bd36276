"""A receipt: our cosignature on the counterpart's checkpoint, in the mirror's meaning.

It says that everything the checkpoint covers is stored durably here, payloads included. It is given under a
key named apart from any witness key (``<party>.comity/mirror``), because a witness says less.

Follows: docs/spec/mirror.md; C2SP tlog-cosignature, tlog-mirror.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from comity.errors import BadCheckpoint, BadReceipt
from comity.mirror.generations import Generation, every_key, signed_by, signed_checkpoint
from comity.tlog.note import parse_note, sign_note

if TYPE_CHECKING:
    from collections.abc import Iterable

    from comity.names import Origin
    from comity.tlog.checkpoint import Checkpoint
    from comity.tlog.signer import Cosigner
    from comity.tlog.vkey import VerifierKey

LAST_SECOND: Final = 253_402_300_799  # of the year 9999: the last that can be written as entries write time


def stated_at(timestamp: int) -> datetime | None:
    """The instant a cosignature bears; None for zero, which states none, and for one no calendar has."""
    return datetime.fromtimestamp(timestamp, UTC) if 0 < timestamp <= LAST_SECOND else None


@dataclass(frozen=True, slots=True)
class Receipt:
    """A counterpart's word that it holds the first ``size`` entries of our log.

    Attributes:
        size: How many entries it covers.
        root: Root of the tree over them.
        at: When the counterpart signed, POSIX seconds by its clock.
        note: The checkpoint with its cosignatures, and no line of anybody else.
        retired_at: The entry of the signer's own log that retired the keys it is signed by; None for keys in
            force. Whoever had seen that entry takes no receipt by them (:func:`is_by_retired_keys`).
    """

    size: int
    root: bytes
    at: int
    note: bytes
    retired_at: int | None = None

    def is_by_retired_keys(self, seen: int) -> bool:
        """Whether the author of the receipted log knew that these keys were retired.

        Args:
            seen: How much of the signer's log the last entry covered had seen.
        """
        return self.retired_at is not None and seen > self.retired_at


def give_receipt(checkpoint: bytes, cosigners: Iterable[Cosigner]) -> bytes:
    """Cosign a checkpoint whose every entry and payload is durably stored.

    Args:
        checkpoint: The counterpart's signed note, as stored.
        cosigners: Our mirror keys, Ed25519 and ML-DSA-44, at one time by this node's clock.

    Returns:
        The note with the log's own signatures and ours after them.
    """
    note = parse_note(checkpoint)
    return note.with_signatures(sign_note(note.text, *cosigners).signatures).encode()


def read_receipt(
    note: bytes,
    origin: Origin,
    *,
    log_keys: Iterable[VerifierKey | Generation],
    mirror_keys: Iterable[VerifierKey | Generation],
) -> Receipt:
    """Read a receipt for our log. Whether its root is ours the caller compares with its own tree.

    Raises:
        BadReceipt: It is for another log, lacks one of the counterpart's signatures, or gives two times.
        ComityError: The note cannot be read, or does not carry our own signatures.
    """
    log_keys, mirror_keys = tuple(log_keys), tuple(mirror_keys)
    checkpoint: Checkpoint = signed_checkpoint(note, log_keys)
    if checkpoint.origin != str(origin):
        raise BadReceipt(f"a receipt for {checkpoint.origin} was offered for {origin}")
    parsed = parse_note(note)
    try:
        by = signed_by(parsed, mirror_keys)
    except BadCheckpoint:
        raise BadReceipt(
            f"a receipt for {origin} lacks a cosignature of the counterpart's mirror keys"
        ) from None
    times = {parsed.cosigned_at(key) for key in by.keys}
    at = times.pop()
    if times or not at or at > LAST_SECOND:
        raise BadReceipt(f"the cosignatures of a receipt for {origin} do not bear one time")
    bare = parsed.only((*every_key(log_keys), *by.keys)).encode()
    return Receipt(checkpoint.size, checkpoint.root, at, bare, by.until)
