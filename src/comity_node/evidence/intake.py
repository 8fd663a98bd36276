"""Taking a file in: sealed to every party of the channel as it is read, and hashed on the way.

The content never touches our disk in the clear, and never more than a few MiB of it are in memory.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from django.conf import settings

from comity.custody import object_name
from comity.keys.sealing import parse_recipient, seal_stream
from comity_node.evidence import store
from comity_node.evidence.errors import ExhibitTooLarge, NobodyToReceive
from comity_node.register import queries

if TYPE_CHECKING:
    from collections.abc import Callable

    from comity.keys.sealing import Recipient
    from comity.keys.sealing.stream import Octets


class Source(Protocol):
    """Where the content comes from: a binary file, or what reads like one."""

    def readinto(self, buffer: memoryview, /) -> int | None:
        """Put the next bytes into ``buffer``; return how many, 0 at the end."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """A file that was taken in: its seal stands on disk under ``object``."""

    object: str
    size: int
    sha256: str
    sealed_size: int
    sealed_to: tuple[str, ...] = ()

    def facts(self) -> dict[str, str | int]:
        """What its announcement says of it."""
        size = {"size": self.size, "sealed_size": self.sealed_size}
        return {"object": self.object, "sha256": self.sha256, **size}


@dataclass(frozen=True, slots=True)
class Readers:
    """Who can open what is sealed: the other parties by code, and the keys of all."""

    parties: tuple[str, ...]
    keys: tuple[Recipient, ...]


def recipients(channel: str) -> Readers:
    """To whom whatever crosses in a channel is sealed: every party that is in it now, ourselves included.

    Raises:
        NobodyToReceive: Nobody else is in it.
    """
    logs = [log for log in queries.channel_logs(channel) if log.place == log.Place.MEMBER]
    keys = tuple(parse_recipient(line) for log in logs for line in log.recipients.splitlines())
    parties = tuple(log.party for log in logs if not log.ours)
    if not parties:
        raise NobodyToReceive(f"nothing was sealed: nobody else is in channel {channel} yet")
    return Readers(parties, keys)


def seal(
    source: Source,
    *,
    channel: str,
    to: Readers,
    progress: Callable[[int], None] = lambda _: None,
) -> Sealed:
    """Seal and hash everything ``source`` gives; the sealed file is durable under its name on return.

    Touches no table, so that it can run beside the request it serves.

    Args:
        source: The content.
        channel: Channel it belongs to.
        to: Who is in that channel.
        progress: Told after each MiB how many bytes of content have been read.

    Raises:
        ExhibitTooLarge: There is more than this node accepts. Nothing was kept.
        DiskFull: It does not fit on the disk. Nothing was kept.
        CannotSeal: The channel has no parties to seal to.
    """
    digest = hashlib.sha256()
    with store.incoming() as (descriptor, path):
        with store.FreshLanding(descriptor) as landing:
            named = _Named(landing)
            size = seal_stream(_Measured(source, progress), named, to.keys, digest=digest)
            landing.flush()
        store.settle(path, store.place(channel, settings.NODE.party, named.name))
        return Sealed(named.name, size, digest.hexdigest(), landing.written, to.parties)


def drop(channel: str, sealed: str) -> None:
    """Take away the seal of a file that is in nobody's record."""
    store.place(channel, settings.NODE.party, sealed).unlink(missing_ok=True)


class _Measured:
    """A source that is counted, and stopped at this node's limit."""

    def __init__(self, source: Source, progress: Callable[[int], None]) -> None:
        self._source = source
        self._progress = progress
        self._size = 0

    def readinto(self, buffer: memoryview, /) -> int:
        """Put the next bytes into ``buffer``; return how many."""
        size = self._source.readinto(buffer) or 0
        self._size += size
        most = settings.NODE.limits.exhibit_bytes
        if self._size > most:
            raise ExhibitTooLarge(f"the exhibit was not added: this node accepts at most {most:,} bytes")
        self._progress(self._size)
        return size


class _Named:
    """A landing that learns the name of what is written: the first write is the header."""

    def __init__(self, landing: store.Landing) -> None:
        self._landing = landing
        self.name = ""

    def write(self, octets: Octets) -> int:
        """Take all of ``octets``."""
        self.name = self.name or object_name(octets)
        return self._landing.write(octets)
