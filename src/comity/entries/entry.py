"""One entry: what a party put on record, as a log leaf.

The bytes are stored, hashed and sent as authored and never written again from the parsed value. That is
safe only if a leaf has a single spelling, so decoding accepts a leaf only when encoding the result gives
the same bytes back: no repeated keys, no spaces, no second way to write a number or a letter.

Follows: docs/spec/entries.md.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Final

import msgspec

from comity.errors import ComityError, MalformedEntry
from comity.forms import learnt
from comity.names import MAX_INDEX, EntryRef, party_code

MAX_ENTRY_BYTES: Final = 65_535  # C2SP tlog-tiles: an entry bundle gives each entry a 16-bit length
MAX_ANSWERS: Final = 32
MAX_PARTIES: Final = 50
MAX_STATED: Final = 16
MAX_STATED_VALUES: Final = MAX_PARTIES  # an act may name every party

_KIND: Final = re.compile(r"[a-z][a-z_]{0,30}(?:\.[a-z][a-z_]{0,30}){1,3}", re.ASCII)
_REF: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,62}[a-z0-9]", re.ASCII)
_CODE: Final = re.compile(r"[a-z][a-z0-9_]{0,40}", re.ASCII)
# An hour of 24 is read by some versions of Python and refused by others: parties must not differ over a leaf.
_AT: Final = re.compile(r"\d{4}-\d{2}-\d{2}T(?:[01]\d|2[0-3]):\d{2}:\d{2}Z", re.ASCII)
_SHA256: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)
# Controls and the invisible marks that reorder text: a name must read the same to both officers.
_UNREADABLE: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})

Code = str
Stated = Mapping[Code, str | list[str]]
_Size = Annotated[int, msgspec.Meta(ge=0, le=MAX_INDEX)]

# gc=False, here and on other values held by the million: none leads back to itself, so the collector of
# circular garbage need not walk through them again and again.


@learnt
class Capacity(msgspec.Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """In whose name an act is done: an office and the capacity in it, never a private name."""

    office: str
    capacity: str


@learnt
class By(msgspec.Struct, frozen=True, forbid_unknown_fields=True, gc=False, omit_defaults=True):
    """The office that acted and, where two were required, the one that seconded."""

    office: str
    capacity: str
    second: Capacity | None = None


@learnt
class PayloadDigest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """What the sealed payload must hash to, and its size in bytes."""

    sha256: str
    size: _Size


@learnt
class Entry(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, gc=False, omit_defaults=True, kw_only=True
):
    """A log leaf. Attribute order is the order on the wire; it may only grow at the end, with a new ``v``.

    Attributes:
        v: Version of this form, 1.
        kind: Permanent name of the act, as ``assistance.request.refused``.
        at: When the author says it was done, UTC to the second.
        by: Office and capacity, with the second where two were required.
        ref: Reference of the procedure or object concerned.
        re: Entries this one answers, as ``<origin>#<index>``.
        seen: How many entries of each other party's log the author held: the causal clock.
        stated: Codes the procedure's table demands in the open (grounds, reasons), never case content.
        payload: Digest of the sealed payload, absent where there is none.
    """

    v: int
    kind: str
    at: str
    by: By
    ref: str
    re: list[str] = []
    seen: dict[str, _Size] = {}
    stated: dict[str, str | list[str]] = {}
    payload: PayloadDigest | None = None

    @property
    def kinds(self) -> str:
        """The kinds of the procedure whose act this may be: its own kind without the last name."""
        return self.kind.rpartition(".")[0]

    @property
    def act(self) -> str:
        """The name of that act: the last of its kind."""
        return self.kind.rpartition(".")[2]

    @property
    def authored_at(self) -> datetime:
        """``at`` as an instant."""
        return datetime.fromisoformat(self.at)

    @property
    def answers(self) -> tuple[EntryRef, ...]:
        """``re`` as references."""
        return tuple(map(EntryRef.parse, self.re))


_encode: Final = msgspec.json.Encoder(order="deterministic").encode
_decode: Final = msgspec.json.Decoder(Entry).decode


def instant(at: datetime) -> str:
    """Write an instant as entries do: UTC, to the second."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def encode(entry: Entry) -> bytes:
    """Give the leaf bytes of an entry we are about to author.

    Raises:
        MalformedEntry: The entry breaks a limit; nothing was written.
    """
    _check(entry)
    leaf = _encode(entry)
    if len(leaf) > MAX_ENTRY_BYTES:
        raise MalformedEntry(
            f"the entry takes {len(leaf):,} bytes; a log entry has at most {MAX_ENTRY_BYTES:,}"
        )
    return leaf


def decode(leaf: bytes) -> Entry:
    """Read a leaf.

    Raises:
        MalformedEntry: Too long, not the one spelling of an entry, or a field out of its form.
    """
    if len(leaf) > MAX_ENTRY_BYTES:
        raise MalformedEntry(f"an entry of {len(leaf):,} bytes was offered; the limit is {MAX_ENTRY_BYTES:,}")
    try:
        entry = _decode(leaf)
    except (msgspec.DecodeError, RecursionError, UnicodeError) as error:
        raise MalformedEntry(f"an entry could not be read: {error}") from error
    if _encode(entry) != leaf:
        raise MalformedEntry("an entry is not written in its one permitted spelling")
    _check(entry)
    return entry


def readable(text: str, *, most: int) -> bool:
    """Whether a short text is one line both officers will read alike: no controls, no bidi marks."""
    return (
        0 < len(text) <= most
        and text == text.strip()
        and (text.isascii() or unicodedata.is_normalized("NFC", text))
        and (text.isprintable() or not any(unicodedata.category(letter) in _UNREADABLE for letter in text))
    )


def _check(entry: Entry) -> None:
    """Hold every field against its form. The first failing rule is the one reported."""
    if entry.v != 1:
        raise MalformedEntry(
            f"entry form {entry.v} is not known here", hint="a newer Comity may be needed to read it"
        )
    if not _KIND.fullmatch(entry.kind):
        raise MalformedEntry("the entry's kind is not a dotted name")
    if not _REF.fullmatch(entry.ref):
        raise MalformedEntry("the entry's ref is not 2 to 64 of a-z, 0-9 and hyphen")
    _check_instant(entry.at)
    _check_by(entry.by)
    _check_links(entry)
    _check_stated(entry.stated)
    if entry.payload is not None and not _SHA256.fullmatch(entry.payload.sha256):
        raise MalformedEntry("the payload digest is not a SHA-256 in lower-case hexadecimal")


def _check_instant(at: str) -> None:
    try:
        if _AT.fullmatch(at):
            datetime.fromisoformat(at)
            return
    except ValueError:
        pass
    raise MalformedEntry(
        "the entry's time is not a UTC instant to the second", hint="write 2026-01-31T09:30:00Z"
    )


def _check_by(by: By) -> None:
    names = [by.office, by.capacity]
    if by.second is not None:
        names += [by.second.office, by.second.capacity]
    if not all(readable(name, most=120) for name in names):
        raise MalformedEntry(
            "an office or capacity is empty, too long, or holds characters that cannot be read aloud"
        )


def _check_links(entry: Entry) -> None:
    if len(entry.re) > MAX_ANSWERS or len(entry.seen) > MAX_PARTIES:
        raise MalformedEntry(
            f"an entry answers at most {MAX_ANSWERS} entries and has seen at most {MAX_PARTIES} logs"
        )
    try:
        for text in entry.re:
            EntryRef.parse(text)
        for party in entry.seen:
            party_code(party)
    except ComityError as error:
        raise MalformedEntry(f"an entry's links cannot be read: {error}") from error
    if len(set(entry.re)) != len(entry.re):
        raise MalformedEntry("an entry answers the same entry twice")


def _check_stated(stated: Stated) -> None:
    if len(stated) > MAX_STATED:
        raise MalformedEntry(f"an entry states at most {MAX_STATED} codes")
    for code, value in stated.items():
        values = [value] if isinstance(value, str) else value
        if not _CODE.fullmatch(code) or not 0 < len(values) <= MAX_STATED_VALUES:
            raise MalformedEntry("what an entry states is not a short list of codes")
        if not all(readable(text, most=120) for text in values):
            raise MalformedEntry(f"what the entry states as {code} is empty, too long or not readable")
