"""Checkpoints: what a log signs to say how many entries it has and which.

Follows: C2SP tlog-checkpoint, Note text.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from comity.errors import MalformedCheckpoint
from comity.tlog.encoding import HASH_SIZE, MAX_SIZE, base64_text, decimal, hash_bytes, is_clean

MAX_CHECKPOINT: Final = 16_384


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """One state of one log: its origin, its size and the root over its entries.

    Extensions are carried for other logs' sake; a Comity log writes none, because an ML-DSA-44
    cosignature does not cover them.
    """

    origin: str
    size: int
    root: bytes
    extensions: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a state that could not be read back from its own text.

        Raises:
            MalformedCheckpoint: A part does not fit its line.
        """
        lines = (self.origin, *self.extensions)
        if not all(line and "\n" not in line and is_clean(line) for line in lines):
            raise MalformedCheckpoint(
                "the origin and the extensions of a checkpoint are one line each, not empty"
            )
        if not 0 <= self.size <= MAX_SIZE or len(self.root) != HASH_SIZE:
            raise MalformedCheckpoint("a checkpoint has a size of 63 bits and a root hash of 32 bytes")

    @classmethod
    def parse(cls, text: str) -> Checkpoint:
        """Read the text of a note as a checkpoint. Verify the note first: this checks no signature.

        Raises:
            MalformedCheckpoint: The text has another form.
        """
        if len(text) > MAX_CHECKPOINT:
            raise MalformedCheckpoint(f"a checkpoint has at most {MAX_CHECKPOINT} characters")
        lines = text.split("\n")
        if len(lines) < 4 or lines[-1]:
            raise MalformedCheckpoint("a checkpoint has three lines or more, each ended by a newline")
        origin, size_line, root_line, *extensions = lines[:-1]
        size, root = decimal(size_line), hash_bytes(root_line)
        if size is None:
            raise MalformedCheckpoint(f"{size_line[:40]!r} is not a tree size")
        if root is None:
            raise MalformedCheckpoint(f"{root_line[:60]!r} is not the base64 of a root hash")
        return cls(origin, size, root, tuple(extensions))

    def text(self) -> str:
        """The note text that is signed and cosigned."""
        return "\n".join((self.origin, str(self.size), base64_text(self.root), *self.extensions, ""))
