"""A receipt on paper: lines of letters and digits, each with a check, to be typed by a person or a scanner.

Whoever is behind a one-way line can receive and not answer. A receipt is two signatures over what its
reader has: the author knows its own checkpoint of that size. So a sheet carries only who signed for how
many entries of which log, when, and the signatures. Its reader puts the receipt together again and verifies
it as any other.

A sheet is numbered lines of 40 bytes in base32 as Crockford writes it, which has no letter that looks like
a digit. Four letters at the end of each line say whether it was read as it was printed. Lines come in any
order, more than once, in either case, with or without their spaces.

Follows: docs/spec/mirror.md, On paper.
"""

from __future__ import annotations

import re
import struct
from base64 import b32decode, b32encode
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from comity.errors import BadReceipt, ComityError, CounterpartBreach
from comity.keys.signing import ED25519_SIGNATURE_SIZE, MLDSA44_SIGNATURE_SIZE
from comity.names import Origin, party_code
from comity.tlog import cosignature
from comity.tlog.checkpoint import Checkpoint
from comity.tlog.encoding import MAX_SIZE
from comity.tlog.note import Signature, parse_note

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from comity.tlog.note import Note
    from comity.tlog.vkey import VerifierKey

FORM: Final = 1
MAX_TEXT: Final = 65_536
BETWEEN: Final = "/"  # what stands between lines where there can be no line feed, as in a QR code

_LINE_BYTES: Final = 40
_CHECK: Final = 4
_GROUP: Final = 4
_DOMAIN: Final = b"comity/receipt-on-paper/v1"
_RFC4648: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_CROCKFORD: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_WRITTEN: Final = str.maketrans(_RFC4648, _CROCKFORD)
# Read back, with the letters that people take for digits.
_READ: Final = str.maketrans(_CROCKFORD + "OIL", _RFC4648 + "ABB")
_NUMBERED: Final = re.compile(r"([0-9OIL]{2})([0-9A-Z]{8,80})", re.ASCII)
_TAIL: Final = struct.Struct(f">QQ{ED25519_SIGNATURE_SIZE}s{MLDSA44_SIGNATURE_SIZE}s")
_HEAD: Final = struct.Struct(">BBH")


class PaperMisread(CounterpartBreach):
    """What was typed or scanned from a sheet is not what was printed on it."""

    code = "paper-misread"
    default_hint = "read the lines that are named again; the rest need not be typed anew"


class PaperIncomplete(CounterpartBreach):
    """Lines of a sheet were not typed or scanned."""

    code = "paper-incomplete"
    default_hint = "add the lines that are named to those that are there"


@dataclass(frozen=True, slots=True)
class PaperReceipt:
    """What a sheet says; nothing of it is verified.

    Attributes:
        origin: The log that was received.
        giver: Party code of whoever signed for it.
        size: How many entries it covers.
        at: When it was signed, POSIX seconds by the giver's clock.
        ed25519: The signature with the giver's first mirror key.
        mldsa44: The signature with its second.
    """

    origin: Origin
    giver: str
    size: int
    at: int
    ed25519: bytes
    mldsa44: bytes

    @classmethod
    def of(cls, receipt: bytes, mirror_keys: Sequence[VerifierKey]) -> PaperReceipt:
        """Take from a receipt what a sheet carries.

        Raises:
            BadReceipt: It does not carry the two signatures of the mirror.
        """
        note = parse_note(receipt)
        checkpoint = Checkpoint.parse(note.text)
        signed = [_blob(note, key) for key in mirror_keys]
        stamps = [stamp for blob in signed if blob and (stamp := cosignature.split(blob))]
        if [len(raw) for _, raw in stamps] != [ED25519_SIGNATURE_SIZE, MLDSA44_SIGNATURE_SIZE]:
            raise BadReceipt("only a receipt with both signatures of the mirror can be put on paper")
        (at, ed25519), (_, mldsa44) = stamps
        giver = mirror_keys[0].name.partition(".")[0]
        return cls(Origin.parse(checkpoint.origin), giver, checkpoint.size, at, ed25519, mldsa44)

    def lines(self) -> list[str]:
        """The lines of the sheet, in groups of four."""
        names = f"{self.origin} {self.giver}".encode()
        body = names + _TAIL.pack(self.size, self.at, self.ed25519, self.mldsa44)
        data = _HEAD.pack(FORM, len(names), len(body)) + body
        chunks = [data[at : at + _LINE_BYTES] for at in range(0, len(data), _LINE_BYTES)]
        return [_line(number, chunk) for number, chunk in enumerate(chunks, 1)]

    @classmethod
    def read(cls, text: str) -> PaperReceipt:
        """Read a sheet from what was typed or scanned.

        Raises:
            PaperMisread: Some lines do not fit their check; they are named.
            PaperIncomplete: Some lines are not there; they are named.
        """
        if len(text) > MAX_TEXT:
            raise PaperMisread(f"a sheet has at most {MAX_TEXT:,} characters, not {len(text):,}")
        chunks = _chunks(text)
        first = chunks.get(1)
        if first is None or len(first) < _HEAD.size:
            raise PaperIncomplete("line 1 of the sheet is not there")
        form, named, size = _HEAD.unpack_from(first)
        if form != FORM:
            raise PaperMisread(
                f"sheets of form {form} are not known here", hint="a newer Comity may be needed"
            )
        count = -(-(_HEAD.size + size) // _LINE_BYTES)
        missing = [str(number) for number in range(1, count + 1) if number not in chunks]
        if missing:
            raise PaperIncomplete(
                f"{len(missing)} of {count} lines of the sheet are not there: {', '.join(missing[:20])}"
            )
        data = b"".join(chunks[number] for number in range(1, count + 1))
        return cls._of_bytes(data[_HEAD.size :], named, size)

    @classmethod
    def _of_bytes(cls, body: bytes, named: int, size: int) -> PaperReceipt:
        if len(body) != size or size != named + _TAIL.size:
            raise PaperMisread("the lines are of several sheets, or of none")
        numbers = _TAIL.unpack_from(body, named)
        if max(numbers[:2]) > MAX_SIZE:
            raise PaperMisread("the sheet gives a size or a time that no receipt has")
        try:
            origin, _, giver = body[:named].decode("ascii").partition(" ")
            return cls(Origin.parse(origin), party_code(giver), *numbers)
        except (ComityError, UnicodeDecodeError) as fault:
            raise PaperMisread(f"the sheet names no log and no party: {fault}") from fault

    def receipt(self, checkpoint: bytes, mirror_keys: Sequence[VerifierKey]) -> bytes:
        """The receipt whole, to be read and verified as any other.

        Args:
            checkpoint: The author's own signed checkpoint of that size.
            mirror_keys: The giver's mirror keys, Ed25519 first.
        """
        raws = (self.ed25519, self.mldsa44)
        added = [
            Signature(key.name, key.key_id, cosignature.join(self.at, raw))
            for key, raw in zip(mirror_keys, raws, strict=False)
        ]
        return parse_note(checkpoint).with_signatures(added).encode()


def _blob(note: Note, key: VerifierKey) -> bytes | None:
    return next((line.blob for line in note.signatures if line.is_by(key)), None)


def _line(number: int, chunk: bytes) -> str:
    letters = b32encode(chunk).decode().rstrip("=").translate(_WRITTEN) + _check(number, chunk)
    groups = [letters[at : at + _GROUP] for at in range(0, len(letters), _GROUP)]
    return " ".join([f"{number:02}", *groups])


def _check(number: int, chunk: bytes) -> str:
    """Four letters by which a line that was misread is noticed, but for one in a million."""
    digest = sha256(_DOMAIN + bytes([number]) + chunk).digest()
    return b32encode(digest[:5]).decode().translate(_WRITTEN)[:_CHECK]


def _chunks(text: str) -> dict[int, bytes]:
    """The bytes of each line, by its number; a line that was read twice counts if it was read right once."""
    found: dict[int, bytes] = {}
    misread: set[str] = set()
    for line in _typed(text):
        numbered = _NUMBERED.fullmatch(line)
        chunk = _chunk(numbered) if numbered else None
        if numbered is None or chunk is None:
            misread.add(line[:2])
            continue
        number = _number(numbered)
        if found.setdefault(number, chunk) != chunk:
            raise PaperMisread(f"line {number} is there twice, and not the same: these are two sheets")
    misread -= {f"{number:02}" for number in found}
    if misread:
        named = ", ".join(sorted(misread)[:20])
        raise PaperMisread(f"lines that were not read as they are printed: {named}")
    return found


def _typed(text: str) -> Iterator[str]:
    for line in text.replace(BETWEEN, "\n").splitlines():
        letters = re.sub(r"[\s\-]", "", line).upper()
        if letters:
            yield letters


def _number(numbered: re.Match[str]) -> int:
    return int(numbered[1].translate(str.maketrans("OIL", "011")))


def _chunk(numbered: re.Match[str]) -> bytes | None:
    letters = numbered[2].translate(_READ)
    body = letters[:-_CHECK]
    try:
        chunk = b32decode(body + "=" * (-len(body) % 8))
    except ValueError:
        return None
    number = _number(numbered)
    is_read = _line(number, chunk).replace(" ", "")[2:].translate(_READ) == letters
    return chunk if is_read else None
