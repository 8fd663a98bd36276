"""Verify a part of a record that travels alone: one delivery, or the proof of one entry.

Follows: docs/spec/export.md, Parts; C2SP tlog-proof.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from comity.channel.bundle import Limits, read_bundle
from comity.channel.verification import Report, time_said
from comity.entries import decode
from comity.errors import BadCheckpoint, EntriesDoNotMatch, MalformedProof, NoQuorum, PayloadDoesNotMatch
from comity.mirror import signed_checkpoint, stated_at
from comity.names import Origin
from comity.tlog.checkpoint import Checkpoint
from comity.tlog.merkle import CompactRange, leaf_hash
from comity.tlog.note import parse_note
from comity.tlog.proof import TlogProof

if TYPE_CHECKING:
    from comity.tlog.policy import Policy

_MIRROR: Final = ".comity/mirror"
_ALWAYS: Final = (
    "that what an entry says is true",
    "which person acted: entries name an office and a capacity",
    "that a clock was right: each time is by the clock of whoever signed it",
)


def verify_bundle(data: bytes, policy: Policy | None = None, limits: Limits | None = None) -> Report:
    """Verify a delivery as far as it can be verified alone.

    Raises:
        ComityError: Something does not hold.
    """
    bundle = read_bundle(data, limits)
    entries = [decode(leaf) for leaf in bundle.entries]
    named = [entry.payload for entry in entries if entry.payload is not None]
    if len(named) != len(bundle.payloads):
        raise PayloadDoesNotMatch(
            f"{len(bundle.payloads)} payloads came for {len(named)} entries that name one"
        )
    for expected, sealed in zip(named, bundle.payloads, strict=True):
        if (len(sealed), hashlib.sha256(sealed).hexdigest()) != (expected.size, expected.sha256):
            raise PayloadDoesNotMatch(f"the payload {expected.sha256} is not the one its entry names")
    report = Report(channel=bundle.channel, entries=len(entries), logs={bundle.sender: bundle.end})
    report.proven.append(f"the delivery of {bundle.sender} to {bundle.receiver} is in its one form")
    if named:
        report.proven.append(f"{len(named):,} payloads are the ones their entries name")
    _verify_signed(report, bundle.checkpoint, policy, Origin(bundle.sender, bundle.channel))
    _lead_to_root(report, bundle.checkpoint, bundle.start, bundle.entries)
    report.not_proven += [*_ALWAYS, "what the payloads say: they are sealed"]
    return report


def _verify_signed(report: Report, checkpoint: bytes, policy: Policy | None, origin: Origin) -> None:
    if policy is None:
        report.not_proven.append("who signed: no policy was given, so no key is known")
    elif checkpoint:
        keys = tuple(one.vkey for one in policy.logs if one.vkey.name == str(origin))
        if signed_checkpoint(checkpoint, keys).origin != str(origin):
            raise BadCheckpoint(f"the checkpoint is not one of {origin}")
        report.signatures += len(keys)
        report.proven.append(f"{origin.party} signed the checkpoint")


def _lead_to_root(report: Report, checkpoint: bytes, start: int, entries: tuple[bytes, ...]) -> None:
    if start or not checkpoint:
        report.not_proven.append(
            f"that the entries are the signed ones: the {start:,} before them are not here"
        )
        return
    tree = CompactRange()
    tree.extend(map(leaf_hash, entries))
    size, root = _head(checkpoint)
    if (tree.size, tree.root()) != (size, root):
        raise EntriesDoNotMatch("the entries of the delivery do not lead to the root that was signed")
    report.proven.append(f"the {len(entries):,} entries are exactly those the checkpoint speaks of")


def _head(checkpoint: bytes) -> tuple[int, bytes]:
    head = Checkpoint.parse(parse_note(checkpoint).text)
    return head.size, head.root


def verify_proof(data: bytes, policy: Policy, entry: bytes | None = None) -> Report:
    """Verify the proof of one entry.

    Args:
        data: The ``.tlog-proof`` file.
        policy: Whose signatures to believe.
        entry: The entry; without it, the leaf in the ``extra`` line of the proof.

    Raises:
        ComityError: Something does not hold.
    """
    proof = TlogProof.parse(data)
    leaf = proof.extra if entry is None else entry
    if leaf is None:
        raise MalformedProof("the proof carries no entry", hint="give the entry: --entry FILE")
    verdict = proof.verify(leaf_hash(leaf), policy)
    said, origin = decode(leaf), Origin.parse(verdict.checkpoint.origin)
    keys = tuple(one.vkey for one in policy.logs if one.vkey.name == verdict.checkpoint.origin)
    signed_checkpoint(proof.checkpoint.encode(), keys)
    others = {name: at for name, at in verdict.cosigned_at.items() if not _is_own(policy, name, origin.party)}
    if not policy.is_quorum(others):
        raise NoQuorum("only the author's own mirror cosigned the checkpoint, and that is no receipt")
    report = Report(channel=origin.channel, entries=1, signatures=len(keys) + len(others))
    report.logs = {origin.party: verdict.checkpoint.size}
    report.proven = [
        f"entry {proof.index} of {origin} is {said.kind} of {said.ref}, by {said.by.office} at {said.at}",
        f"{origin.party} signed a log of {verdict.checkpoint.size:,} entries that holds it there",
        *(f"{name} cosigned that log at {time_said(stated_at(at))}" for name, at in sorted(others.items())),
    ]
    report.not_proven = [*_ALWAYS, "what its payload says" if said.payload else "that nothing followed"]
    return report


def _is_own(policy: Policy, name: str, party: str) -> bool:
    return any(one.name == name and one.vkey.name == party + _MIRROR for one in policy.witnesses)
