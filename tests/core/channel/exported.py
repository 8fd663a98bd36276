"""An export in memory, made by the core alone: two parties or more, one channel, receipts every way."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from comity.channel.charter import PartyKeys, policy_of
from comity.channel.export import POLICY, README, readme, receipt_name
from comity.entries import By, Entry, PayloadDigest, encode
from comity.errors import ExportDoesNotHold
from comity.instruments import library, texts
from comity.keys.keyring import Keyring
from comity.mirror import ForkProof, give_receipt
from comity.names import Origin
from comity.tlog.checkpoint import Checkpoint
from comity.tlog.merkle import CompactRange, leaf_hash
from comity.tlog.note import parse_note, sign_note
from comity.tlog.signer import Cosigner, NoteSigner
from comity.tlog.tile import ENTRIES, TILE_WIDTH, Tile, encode_entries, new_tiles, tile_root

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

CHANNEL = "fypa4rg65z5bgq72"
AT = 1_767_225_600  # 2026-01-01
OFFICE = By("ministry", "case officer")


@cache
def ring(party: str) -> Keyring:
    """The keys of a party, drawn once for the whole run."""
    return Keyring.generate(party)


@dataclass
class InMemory:
    """Files of an export in a dict; ``Files`` for the verifier."""

    held: dict[str, bytes] = field(default_factory=dict)

    def read(self, path: str, most: int) -> bytes:
        """Return a file, as a directory would."""
        if path not in self.held or len(self.held[path]) > most:
            raise ExportDoesNotHold(f"{path} is missing or too large")
        return self.held[path]

    def names(self, folder: str) -> list[str]:
        """Return the names in a folder."""
        inside = [
            path.removeprefix(f"{folder}/" if folder else "") for path in self.held if path.startswith(folder)
        ]
        return sorted({name.partition("/")[0] for name in inside})


@dataclass
class Author:
    """One party writing its log."""

    party: str
    leaves: list[bytes] = field(default_factory=list)

    @property
    def origin(self) -> Origin:
        """Its log."""
        return Origin(self.party, CHANNEL)

    def log_signers(self) -> tuple[NoteSigner, Cosigner]:
        """Who signs its checkpoints."""
        pair = ring(self.party).log
        return NoteSigner(str(self.origin), pair.ed25519), Cosigner(str(self.origin), pair.mldsa44, AT)

    def mirror_signers(self) -> tuple[Cosigner, Cosigner]:
        """Who gives its receipts."""
        pair, name = ring(self.party).mirror, f"{self.party}.comity/mirror"
        return Cosigner(name, pair.ed25519, AT + 60), Cosigner(name, pair.mldsa44, AT + 60)

    def keys(self) -> PartyKeys:
        """What it brings to the policy."""
        return PartyKeys(
            self.party,
            [signer.vkey for signer in self.log_signers()],
            [signer.vkey for signer in self.mirror_signers()],
        )

    def writes(self, kind: str, ref: str, **said: object) -> None:
        """Put an entry on its log."""
        entry = Entry(v=1, kind=kind, at="2026-01-01T00:00:00Z", by=OFFICE, ref=ref, **said)
        self.leaves.append(encode(entry))

    def checkpoint(self, size: int | None = None) -> bytes:
        """Its signed tree head, of the whole log or of its beginning."""
        tree = CompactRange()
        tree.extend(map(leaf_hash, self.leaves[:size]))
        return sign_note(
            Checkpoint(str(self.origin), tree.size, tree.root()).text(), *self.log_signers()
        ).encode()

    def receipted_by(self, other: Author, size: int | None = None) -> bytes:
        """Another's receipt for it."""
        return give_receipt(self.checkpoint(size), other.mirror_signers())


def conversation() -> tuple[Author, Author, bytes]:
    """Two logs of a channel that was proposed, accepted and used, and one sealed payload."""
    anna, boris = Author("aa"), Author("bb")
    charter, treaty = library()["charter"], library()["us-ru-1999"]
    payload = b"age-encryption.org/v1 sealed to both"
    digest = PayloadDigest(hashlib.sha256(payload).hexdigest(), len(payload))
    anna.writes(
        "channel.proposed",
        CHANNEL,
        stated={
            "requested": "bb",
            "instruments": [charter.id, treaty.id],
            "tables": [charter.digest, treaty.digest],
        },
    )
    boris.writes("channel.accepted", CHANNEL, re=[f"{anna.origin}#0"], seen={"aa": 1})
    anna.writes(
        "assistance.request.lodged",
        "aa-2026-0001",
        seen={"bb": 1},
        stated={
            "instrument": treaty.id,
            "table": treaty.digest,
            "requested": "bb",
            "types": [treaty.types[0].id],
        },
        payload=digest,
    )
    boris.writes("assistance.request.acknowledged", "aa-2026-0001", re=[f"{anna.origin}#1"], seen={"aa": 2})
    return anna, boris, payload


def export_of(*authors: Author, texts_of: Sequence[str] = ("charter", "us-ru-1999")) -> InMemory:
    """Everything of an export but payloads and passports."""
    files = InMemory()
    files.held[POLICY] = policy_of(CHANNEL, [author.keys() for author in authors]).encode()
    parties = [author.party for author in authors]
    files.held[README] = readme(CHANNEL, parties, "2026-01-02 00:00:00 UTC", "aa").encode()
    for author in authors:
        _write_log(files, author, [other for other in authors if other is not author])
    for name in texts_of:
        for file, content in texts()[name].items():
            files.held[f"instruments/{name}/{file}"] = content
    return files


def whole_export() -> InMemory:
    """A small export with one payload, as its node would write it."""
    anna, boris, payload = conversation()
    files = export_of(anna, boris)
    files.held[f"payloads/{hashlib.sha256(payload).hexdigest()}.age"] = payload
    return files


def _write_log(files: InMemory, author: Author, others: Sequence[Author]) -> None:
    party, size = author.party, len(author.leaves)
    keys = [str(key) for key in author.keys().log]
    head = author.checkpoint()
    for other in others:
        head = give_receipt(head, other.mirror_signers())
        files.held[f"{party}/receipts/{receipt_name(size, other.party)}"] = author.receipted_by(other)
    files.held[f"{party}/checkpoint"] = head
    files.held[f"{party}/vkey"] = f"{keys[0]}\n".encode()
    files.held[f"{party}/vkeys"] = "".join(f"{key}\n" for key in keys).encode()
    files.held[f"{party}/mirrors"] = "".join(f"{other.keys().mirror[0]}\n" for other in others).encode()
    for tile, content in tiles(author.leaves):
        files.held[f"{party}/{tile.path}"] = content
    assert parse_note(head).signatures


def forked(author: Author) -> bytes:
    """Proof that this party signed two histories."""
    signed = [
        sign_note(Checkpoint(str(author.origin), 7, bytes([kind]) * 32).text(), *author.log_signers())
        for kind in (1, 2)
    ]
    return ForkProof(*(note.encode() for note in signed)).encode()


def of_claims(logs: Mapping[str, Sequence[Mapping[str, object]]], liars: Collection[str] = ()) -> InMemory:
    """An export of a channel in which each entry says to have seen so much, and some parties forked.

    Args:
        logs: For each party, for each entry, ``seen`` and ``re``.
        liars: Of whom two histories are proven.
    """
    authors = [Author(party) for party in sorted(logs)]
    for author in authors:
        for number, said in enumerate(logs[author.party]):
            author.writes("talk.said", f"{author.party}-{number}", **said)
    files = export_of(*authors, texts_of=())
    for author in authors:
        if author.party in liars:
            files.held[f"misconduct/{author.party}.json"] = forked(author)
    return files


def tiles(leaves: Sequence[bytes]) -> list[tuple[Tile, bytes]]:
    """Entry bundles and tiles of a log."""
    rows = [[leaf_hash(leaf) for leaf in leaves]]
    while len(rows[-1]) >= TILE_WIDTH:
        below = rows[-1]
        full = range(0, len(below) // TILE_WIDTH * TILE_WIDTH, TILE_WIDTH)
        rows.append([tile_root(b"".join(below[at : at + TILE_WIDTH])) for at in full])
    found = [
        (tile, b"".join(rows[tile.level][tile.index * TILE_WIDTH : tile.index * TILE_WIDTH + tile.width]))
        for tile in new_tiles(0, len(leaves))
    ]
    bundles = [leaves[at : at + TILE_WIDTH] for at in range(0, len(leaves), TILE_WIDTH)]
    found += [(Tile(ENTRIES, index, len(one)), encode_entries(one)) for index, one in enumerate(bundles)]
    return found
