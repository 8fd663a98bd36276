"""What a party that is to come in later is shown of a channel: its charter as it reads now, and all its keys.

Every member agreed to this very text, by its digest; so nobody has to be believed by the newcomer alone.
It stands in the payload of ``channel.accession.proposed``, sealed to members, and of ``channel.invited``,
sealed to the newcomer too.

Follows: docs/spec/charter.md, Accession.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Annotated, Any, Final

import msgspec

from comity.channel.charter import (
    MAX_LIST,
    MAX_PARTIES,
    MAX_SHORT,
    MAX_TEXT,
    Charter,
    ChosenInstrument,
    NamedWitness,
)
from comity.entries import readable
from comity.errors import ComityError, MalformedCharter
from comity.forms import learnt
from comity.names import Origin, channel_id, party_code
from comity.tlog.policy import Policy
from comity.tlog.vkey import VerifierKey

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

PAYLOAD: Final = "charter"  # under this name it stands in a payload
EARLIER: Final = "passports"  # and under this the passports that later keys were announced by
PASSPORT: Final = "passport"  # and under this that of whoever is to be invited
MAX_LINE: Final = 3 * MAX_SHORT + 4  # office, capacity and how it is reached, apart by commas

_Text = Annotated[str, msgspec.Meta(pattern=r"\A[^\x00]*\Z")]  # a database may hold no NUL in a text


@learnt
class Invitation(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The charter of a channel as a newcomer is shown it.

    Attributes:
        v: Form, 1.
        channel: Channel id.
        newcomer: Party code of whoever is to be invited.
        parties: Whoever was ever invited, the proposing one first; their logs make up the record.
        purpose: What the channel is for, as amended.
        instruments: What new procedures may rest on, as amended.
        languages: BCP 47 tags, as amended.
        coordinators: A line for each party that named one.
        policy: tlog-policy text with the keys of all these parties, of each the oldest pair first, and of
            the newcomer the pair it begins with.
        witnesses: Neutral witnesses, as the charter has them.
        exercise: Nothing done in the channel is meant.
    """

    v: int = 1
    channel: str
    newcomer: str
    parties: list[str]
    purpose: _Text
    instruments: list[ChosenInstrument]
    languages: list[str]
    coordinators: dict[str, str]
    policy: _Text
    witnesses: list[NamedWitness] = []
    exercise: bool = False

    def document(self) -> dict[str, Any]:
        """The form it has in a payload."""
        built: dict[str, Any] = msgspec.to_builtins(self)
        return built

    @property
    def digest(self) -> str:
        """SHA-256 of it in its one spelling, as the entries state it."""
        return sha256(msgspec.json.encode(self, order="deterministic")).hexdigest()

    @property
    def everyone(self) -> list[str]:
        """The parties there will be logs of."""
        return list(dict.fromkeys((*self.parties, self.newcomer)))

    def as_charter(self) -> Charter:
        """The charter as a charter: with all its parties, and no coordinator but in lines."""
        return Charter(
            channel=self.channel,
            parties=self.everyone,
            purpose=self.purpose,
            instruments=self.instruments,
            languages=self.languages,
            coordinators={},
            policy=self.policy,
            witnesses=self.witnesses,
            exercise=self.exercise,
        )

    def keys(self) -> dict[str, tuple[bytes, bytes]]:
        """The Ed25519 keys of log and mirror that each party's log begins with, by party."""
        policy = Policy.parse(self.policy.encode())
        found: dict[str, tuple[bytes, bytes]] = {}
        for party in self.everyone:
            log = (one.vkey for one in policy.logs if one.vkey.name == str(Origin(party, self.channel)))
            mirror = (one.vkey for one in policy.witnesses if one.vkey.name == f"{party}.comity/mirror")
            first = next(log, None), next(mirror, None)
            if first[0] is not None and first[1] is not None:
                found[party] = (first[0].public, first[1].public)
        return found

    def short_texts(self) -> Iterator[str]:
        """What officials are shown as names, and must read as its author does."""
        yield from self.languages
        for instrument in self.instruments:
            yield from (instrument.id, instrument.edition)

    @classmethod
    def read(cls, document: object) -> Invitation:
        """Read one from a payload.

        Raises:
            MalformedCharter: It is none.
        """
        try:
            read = msgspec.convert(document, cls)
            channel_id(read.channel)
            for party in (*read.everyone, *read.coordinators):
                party_code(party)
            named = read.keys()
            for witness in read.witnesses:
                VerifierKey.parse(witness.vkey)
        except (msgspec.ValidationError, ComityError, RecursionError, UnicodeError) as error:
            raise MalformedCharter(f"an invitation could not be read: {error}") from error
        read.check(named)
        return read

    def check(self, named: Mapping[str, object]) -> None:
        """Make sure that it is of a size and form that can be shown.

        Raises:
            MalformedCharter: It is not.
        """
        parties = len(self.parties)
        if self.v != 1 or not 3 <= parties <= MAX_PARTIES or len(set(self.parties)) != parties:
            raise MalformedCharter(f"an invitation names from three to {MAX_PARTIES} different parties")
        if named.keys() != set(self.everyone):
            raise MalformedCharter("the policy of an invitation does not have the keys of each party")
        lists = (self.instruments, self.languages, self.witnesses)
        if len(self.purpose) > MAX_TEXT or any(len(one) > MAX_LIST for one in lists):
            raise MalformedCharter("an invitation is longer than this node reads")
        names_are_read = all(readable(text, most=MAX_SHORT) for text in self.short_texts())
        if not names_are_read or not all(
            readable(text, most=MAX_LINE) for text in self.coordinators.values()
        ):
            raise MalformedCharter("a name in an invitation is empty, too long or not readable")
