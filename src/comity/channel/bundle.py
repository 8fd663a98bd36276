"""A delivery: what one node sends another, by wire or on a stick. Same bytes, same code.

A bundle is an uncompressed tar of six members, always all six, in this order:

``bundle.json``   channel, sender, receiver, and which of the sender's entries follow
``checkpoint``    the sender's signed checkpoint of its log (empty while it has authored nothing)
``consistency``   full-form proof (``comity.tlog.tree.prove_fork``), one base64 hash a line
``entries``       C2SP tlog-tiles entry-bundle encoding
``payloads``      for each entry that names one, in entry order: 32-bit length, sealed bytes
``cosignatures``  the sender's receipts: the receiver's checkpoints, cosigned, each after a 32-bit length

There is one spelling of a bundle: what is read must encode to the same bytes. So links, folders, odd
paths, extra members, padding and trailing bytes are refused without a rule for each.

Follows: docs/spec/bundle.md.
"""

from __future__ import annotations

import re
import struct
import tarfile
from base64 import b64decode, b64encode
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Final

import msgspec

from comity.errors import ComityError, MalformedBundle
from comity.forms import learnt
from comity.names import MAX_INDEX, channel_id, party_code
from comity.tlog.tile import decode_entries, encode_entries

if TYPE_CHECKING:
    from collections.abc import Iterator

MEMBERS: Final = ("bundle.json", "checkpoint", "consistency", "entries", "payloads", "cosignatures")
MAX_MANIFEST_BYTES: Final = 512
MANIFEST_WITHIN: Final = 1024  # a header and all a manifest may have
MAX_NOTE_BYTES: Final = 262_144
MAX_PROOF_HASHES: Final = 64
MAX_RECEIPTS: Final = 64
_HASH_LINE: Final = 45
_BLOCK: Final = 512
_LENGTH: Final = struct.Struct(">I")
# POSIX ustar: where a header gives its member's size, as octal digits.
_SIZE_AT: Final = 124
_SIZE_DIGITS: Final = 11
_OCTAL: Final = re.compile(rb"[0-7]{11}")


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one bundle may carry. A node publishes its limits in its refusals.

    Attributes:
        bundle: Bytes of the whole tar.
        entries: Number of entries.
        payload: Bytes of one sealed payload.
    """

    bundle: int = 64 * 2**20
    entries: int = 4096
    payload: int = 4 * 2**20


@learnt
class Manifest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``bundle.json``. ``start`` and ``end`` bound the sender's entries carried here."""

    v: int
    channel: str
    sender: str
    receiver: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Bundle:
    """The parts of a delivery, still unverified.

    Attributes:
        channel: Channel id.
        sender: Party whose log this carries.
        receiver: Party it is meant for.
        start: Index of the first entry carried; the receiver holds everything before it.
        checkpoint: Signed note, or empty.
        consistency: Hashes of the proof from ``start`` to the checkpoint's size.
        entries: Leaves ``start`` to ``end``.
        payloads: Sealed payloads of those entries that name one, in order.
        cosignatures: The receiver's checkpoints with the sender's cosignatures, smallest first.
    """

    channel: str
    sender: str
    receiver: str
    start: int = 0
    checkpoint: bytes = b""
    consistency: tuple[bytes, ...] = ()
    entries: tuple[bytes, ...] = ()
    payloads: tuple[bytes, ...] = ()
    cosignatures: tuple[bytes, ...] = ()

    @property
    def end(self) -> int:
        """One past the index of the last entry carried."""
        return self.start + len(self.entries)

    def encode(self) -> bytes:
        """The bytes of the tar."""
        manifest = Manifest(1, self.channel, self.sender, self.receiver, self.start, self.end)
        contents = (
            msgspec.json.encode(manifest),
            self.checkpoint,
            b"".join(b64encode(digest) + b"\n" for digest in self.consistency),
            encode_entries(self.entries),
            _join(self.payloads),
            _join(self.cosignatures),
        )
        return b"".join(_members(contents)) + bytes(2 * _BLOCK)


def read_bundle(data: bytes, limits: Limits | None = None) -> Bundle:
    """Take a delivery apart, verifying nothing but its form.

    Raises:
        MalformedBundle: Too large, or not the one spelling of a bundle.
    """
    limits = limits or Limits()
    if len(data) > limits.bundle:
        raise MalformedBundle(
            f"a delivery of {len(data):,} bytes was offered; this node takes {limits.bundle:,} at once",
            hint="send fewer entries in one delivery",
        )
    parts = _contents(data)
    manifest = _manifest(parts["bundle.json"])
    if manifest.end > manifest.start and not parts["checkpoint"]:
        raise MalformedBundle("a delivery carries entries and no checkpoint that covers them")
    bundle = Bundle(
        channel=manifest.channel,
        sender=manifest.sender,
        receiver=manifest.receiver,
        start=manifest.start,
        checkpoint=_note(parts["checkpoint"], "checkpoint"),
        consistency=_hashes(parts["consistency"]),
        entries=_entries(parts["entries"], limits),
        payloads=_payloads(parts["payloads"], limits),
        cosignatures=_receipts(parts["cosignatures"]),
    )
    if bundle.encode() != data:
        raise MalformedBundle("a delivery is not written in its one permitted spelling")
    return bundle


def read_manifest(head: bytes) -> Manifest:
    """Read from the first ``MANIFEST_WITHIN`` bytes of a delivery what it says it carries.

    Raises:
        MalformedBundle: It does not begin as a delivery does.
    """
    size = head[_SIZE_AT : _SIZE_AT + _SIZE_DIGITS]
    if not _OCTAL.fullmatch(size) or head[:_BLOCK] != _header(MEMBERS[0], int(size, 8)):
        raise MalformedBundle("a delivery lacks its member bundle.json in its place")
    return _manifest(head[_BLOCK : _BLOCK + int(size, 8)])


def _members(contents: tuple[bytes, ...]) -> Iterator[bytes]:
    for name, content in zip(MEMBERS, contents, strict=True):
        yield _header(name, len(content))
        yield content
        yield bytes(-len(content) % _BLOCK)


@lru_cache(maxsize=1024)  # written and read back at both ends, mostly in the same few sizes
def _header(name: str, size: int) -> bytes:
    info = tarfile.TarInfo(name)
    info.size = size
    return info.tobuf(tarfile.USTAR_FORMAT)


def _contents(data: bytes) -> dict[str, bytes]:
    """Take the six members apart by the only headers they may have. No feature of tar is trusted."""
    parts: dict[str, bytes] = {}
    place = 0
    for name in MEMBERS:
        size = data[place + _SIZE_AT : place + _SIZE_AT + _SIZE_DIGITS]
        start = place + _BLOCK
        if not _OCTAL.fullmatch(size) or data[place:start] != _header(name, int(size, 8)):
            raise MalformedBundle(f"a delivery lacks its member {name} in its place")
        end = start + int(size, 8)
        if end > len(data):
            raise MalformedBundle(f"a delivery ends inside its member {name}")
        parts[name] = data[start:end]
        place = end + -end % _BLOCK
    return parts


def _manifest(text: bytes) -> Manifest:
    if len(text) > MAX_MANIFEST_BYTES:
        raise MalformedBundle(f"bundle.json has at most {MAX_MANIFEST_BYTES} bytes, not {len(text):,}")
    try:
        manifest = msgspec.json.decode(text, type=Manifest)
        channel_id(manifest.channel)
        party_code(manifest.sender)
        party_code(manifest.receiver)
    except (msgspec.DecodeError, RecursionError, UnicodeError, ComityError) as error:
        raise MalformedBundle(f"bundle.json could not be read: {error}") from error
    if manifest.v != 1:
        raise MalformedBundle(
            f"bundle form {manifest.v} is not known here", hint="a newer Comity may be needed"
        )
    if not 0 <= manifest.start <= manifest.end <= MAX_INDEX:
        raise MalformedBundle("bundle.json gives entries that cannot be")
    return manifest


def _note(text: bytes, member: str) -> bytes:
    if len(text) > MAX_NOTE_BYTES:
        raise MalformedBundle(f"the {member} of a delivery is longer than {MAX_NOTE_BYTES:,} bytes")
    return text


def _hashes(text: bytes) -> tuple[bytes, ...]:
    lines = text[: (MAX_PROOF_HASHES + 1) * _HASH_LINE].split(b"\n")
    if lines.pop() or len(lines) > MAX_PROOF_HASHES:
        raise MalformedBundle(f"a consistency proof has at most {MAX_PROOF_HASHES} lines, each ended")
    try:
        hashes = tuple(b64decode(line, validate=True) for line in lines)
    except ValueError as error:
        raise MalformedBundle("a consistency proof is not base64") from error
    if any(len(digest) != 32 for digest in hashes):
        raise MalformedBundle("a consistency proof holds something other than SHA-256 hashes")
    return hashes


def _entries(data: bytes, limits: Limits) -> tuple[bytes, ...]:
    try:
        entries = tuple(decode_entries(data, most=limits.entries + 1))
    except ComityError as error:
        raise MalformedBundle(f"the entries of a delivery could not be read: {error}") from error
    if len(entries) > limits.entries:
        raise MalformedBundle(
            f"a delivery carries more entries than this node takes, {limits.entries:,} at once",
            hint="send fewer entries in one delivery",
        )
    return entries


def _payloads(data: bytes, limits: Limits) -> tuple[bytes, ...]:
    """At most one for each entry: none may be split off a flood of empty ones before they are counted."""
    payloads = tuple(islice(_split(data, "payload", limits.payload), limits.entries + 1))
    if len(payloads) > limits.entries:
        raise MalformedBundle(f"a delivery carries more than {limits.entries:,} payloads")
    return payloads


def _receipts(data: bytes) -> tuple[bytes, ...]:
    """Each costs its reader two signatures of each algorithm, so their number is capped like everything."""
    receipts = tuple(islice(_split(data, "cosignature", MAX_NOTE_BYTES), MAX_RECEIPTS + 1))
    if len(receipts) > MAX_RECEIPTS:
        raise MalformedBundle(
            f"a delivery carries more than {MAX_RECEIPTS} receipts", hint="send the rest in another delivery"
        )
    return receipts


def _join(parts: tuple[bytes, ...]) -> bytes:
    return b"".join(_LENGTH.pack(len(part)) + part for part in parts)


def _split(data: bytes, what: str, most: int) -> Iterator[bytes]:
    place = 0
    while place < len(data):
        if place + _LENGTH.size > len(data):
            raise MalformedBundle(f"a delivery ends in the middle of the length of a {what}")
        (length,) = _LENGTH.unpack_from(data, place)
        place += _LENGTH.size
        if length > most or place + length > len(data):
            raise MalformedBundle(
                f"a {what} of {length:,} bytes was announced; at most {most:,} fit, and all must be there"
            )
        yield data[place : place + length]
        place += length
