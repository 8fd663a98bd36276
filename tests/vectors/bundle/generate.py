"""Write the vectors of deliveries: ``python -m tests.vectors.bundle.generate``.

Each file is one delivery and says whether it is in its one form: ``accepted``, or ``malformed-bundle`` for
one reason. Nothing in them is signed: a delivery is taken apart before anything is verified.
"""

from __future__ import annotations

import io
import sys
import tarfile
from dataclasses import replace
from pathlib import Path

from comity.channel.bundle import MEMBERS, Bundle
from tests.vectors.frame import Case, write

HERE = Path(__file__).parent
FOLLOWS = "docs/spec/bundle.md, Form"
FULL = Bundle(
    channel="abcdefghijklmnop",
    sender="bb",
    receiver="aa",
    start=7,
    checkpoint=b"checkpoint",
    consistency=(b"\x01" * 32, b"\x02" * 32),
    entries=(b"first", b"", b"third"),
    payloads=(b"sealed", b""),
    cosignatures=(b"receipt",),
)


def contents() -> dict[str, bytes]:
    """The members of the full delivery."""
    with tarfile.open(fileobj=io.BytesIO(FULL.encode())) as archive:
        return {name: archive.extractfile(name).read() for name in MEMBERS}


def packed(members, *, padded: bool = False, **written) -> bytes:
    """A tar of these members, by the standard library; a member may be one that is no plain file."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, content in members:
            info = name if isinstance(name, tarfile.TarInfo) else tarfile.TarInfo(name)
            info.size = len(content) if info.isreg() else 0
            for field, value in written.items():
                setattr(info, field, value)
            archive.addfile(info, io.BytesIO(content))
        end = archive.offset
    return out.getvalue() if padded else out.getvalue()[:end] + bytes(1024)


def _special(kind: bytes, target: str = "") -> list:
    info = tarfile.TarInfo("checkpoint")
    info.type, info.linkname = kind, target
    return [(info if name == "checkpoint" else name, content) for name, content in contents().items()]


def _sparse() -> bytes:
    """A header that announces eight gibibytes of zeros."""
    info = tarfile.TarInfo("bundle.json")
    info.type = tarfile.GNUTYPE_SPARSE
    header = bytearray(info.tobuf(tarfile.GNU_FORMAT))
    header[483:495] = b"77777777777\0"
    header[148:156] = b" " * 8
    header[148:156] = b"%06o\0 " % sum(header)
    return bytes(header) + FULL.encode()[512:]


def cases() -> list[Case]:
    """Every vector."""
    parts, good = contents(), FULL.encode()
    named = list(parts.items())

    def other(name: str, because: str, data: bytes, expect: str = "malformed-bundle") -> Case:
        return Case(name, expect, because, data, FOLLOWS)

    def changed(name: str, because: str, **members: bytes) -> Case:
        members = {key.replace("manifest", "bundle.json"): value for key, value in members.items()}
        return other(name, because, packed((parts | members).items()))

    def manifest(name: str, because: str, old: bytes, new: bytes) -> Case:
        return changed(f"manifest-{name}", because, manifest=parts["bundle.json"].replace(old, new))

    proof = parts["consistency"]
    return [
        other("good", "six plain members in their order", good, "accepted"),
        other("good-empty", "all may be empty but the manifest", _empty(), "accepted"),
        other("link-symbolic", "plain files only", packed(_special(tarfile.SYMTYPE, "/etc/passwd"))),
        other("link-hard", "plain files only", packed(_special(tarfile.LNKTYPE, "bundle.json"))),
        other("folder", "plain files only", packed(_special(tarfile.DIRTYPE))),
        other("sparse", "plain files only", _sparse()),
        other("path-absolute", "names as given", packed([(f"/{name}", part) for name, part in named])),
        other("path-upwards", "names as given", packed([(f"../{name}", part) for name, part in named])),
        other("member-missing", "all six members", packed(named[:4] + named[5:])),
        other("member-extra", "no other member", packed([*named, ("readme", b"")])),
        other("member-twice", "each member once", packed([*named, named[-1]])),
        other("reordered", "the members have an order", packed(named[::-1])),
        other("mode", "headers say no more than name and size", packed(named, mode=0o755)),
        other("time", "headers say no more than name and size", packed(named, mtime=1)),
        other("padded", "two blocks of zeros end it", packed(named, padded=True)),
        other("trailing", "nothing follows", good + b"\0"),
        other("cut", "all of it is there", good[:-512]),
        manifest("version", "form 1", b'"v":1', b'"v":2'),
        manifest("space", "one spelling", b'"v":1', b'"v": 1'),
        manifest("repeated", "one spelling", b'"v":1', b'"v":1,"v":1'),
        manifest("unknown-field", "no other field", b'"end":10', b'"end":10,"x":1'),
        manifest("end", "as many entries as it says", b'"end":10', b'"end":11'),
        manifest(
            "start", "numbers fit 63 bits", b'"start":7,"end":10', b'"start":%d,"end":%d' % (2**63, 2**63 + 3)
        ),
        manifest("party", "parties are party codes", b'"bb"', b'"BB"'),
        manifest("channel", "channels are channel ids", b"abcdefghijklmnop", b"abc"),
        changed("entries-cut", "lengths add up", entries=parts["entries"][:-1]),
        changed("entries-unsigned", "entries need a checkpoint", checkpoint=b""),
        changed("payloads-cut", "lengths add up", payloads=parts["payloads"][:-1]),
        changed("payloads-too-long", "lengths add up", payloads=b"\xff\xff\xff\xff"),
        changed("receipts-cut", "lengths add up", cosignatures=parts["cosignatures"][:2]),
        changed("proof-short-hash", "hashes are 32 bytes", consistency=b"AAAA\n"),
        changed("proof-unended", "lines are ended", consistency=proof[:-1]),
        changed("proof-65-lines", "at most 64 hashes", consistency=proof[:45] * 65),
    ]


def _empty() -> bytes:
    empty = replace(FULL, start=0, checkpoint=b"", consistency=(), entries=(), payloads=(), cosignatures=())
    return empty.encode()


if __name__ == "__main__":
    sys.exit(write(HERE, cases()))
