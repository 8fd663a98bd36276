"""Signed notes: a text, and one line for every key that signed it.

The text of a note says nothing until a key we know has been seen to have signed it.

Follows: C2SP signed-note.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Protocol

from comity.errors import BadSignature, CannotSign, MalformedNote, NotSigned
from comity.tlog import cosignature
from comity.tlog.cosignature import TIMESTAMP_SIZE
from comity.tlog.encoding import base64_bytes, base64_text, is_clean
from comity.tlog.vkey import KEY_ID_SIZE, VerifierKey, is_key_name

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "MAX_NOTE",
    "MAX_SIGNATURES",
    "Note",
    "Signature",
    "Signer",
    "VerifierKey",
    "parse_note",
    "sign_note",
]

MAX_NOTE: Final = 1_000_000
MAX_SIGNATURES: Final = 64

_DASH: Final = "\u2014 "


class Signer(Protocol):
    """A key that signs notes: see ``comity.tlog.signer``."""

    @property
    def vkey(self) -> VerifierKey:
        """The key that verifies what this signs."""
        ...

    def sign(self, text: str) -> bytes:
        """Sign a note text; what follows the key id on the signature line."""
        ...


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line: who claims to have signed, by which key, and the signature."""

    name: str
    key_id: bytes
    blob: bytes

    @classmethod
    def parse(cls, line: str) -> Signature:
        """Read a signature line without its newline.

        Raises:
            MalformedNote: The line has another form.
        """
        name, _, encoded = line.removeprefix(_DASH).partition(" ")
        data = base64_bytes(encoded)
        if not line.startswith(_DASH) or not is_key_name(name) or data is None or len(data) <= KEY_ID_SIZE:
            raise MalformedNote(f"{line[:80]!r} is not a signature line")
        return cls(name, data[:KEY_ID_SIZE], data[KEY_ID_SIZE:])

    def __str__(self) -> str:
        return f"{_DASH}{self.name} {base64_text(self.key_id + self.blob)}"

    def is_by(self, key: VerifierKey) -> bool:
        """Whether the line claims to be by this key; nothing is verified."""
        return (self.name, self.key_id) == (key.name, key.key_id)


@dataclass(frozen=True, slots=True)
class Note:
    """A text and the signatures under it, not yet verified."""

    text: str
    signatures: tuple[Signature, ...]

    def encode(self) -> bytes:
        """The bytes of the note, as parsed or as to be sent."""
        return (self.text + "\n" + "".join(f"{line}\n" for line in self.signatures)).encode()

    def with_signatures(self, added: Iterable[Signature]) -> Note:
        """The same text with further signature lines, none of them twice."""
        return replace(self, signatures=tuple(dict.fromkeys((*self.signatures, *added))))

    def only(self, keys: Iterable[VerifierKey]) -> Note:
        """The same text under one line for each of these keys, the latest where one signed several times.

        Whoever passes a note on can put lines under it that say nothing of the text and cost its reader.
        """
        of_each = ([line for line in self.signatures if line.is_by(key)] for key in keys)
        latest = (max(lines, key=lambda line: line.blob[:TIMESTAMP_SIZE]) for lines in of_each if lines)
        return replace(self, signatures=tuple(latest))

    def signed_by(self, keys: Iterable[VerifierKey]) -> tuple[VerifierKey, ...]:
        """Find which of these keys signed, in the order given; it may be none.

        Signatures of other keys are passed over, whatever they contain.

        Raises:
            BadSignature: A line claims to be by one of these keys and is not. The whole note is refused.
        """
        return tuple(key for key in keys if self._verified(key))

    def must_be_signed_by(self, keys: Iterable[VerifierKey]) -> tuple[VerifierKey, ...]:
        """Find which of these keys signed, and accept nothing that none of them signed.

        Raises:
            BadSignature: A line claims to be by one of these keys and is not.
            NotSigned: None of these keys signed.
        """
        found = self.signed_by(keys)
        if not found:
            raise NotSigned("the note carries no signature of a key we know")
        return found

    def cosigned_at(self, key: VerifierKey) -> int | None:
        """When this cosigner signed the checkpoint, in POSIX seconds; None if it did not.

        Of several cosignatures by one key the latest counts. Zero means the signer states no time.

        Raises:
            BadSignature: A line claims to be by this key and is not, or the key signs without a time.
        """
        if not key.is_cosigner:
            raise BadSignature(f"{key.name} signs notes, not checkpoints at a time")
        stamps = (cosignature.split(signature.blob) for signature in self._verified(key))
        return max((stamp[0] for stamp in stamps if stamp), default=None)

    def _verified(self, key: VerifierKey) -> list[Signature]:
        """The lines by this key, every one of them verified."""
        claimed = [signature for signature in self.signatures if signature.is_by(key)]
        text = self.text.encode()
        if not all(key.verify(text, signature.blob) for signature in claimed):
            raise BadSignature(f"the note carries a signature in the name of {key.name} that does not verify")
        return claimed


def parse_note(data: bytes) -> Note:
    """Read a signed note; nothing is verified yet.

    Raises:
        MalformedNote: The bytes have another form or exceed a limit.
    """
    if len(data) > MAX_NOTE:
        raise MalformedNote(f"a note has at most {MAX_NOTE} bytes, not {len(data)}")
    try:
        whole = data.decode("utf-8")
    except UnicodeDecodeError as fault:
        raise MalformedNote("a note is UTF-8 text") from fault
    if not is_clean(whole) or not whole.endswith("\n"):
        raise MalformedNote("a note has no control characters but newlines, and ends with one")
    text, mark, lines = whole.rpartition("\n\n")
    if not mark or not lines:
        raise MalformedNote("a note has a blank line between its text and its signatures")
    if lines.count("\n") > MAX_SIGNATURES:
        raise MalformedNote(f"a note has at most {MAX_SIGNATURES} signatures")
    return Note(text + "\n", tuple(Signature.parse(line) for line in lines[:-1].split("\n")))


def sign_note(text: str, *signers: Signer) -> Note:
    """Sign a text with every signer, in order.

    Raises:
        CannotSign: The text cannot be the text of a note, or a signer signs checkpoints only.
    """
    if not is_clean(text) or not text.endswith("\n") or not 0 < len(signers) <= MAX_SIGNATURES:
        raise CannotSign("the text must be UTF-8 lines, each ended by a newline, and somebody must sign it")
    return Note(text, tuple(_signed(text, by, by.vkey) for by in signers))


def _signed(text: str, signer: Signer, key: VerifierKey) -> Signature:
    return Signature(key.name, key.key_id, signer.sign(text))
