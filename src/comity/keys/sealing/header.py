"""The header of a sealed file: the same file key, wrapped once for every recipient.

Reading is strict: one spelling, no slack, sizes capped first. The stanzas of the kinds we know are checked
here whether or not they are ours, so that a malformed one is refused by every reader alike.

Follows: C2SP age, header and recipient stanzas.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC

from comity.errors import AlteredSeal, MalformedSeal
from comity.keys.sealing.canonical import decode_base64, encode_base64
from comity.keys.sealing.derivation import derive_key
from comity.keys.sealing.points import is_small_order

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

FILE_KEY_SIZE: Final = 16
WRAPPED_KEY_SIZE: Final = FILE_KEY_SIZE + 16
MAX_HEADER_SIZE: Final = 128 * 1024
MAX_STANZAS: Final = 64

X25519: Final = "X25519"
HYBRID: Final = "mlkem768x25519"

# Where the X25519 share lies in the encapsulated key; the key ends with it.
_SHARES: Final = {X25519: slice(0, 32), HYBRID: slice(1088, 1120)}
_SCRYPT: Final = "scrypt"

_VERSION_LINE: Final = b"age-encryption.org/v1"
_END_MARK: Final = b"\n---"
_COLUMNS: Final = 64
_ARGUMENTS: Final = re.compile(rb"-> [!-~]+(?: [!-~]+)*")
_END_LINE: Final = re.compile(rb"--- ([A-Za-z0-9+/]{43})")


@dataclass(frozen=True, slots=True)
class Stanza:
    """The file key wrapped for one recipient; only its holder can tell for whom."""

    kind: str
    arguments: tuple[str, ...]
    body: bytes

    @property
    def share(self) -> bytes:
        """The encapsulated key: the one argument of every stanza of a kind we know."""
        return decode_base64(self.arguments[0].encode()) or b""

    def encode(self) -> bytes:
        """Write the stanza, its body wrapped at 64 columns and ended by a shorter line."""
        body = encode_base64(self.body)
        lines = [body[start : start + _COLUMNS] for start in range(0, len(body) + 1, _COLUMNS)]
        return b"\n".join([" ".join(("->", self.kind, *self.arguments)).encode(), *lines])


@dataclass(frozen=True, slots=True)
class Header:
    """A header as read: nothing in it is proven before ``verify``."""

    stanzas: tuple[Stanza, ...]
    mac: bytes
    covered: bytes

    def verify(self, file_key: bytes) -> None:
        """Check that whoever sealed the file wrote this very header.

        Raises:
            AlteredSeal: The header MAC does not fit the file key.
        """
        mac = _mac(file_key)
        mac.update(self.covered)
        try:
            mac.verify(self.mac)
        except InvalidSignature:
            raise AlteredSeal("the file was not opened: its header was altered after sealing") from None


def write_header(stanzas: Iterable[Stanza], file_key: bytes) -> bytes:
    """Write a header and close it with its MAC."""
    covered = b"\n".join([_VERSION_LINE, *(stanza.encode() for stanza in stanzas), b"---"])
    mac = _mac(file_key)
    mac.update(covered)
    return covered + b" " + encode_base64(mac.finalize()) + b"\n"


def header_end(start: bytes | bytearray) -> int | None:
    """Say where the header of a file that begins with ``start`` ends; None while it has not.

    Raises:
        MalformedSeal: It ought to have ended by now.
    """
    mark = start.find(_END_MARK, 0, MAX_HEADER_SIZE)
    end = start.find(b"\n", mark + len(_END_MARK), MAX_HEADER_SIZE) if mark >= 0 else -1
    if end >= 0:
        return end + 1
    if len(start) >= MAX_HEADER_SIZE or not start.startswith(_VERSION_LINE[: len(start)]):
        raise MalformedSeal(f"the file was not opened: no age v1 header in its first {MAX_HEADER_SIZE} bytes")
    return None


def parse_header(text: bytes) -> Header:
    """Read a header, from its version line to the line feed after its MAC.

    Raises:
        MalformedSeal: It departs from the specification in anything.
    """
    if len(text) > MAX_HEADER_SIZE:
        raise _malformed(f"its header has more than {MAX_HEADER_SIZE} bytes")
    version, *lines = text.split(b"\n")
    if version != _VERSION_LINE:
        raise _malformed("it does not begin with the version line of age v1")
    if len(lines) < 2 or lines.pop() or not (end := _END_LINE.fullmatch(lines.pop())):
        raise _malformed("its header does not end with a MAC line")
    mac = decode_base64(end[1])
    if mac is None:
        raise _malformed("the MAC of its header is not canonical base 64")
    stanzas = tuple(_stanzas(iter(lines)))
    if not 1 <= len(stanzas) <= MAX_STANZAS:
        raise _malformed(f"it has {len(stanzas)} recipient stanzas; 1 to {MAX_STANZAS} are allowed")
    if len(stanzas) > 1 and any(stanza.kind == _SCRYPT for stanza in stanzas):
        raise _malformed("it mixes a passphrase with recipients")
    return Header(stanzas, mac, text[: -len(end[0]) - 1] + b"---")


def _stanzas(lines: Iterator[bytes]) -> Iterator[Stanza]:
    for line in lines:
        if not _ARGUMENTS.fullmatch(line):
            raise _malformed("a recipient stanza does not begin with its arguments")
        _, kind, *arguments = line.decode("ascii").split(" ")
        stanza = Stanza(kind, tuple(arguments), _body(lines))
        if half := _SHARES.get(kind):
            _check_share(stanza, half)
        yield stanza


def _body(lines: Iterator[bytes]) -> bytes:
    """Read the lines of a body: full ones, then one shorter."""
    body = bytearray()
    for line in lines:
        part = decode_base64(line)
        if part is None or len(line) > _COLUMNS:
            raise _malformed("the body of a stanza is not canonical base 64 in lines of 64 columns")
        body += part
        if len(line) < _COLUMNS:
            return bytes(body)
    raise _malformed("the body of a stanza does not end with a short line")


def _check_share(stanza: Stanza, half: slice) -> None:
    share = stanza.share if len(stanza.arguments) == 1 else b""
    if len(share) != half.stop:
        raise _malformed(f"the {stanza.kind} stanza does not have one share of {half.stop} bytes")
    if len(stanza.body) != WRAPPED_KEY_SIZE:
        raise _malformed(f"the {stanza.kind} stanza does not wrap a key of {FILE_KEY_SIZE} bytes")
    if is_small_order(share[half]):
        raise _malformed(f"the share of the {stanza.kind} stanza is a point of small order")


def _mac(file_key: bytes) -> HMAC:
    return HMAC(derive_key(file_key, salt=b"", info=b"header"), SHA256())


def _malformed(reason: str) -> MalformedSeal:
    return MalformedSeal(f"the file was not opened: {reason}")
