"""Verify a proof that a party signed two histories of one log, given alone: a file that anybody may hold.

Follows: docs/spec/mirror.md, Misconduct; docs/spec/export.md, Parts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from comity.channel.charter import PAIR, pairs_of
from comity.channel.statements import said
from comity.channel.verification import ALWAYS, Report
from comity.channel.verified_parts import cosigned_by_others, received, witnessed
from comity.errors import CounterpartBreach, NotSigned
from comity.mirror import ForkProof, signed_checkpoint, stated_at
from comity.names import Origin
from comity.tlog.encoding import base64_text
from comity.tlog.merkle import consistency_roots
from comity.tlog.note import parse_note

if TYPE_CHECKING:
    from collections.abc import Iterator

    from comity.channel.statements import Statement
    from comity.tlog.checkpoint import Checkpoint
    from comity.tlog.policy import Policy

_BEGINS: Final = b'{"v":1,"earlier":'


class ProvesNothing(CounterpartBreach):
    """What is given as a proof of misconduct proves none: both signatures could stand under one log."""

    code = "proves-nothing"
    default_hint = "reproach nobody with it; ask whoever gave it for the proof itself"


def is_fork_proof(data: bytes) -> bool:
    """Whether a file begins as a proof of misconduct does."""
    return data.startswith(_BEGINS)


def verify_fork(data: bytes, policy: Policy) -> Report:
    """Verify that a log of the policy was signed in two histories, and say which, and who signed for which.

    Raises:
        NotSigned: The policy has no such log.
        ProvesNothing: Its party signed both, and they do not contradict each other.
        ComityError: A signature of it is missing, or something cannot be read.
    """
    proof = ForkProof.parse(data)
    origin = Origin.parse(parse_note(proof.earlier).text.partition("\n")[0])
    keys = pairs_of([one.vkey for one in policy.logs if one.vkey.name == str(origin)])
    if not keys:
        raise NotSigned(
            f"the policy has no log {origin}",
            hint="give the policy of the channel the proof is from",
        )
    if not proof.holds(keys):
        raise ProvesNothing(f"the two checkpoints of {origin} could both be true: nothing is proven")
    heads = [signed_checkpoint(note, keys) for note in (proof.earlier, proof.later)]
    report = Report(channel=origin.channel, signatures=2 * PAIR, logs={origin.party: heads[1].size})
    report.proven = [said("misconduct", party=origin.party), _contradiction(proof, *heads)]
    for note, head in zip((proof.earlier, proof.later), heads, strict=True):
        report.proven += _signed_for(note, head, policy, origin.party)
    report.not_proven = [
        said("fork-which"),
        said("fork-why"),
        said("whose-keys-given"),
        *(one for one in ALWAYS if one.code != "truth"),
    ]
    return report


def _contradiction(proof: ForkProof, earlier: Checkpoint, later: Checkpoint) -> Statement:
    """What no log could be both of."""
    roots = {"first": base64_text(earlier.root), "second": base64_text(later.root)}
    if earlier.size == later.size:
        return said("fork-of-one-size", size=earlier.size, **roots)
    begins, _ = consistency_roots(earlier.size, later.size, proof.proof)
    roots["second"] = base64_text(begins)
    return said("fork-of-two-sizes", earlier=earlier.size, later=later.size, **roots)


def _signed_for(note: bytes, head: Checkpoint, policy: Policy, party: str) -> Iterator[Statement]:
    """Who else's signature is under one of the two: whoever was shown that history."""
    cosigned = cosigned_by_others(policy.evaluate(parse_note(note)), policy, party)
    root = base64_text(head.root)
    for giver, at in received(policy, cosigned).items():
        yield said("fork-shown", giver=giver, at=stated_at(at), size=head.size, root=root)
    yield from witnessed(policy, cosigned, party, head.size)
