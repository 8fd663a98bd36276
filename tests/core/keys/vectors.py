"""The published vectors this package is held to."""

from __future__ import annotations

import gzip
import json
import zlib
from dataclasses import dataclass
from pathlib import Path

KEYS = Path(__file__).parents[2] / "vectors" / "keys"


@dataclass(frozen=True)
class AgeVector:
    """One CCTV age vector: a file that has one thing the matter with it, or nothing."""

    name: str
    expect: str
    payload: str | None
    identities: tuple[str, ...]
    armored: bool
    file: bytes

    @property
    def takes_a_passphrase(self) -> bool:
        """Say whether reading it needs scrypt, which is left out on purpose."""
        return self.name.startswith("scrypt") or self.name == "armor_scrypt"


def age_vector(path: Path) -> AgeVector:
    """Read one vector: text lines, an empty line, the file."""
    text, _, file = path.read_bytes().partition(b"\n\n")
    lines = [line.partition(": ")[::2] for line in text.decode().split("\n")]
    first = dict(reversed(lines))
    return AgeVector(
        name=path.name,
        expect=first["expect"],
        payload=first.get("payload"),
        identities=tuple(value for key, value in lines if key == "identity"),
        armored=first.get("armored") == "yes",
        file=zlib.decompress(file) if first.get("compressed") == "zlib" else file,
    )


AGE = [age_vector(path) for path in sorted((KEYS / "age").iterdir())]


def ed25519() -> list[dict[str, object]]:
    """Read the CCTV vectors of unusual Ed25519 points."""
    vectors: list[dict[str, object]] = json.loads(
        gzip.decompress((KEYS / "ed25519vectors.json.gz").read_bytes())
    )
    return vectors


def x25519() -> list[dict[str, object]]:
    """Read the Wycheproof cases of unusual X25519 public keys."""
    vectors: list[dict[str, object]] = json.loads((KEYS / "x25519_public.json").read_bytes())
    return vectors
