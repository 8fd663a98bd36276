"""Verify an export whole, and say in plain words what it proves and what it does not.

The steps, each of which stops at the first thing that does not hold:

1. the policy: the verifier's own, or the one in the export, which must be as a charter makes it
2. every signature over every checkpoint, receipt and witness's mark, by the keys of the policy
3. every entry hashes to its tile, every tile to the one above, the whole to every root that was signed
4. every entry is in its one form, and claims to have seen only what can have been
5. the texts have the digests the entries state; where procedures stand follows from both
6. payloads, passports and proofs of misconduct are what their names say

Follows: docs/spec/export.md, Verifying.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from comity.channel.charter import PartyKeys, policy_of
from comity.channel.export import MISCONDUCT, PASSPORTS, PAYLOADS, POLICY, SHARED, Files
from comity.channel.passport import MAX_PASSPORT_BYTES, Passport
from comity.channel.verified_course import Course, exported_instruments, in_one_order
from comity.channel.verified_log import ExportedLog, Keys
from comity.entries import Entry, decode
from comity.errors import ExportDoesNotHold, MalformedEntry, NoQuorum
from comity.mirror import ForkProof
from comity.mirror.fork import MAX_BYTES as MAX_FORK_PROOF
from comity.names import Origin
from comity.tlog.note import MAX_NOTE, parse_note
from comity.tlog.policy import MAX_POLICY, Policy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

    from comity.tlog.vkey import VerifierKey

_MIRROR: Final = ".comity/mirror"
_MOST_PAYLOAD: Final = 2**31


@dataclass(slots=True)
class Report:
    """What a verification found; it exists only where everything held."""

    channel: str = ""
    entries: int = 0
    signatures: int = 0
    logs: dict[str, int] = field(default_factory=dict)
    receipted: dict[str, int] = field(default_factory=dict)
    standings: list[dict[str, object]] = field(default_factory=list)
    figures: dict[str, object] | None = None
    proven: list[str] = field(default_factory=list)
    not_proven: list[str] = field(default_factory=list)


def verify_export(
    files: Files,
    policy: Policy | None = None,
    *,
    tree_only: bool = False,
    as_of: datetime | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> Report:
    """Verify an export.

    Args:
        files: Its files.
        policy: The verifier's own policy. Without it the one in the export is used, and the report says so.
        tree_only: Leave out what entries mean: only hashes and signatures.
        as_of: Count the figures of reciprocity as the record had them at this instant.
        progress: Told now and then how many entries are done.

    Raises:
        ComityError: Something does not hold; the message names it.
    """
    return _Verification(files, policy, progress).run(tree_only=tree_only, as_of=as_of)


class _Verification:
    """One export being verified."""

    def __init__(self, files: Files, policy: Policy | None, progress: Callable[[int], None]) -> None:
        self._files = files
        self._is_strangers = policy is not None
        self._policy = policy or _policy_inside(files)
        self._progress = progress
        self._report = Report()
        self._logs = self._open_logs()
        self._payloads = {name.removesuffix(".age") for name in files.names(PAYLOADS)}
        self._unnamed = set(self._payloads)
        self._absent = self._present = 0

    def run(self, *, tree_only: bool, as_of: datetime | None = None) -> Report:
        """All steps."""
        if tree_only:
            for log in self._logs.values():
                for _start, entries in log.blocks():
                    self._count(len(entries))
        else:
            self._read_entries(as_of)
        self._describe_logs()
        self._read_misconduct()
        self._read_passports()
        self._say_what_is_not_proven(tree_only=tree_only)
        self._report.signatures += sum(log.signatures for log in self._logs.values())
        return self._report

    # --- logs ---------------------------------------------------------------------------------------

    def _open_logs(self) -> dict[str, ExportedLog]:
        folders = [name for name in self._files.names("") if name not in SHARED]
        keys = {party: self._keys(party) for party in folders}
        if not folders:
            raise ExportDoesNotHold("the export has no log")
        logs = {party: ExportedLog(self._files, party, keys[party]) for party in folders}
        channels = {log.origin.channel for log in logs.values()}
        if len(channels) != 1:
            raise ExportDoesNotHold("the export mixes logs of several channels")
        self._report.channel = channels.pop()
        self._report.logs = {party: log.size for party, log in logs.items()}
        if self._is_strangers:
            for party, log in logs.items():
                self._must_reach_quorum(party, log)
        return logs

    def _keys(self, party: str) -> Keys:
        note = parse_note(self._files.read(f"{party}/checkpoint", MAX_NOTE))
        origin = note.text.partition("\n")[0]
        logs = [one.vkey for one in self._policy.logs if one.vkey.name == origin]
        if not logs or Origin.parse(origin).party != party:
            raise ExportDoesNotHold(f"{party[:40]!r} is in the export, and the policy has no such log of it")
        mirrors: dict[str, list[VerifierKey]] = {}
        for one in self._policy.witnesses:
            if one.vkey.name.endswith(_MIRROR):
                mirrors.setdefault(one.vkey.name.removesuffix(_MIRROR), []).append(one.vkey)
        return Keys(
            log=tuple(logs),
            own_mirror=tuple(mirrors.pop(party, ())),
            mirrors={giver: tuple(keys) for giver, keys in mirrors.items()},
            witnesses={
                one.name: one.vkey for one in self._policy.witnesses if not one.vkey.name.endswith(_MIRROR)
            },
        )

    def _must_reach_quorum(self, party: str, log: ExportedLog) -> None:
        """A policy the verifier brought is a demand, for the newest state that anybody cosigned."""
        if not any(self._policy.evaluate(note).has_quorum for note in reversed(log.notes)):
            raise NoQuorum(f"no checkpoint of the log of {party} carries the cosignatures the policy demands")

    def _describe_logs(self) -> None:
        for party, log in self._logs.items():
            self._report.proven.append(
                f"{party} signed for exactly the {log.size:,} entries of its log that are here, in this order"
            )
            covered = 0
            for giver, receipts in log.receipts.items():
                if receipts:
                    last = max(receipts, key=lambda receipt: receipt.size)
                    at = time_said(log.receipted_at(last.size - 1))
                    covered = max(covered, last.size)
                    self._report.proven.append(
                        f"{giver} signed that it holds the first {last.size:,} entries of {party}'s log"
                        f" ({len(receipts):,} receipts, the last at {at})"
                    )
            self._report.receipted[party] = covered
            if covered < log.size:
                self._report.not_proven.append(
                    f"that anybody else holds entries {covered:,} to {log.size - 1:,} of {party}'s log:"
                    " no receipt covers them"
                )
            for name, seen in log.seen_by_witness.items():
                size, marked_at = max(seen, key=lambda one: one[0])
                at = time_said(marked_at)
                self._report.proven.append(f"{name} saw {party}'s log with {size:,} entries at {at}")

    # --- entries ------------------------------------------------------------------------------------

    def _read_entries(self, as_of: datetime | None) -> None:
        texts = exported_instruments(self._files)
        course = Course(self._report.channel, texts, parties=tuple(self._logs))
        streams = {party: self._entries(party, log) for party, log in self._logs.items()}
        for ref, entry in in_one_order(self._report.channel, streams, self._report.logs):
            course.take(ref, entry, self._logs[ref.origin.party].receipted_at)
        course.must_be_stated()
        self._report.standings = [
            {"ref": ref, "procedure": standing.procedure.id, "standing": standing.label,
             "acts": len(standing.judged), "irregular": len(standing.irregular),
             "lodged": len(standing.lodged)}
            for ref, standing in course.standings()
        ]  # fmt: skip
        if as_of is not None:
            self._report.figures = course.figures(as_of)
        self._describe_entries(course)

    def _entries(self, party: str, log: ExportedLog) -> Iterator[Entry]:
        for start, leaves in log.blocks():
            for place, leaf in enumerate(leaves, start):
                try:
                    entry = decode(leaf)
                except MalformedEntry as fault:
                    raise ExportDoesNotHold(
                        f"entry {place} of {party} is not in its form: {fault}"
                    ) from fault
                if entry.payload is not None:
                    self._examine(entry.payload.sha256, entry.payload.size)
                yield entry
            self._count(len(leaves))

    def _count(self, entries: int) -> None:
        self._report.entries += entries
        self._progress(self._report.entries)

    def _examine(self, sha256: str, size: int) -> None:
        if sha256 not in self._payloads:
            self._absent += 1
            return
        self._unnamed.discard(sha256)
        path = f"{PAYLOADS}/{sha256}.age"
        sealed = self._files.read(path, min(size, _MOST_PAYLOAD))
        if len(sealed) != size or hashlib.sha256(sealed).hexdigest() != sha256:
            raise ExportDoesNotHold(f"{path} is not the payload its entry names")
        self._present += 1

    def _describe_entries(self, course: Course) -> None:
        proven, not_proven = self._report.proven, self._report.not_proven
        proven.append(
            "every entry is well formed, and none claims to have seen what its author cannot have seen"
        )
        chosen = {text.digest: text.id for text in course.chosen()}
        if chosen:
            names = ", ".join(sorted(chosen.values()))
            proven.append(f"where the procedures stand, as listed, by the texts here: {names}")
        for digest, text in course.instruments.items():
            if digest not in chosen:
                not_proven.append(
                    f"where anything stands under the text of {text.id}: the channel does not rest on it,"
                    " or this verifier does not know it"
                )
        for digest in sorted(course.stated - course.instruments.keys()):
            not_proven.append(f"where procedures under the text {digest[:16]}… stand: the text is not here")
        if self._present:
            proven.append(f"{self._present:,} payloads are the ones their entries name")
        if self._absent:
            not_proven.append(f"what {self._absent:,} payloads say: they are not here and were not examined")
        if self._unnamed:
            raise ExportDoesNotHold(f"{PAYLOADS}/{min(self._unnamed)[:80]}.age is named by no entry")

    # --- the rest -----------------------------------------------------------------------------------

    def _read_misconduct(self) -> None:
        for name in self._files.names(MISCONDUCT):
            path = f"{MISCONDUCT}/{name}"
            proof = ForkProof.parse(self._files.read(path, MAX_FORK_PROOF))
            origin = parse_note(proof.earlier).text.partition("\n")[0]
            keys = tuple(one.vkey for one in self._policy.logs if one.vkey.name == origin)
            if not keys or not proof.holds(keys):
                raise ExportDoesNotHold(f"{path} does not prove that anybody signed two histories")
            self._report.signatures += 2 * len(keys)
            self._report.proven.append(
                f"misconduct: {Origin.parse(origin).party} signed two histories of one log"
            )

    def _read_passports(self) -> None:
        for party in self._files.names(PASSPORTS):
            for version in self._files.names(f"{PASSPORTS}/{party}"):
                path = f"{PASSPORTS}/{party}/{version}"
                passport = Passport.parse(self._files.read(path, MAX_PASSPORT_BYTES))
                if (passport.about.party, str(passport.about.version)) != (party, version):
                    raise ExportDoesNotHold(f"{path} is the passport of another party, or another version")
                self._report.signatures += len(passport.keys["identity"])
                self._compare(passport)

    def _compare(self, passport: Passport) -> None:
        about, log = passport.about, self._logs.get(passport.about.party)
        if log is not None:
            named = set(passport.log_keys(str(log.origin))) == set(self._keys(about.party).log)
            said = f"the passport of {about.party}, version {about.version}"
            if named:
                self._report.proven.append(f"{said}, names the keys of its log that the policy gives")
            else:
                self._report.not_proven.append(f"{said}, names other keys of its log than the policy")

    def _say_what_is_not_proven(self, *, tree_only: bool) -> None:
        source = "the policy you gave" if self._is_strangers else "the policy in this very export"
        self._report.not_proven += [
            f"whose the keys are: that reaches as far as you trust {source}",
            "that what a request or an answer says is true",
            "which person acted: entries name an office and a capacity",
            "that a clock was right: each time is by the clock of whoever signed it",
            "that nothing followed: the logs may have grown since",
        ]
        if tree_only:
            self._report.not_proven.append(
                "what the entries say and where procedures stand: only hashes were read"
            )


def _policy_inside(files: Files) -> Policy:
    """The policy of the export itself, which must be the one its own keys make by the charter's rule."""
    data = files.read(POLICY, MAX_POLICY)
    policy = Policy.parse(data)
    if _as_chartered(policy).encode() != data:
        raise ExportDoesNotHold("the policy in the export is not as a charter makes one")
    return policy


def _as_chartered(policy: Policy) -> Policy:
    origins = [Origin.parse(one.vkey.name) for one in policy.logs]
    if len({origin.channel for origin in origins}) != 1:
        raise ExportDoesNotHold("the policy in the export speaks of several channels")
    parties: Mapping[str, None] = dict.fromkeys(origin.party for origin in origins)
    return policy_of(
        origins[0].channel,
        [
            PartyKeys(
                party,
                [one.vkey for one in policy.logs if one.vkey.name == str(Origin(party, origins[0].channel))],
                [one.vkey for one in policy.witnesses if one.vkey.name == party + _MIRROR],
            )
            for party in parties
        ],
        [one.vkey for one in policy.witnesses if not one.vkey.name.endswith(_MIRROR)],
    )


def time_said(at: datetime | None) -> str:
    """An instant somebody signed, by their own clock."""
    return f"{at:%Y-%m-%d %H:%M:%S} UTC" if at else "no stated time"
