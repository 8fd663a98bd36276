"""A statement of figures as one file that anybody may have: who stated what, who agreed, over which logs.

It holds numbers, signed checkpoints, and proofs of the entries by which the figures were stated and answered;
no content, and no reference of a case. What the numbers are made of is verified with an export.

Follows: docs/spec/reciprocity.md, Publishing; C2SP tlog-proof.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Final, Literal

import msgspec

from comity.channel.charter import PAIR, pairs_of
from comity.channel.export import POLICY
from comity.channel.statements import said
from comity.channel.verification import ALWAYS, Report, verify_export
from comity.channel.verified_parts import (
    cosigned_by_others,
    entry_received,
    proven_entry,
    received,
    witnessed,
)
from comity.channel.verified_policy import policy_inside
from comity.errors import MalformedFigures, StatementDoesNotHold
from comity.forms import learnt
from comity.instruments import editions
from comity.lifecycle import Act, joint
from comity.lifecycle.stated import log_head, values
from comity.mirror import signed_checkpoint, stated_at
from comity.names import Origin
from comity.reciprocity import Head, StatedFigures, at_the_end_of, read_figures
from comity.tlog.encoding import base64_text, hash_bytes
from comity.tlog.merkle import verify_consistency
from comity.tlog.note import parse_note
from comity.tlog.policy import MAX_POLICY

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from comity.channel.export import Files
    from comity.channel.verified_parts import ProvenEntry
    from comity.instruments import Procedure, Stated
    from comity.lifecycle import Standing
    from comity.tlog.policy import Policy

FORM: Final = "comity/figures-statement/v1"
BEGINS: Final = b"{"  # of what travels alone, only a proof of misconduct does too
MAX_STATEMENT: Final = 16 * 2**20
KINDS: Final = "channel.figures"
_MOST_ENTRIES: Final = 64
# What a file alone leaves unproven by where its statement stands; an export proves what is in dispute.
_LEFT_OPEN: Final = {"stated": (said("figures-unanswered"),), "disputed": (said("figures-in-dispute"),)}
_NEEDS_EXPORT: Final = frozenset({"figures-in-dispute", "figures-uncounted"})
_Text = Annotated[str, msgspec.Meta(max_length=2**20)]


@learnt
class PublishedLog(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A log that was counted: a signed checkpoint of it, and the proof that it extends what was counted."""

    checkpoint: _Text
    consistency: Annotated[tuple[str, ...], msgspec.Meta(max_length=64)]


@learnt
class PublishedFigures(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file.

    Attributes:
        policy: C2SP tlog-policy of the channel.
        logs: By party.
        entries: Proof files of the acts of the statement, each with its entry, in order.
        figures: What the acts state, each once.
    """

    form: Literal["comity/figures-statement/v1"]
    channel: Annotated[str, msgspec.Meta(max_length=64)]
    policy: _Text
    logs: dict[str, PublishedLog]
    entries: Annotated[tuple[_Text, ...], msgspec.Meta(min_length=1, max_length=_MOST_ENTRIES)]
    figures: Annotated[tuple[StatedFigures, ...], msgspec.Meta(min_length=1, max_length=_MOST_ENTRIES)]

    def encode(self) -> bytes:
        """Write it, for programs and for patient people."""
        plain = msgspec.to_builtins(self)
        plain["figures"] = [one.plain() for one in self.figures]
        return msgspec.json.format(msgspec.json.encode(plain), indent=1) + b"\n"


def published_log(checkpoint: bytes, consistency: Sequence[bytes]) -> PublishedLog:
    """A log as the file holds it."""
    return PublishedLog(checkpoint.decode(), tuple(map(base64_text, consistency)))


@dataclass(frozen=True, slots=True)
class VerifiedStatement:
    """A statement that holds.

    Attributes:
        figures: As the requesting side stated them, then as each other did that counted otherwise.
        state: ``stated``, ``agreed`` or ``disputed``.
    """

    report: Report
    figures: tuple[StatedFigures, ...]
    state: str


def verify_statement(data: bytes, policy: Policy | None = None) -> VerifiedStatement:
    """Verify a published statement of figures.

    Args:
        data: The file.
        policy: The verifier's own policy. Without it the one inside is used, and the report says so.

    Raises:
        ComityError: Something does not hold.
    """
    return _Statement(read_statement(data), policy).verified()


def count_statement_again(
    data: bytes,
    export: Files,
    policy: Policy | None = None,
    *,
    progress: Callable[[int], None] = lambda _: None,
) -> Report:
    """Verify a published statement, and its numbers from an export of the channel.

    Args:
        data: The file.
        export: The files of the export, which may have grown since.
        policy: The verifier's own policy; without it both must hold the same.
        progress: Told now and then how many entries are done.

    Raises:
        ComityError: Something does not hold; where the figures are disputed, neither side's do.
    """
    found = verify_statement(data, policy)
    if policy is None and export.read(POLICY, MAX_POLICY) != read_statement(data).policy.encode():
        raise StatementDoesNotHold("the export rests on another policy than the statement")
    counted = verify_export(export, policy, stated=found.figures, progress=progress)
    report = found.report
    report.entries, report.signatures = counted.entries, report.signatures + counted.signatures
    report.proven += [one for one in counted.proven if one not in report.proven]
    report.not_proven = [one for one in report.not_proven if one.code not in _NEEDS_EXPORT]
    return report


def read_statement(data: bytes) -> PublishedFigures:
    """Read such a file; nothing is verified yet.

    Raises:
        MalformedFigures: It is not in the form.
    """
    if len(data) > MAX_STATEMENT:
        raise MalformedFigures(f"a statement of figures has at most {MAX_STATEMENT} bytes")
    try:
        return msgspec.json.decode(data, type=PublishedFigures)
    except (msgspec.DecodeError, RecursionError, UnicodeError) as wrong:
        raise MalformedFigures(f"the statement is not in its form: {str(wrong)[:200]}") from wrong


class _Statement:
    """One statement being verified."""

    def __init__(self, file: PublishedFigures, policy: Policy | None) -> None:
        self._file = file
        self._is_strangers = policy is not None
        self._policy = policy or policy_inside(file.policy.encode())
        self._report = Report(channel=file.channel)
        self._by_digest = {one.digest: one for one in map(self._figures, file.figures)}

    def verified(self) -> VerifiedStatement:
        """All steps."""
        proven = [proven_entry(one.encode(), self._policy) for one in self._file.entries]
        standing = self._standing(proven)
        opening = standing.regular[0].act
        for party, head in heads_stated(opening.stated).items():
            self._verify_log(party, head)
        stated = [self._stated(one.act.stated, opening) for one in standing.regular]
        self._must_need_all(stated)
        for one, figures in zip(proven, stated, strict=True):
            self._describe(one, figures)
        self._report.entries = len(proven)
        self._report.signatures += sum(one.signatures for one in proven)
        self._say_what_is_not_proven(standing.state)
        found = tuple(dict.fromkeys(one.digest for one in stated))
        return VerifiedStatement(
            self._report, tuple(self._by_digest[digest] for digest in found), standing.state
        )

    def _figures(self, one: StatedFigures) -> StatedFigures:
        """Figures of the file in their one form, and of its channel."""
        found = read_figures(one.plain())
        if found.channel != self._file.channel:
            raise StatementDoesNotHold(f"the figures {found.digest[:16]}… are those of another channel")
        return found

    def _standing(self, proven: Sequence[ProvenEntry]) -> Standing:
        """Where the statement stands by its acts, each of which must have had effect."""
        first = proven[0]
        for one in proven:
            alike = (one.entry.kinds, one.entry.ref, one.ref.origin.channel)
            if alike != (KINDS, first.entry.ref, self._file.channel):
                raise StatementDoesNotHold(f"entry {one.ref} is no act of the statement")
        acts = [Act.of(one.ref, one.entry, depth=place) for place, one in enumerate(proven)]
        standing = joint(self._table(acts[0].stated), acts)
        wrong = next((one for one in standing.judged if not one.regular), None)
        if wrong is not None:
            raise StatementDoesNotHold(f"entry {wrong.act.ref} had no effect: {wrong.because[:200]}")
        by_log = [(act.party, act.ref.index) for act in acts[1:]]
        asked = values(acts[0].stated, "requested")
        if by_log != sorted(set(by_log)) or any(party not in asked for party, _ in by_log):
            raise StatementDoesNotHold("the answers to the statement are not in their order")
        return standing

    def _table(self, stated: Stated) -> Procedure:
        """The charter the statement was made under, if this verifier knows it."""
        text = editions().get(next(iter(values(stated, "table")), ""))
        if text is None or text.id not in values(stated, "instrument"):
            raise StatementDoesNotHold("the statement was made under a text that this verifier does not know")
        return text.procedure("figures")

    def _verify_log(self, party: str, head: Head) -> None:
        """Have a signed checkpoint extend exactly what was counted of a log."""
        origin = str(Origin(party, self._file.channel))
        if party not in self._file.logs:
            raise StatementDoesNotHold(f"there is no checkpoint of the log of {party}")
        published = self._file.logs[party]
        keys = pairs_of([one.vkey for one in self._policy.logs if one.vkey.name == origin])
        checkpoint = signed_checkpoint(published.checkpoint.encode(), keys)
        hashes = [hash_bytes(one) for one in published.consistency]
        proof = [one for one in hashes if one is not None]
        if checkpoint.origin != origin or len(proof) != len(hashes):
            raise StatementDoesNotHold(f"the checkpoint of the log of {party} is not one of {origin}")
        verify_consistency(head.size, bytes.fromhex(head.root), checkpoint.size, checkpoint.root, proof)
        verdict = self._policy.evaluate(parse_note(published.checkpoint.encode()))
        others = cosigned_by_others(verdict, self._policy, party)
        self._report.signatures += PAIR + len(others)
        self._report.logs[party] = head.size
        self._report.proven += (
            said("log-was-counted", party=party, size=head.size),
            *(
                said("receipt-given", giver=giver, party=party, at=stated_at(at), size=checkpoint.size)
                for giver, at in received(self._policy, others).items()
            ),
            *witnessed(self._policy, others, party, checkpoint.size),
        )
        if not others:
            self._report.not_proven.append(said("counted-not-received", party=party))

    def _stated(self, stated: Stated, opening: Act) -> StatedFigures:
        """The figures that an act states, which must be of the time and the logs it says."""
        digest = next(iter(values(stated, "figures")), "")
        found = self._by_digest.get(digest)
        if found is None:
            raise StatementDoesNotHold(f"the figures {digest[:16]}… that an entry states are not here")
        as_of, since = values(opening.stated, "as_of"), values(opening.stated, "since")
        days = (found.as_of.date().isoformat(),), (found.since.date().isoformat(),) if found.since else ()
        ends = found.as_of == at_the_end_of(found.as_of.date())
        if (as_of, since) != days or not ends or found.logs != heads_stated(stated):
            raise StatementDoesNotHold(f"the figures {digest[:16]}… are not of the time and logs stated")
        return found

    def _must_need_all(self, stated: Sequence[StatedFigures]) -> None:
        """Whatever stands in the file beside what is proven would be read as if it were."""
        if self._by_digest.keys() - {one.digest for one in stated}:
            raise StatementDoesNotHold("the file holds figures that no entry in it states")
        if self._file.logs.keys() - self._report.logs.keys():
            raise StatementDoesNotHold("the file holds a log that was not counted")

    def _describe(self, one: ProvenEntry, figures: StatedFigures) -> None:
        party, entry = one.ref.origin.party, one.entry
        self._report.proven.append(
            said(
                f"figures-{entry.act}",
                party=party,
                digest=figures.digest,
                as_of=figures.as_of,
                entry=str(one.ref),
                office=entry.by.office,
                at=entry.authored_at,
            )
        )
        if figures.since is not None:
            self._report.proven.append(said("figures-since", digest=figures.digest, since=figures.since))
        self._report.proven += witnessed(self._policy, one.cosigned_at, party, one.size)
        self._report.proven += entry_received(self._policy, one.cosigned_at, party)

    def _say_what_is_not_proven(self, state: str) -> None:
        self._report.not_proven += (
            *_LEFT_OPEN.get(state, ()),
            said("figures-uncounted"),
            said("whose-keys-given" if self._is_strangers else "whose-keys-in-file"),
            said("figures-may-have-changed"),
            *ALWAYS,
        )


def heads_stated(stated: Stated) -> dict[str, Head]:
    """The logs that an act names, by party."""
    found = filter(None, map(log_head, values(stated, "logs")))
    return {party: Head(size, root) for party, size, root in found}
