"""Two parties with keys from fixed seeds: one writes a log, honestly or not, and one mirrors it."""

from __future__ import annotations

import hashlib
from copy import deepcopy
from functools import cache

from comity.entries import By, Entry, PayloadDigest, encode
from comity.keys.sealing import X25519Identity, seal
from comity.keys.signing import Ed25519Key, MLDSA44Key
from comity.mirror import Accepted, Held, Offer, consider
from comity.names import EntryRef, Origin
from comity.tlog.checkpoint import Checkpoint
from comity.tlog.merkle import CompactRange, leaf_hash
from comity.tlog.note import Signature, parse_note, sign_note
from comity.tlog.signer import Cosigner, NoteSigner
from comity.tlog.tree import prove_fork
from tests.core.tlog.trees import reader_over

CHANNEL = "abcdefghijklmnop"
AT = 1_767_225_600
READERS = [X25519Identity.generate() for _ in range(3)]


@cache
def sealed(count: int = 2, text: bytes = b"content") -> bytes:
    """A payload sealed to so many readers."""
    return seal(text, [reader.recipient() for reader in READERS[:count]])


def root_of(leaves: list[bytes]) -> bytes:
    """Root over these entries."""
    return tree_of(leaves).root()


def tree_of(leaves: list[bytes]) -> CompactRange:
    """Tree over these entries."""
    tree = CompactRange()
    tree.extend([leaf_hash(leaf) for leaf in leaves])
    return tree


class Author:
    """A party's log, written by its own pen: nothing keeps it from lying."""

    def __init__(self, party: str = "bb", seed: int = 16) -> None:
        seeds = [bytes([seed + place]) * 32 for place in range(4)]
        self.party = party
        self.origin = Origin(party, CHANNEL)
        self.signers = (
            NoteSigner(str(self.origin), Ed25519Key.from_seed(seeds[0])),
            Cosigner(str(self.origin), MLDSA44Key.from_seed(seeds[1]), AT),
        )
        self.mirror_keys = (Ed25519Key.from_seed(seeds[2]), MLDSA44Key.from_seed(seeds[3]))
        self.leaves: list[bytes] = []
        self.payloads: list[bytes | None] = []

    @property
    def vkeys(self):
        """What verifies its checkpoints."""
        return tuple(signer.vkey for signer in self.signers)

    def cosigners(self, at: int = AT):
        """Who gives its receipts."""
        return tuple(Cosigner(f"{self.party}.comity/mirror", key, at) for key in self.mirror_keys)

    @property
    def mirror_vkeys(self):
        """What verifies its receipts."""
        return tuple(signer.vkey for signer in self.cosigners())

    def writes(self, text: str = "fact", **said) -> EntryRef:
        """Put an entry on the log."""
        payload = said.pop("payload", None)
        named = PayloadDigest(hashlib.sha256(payload).hexdigest(), len(payload)) if payload else None
        fields = {"kind": "a.b", "at": "2026-01-01T00:00:00Z", "by": By("Office", "officer"), "ref": "bb-1"}
        entry = Entry(**({"v": 1, **fields, "stated": {"text": text}, "payload": named} | said))
        return self.puts(encode(entry), payload)

    def puts(self, leaf: bytes, payload: bytes | None = None) -> EntryRef:
        """Put any bytes on the log."""
        self.leaves.append(leaf)
        self.payloads.append(payload)
        return EntryRef(self.origin, len(self.leaves) - 1)

    def checkpoint(self, size: int | None = None, *, signers=None, **changed) -> bytes:
        """Sign what the log is, or something else."""
        size = len(self.leaves) if size is None else size
        said = {"origin": str(self.origin), "size": size, "root": root_of(self.leaves[:size])} | changed
        return sign_note(Checkpoint(**said).text(), *(signers or self.signers)).encode()

    def offer(self, start: int = 0, end: int | None = None, **changed) -> Offer:
        """Offer entries from ``start`` with a checkpoint of ``end``."""
        end = len(self.leaves) if end is None else end
        said = {
            "checkpoint": self.checkpoint(end),
            "start": start,
            "consistency": self.proof(start, end),
            "entries": tuple(self.leaves[start:end]),
            "payloads": tuple(one for one in self.payloads[start:end] if one is not None),
        }
        return Offer(**(said | changed))

    def proof(self, old: int, new: int) -> tuple[bytes, ...]:
        """Consistency of two sizes, in the full form."""
        if not 0 < old < new:
            return ()
        return prove_fork(reader_over([leaf_hash(leaf) for leaf in self.leaves[:new]]), old, new)

    def forked_at(self, size: int) -> Author:
        """The same author, beginning a second history from ``size`` entries on."""
        other = deepcopy(self)
        del other.leaves[size:], other.payloads[size:]
        return other


def padded(note: bytes, key=None) -> bytes:
    """The note with as many lines under it as a note may have: of nobody, or in the name of a key."""
    parsed = parse_note(note)
    name, key_id = (key.name, key.key_id) if key else ("nobody.example", b"\x00" * 4)
    lines = [Signature(name, key_id, bytes([place]) * 3_000) for place in range(64 - len(parsed.signatures))]
    return parsed.with_signatures(lines).encode()


class Store:
    """What another party holds of an author's log."""

    def __init__(self, author: Author, *, sizes=None, parties: int = 2) -> None:
        self.author = author
        self.sizes = sizes or {}
        self.meant_for = frozenset(f"x-{number}" for number in range(parties))
        self.leaves: list[bytes] = []
        self.checkpoint = b""
        self.seen: dict[str, int] = {}
        self.payloads: list[bytes | None] = []

    def held(self) -> Held:
        """What the core judges by."""
        size = len(self.leaves)
        hashes = [leaf_hash(leaf) for leaf in self.leaves]
        return Held(
            origin=self.author.origin,
            keys=self.author.vkeys,
            tree=tree_of(self.leaves),
            checkpoint=self.checkpoint,
            root_at=lambda count: root_of(self.leaves[:count]),
            leaf_at=hashes.__getitem__,
            prove=lambda old: prove_fork(reader_over(hashes), old, size) if 0 < old < size else (),
            seen=self.seen,
            sizes=self.sizes,
            seals_to=lambda _index, _entry: self.meant_for,
        )

    def takes(self, offer: Offer):
        """Judge an offer, and store it if it is accepted."""
        judgement = consider(offer, self.held())
        if isinstance(judgement, Accepted):
            self.leaves += [fresh.leaf for fresh in judgement.fresh]
            self.payloads += [fresh.payload for fresh in judgement.fresh]
            self.seen = dict(judgement.fresh[-1].entry.seen)
            self.checkpoint = judgement.note
        return judgement
