"""Verifying an export as a stranger does, beside the other Merkle tree library on PyPI."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bench import peers
from bench.report import Row, median
from comity.channel.charter import PartyKeys, policy_of
from comity.channel.verification import verify_export
from comity.entries import By, Entry, encode
from comity.keys.keyring import Keyring
from comity.mirror import give_receipt
from comity.names import Origin
from comity.tlog.checkpoint import Checkpoint
from comity.tlog.merkle import CompactRange, leaf_hash
from comity.tlog.note import sign_note
from comity.tlog.signer import Cosigner, NoteSigner
from comity.tlog.tile import ENTRIES, Tile, encode_entries, tile_root

if TYPE_CHECKING:
    from types import ModuleType

    from bench.report import Scale

_CHANNEL: Final = "abcdefghijklmnop"
_AT: Final = 1_767_225_600
_WIDTH: Final = 256
_PYMERKLE: Final = "pymerkle==7.0.0"
_OF_PEER: Final = 50_000


def measure(scale: Scale) -> list[Row]:
    """The tree part: every leaf, every tile, every signature."""
    count = scale.of(1_000_000, least=2 * _WIDTH)
    export = Export(count)
    note = "" if _forget_peak() else "the peak was not reset: that of building the export hides less"
    before = _memory("VmRSS" if not note else "VmHWM")
    rate = median(scale, lambda: _verifying(export))
    grown = (_memory("VmHWM") - before) / 1e6
    rows = [
        Row(what=f"an export of {count:,} entries, tree part", value=rate, unit="/s", bar=400_000),
        Row(
            what="memory it took beyond the export itself",
            value=grown,
            unit="MB",
            bar=20,
            least=False,
            note=note,
        ),
    ]
    with peers.fetched(_PYMERKLE, "pymerkle") as pymerkle:
        if pymerkle is not None:
            some = scale.of(_OF_PEER, least=10)
            value = median(scale, lambda: _pymerkle(pymerkle, some))
            rows.append(Row(what=f"{_PYMERKLE}: append {some:,} and give the root", value=value, unit="/s"))
    return rows


def _verifying(export: Export) -> float:
    begun = time.process_time()
    report = verify_export(export, tree_only=True)
    assert sum(report.logs.values()) == export.size, "every entry was verified"
    return export.size / (time.process_time() - begun)


def _pymerkle(pymerkle: ModuleType, count: int) -> float:
    leaves = [bytes(300 - 8) + number.to_bytes(8, "big") for number in range(count)]
    begun = time.process_time()
    tree = pymerkle.InmemoryTree(algorithm="sha256")
    for leaf in leaves:
        tree.append_entry(leaf)
    tree.get_state()
    return count / (time.process_time() - begun)


def _forget_peak() -> bool:
    """Let the high-water mark of memory begin anew at what is held now; whether the system allows it."""
    try:
        Path("/proc/self/clear_refs").write_text("5", "ascii")
    except OSError:
        return False
    return True


def _memory(what: str) -> int:
    """Bytes held now (``VmRSS``), or at most so far (``VmHWM``)."""
    for line in Path("/proc/self/status").read_text("utf-8").splitlines():
        name, _, said = line.partition(":")
        if name == what:
            return int(said.split()[0]) * 1024
    raise LookupError(what)


class Export:
    """An export of a channel of two, in memory: one log long, the other of one entry."""

    def __init__(self, count: int) -> None:
        ring, other = Keyring.generate("aa"), Keyring.generate("bb")
        self.size = count + 1
        self._files: dict[str, bytes] = {"policy": _policy(ring, other)}
        self._add_log(ring, other, count)
        self._add_log(other, ring, 1)

    def _add_log(self, ring: Keyring, other: Keyring, count: int) -> None:
        """A log with its tiles, and the other party's receipt for all of it."""
        party, giver = ring.party, other.party
        root = self._write_tiles(party, count)
        origin = str(Origin(party, _CHANNEL))
        signers = NoteSigner(origin, ring.log.ed25519), Cosigner(origin, ring.log.mldsa44, _AT)
        mirrors = [
            Cosigner(f"{giver}.comity/mirror", key, _AT)
            for key in (other.mirror.ed25519, other.mirror.mldsa44)
        ]
        note = give_receipt(sign_note(Checkpoint(origin, count, root).text(), *signers).encode(), mirrors)
        vkeys = [str(signer.vkey) for signer in signers]
        self._files |= {
            f"{party}/checkpoint": note,
            f"{party}/vkey": f"{vkeys[0]}\n".encode(),
            f"{party}/vkeys": "".join(f"{one}\n" for one in vkeys).encode(),
            f"{party}/mirrors": f"{mirrors[0].vkey}\n".encode(),
            f"{party}/receipts/{count}.{giver}": note,
        }

    def read(self, path: str, most: int) -> bytes:
        """One file."""
        return self._files[path][:most]

    def names(self, folder: str) -> list[str]:
        """The names in a folder."""
        inside = f"{folder}/" if folder else ""
        return sorted(
            {path.removeprefix(inside).partition("/")[0] for path in self._files if path.startswith(inside)}
        )

    def _write_tiles(self, party: str, count: int) -> bytes:
        """Entries and tiles of every level; returns the root."""
        tree, hashes = CompactRange(), []
        for start in range(0, count, _WIDTH):
            leaves = [_leaf(number) for number in range(start, min(start + _WIDTH, count))]
            self._write(party, Tile(ENTRIES, start // _WIDTH, len(leaves)), encode_entries(leaves))
            hashes += [leaf_hash(leaf) for leaf in leaves]
        tree.extend(hashes)
        level = 0
        while hashes:
            rows = [hashes[start : start + _WIDTH] for start in range(0, len(hashes), _WIDTH)]
            for index, row in enumerate(rows):
                self._write(party, Tile(level, index, len(row)), b"".join(row))
            hashes = [tile_root(b"".join(row)) for row in rows if len(row) == _WIDTH]
            level += 1
        return tree.root()

    def _write(self, party: str, tile: Tile, data: bytes) -> None:
        self._files[f"{party}/{tile.path}"] = data


def _policy(*rings: Keyring) -> bytes:
    parties = []
    for ring in rings:
        origin, mirror = str(Origin(ring.party, _CHANNEL)), f"{ring.party}.comity/mirror"
        log = [NoteSigner(origin, ring.log.ed25519).vkey, Cosigner(origin, ring.log.mldsa44, _AT).vkey]
        mirrors = [Cosigner(mirror, key, _AT).vkey for key in (ring.mirror.ed25519, ring.mirror.mldsa44)]
        parties.append(PartyKeys(ring.party, log, mirrors))
    return policy_of(_CHANNEL, parties).encode()


def _leaf(number: int) -> bytes:
    by = By("central-authority", "case officer")
    at = "2026-01-01T00:00:00Z"
    return encode(
        Entry(v=1, kind="assistance.request.lodged", at=at, by=by, ref=f"aa-2026-{number:06}", seen={"bb": 1})
    )
