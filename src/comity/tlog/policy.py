"""Policies: which logs we accept, and whose cosignatures it takes, as a text two parties can read.

Names of witnesses and groups live in the file only, and are opaque bytes there; octets that are not UTF-8
are kept as Python's surrogate escapes.

Follows: C2SP tlog-policy.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from comity.errors import MalformedPolicy, NoQuorum, NotSigned
from comity.tlog.checkpoint import Checkpoint
from comity.tlog.encoding import decimal
from comity.tlog.vkey import COSIGNATURE_MLDSA44, NOTE_ED25519, NOTE_MLDSA44, VerifierKey

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from comity.tlog.note import Note

# Every pair of keys that logs and mirrors ever had: of fifty parties, each changing its own thrice a year for
# half a century.
MAX_POLICY: Final = 32_000_000
MAX_DEFINED: Final = 16_384
NONE: Final = "none"

_FORBIDDEN: Final = re.compile(rb"[\x00-\x08\x0b-\x1f\x7f]")
_LOG_KINDS: Final = (NOTE_ED25519, NOTE_MLDSA44, COSIGNATURE_MLDSA44)


@dataclass(frozen=True, slots=True)
class Log:
    """A log whose checkpoints are accepted; its key name is its origin."""

    vkey: VerifierKey
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Witness:
    """A cosigner that can count towards the quorum."""

    name: str
    vkey: VerifierKey
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """Witnesses and groups of which ``threshold`` must have cosigned."""

    name: str
    threshold: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a policy finds in a checkpoint: who signed, who cosigned and when, and whether it suffices."""

    checkpoint: Checkpoint
    logs: tuple[VerifierKey, ...]
    cosigned_at: dict[str, int]
    has_quorum: bool


@dataclass(frozen=True, slots=True)
class Policy:
    """What makes a checkpoint valid: signed by one of the logs, cosigned as the quorum demands."""

    logs: tuple[Log, ...]
    witnesses: tuple[Witness, ...]
    groups: tuple[Group, ...]
    quorum: str

    def __post_init__(self) -> None:
        """Refuse a policy its own text could not state.

        Raises:
            MalformedPolicy: A name is not defined, defined twice or counted twice, a key stands twice or
                cannot sign what it should, or a threshold is out of reach.
        """
        if max(map(len, (self.logs, self.witnesses, self.groups))) > MAX_DEFINED:
            raise MalformedPolicy(f"a policy has at most {MAX_DEFINED:,} logs, witnesses or groups")
        _no_key_twice(log.vkey for log in self.logs)
        _no_key_twice(one.vkey for one in self.witnesses)
        _names_hold_together(self)

    @classmethod
    def parse(cls, data: bytes) -> Policy:
        """Read a policy file.

        Raises:
            MalformedPolicy: The bytes have another form, or a line breaks a rule of the format.
            MalformedKey: A verifier key is not one we can verify with.
        """
        if len(data) > MAX_POLICY:
            raise MalformedPolicy(f"a policy has at most {MAX_POLICY:,} bytes, not {len(data):,}")
        if _FORBIDDEN.search(data):
            raise MalformedPolicy("a policy has no control characters but tab and newline")
        if data and not data.endswith(b"\n"):
            raise MalformedPolicy("every line of a policy ends with a newline")
        draft = _Draft()
        for line in data.decode("utf-8", "surrogateescape").replace("\t", " ").split("\n"):
            words = [word for word in line.split(" ") if word]
            if words and not words[0].startswith("#"):
                draft.read(words)
        return draft.finished()

    def encode(self) -> bytes:
        """Write the policy: logs, witnesses, groups, quorum, one line each."""
        lines = [f"log {log.vkey}" + _url(log.url) for log in self.logs]
        lines += [f"witness {one.name} {one.vkey}" + _url(one.url) for one in self.witnesses]
        lines += [f"group {one.name} {one.threshold} {' '.join(one.members)}" for one in self.groups]
        lines += [f"quorum {self.quorum}", ""]
        return "\n".join(lines).encode("utf-8", "surrogateescape")

    def evaluate(self, note: Note) -> Verdict:
        """Find who signed and who cosigned, and whether that is a quorum.

        Only logs whose name is the checkpoint's origin count as its signers.

        Raises:
            BadSignature: A key of the policy is named by a signature that does not verify.
            MalformedCheckpoint: The text is not a checkpoint.
        """
        checkpoint = Checkpoint.parse(note.text)
        logs = note.signed_by(log.vkey for log in self.logs if log.vkey.name == checkpoint.origin)
        stamps = {one.name: note.cosigned_at(one.vkey) for one in self.witnesses}
        cosigned_at = {name: at for name, at in stamps.items() if at is not None}
        return Verdict(checkpoint, logs, cosigned_at, self.is_quorum(cosigned_at))

    def accept(self, note: Note) -> Verdict:
        """Accept a checkpoint as this policy demands, or say what is missing.

        Raises:
            BadSignature: A key of the policy is named by a signature that does not verify.
            MalformedCheckpoint: The text is not a checkpoint.
            NotSigned: No log of the policy signed it under its own origin.
            NoQuorum: The cosignatures are fewer than the policy demands.
        """
        verdict = self.evaluate(note)
        if not verdict.logs:
            raise NotSigned(
                f"no log of the policy has signed the checkpoint of {verdict.checkpoint.origin[:80]!r}"
            )
        if not verdict.has_quorum:
            raise NoQuorum(
                f"the checkpoint of size {verdict.checkpoint.size} has not the cosignatures"
                f" of {self.quorum!r} that the policy demands"
            )
        return verdict

    def is_quorum(self, names: Collection[str]) -> bool:
        """Whether the witnesses of these names are enough."""
        reached = {NONE, *(one.name for one in self.witnesses if one.name in names)}
        for group in self.groups:  # members are always defined before the group that counts them
            if sum(member in reached for member in group.members) >= group.threshold:
                reached.add(group.name)
        return self.quorum in reached


class _Draft:
    """A policy being read, line by line: a line may only name what stands above it."""

    def __init__(self) -> None:
        self.logs: list[Log] = []
        self.witnesses: list[Witness] = []
        self.groups: list[Group] = []
        self.quorum: str | None = None
        self._defined = {NONE}

    def read(self, words: list[str]) -> None:
        """Take in one line."""
        match words:
            case ["log", vkey, *url] if len(url) <= 1:
                self.logs.append(Log(VerifierKey.parse(vkey), *url))
            case ["witness", name, vkey, *url] if len(url) <= 1:
                self.witnesses.append(Witness(name, VerifierKey.parse(vkey), *url))
                self._defined.add(name)
            case ["group", name, threshold, *members] if members:
                self._must_stand_above(members)
                self.groups.append(Group(name, _threshold(threshold, len(members)), tuple(members)))
                self._defined.add(name)
            case ["quorum", name] if self.quorum is None:
                self._must_stand_above([name])
                self.quorum = name
            case _:
                raise MalformedPolicy(
                    f"{' '.join(words)[:80]!r} is not a line of a policy, or stands there twice"
                )

    def finished(self) -> Policy:
        """The whole, once every line is read."""
        if self.quorum is None:
            raise MalformedPolicy("a policy has one quorum line")
        return Policy(tuple(self.logs), tuple(self.witnesses), tuple(self.groups), self.quorum)

    def _must_stand_above(self, names: list[str]) -> None:
        if not self._defined.issuperset(names):
            raise MalformedPolicy(f"one of {' '.join(names)[:80]!r} is not defined above its use")


def _threshold(text: str, members: int) -> int:
    """Read ``any``, ``all`` or a number; zero, which no group may have, for anything else."""
    return {"any": 1, "all": members}.get(text) or decimal(text) or 0


def _no_key_twice(keys: Iterable[VerifierKey]) -> None:
    """Whoever holds one key counts once, whatever names it goes by."""
    publics = [key.public for key in keys]
    if len(set(publics)) != len(publics):
        raise MalformedPolicy("two lines of the policy are the same key")


def _names_hold_together(policy: Policy) -> None:
    """Every name is defined once, before it is used, and counts in one group at most."""
    if any(log.vkey.kind not in _LOG_KINDS for log in policy.logs):
        raise MalformedPolicy("a log line holds a key that does not sign for a log")
    if not all(one.vkey.is_cosigner for one in policy.witnesses):
        raise MalformedPolicy("a witness line holds a key that does not cosign")
    defined, counted = {NONE}, {NONE}
    named: tuple[Witness | Group, ...] = (*policy.witnesses, *policy.groups)
    for one in named:
        if one.name in defined or _is_not_a_word(one.name):
            raise MalformedPolicy(f"the name {one.name[:80]!r} is defined twice or cannot be a name")
        if isinstance(one, Group):
            if not counted.isdisjoint(one.members) or len(set(one.members)) != len(one.members):
                raise MalformedPolicy(f"a member of {one.name[:80]!r} is none, or counted twice")
            if not defined.issuperset(one.members) or not 1 <= one.threshold <= len(one.members):
                raise MalformedPolicy(f"the group {one.name[:80]!r} cannot be reached by its members")
            counted.update(one.members)
        defined.add(one.name)
    if policy.quorum not in defined:
        raise MalformedPolicy(f"the quorum {policy.quorum[:80]!r} is not defined")


def _is_not_a_word(name: str) -> bool:
    """Whether a line could not hold the name as one of its words."""
    return not name or any(char in " \t\n" for char in name)


def _url(url: str | None) -> str:
    return f" {url}" if url else ""
