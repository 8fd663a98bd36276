"""Opening what was sealed to us, from bytes in hand or as they arrive.

Nothing is given out before it is proven. Until a file is read to its end it may still turn out to be cut
short: act on its content only after ``finish``.

Follows: C2SP age.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from comity.errors import MalformedSeal, NotSealedToUs
from comity.keys.sealing.header import HYBRID, X25519, Header, header_end, parse_header
from comity.keys.sealing.stream import NONCE_SIZE, PIECE_SIZE, SEALED_PIECE_SIZE, TAG_SIZE, OpeningStream

if TYPE_CHECKING:
    from collections.abc import Iterable

    from comity.keys.sealing.recipients import Identity
    from comity.keys.sealing.stream import Octets


class Opener:
    """Opens one file fed to it in chunks of any size; holds no more than a header or two pieces back."""

    __slots__ = ("_held", "_identities", "_stream")

    def __init__(self, identities: Iterable[Identity]) -> None:
        self._identities = tuple(identities)
        self._held = bytearray()
        self._stream: OpeningStream | None = None

    def feed(self, chunk: Octets) -> bytearray:
        """Take the next bytes of the file; return the content they complete, which may be none.

        Raises:
            MalformedSeal: The header is not that of a sealed file.
            NotSealedToUs: None of the identities is among its recipients.
            AlteredSeal: The header or a piece is not what was sealed.
        """
        self._held += chunk
        self._stream = self._stream or self._read_header()
        if self._stream is None:
            return bytearray()
        # Only the end of the file tells that a piece is the last, so one is always held back.
        whole = (len(self._held) - 1) // SEALED_PIECE_SIZE
        if whole <= 0:
            return bytearray()
        sealed, self._held = self._held, self._held[whole * SEALED_PIECE_SIZE :]
        content = bytearray(whole * PIECE_SIZE)
        self._stream.open_into(
            memoryview(sealed)[: whole * SEALED_PIECE_SIZE], memoryview(content), last=False
        )
        return content

    def finish(self) -> bytearray:
        """Take note that the file ends here; return the rest of its content.

        Raises:
            MalformedSeal: The file ended within its header.
            AlteredSeal: The file was cut short, or its last piece is not what was sealed.
        """
        if self._stream is None:
            raise MalformedSeal("the file was not opened: it ends within its header")
        sealed, self._held = self._held, bytearray()
        content = bytearray(max(0, len(sealed) - TAG_SIZE))
        self._stream.open_into(memoryview(sealed), memoryview(content), last=True)
        return content

    def _read_header(self) -> OpeningStream | None:
        end = header_end(self._held)
        if end is None or len(self._held) < end + NONCE_SIZE:
            return None
        header = parse_header(bytes(self._held[:end]))
        nonce = bytes(self._held[end : end + NONCE_SIZE])
        del self._held[: end + NONCE_SIZE]
        return OpeningStream(_unwrap(header, self._identities), nonce)


def open_sealed(sealed: bytes, identities: Iterable[Identity]) -> bytes:
    """Open a whole sealed file in memory.

    Raises:
        MalformedSeal: It is not a sealed file.
        NotSealedToUs: None of the identities is among its recipients.
        AlteredSeal: It is not what was sealed, or not all of it.
    """
    opener = Opener(identities)
    content = opener.feed(sealed)
    content += opener.finish()
    return bytes(content)


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
