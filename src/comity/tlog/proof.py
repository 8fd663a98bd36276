"""Proof files: one entry's place in a signed log, to be verified offline by anybody with the policy.

Follows: C2SP tlog-proof.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from comity.errors import MalformedProof
from comity.tlog.encoding import base64_bytes, base64_text, decimal, hash_bytes
from comity.tlog.merkle import MAX_PROOF, verify_inclusion
from comity.tlog.note import MAX_NOTE, Note, parse_note

if TYPE_CHECKING:
    from comity.tlog.policy import Policy, Verdict

HEADER: Final = "c2sp.org/tlog-proof@v1"
MAX_EXTRA: Final = 65_536
MAX_PROOF_FILE: Final = MAX_NOTE + 2 * MAX_EXTRA


@dataclass(frozen=True, slots=True)
class TlogProof:
    """What a ``.tlog-proof`` file says: an index, a path of hashes, and the checkpoint they lead to.

    ``extra`` is not covered by any signature: it may help to find the leaf, and proves nothing.
    """

    index: int
    hashes: tuple[bytes, ...]
    checkpoint: Note
    extra: bytes | None = None

    @classmethod
    def parse(cls, data: bytes) -> TlogProof:
        """Read a proof file; nothing is verified yet.

        Raises:
            MalformedProof: The bytes have another form.
            MalformedNote: The checkpoint in it has another form.
        """
        if len(data) > MAX_PROOF_FILE:
            raise MalformedProof(f"a proof file has at most {MAX_PROOF_FILE} bytes, not {len(data)}")
        head, mark, note = data.partition(b"\n\n")
        lines = ascii_lines(head)
        if not mark or lines[:1] != [HEADER]:
            raise MalformedProof(
                f"a proof file begins with {HEADER!r} and has a blank line before its checkpoint"
            )
        lines = lines[1:]
        extra = None
        if lines and lines[0].startswith("extra "):
            extra = base64_bytes(lines.pop(0).removeprefix("extra "))
            if extra is None or len(extra) > MAX_EXTRA:
                raise MalformedProof(f"the extra line is not base64 of at most {MAX_EXTRA} bytes")
        index = decimal(lines[0].removeprefix("index ")) if lines and lines[0].startswith("index ") else None
        if index is None:
            raise MalformedProof("a proof file says the index of its entry")
        return cls(index, hash_lines(lines[1:]), parse_note(note), extra)

    def encode(self) -> bytes:
        """The bytes of the proof file."""
        extra = [] if self.extra is None else [f"extra {base64_text(self.extra)}"]
        lines = [HEADER, *extra, f"index {self.index}", *map(base64_text, self.hashes)]
        return "\n".join(lines).encode() + b"\n\n" + self.checkpoint.encode()

    def verify(self, leaf: bytes, policy: Policy) -> Verdict:
        """Satisfy ourselves that the log the policy knows holds this leaf hash, and who else says so.

        The time of a cosignature is the caller's to judge.

        Raises:
            BadSignature: A key of the policy is named by a signature that does not verify.
            NotSigned: No log of the policy signed the checkpoint.
            NoQuorum: The cosignatures are fewer than the policy demands.
            MalformedCheckpoint: The signed text is not a checkpoint.
            MalformedProof: The proof has not the length its index and size demand.
            NotIncluded: The proof leads to another root.

        Follows: C2SP tlog-proof, Verifying a tlog proof.
        """
        verdict = policy.accept(self.checkpoint)
        signed = verdict.checkpoint
        verify_inclusion(leaf, self.index, signed.size, self.hashes, signed.root)
        return verdict


def ascii_lines(head: bytes) -> list[str]:
    """The lines before the blank line that ends a head.

    Raises:
        MalformedProof: The head is not ASCII.
    """
    try:
        return head.decode("ascii").split("\n")
    except UnicodeDecodeError as fault:
        raise MalformedProof("the lines of a proof are ASCII") from fault


def hash_lines(lines: list[str]) -> tuple[bytes, ...]:
    """Read proof lines, one base64 hash each.

    Raises:
        MalformedProof: There are over 63, or one is not a hash.
    """
    if len(lines) > MAX_PROOF:
        raise MalformedProof(f"a proof has at most {MAX_PROOF} hashes, not {len(lines)}")
    hashes = tuple(map(hash_bytes, lines))
    if None in hashes:
        raise MalformedProof("a line of the proof is not the base64 of a hash")
    return tuple(found for found in hashes if found is not None)
