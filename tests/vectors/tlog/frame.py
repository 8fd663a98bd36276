"""What the vectors are made of: a header and an input, keys from fixed seeds, and a small tree."""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import dataclass
from pathlib import Path

from comity.keys.signing import Ed25519Key, MLDSA44Key
from comity.tlog.checkpoint import Checkpoint
from comity.tlog.merkle import CompactRange, leaf_hash
from comity.tlog.note import Signature
from comity.tlog.signer import Cosigner, NoteSigner

RECORDED = Path(__file__).parent / "recorded"

ORIGIN = "aa.comity/abcdefghijklmnop"
AT = 1_767_225_600
SEEDS = {"log": "01" * 32, "mirror": "02" * 32, "mirror-pq": "03" * 32, "stranger": "04" * 32}
LOG = NoteSigner(ORIGIN, Ed25519Key.from_seed(bytes.fromhex(SEEDS["log"])))
MIRROR = Cosigner("bb.comity/mirror", Ed25519Key.from_seed(bytes.fromhex(SEEDS["mirror"])), AT)
MIRROR_PQ = Cosigner("bb.comity/mirror", MLDSA44Key.from_seed(bytes.fromhex(SEEDS["mirror-pq"])), AT)
STRANGER = NoteSigner("cc.comity", Ed25519Key.from_seed(bytes.fromhex(SEEDS["stranger"])))

LOG_ONLY = f"log {LOG.vkey};quorum none"
RECEIPTED = f"log {LOG.vkey};witness bb {MIRROR.vkey};quorum bb"
RECEIPTED_PQ = f"log {LOG.vkey};witness bb {MIRROR_PQ.vkey};quorum bb"

LEAVES = [leaf_hash(b"entry %d" % index) for index in range(11)]


@dataclass(frozen=True)
class Vector:
    """One case: its name, what must happen, why, and the input."""

    name: str
    expect: str
    because: str
    follows: str
    format: str
    data: bytes
    seed: str = "none"
    policy: str = ""
    leaf: str = ""
    at: str = ""

    def encode(self) -> bytes:
        """The file."""
        fields = ("expect", "because", "follows", "format", "seed", "policy", "leaf", "at")
        lines = [f"{field}: {getattr(self, field)}" for field in fields if getattr(self, field)]
        return "\n".join(lines).encode() + b"\n\n" + self.data


def reader(_level: int, _index: int, width: int) -> bytes:
    """The one tile of our small tree."""
    return b"".join(LEAVES[:width])


def checkpoint(size: int = 11) -> Checkpoint:
    """The honest checkpoint of this size."""
    tree = CompactRange()
    tree.extend(LEAVES[:size])
    return Checkpoint(ORIGIN, size, tree.root())


def recorded(name: str, signer: Cosigner, text: str) -> Signature:
    """An ML-DSA-44 signature line, made once."""
    file = RECORDED / f"{name}.base64"
    if not file.exists():
        RECORDED.mkdir(exist_ok=True)
        file.write_bytes(b64encode(signer.sign(text)) + b"\n")
    return Signature(signer.name, signer.vkey.key_id, b64decode(file.read_bytes()))
