"""Write a channel's record out of the register, reading everything once and holding little.

The heads of all logs are read at once, and nothing beyond them after that. The register only grows, so the
export shows the record as it stood at that moment, while the node goes on writing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.utils import timezone

from comity.channel import export as layout
from comity.channel import rotation
from comity.custody import custody_files
from comity.entries import decode
from comity.instruments import digest, texts
from comity.mirror.generations import signed_by
from comity.tlog.checkpoint import Checkpoint
from comity.tlog.note import Note, Signature, parse_note
from comity.tlog.tile import ENTRIES, TILE_WIDTH, Tile, encode_entries, new_tiles
from comity.tlog.vkey import COSIGNATURE_ED25519
from comity_node.counterparts import queries as counterparts
from comity_node.register import payloads, proofs, queries, rooms, rotations
from comity_node.register.policies import policy
from comity_node.register.rotations import vkeys
from comity_node.register.tree import StoredTree

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from comity_node.register.models import Log, Receipt


def write(
    channel: str, target: Path, *, with_payloads: bool, progress: Callable[[int], None]
) -> dict[str, int]:
    """Write the record of a channel below ``target``.

    Returns:
        How many entries, receipts, payloads and proofs of misconduct were written.
    """
    logs = queries.channel_logs(channel)
    written = [log for log in logs if log.size]
    counts = {"entries": 0, "receipts": 0, "payloads": 0, "misconduct": 0}
    stated: set[str] = set()
    _put(target / layout.POLICY, policy(channel).encode())
    for log in written:
        for leaves in _write_tree(log, target / log.party):
            counts["entries"] += len(leaves)
            progress(counts["entries"])
            for leaf in leaves:
                digests, payload = _named(leaf)
                stated |= digests
                if with_payloads and payload:
                    counts["payloads"] += _write_payload(target / layout.PAYLOADS, payload)
        counts["receipts"] += _write_signatures(log, logs, target / log.party)
        counts["misconduct"] += _write_misconduct(log, target / layout.MISCONDUCT)
        _write_passports(log.party, target / layout.PASSPORTS)
    _write_instruments(stated, target / layout.INSTRUMENTS)
    parties = [log.party for log in written]
    taken_at = f"{timezone.now():%Y-%m-%d %H:%M:%S} UTC"
    _put(target / layout.README, layout.readme(channel, parties, taken_at, settings.NODE.party).encode())
    return counts


def _put(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _named(leaf: bytes) -> tuple[set[str], str]:
    """The texts an entry names by digest, and its payload."""
    if b'"table' not in leaf and b'"payload"' not in leaf:
        return set(), ""
    entry = decode(leaf)
    said = [entry.stated.get(name, []) for name in ("table", "tables")]
    digests = {digest for one in said for digest in ([one] if isinstance(one, str) else one)}
    # What takes a power of its own to read leaves the node in no export: entry and commitment stand there.
    is_kept_back = bool(rooms.power_to_read(entry.kind))
    return digests, entry.payload.sha256 if entry.payload and not is_kept_back else ""


def _write_tree(log: Log, target: Path) -> Iterator[list[bytes]]:
    """Write entries and tiles; give back the entries, a bundle at a time."""
    stored = StoredTree(log)
    for start in range(0, log.size, TILE_WIDTH):
        rows = log.entries.filter(index__gte=start, index__lt=min(start + TILE_WIDTH, log.size))
        leaves = [bytes(leaf) for leaf in rows.order_by("index").values_list("leaf", flat=True)]
        _put(target / Tile(ENTRIES, start // TILE_WIDTH, len(leaves)).path, encode_entries(leaves))
        yield leaves
    for tile in new_tiles(0, log.size):
        _put(target / tile.path, stored(tile.level, tile.index, tile.width))


def _write_signatures(log: Log, logs: Sequence[Log], target: Path) -> int:
    """Write checkpoint, keys, receipts and witnesses' marks; return how many receipts."""
    head = _head(log)
    own = signed_by(head, rotations.log_generations(log)).keys
    _put(target / "checkpoint", head.encode())
    if changes := _key_changes(log):
        _put(target / layout.KEY_CHANGES, "".join(f"{index}\n" for index in changes).encode())
    _put(target / "vkey", f"{own[0]}\n".encode())
    _put(target / "vkeys", "".join(f"{key}\n" for key in own).encode())
    cosigned = [
        key
        for other in logs
        if other.party != log.party
        for key in vkeys(other.mirror_keys)
        if key.kind == COSIGNATURE_ED25519 and any(line.is_by(key) for line in head.signatures)
    ]
    _put(target / "mirrors", "".join(f"{key}\n" for key in cosigned).encode())
    receipts = [receipt for receipt in queries.receipts(log) if _is_of_these(receipt, log)]
    for receipt in receipts:
        _put(target / layout.RECEIPTS / layout.receipt_name(receipt.size, receipt.party), bytes(receipt.note))
    for place, note in enumerate(_witnessed(log)):
        _put(target / layout.WITNESSED / f"{place}", note.encode())
    return len(receipts)


def _is_of_these(receipt: Receipt, log: Log) -> bool:
    """Whether a receipt is for entries that are here: of two histories its giver may hold the other."""
    if receipt.size > log.size or not queries.fork_proof(log):
        return receipt.size <= log.size
    return Checkpoint.parse(parse_note(bytes(receipt.note)).text).root == StoredTree(log).root(receipt.size)


def _key_changes(log: Log) -> list[int]:
    """Where the log's keys were changed, as far as it can count."""
    said = queries.entries(log.channel, prefix=f"{rotation.PREFIX}.")
    return sorted(one.ref.index for one in said if one.party == log.party)[: rotation.MOST_CHANGES]


def _head(log: Log) -> Note:
    """The newest checkpoint with every cosignature of exactly that size."""
    note = parse_note(proofs.checkpoint(log))
    for mark in proofs.witness_marks(log):
        if mark.size == log.size:
            note = note.with_signatures(map(Signature.parse, mark.lines.splitlines()))
    return note


def _witnessed(log: Log) -> Iterator[Note]:
    for mark in proofs.witness_marks(log):
        if mark.size > log.size:
            break
        signed = log.checkpoints.filter(size=mark.size).first()
        if signed is not None:
            lines = map(Signature.parse, mark.lines.splitlines())
            yield parse_note(bytes(signed.note)).with_signatures(lines)


def _write_payload(folder: Path, sha256: str) -> int:
    """Write one payload, unless it was erased or is written already."""
    path = folder / f"{sha256}.age"
    sealed = None if path.exists() else payloads.sealed_payload(sha256)
    if sealed is None:
        return 0
    _put(path, sealed)
    return 1


def _write_misconduct(log: Log, folder: Path) -> int:
    found = [proof for proof in proofs.misconduct() if proof.log_id == log.pk]
    for proof in found:
        _put(folder / f"{proof.sha256}.json", bytes(proof.proof))
    return len(found)


def _write_passports(party: str, folder: Path) -> None:
    for row in counterparts.versions(party):
        _put(folder / party / str(row.version), bytes(row.note))


def _write_instruments(stated: set[str], folder: Path) -> None:
    """Write every text of ours whose digest an entry states."""
    for name, files in {**texts(), "custody": custody_files()}.items():
        if digest(files) in stated:
            for file, content in files.items():
                _put(folder / name / file, content)
