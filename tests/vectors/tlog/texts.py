"""Vectors of checkpoints, verifier keys, tile paths, entry bundles and policies."""

from __future__ import annotations

from base64 import b64encode

from comity.tlog.tile import encode_entries
from tests.vectors.tlog.frame import LOG, MIRROR, ORIGIN, RECEIPTED, SEEDS, Vector, checkpoint

_FOLLOWS = {
    "checkpoint": "C2SP tlog-checkpoint, Note text",
    "vkey": "C2SP signed-note, Verifier keys",
    "tile": "C2SP tlog-tiles, Merkle Tree",
    "bundle": "C2SP tlog-tiles, Log entries",
    "policy": "C2SP tlog-policy, Policy file syntax and structure",
}


def texts() -> list[Vector]:
    """Checkpoints, keys, tile paths, bundles and policies."""
    text, vkey, key = checkpoint().text(), str(LOG.vkey), b64encode(b"\x01" + LOG.key.public).decode()
    small = "aa.comity+" + "00000000+" + b64encode(b"\x01" + bytes(32)).decode()
    unknown = "aa.comity+00000000+" + b64encode(b"\x02" + bytes(32)).decode()
    rows = [
        ("checkpoint", "good", "accepted", "three lines", text),
        (
            "checkpoint",
            "size-with-zero",
            "malformed-checkpoint",
            "no leading zeroes",
            text.replace("\n11", "\n011"),
        ),
        (
            "checkpoint",
            "size-signed",
            "malformed-checkpoint",
            "a size is digits",
            text.replace("\n11", "\n+11"),
        ),
        (
            "checkpoint",
            "size-over-63-bits",
            "malformed-checkpoint",
            "sizes fit 63 bits",
            text.replace("11", str(2**63)),
        ),
        (
            "checkpoint",
            "size-arabic-digits",
            "malformed-checkpoint",
            "a size is ASCII",
            text.replace("11", "\u0661\u0661"),
        ),
        ("checkpoint", "root-cut-short", "malformed-checkpoint", "a root is 32 bytes", text[:-6] + "\n"),
        (
            "checkpoint",
            "empty-extension",
            "malformed-checkpoint",
            "extension lines are not empty",
            text + "\nx\n",
        ),
        ("checkpoint", "no-origin", "malformed-checkpoint", "the origin is not empty", text[len(ORIGIN) :]),
        ("checkpoint", "no-last-newline", "malformed-checkpoint", "every line ends", text[:-1]),
        ("vkey", "good", "accepted", "the key id belongs to the key", vkey),
        ("vkey", "other-name", "malformed-key", "the key id covers the name", vkey.replace("aa.", "ab.")),
        (
            "vkey",
            "upper-case-id",
            "malformed-key",
            "hex is lower case",
            f"{ORIGIN}+{LOG.vkey.key_id.hex().upper()}+{key}",
        ),
        ("vkey", "unknown-kind", "malformed-key", "kind 0x02 is not verified here", unknown),
        ("vkey", "small-order", "malformed-key", "such a point binds nobody", small),
        ("vkey", "newline", "malformed-key", "nothing follows the key", vkey + "\n"),
        ("tile", "full", "accepted", "three digits a step", "tile/0/x001/x234/067"),
        ("tile", "partial", "accepted", "the width follows", "tile/1/x001/067.p/8"),
        ("tile", "entries", "accepted", "bundles have no level", "tile/entries/000"),
        ("tile", "unpadded", "malformed-tile", "three digits a step", "tile/0/67"),
        ("tile", "zero-step", "malformed-tile", "no leading steps of zero", "tile/0/x000/067"),
        ("tile", "level-with-zero", "malformed-tile", "no leading zeroes", "tile/01/067"),
        ("tile", "level-64", "malformed-tile", "levels end at 63", "tile/64/067"),
        ("tile", "width-256", "malformed-tile", "a full tile has no width", "tile/0/067.p/256"),
        ("tile", "width-0", "malformed-tile", "there are no empty tiles", "tile/0/067.p/0"),
        ("tile", "go-path", "malformed-tile", "the height is not in the path", "tile/8/0/067"),
        ("tile", "parent", "malformed-tile", "digits only", "tile/0/../067"),
        ("policy", "good", "accepted", "a log, a witness, a quorum", RECEIPTED.replace(";", "\n") + "\n"),
        ("policy", "no-quorum", "malformed-policy", "one quorum line", f"log {vkey}\n"),
        ("policy", "two-quorums", "malformed-policy", "one quorum line", "quorum none\nquorum none\n"),
        (
            "policy",
            "used-above",
            "malformed-policy",
            "names are defined above",
            f"quorum bb\nwitness bb {MIRROR.vkey}\n",
        ),
        (
            "policy",
            "member-of-two",
            "malformed-policy",
            "a name is a member once",
            f"witness bb {MIRROR.vkey}\ngroup g any bb\ngroup h any bb\nquorum h\n",
        ),
        (
            "policy",
            "threshold-too-high",
            "malformed-policy",
            "a threshold can be reached",
            f"witness bb {MIRROR.vkey}\ngroup g 2 bb\nquorum g\n",
        ),
        (
            "policy",
            "same-key-twice",
            "malformed-policy",
            "one key counts once",
            f"witness b {MIRROR.vkey}\nwitness c {MIRROR.vkey.renamed('c')}\nquorum b\n",
        ),
        ("policy", "carriage-return", "malformed-policy", "tab and newline only", "quorum none\r\n"),
    ]
    bundle = encode_entries([b"first", b"second"])
    return [
        *(
            Vector(f"{form}-{name}", expect, because, _FOLLOWS[form], form, data.encode(), SEEDS["log"])
            for form, name, expect, because, data in rows
        ),
        Vector("bundle-good", "accepted", "lengths add up", _FOLLOWS["bundle"], "bundle", bundle),
        Vector("bundle-cut", "malformed-tile", "lengths add up", _FOLLOWS["bundle"], "bundle", bundle[:-1]),
        Vector(
            "bundle-longer", "malformed-tile", "lengths add up", _FOLLOWS["bundle"], "bundle", bundle + b"\0"
        ),
    ]
