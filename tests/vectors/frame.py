"""The frame of our own vectors: a text header, a blank line, and the input to the last byte."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


@dataclass(frozen=True)
class Case:
    """One case: its name, what must happen, why, by which text, and the input."""

    name: str
    expect: str
    because: str
    data: bytes
    follows: str
    seed: str = "none"
    held: int = 0

    def encode(self) -> bytes:
        """The file. ``held``: so many bytes at the front are a delivery that was accepted before."""
        lines = [f"{field}: {getattr(self, field)}" for field in ("expect", "because", "follows", "seed")]
        lines += [f"held: {self.held}"] if self.held else []
        return "\n".join(lines).encode() + b"\n\n" + self.data


def read(file: Path) -> tuple[dict[str, str], bytes]:
    """Header and input of a vector."""
    head, _, data = file.read_bytes().partition(b"\n\n")
    return dict(line.split(": ", 1) for line in head.decode().split("\n")), data


def write(folder: Path, cases: Iterable[Case]) -> int:
    """Write the files, and remove those no longer made."""
    made = {f"{case.name}.txt": case.encode() for case in cases}
    for stale in {file.name for file in folder.glob("*.txt")} - made.keys():
        (folder / stale).unlink()
    for name, data in made.items():
        (folder / name).write_bytes(data)
    sys.stdout.write(f"{len(made)} vectors\n")
    return 0
