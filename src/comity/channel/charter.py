"""The charter: what a channel rests on, agreed in its first two entries.

It is the payload of ``channel.proposed``. The open header repeats only the invited party and the instruments
with their digests, so that a stranger can tell which rules the record was made under.

Follows: docs/spec/charter.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Final

import msgspec

from comity.entries import readable
from comity.errors import ComityError, MalformedCharter
from comity.forms import learnt
from comity.mirror import Generation
from comity.names import Origin, channel_id, party_code
from comity.tlog.policy import Group, Log, Policy, Witness
from comity.tlog.vkey import VerifierKey

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

MAX_TEXT: Final = 4000
MAX_LIST: Final = 16
MAX_PARTIES: Final = 50
MAX_SHORT: Final = 200
PAIR: Final = 2

_Text = Annotated[str, msgspec.Meta(pattern=r"\A[^\x00]*\Z")]  # a database may hold no NUL in a text
_Digest = Annotated[str, msgspec.Meta(pattern=r"\A[0-9a-f]{64}\Z")]


@learnt
class Coordinator(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who coordinates the channel for one party: an office, its capacity and how it is reached."""

    office: str
    capacity: str
    reached_by: str = ""


@learnt
class ChosenInstrument(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An instrument that applies, in one edition, by the digest of its table."""

    id: str
    edition: str
    table: _Digest


@learnt
class NamedWitness(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A neutral witness both sides may use; it counts for time, never as a receipt."""

    vkey: _Text
    address: _Text


@learnt
class Charter(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the parties of a channel agree to.

    Attributes:
        v: Form of the charter, 1.
        channel: Channel id.
        parties: Party codes, the proposing one first.
        purpose: What the channel is for, in plain words.
        instruments: What applies, the charter itself first.
        languages: BCP 47 tags of the languages of the channel.
        coordinators: By party; the invited party names its own when it accepts.
        policy: tlog-policy text: the logs, and whose cosignatures make a receipt.
        witnesses: Neutral witnesses.
        exercise: Nothing done in the channel is meant. The header of the proposal says so too, and counts.
        succeeds: Id of the channel it takes up from, or empty. The header says so too, and counts.
        within: Id of the channel of many that it is between some parties of, or empty. The header counts.
    """

    v: int = 1
    channel: str
    parties: list[str]
    purpose: _Text
    instruments: list[ChosenInstrument]
    languages: list[str]
    coordinators: dict[str, Coordinator]
    policy: _Text
    witnesses: list[NamedWitness] = []
    exercise: bool = False
    succeeds: str = ""
    within: str = ""

    def document(self) -> dict[str, Any]:
        """The charter as a payload."""
        built: dict[str, Any] = msgspec.to_builtins(self)
        return built

    def short_texts(self) -> Iterator[str]:
        """What officials are shown as names, and must read as its author does."""
        yield from self.languages
        for instrument in self.instruments:
            yield from (instrument.id, instrument.edition)
        for one in self.coordinators.values():
            yield from (one.office, one.capacity, one.reached_by or "-")

    @classmethod
    def read(cls, document: Mapping[str, object]) -> Charter:
        """Read a charter from a payload.

        Raises:
            MalformedCharter: It is not a charter.
        """
        try:
            charter = msgspec.convert(document, cls)
            channel_id(charter.channel)
            for named in filter(None, (charter.succeeds, charter.within)):
                channel_id(named)
            for party in (*charter.parties, *charter.coordinators):
                party_code(party)
            Policy.parse(charter.policy.encode())
            for witness in charter.witnesses:
                VerifierKey.parse(witness.vkey)
        except (msgspec.ValidationError, ComityError, RecursionError, UnicodeError) as error:
            raise MalformedCharter(f"a charter could not be read: {error}") from error
        parties = len(charter.parties)
        if charter.v != 1 or not 2 <= parties <= MAX_PARTIES or len(set(charter.parties)) != parties:
            raise MalformedCharter(f"a charter names from two to {MAX_PARTIES} different parties")
        if not set(charter.coordinators) <= set(charter.parties):
            raise MalformedCharter("a charter names a coordinator for somebody who is not a party")
        lists = (charter.instruments, charter.languages, charter.witnesses)
        if len(charter.purpose) > MAX_TEXT or any(len(one) > MAX_LIST for one in lists):
            raise MalformedCharter("a charter is longer than this node reads")
        if not all(readable(text, most=MAX_SHORT) for text in charter.short_texts()):
            raise MalformedCharter("a name in a charter is empty, too long or not readable")
        return charter


@dataclass(frozen=True, slots=True)
class PartyKeys:
    """The public keys a party brings to a channel.

    Attributes:
        party: Party code.
        log: Verifier keys of its log, under any name; where they were changed, a pair a time, oldest first.
        mirror: Verifier keys of its mirror, likewise.
    """

    party: str
    log: Sequence[VerifierKey]
    mirror: Sequence[VerifierKey]


def pairs_of(keys: Sequence[VerifierKey]) -> tuple[Generation, ...]:
    """The keys of one log or mirror in a policy, a pair a time. What each may sign only the record says."""
    return tuple(Generation(tuple(keys[at : at + PAIR])) for at in range(0, len(keys), PAIR))


def policy_of(channel: str, parties: Sequence[PartyKeys], witnesses: Sequence[VerifierKey] = ()) -> Policy:
    """The tlog-policy of a channel: each party's log, and each party's mirror as one that can receipt.

    Both keys of a mirror's pair must have signed. The policy's quorum says that *some* mirror has receipted;
    that no party receipts its own log is a rule of Comity (docs/spec/mirror.md), which ``comity verify`` has.
    """
    seated = sorted(parties, key=lambda one: one.party)
    logs = [Log(key.renamed(str(Origin(one.party, channel)))) for one in seated for key in one.log]
    mirrors = {
        one.party: [Witness(f"{one.party}-mirror-{place}", key) for place, key in enumerate(one.mirror, 1)]
        for one in seated
    }
    pairs = [
        (f"{party}-mirror" if not at else f"{party}-mirror-pair-{at // PAIR + 1}", keys[at : at + PAIR])
        for party, keys in mirrors.items()
        for at in range(0, len(keys), PAIR)
    ]
    neutral = [Witness(f"witness-{place}", key) for place, key in enumerate(witnesses, 1)]
    whole = [Group(name, len(keys), tuple(key.name for key in keys)) for name, keys in pairs]
    receipt = Group("receipt", 1, tuple(group.name for group in whole))
    cosigners = [key for keys in mirrors.values() for key in keys] + neutral
    return Policy(tuple(logs), tuple(cosigners), (*whole, receipt), receipt.name)
