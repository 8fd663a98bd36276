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
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from comity.channel.export import PASSPORTS, PAYLOADS, POLICY, SHARED, Files
from comity.channel.passport import MAX_PASSPORT_BYTES, Passport
from comity.channel.renewal import Renewal, verify_renewals
from comity.channel.statements import Statement, said
from comity.channel.verified_course import Course, exported_instruments, in_one_order
from comity.channel.verified_keys import key_histories, mirrors_of
from comity.channel.verified_log import ExportedLog, Keys
from comity.channel.verified_misconduct import SIGNATURES, proven_forks
from comity.channel.verified_policy import policy_inside
from comity.entries import Entry, decode
from comity.errors import ExportDoesNotHold, MalformedEntry, NoQuorum, StatementDoesNotHold
from comity.lifecycle.standing import HONEST_CLOCKS
from comity.mirror import every_key, stated_at
from comity.reciprocity import differences, document, stated_figures
from comity.tlog.policy import MAX_POLICY, Policy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from comity.channel.statements import Value
    from comity.channel.verified_figures import ClaimedFigures
    from comity.reciprocity import Extent, StatedFigures
    from comity.tlog.note import Note

# What no signature proves, whatever is verified.
ALWAYS: Final = (said("truth"), said("person"), said("clocks"), said("what-followed"))

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
    proven: list[Statement] = field(default_factory=list)
    not_proven: list[Statement] = field(default_factory=list)


def verify_export(
    files: Files,
    policy: Policy | None = None,
    *,
    tree_only: bool = False,
    extent: Extent | None = None,
    claimed: ClaimedFigures | None = None,
    stated: Sequence[StatedFigures] = (),
    timestamp_roots: bytes | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> Report:
    """Verify an export.

    Args:
        files: Its files.
        policy: The verifier's own policy. Without it the one in the export is used, and the report says so.
        tree_only: Leave out what entries mean: only hashes and signatures.
        extent: Count the figures of reciprocity of this part of the record.
        claimed: Figures somebody gave, to be held against the record.
        stated: Figures that parties stated: each is counted again over the very entries it names.
        timestamp_roots: PEM certificates of the time-stamping authorities the verifier trusts.
        progress: Told now and then how many entries are done.

    Raises:
        ComityError: Something does not hold; the message names it.
    """
    renewals = verify_renewals(files, timestamp_roots)
    asked = _Figures(extent, claimed, stated)
    report = _Verification(files, policy, progress).run(asked, tree_only=tree_only)
    _describe_renewals(report, renewals)
    return report


class _Figures(NamedTuple):
    """What figures are to be counted; as ``verify_export`` is asked for them."""

    extent: Extent | None
    claimed: ClaimedFigures | None
    stated: Sequence[StatedFigures]


class _Verification:
    """One export being verified."""

    def __init__(self, files: Files, policy: Policy | None, progress: Callable[[int], None]) -> None:
        self._files = files
        self._is_strangers = policy is not None
        self._policy = policy or policy_inside(files.read(POLICY, MAX_POLICY))
        self._progress = progress
        self._report = Report()
        self._logs = self._open_logs()
        self._forked = proven_forks(files, self._histories)
        self._payloads = {name.removesuffix(".age") for name in files.names(PAYLOADS)}
        self._unnamed = set(self._payloads)
        self._absent = self._present = 0
        self._dated_ahead: Counter[str] = Counter()

    def run(self, asked: _Figures, *, tree_only: bool) -> Report:
        """All steps."""
        for one in asked.stated:
            self._must_be_of_these_logs(one)
        course = None if tree_only else self._read_entries()
        if course is None:
            for party, log in self._logs.items():
                for start, entries in log.blocks():
                    self._histories[party].must_be_all(start, entries)
                    self._count(len(entries))
        self._describe_logs()
        if course is not None:
            self._describe_entries(course)
            self._count_figures(course, asked)
        self._report.signatures += SIGNATURES * len(self._forked)
        self._report.proven += [said("misconduct", party=party) for party in self._forked]
        self._read_passports()
        self._say_what_is_not_proven(tree_only=tree_only)
        self._report.signatures += sum(log.signatures for log in self._logs.values())
        return self._report

    # --- logs ---------------------------------------------------------------------------------------

    def _open_logs(self) -> dict[str, ExportedLog]:
        folders = [name for name in self._files.names("") if name not in SHARED]
        if not folders:
            raise ExportDoesNotHold("the export has no log")
        self._histories = key_histories(self._files, self._policy, folders)
        keys = {party: self._keys(party) for party in folders}
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
        silent = mirrors_of(self._policy)  # who has written nothing yet has receipted all the same
        mirrors = silent | {giver: one.mirror for giver, one in self._histories.items()}
        own = mirrors.pop(party)
        return Keys(
            log=self._histories[party].log,
            own_mirror=every_key(own),
            mirrors=mirrors,
            witnesses={
                one.name: one.vkey for one in self._policy.witnesses if not one.vkey.name.endswith(_MIRROR)
            },
        )

    def _must_reach_quorum(self, party: str, log: ExportedLog) -> None:
        """A policy the verifier brought is a demand, for the newest state that anybody cosigned."""
        if not any(self._has_quorum(note) for note in reversed(log.notes)):
            raise NoQuorum(f"no checkpoint of the log of {party} carries the cosignatures the policy demands")

    def _has_quorum(self, note: Note) -> bool:
        """Whether the policy's quorum is reached, any pair of a mirror standing for the one it names."""
        names = set(self._policy.evaluate(note).cosigned_at)
        for party, history in self._histories.items():
            if any(pair.keys and set(note.signed_by(pair.keys)) == set(pair.keys) for pair in history.mirror):
                names |= {one.name for one in self._policy.witnesses if one.vkey.name == party + _MIRROR}
        return self._policy.is_quorum(names)

    def _describe_logs(self) -> None:
        for party, log in self._logs.items():
            self._report.proven += self._histories[party].said()
            self._report.proven.append(said("log-is-whole", party=party, size=log.size))
            covered = 0
            for giver, receipts in log.receipts.items():
                if receipts:
                    last = max(receipts, key=lambda receipt: receipt.size)
                    covered = max(covered, last.size)
                    self._report.proven.append(
                        said(
                            "received",
                            giver=giver,
                            party=party,
                            size=last.size,
                            receipts=len(receipts),
                            at=stated_at(last.at),
                        )
                    )
            self._report.receipted[party] = covered
            if covered < log.size:
                self._report.not_proven.append(
                    said("not-received", party=party, first=covered, last=log.size - 1)
                )
                self._report.proven += list(_lodged(party, covered, log))
            for name, seen in log.seen_by_witness.items():
                size, at = max(seen, key=lambda one: one[0])
                self._report.proven.append(said("witnessed", witness=name, party=party, size=size, at=at))

    # --- entries ------------------------------------------------------------------------------------

    def _read_entries(self) -> Course:
        texts = exported_instruments(self._files)
        course = Course(self._report.channel, texts, parties=tuple(self._logs))
        streams = {party: self._entries(party, log) for party, log in self._logs.items()}
        for ref, entry in in_one_order(self._report.channel, streams, self._report.logs, self._forked):
            log = self._logs[ref.origin.party]
            log.must_not_rest_on_retired_keys(ref.index + 1, entry.seen)
            course.take(ref, entry, log.receipted_at)
            receipted_at = log.receipted_at(ref.index)
            if receipted_at is not None and entry.authored_at - receipted_at > HONEST_CLOCKS:
                self._dated_ahead[ref.origin.party] += 1
        course.must_be_stated()
        self._report.standings = [
            {"ref": ref, "procedure": standing.procedure.id, "standing": standing.label,
             "acts": len(standing.judged), "irregular": len(standing.irregular),
             "lodged": len(standing.lodged)}
            for ref, standing in course.standings()
        ]  # fmt: skip
        return course

    def _count_figures(self, course: Course, asked: _Figures) -> None:
        if asked.extent is not None:
            self._report.figures = self._figures(course, asked.extent)
            self._report.proven.append(said("figures-counted", as_of=asked.extent.as_of))
        if asked.claimed is not None:
            asked.claimed.must_equal(self._figures(course, asked.claimed.extent))
            self._report.proven.append(said("figures-agree", as_of=asked.claimed.extent.as_of))
        if asked.stated:
            self._count_again(course, asked.stated)

    def _figures(self, course: Course, extent: Extent) -> dict[str, object]:
        return document(self._report.channel, course.figures(extent))

    def _must_be_of_these_logs(self, stated: StatedFigures) -> None:
        if stated.channel != self._report.channel:
            raise ExportDoesNotHold(f"the figures are those of {stated.channel}, the export is another's")
        for party, head in stated.logs.items():
            where = f"the statement of the figures {stated.digest[:16]}…"
            if party in self._logs:
                self._logs[party].must_lead_to(head.size, bytes.fromhex(head.root), where)
            elif head.size:
                raise ExportDoesNotHold(f"{where} counts the log of {party}, which is not here")

    def _count_again(self, course: Course, stated: Sequence[StatedFigures]) -> None:
        """Hold stated figures against our own count of the entries they name; one of them must be right."""
        wrong = []
        for one in stated:
            ours = stated_figures(self._report.channel, course.figures(one.extent), one.logs)
            about: Mapping[str, Value] = {"digest": one.digest, "as_of": one.as_of}
            if ours.digest == one.digest:
                self._report.proven.append(said("figures-come-out", **about))
                continue
            apart = next(differences(ours, one), None)
            if apart is None:
                wrong.append(said("figures-of-other-entries", **about))
                continue
            where = ", ".join((" ".join(filter(None, apart.key)), apart.name))
            wrong.append(
                said(
                    "figures-come-out-otherwise",
                    **about,
                    where=where,
                    counted=apart.ours,
                    stated=apart.theirs,
                )
            )
        if len(wrong) == len(stated):
            raise StatementDoesNotHold(wrong[0].words())
        self._report.proven += wrong

    def _entries(self, party: str, log: ExportedLog) -> Iterator[Entry]:
        for start, leaves in log.blocks():
            self._histories[party].must_be_all(start, leaves)
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
        proven.append(said("entries-are-formed"))
        chosen = {text.digest: text.id for text in course.life().texts}
        if chosen:
            proven.append(said("standings", texts=tuple(sorted(chosen.values()))))
        for digest, text in course.instruments.items():
            if digest not in chosen:
                not_proven.append(said("text-not-chosen", text=text.id))
        for digest in sorted(course.stated - course.instruments.keys()):
            not_proven.append(said("text-absent", digest=digest))
        for party, count in sorted(self._dated_ahead.items()):
            not_proven.append(said("dated-ahead", party=party, count=count))
        if self._present:
            proven.append(said("payloads-match", count=self._present))
        if self._absent:
            not_proven.append(said("payloads-absent", count=self._absent))
        if self._unnamed:
            raise ExportDoesNotHold(f"{PAYLOADS}/{min(self._unnamed)[:80]}.age is named by no entry")

    # --- the rest -----------------------------------------------------------------------------------

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
            pairs = [set(one.keys) for one in self._histories[about.party].log]
            named = set(passport.log_keys(str(log.origin))) in pairs
            into, code = (
                (self._report.proven, "passport-agrees")
                if named
                else (self._report.not_proven, "passport-differs")
            )
            into.append(said(code, party=about.party, version=about.version))

    def _say_what_is_not_proven(self, *, tree_only: bool) -> None:
        self._report.not_proven.append(
            said("whose-keys-given" if self._is_strangers else "whose-keys-inside")
        )
        self._report.not_proven += ALWAYS
        if tree_only:
            self._report.not_proven.append(said("only-hashes"))


def _describe_renewals(report: Report, renewals: list[Renewal]) -> None:
    for one in renewals:
        if one.at is None:
            report.not_proven.append(said("stamp-unknown", number=one.number))
        else:
            report.proven.append(said("stamped", files=one.files, at=one.at, number=one.number))


def _lodged(party: str, covered: int, log: ExportedLog) -> Iterator[Statement]:
    """By when entries that nobody receipted were lodged, as neutral witnesses say."""
    for name, seen in log.seen_by_witness.items():
        later = sorted((size, at) for size, at in seen if size > covered and at is not None)
        for size, at in later:
            yield said("lodged-by", first=covered, last=size - 1, party=party, at=at, witness=name)
            covered = size
