"""Exports of a channel in which ``aa`` changed its keys, honestly or not: the same for both verifiers.

Entries of aa: 0 proposes, 1 announces new keys, 2 is under the new keys, 3 retires the old, 4 follows.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING

from comity.channel.charter import PartyKeys, policy_of
from comity.channel.export import KEY_CHANGES, POLICY, README, readme, receipt_name
from comity.channel.passport import (
    Passport,
    coming_keys,
    identity_signers,
    issue,
    public_keys,
    vouchers,
)
from comity.entries import Entry, encode
from comity.mirror import give_receipt
from comity.tlog.signer import Cosigner, NoteSigner
from tests.core.channel.exported import AT, CHANNEL, OFFICE, Author, InMemory, ring, tiles
from tests.core.channel.test_passport import about

if TYPE_CHECKING:
    from comity.keys.keyring import Keyring

BEGINS = "2026-02-01"


@cache
def later() -> Keyring:
    """The ring of aa once it has new keys."""
    return ring("aa").scheduled(BEGINS)


@cache
def announcing(version: int = 1) -> Passport:
    """The passport that announces them, signed by the identity, the old pairs and the new."""
    said = about(
        version=version,
        keys=public_keys(ring("aa"), witness=False),
        rotation=coming_keys(later(), BEGINS),
        issued="2026-01-31",
    )
    return issue(said, *identity_signers(ring("aa")), *vouchers(later()))


@cache
def settled() -> Passport:
    """The next one, which names the new keys alone."""
    return issue(
        about(version=2, keys=public_keys(later(), witness=False), issued="2026-03-01"),
        *identity_signers(ring("aa")),
    )


@dataclass
class Changing(Author):
    """aa, whose checkpoints are signed by the old pair or the new."""

    new: bool = False

    def log_signers(self) -> tuple[NoteSigner, Cosigner]:
        """Who signs its checkpoints now."""
        pair = (later() if self.new else ring(self.party)).log
        return NoteSigner(str(self.origin), pair.ed25519), Cosigner(str(self.origin), pair.mldsa44, AT)

    def mirror_signers(self) -> tuple[Cosigner, Cosigner]:
        """Who gives its receipts now."""
        pair, name = (later() if self.new else ring(self.party)).mirror, f"{self.party}.comity/mirror"
        return Cosigner(name, pair.ed25519, AT + 60), Cosigner(name, pair.mldsa44, AT + 60)


@dataclass
class Story:
    """What happened, and what the export says of it.

    Attributes:
        reason: Why the old keys were retired; empty where they were not.
        compromised: Since when they were in other hands.
        head_new: Whether the newest checkpoint is signed by the new keys.
        old_heads: Sizes at which the old keys signed a checkpoint that bb receipted.
        listed: What ``keychanges`` lists.
        policy: Which pairs of aa the verifier's own policy names; that of the export names both.
        with_passport: Whether the passports are there.
        receipts: For so many entries of bb, and whether by the new keys of aa.
        passport: The one that announces the keys, where it is another.
        clutter: How many entries about keys that have no effect follow.
    """

    reason: str = "scheduled"
    compromised: str = ""
    head_new: bool = True
    old_heads: tuple[int, ...] = (2,)
    listed: tuple[int, ...] = (1, 3)
    policy: str = "both"
    with_passport: bool = True
    receipts: tuple[tuple[int, bool], ...] = ((1, False), (2, True))
    passport: Passport | None = field(default=None)
    clutter: int = 0

    def own_policy(self) -> bytes | None:
        """What the verifier trusts, where that is not what the export says."""
        return _policy(Changing("aa"), Author("bb"), self.policy) if self.policy != "both" else None

    def export(self) -> InMemory:
        """The files."""
        anna, boris = Changing("aa"), Author("bb")
        named = self.passport or announcing()
        self._write(anna, boris, named)
        files = InMemory()
        files.held[POLICY] = _policy(anna, boris, "both")
        files.held[README] = readme(CHANNEL, ["aa", "bb"], "2026-01-02 00:00:00 UTC", "aa").encode()
        self._log_of_anna(files, anna, boris)
        self._log_of_boris(files, anna, boris)
        if self.with_passport:
            files.held[f"passports/aa/{named.about.version}"] = named.note
            files.held["passports/aa/2"] = settled().note
        return files

    def _write(self, anna: Changing, boris: Author, named: Passport) -> None:
        said = {"passport": named.digest, "version": str(named.about.version)}
        anna.writes("talk.said", "aa-1")
        boris.writes("talk.said", "bb-1", seen={"aa": 1})
        anna.writes("keys.announced", "aa-keys-1", seen={"bb": 1}, stated={**said, "begins": BEGINS})
        anna.writes("talk.said", "aa-2", seen={"bb": 1})
        if self.reason:
            said |= {"reason": self.reason}
            said |= {"compromised": self.compromised} if self.compromised else {}
            anna.writes("keys.retired", "aa-keys-1", seen={"bb": 1}, stated=said)
        anna.writes("talk.said", "aa-3", seen={"bb": 1})
        for _ in range(self.clutter):
            anna.writes("keys.retired", "aa-keys-1", seen={"bb": 1}, stated=said)
        entry = Entry(v=1, kind="talk.said", at="2026-01-01T00:00:00Z", by=OFFICE, ref="bb-2",
                      seen={"aa": len(anna.leaves)})  # fmt: skip
        boris.leaves.append(encode(entry))

    def _log_of_anna(self, files: InMemory, anna: Changing, boris: Author) -> None:
        head = replace(anna, new=self.head_new)
        size = len(anna.leaves)
        keys = [str(signer.vkey) for signer in head.log_signers()]
        files.held["aa/checkpoint"] = give_receipt(head.checkpoint(), boris.mirror_signers())
        files.held["aa/vkey"] = f"{keys[0]}\n".encode()
        files.held["aa/vkeys"] = "".join(f"{key}\n" for key in keys).encode()
        files.held["aa/mirrors"] = f"{boris.keys().mirror[0]}\n".encode()
        if self.listed:
            files.held[f"aa/{KEY_CHANGES}"] = "".join(f"{one}\n" for one in self.listed).encode()
        for one in (*self.old_heads, size):
            author = replace(anna, new=self.head_new and one == size)
            files.held[f"aa/receipts/{receipt_name(one, 'bb')}"] = author.receipted_by(boris, one)
        _tiled(files, anna)

    def _log_of_boris(self, files: InMemory, anna: Changing, boris: Author) -> None:
        keys = [str(key) for key in boris.keys().log]
        files.held["bb/checkpoint"] = boris.checkpoint()
        files.held["bb/vkey"] = f"{keys[0]}\n".encode()
        files.held["bb/vkeys"] = "".join(f"{key}\n" for key in keys).encode()
        files.held["bb/mirrors"] = b""
        for size, new in self.receipts:
            receipt = boris.receipted_by(replace(anna, new=new), size)
            files.held[f"bb/receipts/{receipt_name(size, 'aa')}"] = receipt
        _tiled(files, boris)


def _policy(anna: Changing, boris: Author, which: str) -> bytes:
    old, new = anna.keys(), replace(anna, new=True).keys()
    pairs = {"both": (old, new), "old": (old,), "new": (new,)}[which]
    log, mirror = [key for one in pairs for key in one.log], [key for one in pairs for key in one.mirror]
    return policy_of(CHANNEL, [PartyKeys("aa", log, mirror), boris.keys()]).encode()


def _tiled(files: InMemory, author: Author) -> None:
    for tile, content in tiles(author.leaves):
        files.held[f"{author.party}/{tile.path}"] = content


# What both verifiers must say of each: whether it holds.
STORIES = {
    "scheduled": (Story(), True),
    "stolen": (Story(reason="stolen", compromised="2026-02-03T00:00:00Z"), True),
    "both pairs in force": (Story(reason="", listed=(1,)), True),
    "the old pair signs on while both are in force": (Story(reason="", listed=(1,), head_new=False), True),
    "the policy names the old pair alone": (Story(policy="old"), True),
    "the policy names the new pair alone": (Story(policy="new"), True),
    "the old pair signs after it was retired": (Story(head_new=False), False),
    "the old pair signs up to the entry that retired it": (Story(old_heads=(2, 3)), True),
    "the old pair signs the entry that retired it": (Story(old_heads=(2, 4)), False),
    "a receipt by retired keys whose author knew": (Story(receipts=((1, False), (2, False))), False),
    "a change that is not listed": (Story(listed=(1,)), False),
    "no change is listed": (Story(listed=(), policy="new"), False),
    "what is listed is no change": (Story(listed=(0, 1, 3)), False),
    "more changes than count": (Story(clutter=1_100, listed=(1, 3, *range(5, 1_003))), True),
    "more listed than count": (Story(clutter=1_100, listed=(1, 3, *range(5, 1_004))), False),
    "fewer listed than count": (Story(clutter=1_100, listed=(1, 3, *range(5, 1_002))), False),
    "the passport is not there": (Story(with_passport=False), False),
    "a retirement for no reason": (Story(reason="because"), True),
}
