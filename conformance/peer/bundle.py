"""Deliveries. Follows: docs/spec/bundle.md, Form."""

from __future__ import annotations

import base64
import io
import json
import struct
import tarfile
from dataclasses import dataclass, field

from conformance.peer.notes import Refused

MEMBERS = ("bundle.json", "checkpoint", "consistency", "entries", "payloads", "cosignatures")


@dataclass
class Bundle:
    """The parts of a delivery."""

    channel: str
    sender: str
    receiver: str
    start: int = 0
    checkpoint: bytes = b""
    consistency: list[bytes] = field(default_factory=list)
    entries: list[bytes] = field(default_factory=list)
    payloads: list[bytes] = field(default_factory=list)
    cosignatures: list[bytes] = field(default_factory=list)

    @property
    def end(self) -> int:
        return self.start + len(self.entries)

    def encode(self) -> bytes:
        said = {"v": 1, "channel": self.channel, "sender": self.sender, "receiver": self.receiver}
        said |= {"start": self.start, "end": self.end}
        contents = (
            json.dumps(said, separators=(",", ":")).encode(),
            self.checkpoint,
            b"".join(base64.b64encode(one) + b"\n" for one in self.consistency),
            b"".join(struct.pack(">H", len(one)) + one for one in self.entries),
            b"".join(struct.pack(">I", len(one)) + one for one in self.payloads),
            b"".join(struct.pack(">I", len(one)) + one for one in self.cosignatures),
        )
        return b"".join(_member(*one) for one in zip(MEMBERS, contents, strict=True)) + bytes(1024)

    @classmethod
    def parse(cls, data: bytes) -> Bundle:
        try:
            with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as archive:
                parts = {one.name: archive.extractfile(one).read() for one in archive}  # type: ignore[union-attr]
            said = json.loads(parts["bundle.json"])
            bundle = cls(
                said["channel"],
                said["sender"],
                said["receiver"],
                said["start"],
                parts["checkpoint"],
                [base64.b64decode(line) for line in parts["consistency"].split()],
                _split(parts["entries"], ">H"),
                _split(parts["payloads"], ">I"),
                _split(parts["cosignatures"], ">I"),
            )
        except (tarfile.TarError, ValueError, KeyError, AttributeError, struct.error) as error:
            raise Refused(f"not a delivery: {error}") from error
        if bundle.encode() != data:
            raise Refused("a delivery is not in its one spelling")
        return bundle


def _member(name: str, content: bytes) -> bytes:
    info = tarfile.TarInfo(name)
    info.size = len(content)
    return info.tobuf(tarfile.USTAR_FORMAT) + content + bytes(-len(content) % 512)


def _split(data: bytes, form: str) -> list[bytes]:
    parts, place, width = [], 0, struct.calcsize(form)
    while place < len(data):
        (size,) = struct.unpack_from(form, data, place)
        place += width
        if place + size > len(data):
            raise Refused("a part of a delivery ends too soon")
        parts.append(data[place : place + size])
        place += size
    return parts
