"""The names everything else is built from: parties, channels, origins and entry references.

Forms (docs/spec/names.md):

    party     ISO 3166-1 alpha-2 in lower case, or ``x-`` and 1 to 30 of ``a-z 0-9 -``
    channel   16 to 32 of ``a-z 2-7``
    origin    ``<party>.comity/<channel>``
    entry     ``<origin>#<index>``
"""

from __future__ import annotations

import re
from typing import Final

import msgspec

from comity.errors import BadName

MAX_INDEX: Final = 2**63 - 1

_PARTY: Final = re.compile(r"[a-z]{2}|x-[a-z0-9](?:[a-z0-9-]{0,28}[a-z0-9])?", re.ASCII)
_CHANNEL: Final = re.compile(r"[a-z2-7]{16,32}", re.ASCII)
_INDEX: Final = re.compile(r"0|[1-9][0-9]{0,18}", re.ASCII)


def party_code(text: str) -> str:
    """Return ``text`` if it is a party code.

    Raises:
        BadName: It is not.
    """
    if not _PARTY.fullmatch(text):
        raise BadName(
            f"{text[:40]!r} is not a party code",
            hint="use the two-letter country code in lower case, or x- and a name",
        )
    return text


def channel_id(text: str) -> str:
    """Return ``text`` if it is a channel id.

    Raises:
        BadName: It is not.
    """
    if not _CHANNEL.fullmatch(text):
        raise BadName(f"{text[:40]!r} is not a channel id", hint="channel ids are 16 to 32 of a-z and 2-7")
    return text


class Origin(msgspec.Struct, frozen=True, order=True, gc=False):
    """The name of one party's log in one channel: the first line of its checkpoints."""

    party: str
    channel: str

    def __str__(self) -> str:
        return f"{self.party}.comity/{self.channel}"

    @classmethod
    def parse(cls, text: str) -> Origin:
        """Read an origin line.

        Raises:
            BadName: The text is not ``<party>.comity/<channel>``.
        """
        party, mark, channel = text.partition(".comity/")
        if not mark:
            raise BadName(
                f"{text[:80]!r} is not a log origin", hint="origins look like us.comity/<channel id>"
            )
        return cls(party_code(party), channel_id(channel))


class EntryRef(msgspec.Struct, frozen=True, order=True, gc=False):
    """One entry of one log: what documents cite and what entries answer."""

    origin: Origin
    index: int

    def __str__(self) -> str:
        return f"{self.origin}#{self.index}"

    @classmethod
    def parse(cls, text: str) -> EntryRef:
        """Read ``<origin>#<index>``; the index must re-print to itself.

        Raises:
            BadName: The text has another form, or the index does not fit 63 bits.
        """
        origin, mark, index = text.rpartition("#")
        if not mark or not _INDEX.fullmatch(index) or int(index) > MAX_INDEX:
            raise BadName(
                f"{text[:100]!r} is not an entry reference",
                hint="references look like us.comity/<channel id>#12",
            )
        return cls(Origin.parse(origin), int(index))
