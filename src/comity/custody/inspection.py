"""Inspecting a sealed exhibit as its bytes pass by: opened, hashed, compared with what was said of it.

The same inspection serves bytes that arrive, bytes read again after an interruption, and bytes at rest. No
content is kept: it is opened only to be hashed.

Follows: docs/spec/evidence.md, Arrival.
"""

from __future__ import annotations

import hashlib
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Self

from comity.errors import NotTheObject
from comity.keys.sealing import Opener
from comity.keys.sealing.header import header_end
from comity.keys.sealing.stream import NONCE_SIZE, SEALED_PIECE_SIZE

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from comity.keys.sealing import Identity
    from comity.keys.sealing.stream import Octets

_BATCH_SIZE: Final = 8 * SEALED_PIECE_SIZE


@dataclass(frozen=True, slots=True)
class Found:
    """What an exhibit turned out to be."""

    size: int
    sha256: str


class Inspection:
    """Opens and hashes one sealed file fed to it in order, in a thread beside whoever brings the bytes.

    Half a MiB or so is handed over at once; what is wrong with it is raised by a later call.
    """

    def __init__(self, name: str, identities: Iterable[Identity]) -> None:
        """Expect the sealed file of that name, to be opened with one of ``identities``."""
        self._name = name
        self._opener = Opener(identities)
        self._head: bytearray | None = bytearray()
        self._waiting: list[bytes] = []
        self._waiting_size = 0
        self._size = 0
        self._digest = hashlib.sha256()
        self._inspector = ThreadPoolExecutor(1, "inspect-exhibit")
        self._inspecting: Future[None] | None = None

    def __enter__(self) -> Self:
        """Start."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let the inspecting thread go."""
        self.close()

    def close(self) -> None:
        """Let the inspecting thread go."""
        self._inspector.shutdown()

    @property
    def proven(self) -> int:
        """How many bytes of the sealed file are certainly those its author sealed. Asked after an error."""
        return self._opener.proven if self._head is None else 0

    def take(self, chunk: bytes) -> None:
        """Take the next bytes of the sealed file.

        Raises:
            NotTheObject: It begins with another header than its name says.
            MalformedSeal: It is not a sealed file.
            NotSealedToUs: It is sealed to others.
            AlteredSeal: A piece is not what was sealed; ``proven`` says what precedes it.
        """
        if self._head is not None:
            self._check_head(self._head, chunk)
        self._waiting.append(chunk)
        self._waiting_size += len(chunk)
        if self._waiting_size >= _BATCH_SIZE:
            self._hand_over()

    def catch_up(self) -> None:
        """Wait until all that was taken has been inspected, as far as it can be before more comes.

        Raises:
            CounterpartBreach: As ``take``.
        """
        self._hand_over()
        self._settle()

    def finish(self) -> Found:
        """Take note that the file ends here; say what it was.

        Raises:
            MalformedSeal: It ended within its header.
            AlteredSeal: It was cut short, or its last piece is not what was sealed.
        """
        self.catch_up()
        self._hash(self._opener.finish())
        return Found(self._size, self._digest.hexdigest())

    def _check_head(self, head: bytearray, chunk: bytes) -> None:
        """Hold the header and the payload nonce against the name, as soon as both are there."""
        head += chunk
        end = header_end(head)
        if end is None or len(head) < end + NONCE_SIZE:
            return
        if object_name(head[: end + NONCE_SIZE]) != self._name:
            raise NotTheObject(f"what came is not the sealed file {self._name}: its header is another")
        self._head = None

    def _hand_over(self) -> None:
        """Have inspected what waits, once what was handed over before has been."""
        self._settle()
        self._inspecting = self._inspector.submit(self._inspect, self._waiting)
        self._waiting, self._waiting_size = [], 0

    def _settle(self) -> None:
        inspecting, self._inspecting = self._inspecting, None
        if inspecting:
            inspecting.result()

    def _inspect(self, chunks: Sequence[bytes]) -> None:
        for chunk in chunks:
            self._hash(self._opener.feed(chunk))

    def _hash(self, content: memoryview) -> None:
        self._size += len(content)
        self._digest.update(content)


def object_name(head: Octets) -> str:
    """The name of a sealed file: SHA-256 over its age header and the payload nonce after it.

    Both are drawn anew for every file, and every piece is bound to them by its key; so the name is unique and
    fixes the file, and no byte has to be hashed twice.
    """
    return hashlib.sha256(head).hexdigest()
