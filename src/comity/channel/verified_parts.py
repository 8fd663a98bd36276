"""Verify a part of a record that travels alone: one delivery, one receipt, or the proof of one entry.

Follows: docs/spec/export.md, Parts; C2SP tlog-proof.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple

from comity.channel.bundle import Limits, read_bundle
from comity.channel.charter import PAIR, pairs_of
from comity.channel.statements import NO_TIME, Statement, said
from comity.channel.verification import ALWAYS, Report
from comity.entries import Entry, decode
from comity.errors import (
    BadCheckpoint,
    BadName,
    BadReceipt,
    EntriesDoNotMatch,
    MalformedProof,
    NoQuorum,
    PayloadDoesNotMatch,
)
from comity.mirror import read_receipt, signed_checkpoint, stated_at
from comity.names import EntryRef, Origin
from comity.tlog.checkpoint import Checkpoint
from comity.tlog.encoding import base64_text
from comity.tlog.merkle import CompactRange, leaf_hash
from comity.tlog.note import parse_note
from comity.tlog.policy import NONE
from comity.tlog.proof import TlogProof

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from comity.mirror import Generation
    from comity.tlog.policy import Policy, Verdict
    from comity.tlog.vkey import VerifierKey

_MIRROR: Final = ".comity/mirror"
_FIRST_LINE: Final = 128


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
    report.proven.append(said("delivery-is-formed", sender=bundle.sender, receiver=bundle.receiver))
    if named:
        report.proven.append(said("payloads-match", count=len(named)))
    _verify_signed(report, bundle.checkpoint, policy, Origin(bundle.sender, bundle.channel))
    _lead_to_root(report, bundle.checkpoint, bundle.start, bundle.entries)
    report.not_proven += [*ALWAYS, said("payloads-sealed")]
    return report


def _verify_signed(report: Report, checkpoint: bytes, policy: Policy | None, origin: Origin) -> None:
    if policy is None:
        report.not_proven.append(said("signer-unknown"))
    elif checkpoint:
        keys = pairs_of([one.vkey for one in policy.logs if one.vkey.name == str(origin)])
        if signed_checkpoint(checkpoint, keys).origin != str(origin):
            raise BadCheckpoint(f"the checkpoint is not one of {origin}")
        report.signatures += PAIR
        report.proven.append(said("checkpoint-signed", party=origin.party))
        report.not_proven += _of_several(keys)


def _lead_to_root(report: Report, checkpoint: bytes, start: int, entries: tuple[bytes, ...]) -> None:
    if start or not checkpoint:
        report.not_proven.append(said("delivery-begins-later", start=start))
        return
    tree = CompactRange()
    tree.extend(map(leaf_hash, entries))
    size, root = _head(checkpoint)
    if (tree.size, tree.root()) != (size, root):
        raise EntriesDoNotMatch("the entries of the delivery do not lead to the root that was signed")
    report.proven.append(said("delivery-is-whole", count=len(entries)))


def _head(checkpoint: bytes) -> tuple[int, bytes]:
    head = Checkpoint.parse(parse_note(checkpoint).text)
    return head.size, head.root


def is_receipt(data: bytes) -> bool:
    """Whether a file begins as a receipt does: with the name of a log on a line of its own."""
    first, mark, _ = data[:_FIRST_LINE].partition(b"\n")
    try:
        Origin.parse(first.decode("ascii"))
    except (UnicodeDecodeError, BadName):
        return False
    return bool(mark)


def verify_receipt(data: bytes, policy: Policy) -> Report:
    """Verify a receipt that travels alone.

    Raises:
        ComityError: It is no receipt by the mirror of another party of the channel.
    """
    note = parse_note(data)
    head = Checkpoint.parse(note.text)
    origin = Origin.parse(head.origin)
    keys = tuple(one.vkey for one in policy.logs if one.vkey.name == head.origin)
    mirrors: dict[str, list[VerifierKey]] = {}
    for one in policy.witnesses:
        if one.vkey.name.endswith(_MIRROR) and one.vkey.name != origin.party + _MIRROR:
            mirrors.setdefault(one.vkey.name.removesuffix(_MIRROR), []).append(one.vkey)
    givers = {
        giver: found
        for giver, found in mirrors.items()
        if any(line.is_by(key) for line in note.signatures for key in found)
    }
    if not givers:
        raise BadReceipt(f"no mirror of the policy but its author's own has signed for {origin}")
    report = Report(channel=origin.channel, logs={origin.party: head.size})
    for giver, found in sorted(givers.items()):
        receipt = read_receipt(data, origin, log_keys=keys, mirror_keys=found)
        report.signatures += len(found)
        report.proven.append(
            said(
                "receipt-given",
                giver=giver,
                party=origin.party,
                at=stated_at(receipt.at),
                size=receipt.size,
            )
        )
    report.signatures += len(keys)
    report.receipted = {origin.party: head.size}
    report.not_proven = [
        said("receipt-of-entries", root=base64_text(head.root)),
        said("whose-keys-given"),
        *ALWAYS,
    ]
    return report


def verify_proof(data: bytes, policy: Policy, entry: bytes | None = None) -> Report:
    """Verify the proof of one entry.

    Args:
        data: The ``.tlog-proof`` file.
        policy: Whose signatures to believe.
        entry: The entry; without it, the leaf in the ``extra`` line of the proof.

    Raises:
        ComityError: Something does not hold.
    """
    found = proven_entry(data, policy, entry)
    party, size = found.ref.origin.party, found.size
    report = Report(channel=found.ref.origin.channel, entries=1, signatures=found.signatures)
    report.logs = {party: size}
    report.proven = [
        *_what_it_says(found.entry, party, found.ref.index),
        said("entry-in-log", party=party, size=size),
        *witnessed(policy, found.cosigned_at, party, size),
        *entry_received(policy, found.cosigned_at, party),
    ]
    report.not_proven = [said("whose-keys-given"), *ALWAYS, *_of_several(found.pairs)]
    if found.entry.payload is not None:
        report.not_proven.append(said("payload-unread"))
    return report


class ProvenEntry(NamedTuple):
    """An entry that a proof places in a log, and who says so.

    Attributes:
        size: How many entries the signed log had that holds it.
        cosigned_at: When each other than its author cosigned that log, in POSIX seconds, by name.
        signatures: How many signatures were verified.
        pairs: The pairs of keys the policy gives for that log.
    """

    ref: EntryRef
    entry: Entry
    size: int
    cosigned_at: Mapping[str, int]
    signatures: int
    pairs: tuple[Generation, ...]


def proven_entry(data: bytes, policy: Policy, entry: bytes | None = None) -> ProvenEntry:
    """Satisfy ourselves that a proof places an entry in a log; arguments and errors as ``verify_proof``."""
    proof = TlogProof.parse(data)
    leaf = proof.extra if entry is None else entry
    if leaf is None:
        raise MalformedProof("the proof carries no entry", hint="give the entry: --entry FILE")
    verdict = proof.verify(leaf_hash(leaf), replace(policy, quorum=NONE))
    origin = Origin.parse(verdict.checkpoint.origin)
    keys = pairs_of([one.vkey for one in policy.logs if one.vkey.name == verdict.checkpoint.origin])
    signed_checkpoint(proof.checkpoint.encode(), keys)
    others = cosigned_by_others(verdict, policy, origin.party)
    if not policy.is_quorum(others):
        raise NoQuorum(_no_receipt(policy, others))
    return ProvenEntry(
        EntryRef(origin, proof.index), decode(leaf), verdict.checkpoint.size, others, PAIR + len(others), keys
    )


def cosigned_by_others(verdict: Verdict, policy: Policy, party: str) -> dict[str, int]:
    """When each other than a log's author cosigned a checkpoint, in POSIX seconds, by name in the policy."""
    return {name: at for name, at in verdict.cosigned_at.items() if not _is_own(policy, name, party)}


def _what_it_says(entry: Entry, party: str, index: int) -> Iterator[Statement]:
    by, at = entry.by, entry.authored_at
    yield said(
        "entry-says",
        party=party,
        index=index,
        kind=entry.kind,
        ref=entry.ref,
        office=by.office,
        capacity=by.capacity,
        at=at,
    )
    if by.second is not None:
        yield said("entry-seconded", office=by.second.office, capacity=by.second.capacity)


def _no_receipt(policy: Policy, cosigned: Mapping[str, int]) -> str:
    """Why the quorum is not reached; a witness that saw the entry proves its date all the same."""
    neutral = {one.name for one in policy.witnesses if not one.vkey.name.endswith(_MIRROR)}
    seen = [f"{name}, by {_written(at)}" for name, at in sorted(cosigned.items()) if name in neutral]
    if not seen:
        return "only the author's own mirror cosigned the checkpoint, if anybody did, and that is no receipt"
    return (
        "the entry was lodged, as neutral witnesses saw"
        f" ({'; '.join(seen)}), but no other party signed that it holds it: the policy asks for that"
    )


def _of_several(pairs: tuple[Generation, ...]) -> list[Statement]:
    return [] if len(pairs) == 1 else [said("keys-not-retired")]


def _written(timestamp: int) -> str:
    at = stated_at(timestamp)
    return f"{at:%Y-%m-%d %H:%M:%S} UTC" if at else NO_TIME


def _is_own(policy: Policy, name: str, party: str) -> bool:
    return any(one.name == name and one.vkey.name == party + _MIRROR for one in policy.witnesses)


def witnessed(policy: Policy, cosigned_at: Mapping[str, int], party: str, size: int) -> Iterator[Statement]:
    """Each neutral witness that signed for so many entries of a party's log."""
    for one in policy.witnesses:
        if one.name in cosigned_at and not one.vkey.name.endswith(_MIRROR):
            at = stated_at(cosigned_at[one.name])
            yield said("witnessed", witness=one.name, party=party, size=size, at=at)


def entry_received(policy: Policy, cosigned_at: Mapping[str, int], party: str) -> Iterator[Statement]:
    """Each party whose mirror signed for an entry of another's log."""
    for giver, at in received(policy, cosigned_at).items():
        yield said("entry-received", giver=giver, party=party, at=stated_at(at))


def received(policy: Policy, cosigned_at: Mapping[str, int]) -> dict[str, int]:
    """Each party whose mirror signed with every key, with the latest of its times, in POSIX seconds."""
    mirrors: dict[str, list[str]] = {}
    for one in policy.witnesses:
        if one.vkey.name.endswith(_MIRROR):
            mirrors.setdefault(one.vkey.name.removesuffix(_MIRROR), []).append(one.name)
    return {
        giver: max(cosigned_at[name] for name in names)
        for giver, names in sorted(mirrors.items())
        if cosigned_at.keys() >= set(names)
    }
