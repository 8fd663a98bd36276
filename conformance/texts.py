"""The editions and digests of instruments, from their files. Follows: docs/spec/procedures.md, Digests."""

from __future__ import annotations

import hashlib
import tomllib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def texts(folder: Path) -> dict[str, tuple[str, str]]:
    """Of each text its edition and its digest."""
    return {
        one.name: (tomllib.loads((one / "instrument.toml").read_text("utf-8"))["edition"], digest(one))
        for one in sorted(folder.iterdir())
        if (one / "instrument.toml").exists()
    }


def digest(folder: Path) -> str:
    """SHA-256 of what ``sha256sum`` prints for the files, sorted by name."""
    lines = [
        f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n"
        for file in sorted(folder.iterdir(), key=lambda one: one.name)
    ]
    return hashlib.sha256("".join(lines).encode()).hexdigest()
