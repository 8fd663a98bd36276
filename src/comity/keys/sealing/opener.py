"""Opening what was sealed to us, from bytes in hand or as they arrive.

Nothing is given out before it is proven. Until a file is read to its end it may still turn out to be cut
short: act on its content only after ``finish``.

Follows: C2SP age.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from comity.errors import MalformedSeal, NotSealedToUs
from comity.keys.sealing.header import HYBRID, X25519, Header, header_end, parse_header
from comity.keys.sealing.stream import NONCE_SIZE, PIECE_SIZE, SEALED_PIECE_SIZE, TAG_SIZE, OpeningStream

if TYPE_CHECKING:
    from collections.abc import Iterable

    from comity.keys.sealing.recipients import Identity
    from comity.keys.sealing.stream import Octets


_NOTHING: Final = memoryview(b"")


class Opener:
    """Opens one file fed to it in chunks of any size; holds no more than a header or a piece back."""

    __slots__ = ("_content", "_head_size", "_held", "_identities", "_spare", "_stream")

    def __init__(self, identities: Iterable[Identity]) -> None:
        self._identities = tuple(identities)
        self._held = bytearray()
        self._stream: OpeningStream | None = None
        self._head_size = 0
        self._content = self._spare = memoryview(bytearray())

    @property
    def proven(self) -> int:
        """How many bytes of the file are certainly what was sealed: its header, and every piece opened."""
        return self._head_size + self._stream.opened if self._stream else 0

    def feed(self, chunk: Octets) -> memoryview:
        """Take the next bytes of the file.

        Returns:
            The content they complete, which may be none, in a buffer that the next call but one overwrites.

        Raises:
            MalformedSeal: The header is not that of a sealed file.
            NotSealedToUs: None of the identities is among its recipients.
            AlteredSeal: The header or a piece is not what was sealed.
        """
        sealed = memoryview(chunk)
        if self._stream is None:
            self._held += sealed
            self._stream = self._read_header()
            if self._stream is None:
                return _NOTHING
            sealed, self._held = memoryview(self._held), bytearray()
        # Only the end of the file tells that a piece is the last, so one is always held back; all but that
        # one are opened where they lie, since copying them would cost half as much as opening.
        wanting = SEALED_PIECE_SIZE - len(self._held)
        if len(sealed) <= wanting:
            self._held += sealed
            return _NOTHING
        first, whole = self._held, (len(sealed) - wanting - 1) // SEALED_PIECE_SIZE
        end = wanting + whole * SEALED_PIECE_SIZE
        first += sealed[:wanting]
        self._held = bytearray(sealed[end:])
        content = self._buffer((1 + whole) * PIECE_SIZE)
        self._stream.open_into(memoryview(first), content[:PIECE_SIZE], last=False)
        if whole:
            self._stream.open_into(sealed[wanting:end], content[PIECE_SIZE:], last=False)
        return content

    def finish(self) -> memoryview:
        """Take note that the file ends here; return the rest of its content.

        Raises:
            MalformedSeal: The file ended within its header.
            AlteredSeal: The file was cut short, or its last piece is not what was sealed.
        """
        if self._stream is None:
            raise MalformedSeal("the file was not opened: it ends within its header")
        sealed, self._held = self._held, bytearray()
        content = self._buffer(max(0, len(sealed) - TAG_SIZE))
        self._stream.open_into(memoryview(sealed), content, last=True)
        return content

    def _buffer(self, size: int) -> memoryview:
        """So many bytes of the two buffers that take turns."""
        self._content, self._spare = self._spare, self._content
        if len(self._content) < size:
            self._content = memoryview(bytearray(size))
        return self._content[:size]

    def _read_header(self) -> OpeningStream | None:
        end = header_end(self._held)
        if end is None or len(self._held) < end + NONCE_SIZE:
            return None
        header = parse_header(bytes(self._held[:end]))
        nonce = bytes(self._held[end : end + NONCE_SIZE])
        self._head_size = end + NONCE_SIZE
        del self._held[: self._head_size]
        return OpeningStream(_unwrap(header, self._identities), nonce)


def open_sealed(sealed: bytes, identities: Iterable[Identity]) -> bytes:
    """Open a whole sealed file in memory.

    Raises:
        MalformedSeal: It is not a sealed file.
        NotSealedToUs: None of the identities is among its recipients.
        AlteredSeal: It is not what was sealed, or not all of it.
    """
    opener = Opener(identities)
    return b"".join((opener.feed(sealed), opener.finish()))


def stanza_count(sealed: bytes) -> int:
    """To how many recipients a file claims to be sealed; the claim is proven only by their opening it.

    Raises:
        MalformedSeal: It is not a sealed file.
    """
    end = header_end(sealed)
    if end is None:
        raise MalformedSeal("the recipients were not counted: the file ends within its header")
    return sum(stanza.kind in {X25519, HYBRID} for stanza in parse_header(sealed[:end]).stanzas)


def _unwrap(header: Header, identities: tuple[Identity, ...]) -> bytes:
    for stanza in header.stanzas:
        for identity in identities:
            if stanza.kind == identity.kind and (file_key := identity.unwrap(stanza)):
                header.verify(file_key)
                return file_key
    raise NotSealedToUs("the file was not opened: none of our identities is among its recipients")
