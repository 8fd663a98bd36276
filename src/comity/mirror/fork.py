"""Proof that a party signed two histories of one log.

Two signed checkpoints contradict each other when no log could have had both. Of equal size, different roots
show it at once. Of different sizes, a consistency proof shows it that leads to the later root but starts
from another root than the earlier one. Both notes carry the party's own signatures, so a stranger who
has only its public keys can check the proof; nobody else could have made it.

Follows: docs/spec/mirror.md, Misconduct; RFC 6962 section 2.1.2.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import msgspec

from comity.errors import MalformedBundle
from comity.forms import learnt
from comity.mirror.generations import Generation, signed_checkpoint
from comity.tlog.merkle import consistency_roots

if TYPE_CHECKING:
    from collections.abc import Iterable

    from comity.tlog.vkey import VerifierKey

MAX_BYTES: Final = 262_144


@learnt
class _Form(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    v: int
    earlier: str
    later: str
    proof: list[str]


@dataclass(frozen=True, slots=True)
class ForkProof:
    """Two checkpoints of one log that cannot both be true.

    Attributes:
        earlier: Signed note of the smaller (or equal) size.
        later: Signed note of the larger (or equal) size.
        proof: Consistency proof that leads to ``later`` from a root other than that of ``earlier``;
            empty where the sizes are equal.
    """

    earlier: bytes
    later: bytes
    proof: tuple[bytes, ...] = ()

    def holds(self, keys: Iterable[VerifierKey | Generation]) -> bool:
        """Whether the keys' owner signed both and they contradict each other.

        Raises:
            ComityError: A note or the proof cannot be read at all.
        """
        keys = tuple(keys)
        first, second = signed_checkpoint(self.earlier, keys), signed_checkpoint(self.later, keys)
        if first.origin != second.origin or first.size > second.size:
            return False
        if first.size == second.size:
            return first.root != second.root
        old, new = consistency_roots(first.size, second.size, self.proof)
        return new == second.root and old != first.root

    def encode(self) -> bytes:
        """The proof as a file: JSON in one spelling."""
        return msgspec.json.encode(
            _Form(
                v=1,
                earlier=self.earlier.decode(),
                later=self.later.decode(),
                proof=[b64encode(digest).decode() for digest in self.proof],
            )
        )

    @classmethod
    def parse(cls, data: bytes) -> ForkProof:
        """Read a proof file.

        Raises:
            MalformedBundle: Too large, or not the one spelling of a proof.
        """
        if len(data) > MAX_BYTES:
            raise MalformedBundle(f"a fork proof has at most {MAX_BYTES:,} bytes")
        try:
            form = msgspec.json.decode(data, type=_Form)
            hashes = tuple(b64decode(text, validate=True) for text in form.proof)
        except (msgspec.DecodeError, ValueError, RecursionError) as error:
            raise MalformedBundle("a fork proof could not be read") from error
        proof = cls(form.earlier.encode(), form.later.encode(), hashes)
        if form.v != 1 or any(len(digest) != 32 for digest in hashes) or proof.encode() != data:
            raise MalformedBundle("a fork proof is not written in its one permitted spelling")
        return proof
