"""How the keys of a log change: by entries of the log itself, which name the passport with the new ones.

``keys.announced`` stands under the old keys and brings in the new; ``keys.retired`` stands under the new and
ends the old. Between the two either may sign. What may sign which part of a log follows from entries alone.

Follows: docs/spec/passport.md, Rotation; docs/adr/0022-keys-change-by-entries.md.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from comity.channel.passport import Passport
from comity.errors import ComityError
from comity.mirror import Generation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from comity.entries import Entry
    from comity.names import Origin
    from comity.tlog.vkey import VerifierKey

PREFIX: Final = "keys"
ANNOUNCED: Final = "keys.announced"
RETIRED: Final = "keys.retired"
ABOUT_KEYS: Final = b'"kind":"' + PREFIX.encode() + b"."  # in the leaf of every entry about keys
REASONS: Final = ("scheduled", "stolen", "lost")
MOST_CHANGES: Final = 1_000  # of one log: monthly for forty years


@dataclass(frozen=True, slots=True)
class Held:
    """A pair for the log and a pair for the mirror, and what became of them.

    Attributes:
        log: The log's pair, and what it may sign.
        mirror: The mirror's pair; ``until`` is the entry of its party's own log that retired it.
        announced: The index of the entry that brought them in; None for those the channel began with.
        begins: The day from which they sign, as their passport says; empty for the first.
        reason: Why they were retired; empty while they were not.
        compromised: Since when they must be taken to be in other hands, as their party states; or empty.
    """

    log: Generation
    mirror: Generation
    announced: int | None = None
    begins: str = ""
    reason: str = ""
    compromised: str = ""


@dataclass(frozen=True, slots=True)
class History:
    """The keys of one party in a channel, oldest first, and why an entry about them had no effect."""

    held: tuple[Held, ...]
    irregular: dict[int, str]

    @property
    def log(self) -> tuple[Generation, ...]:
        """What may have signed the log."""
        return tuple(one.log for one in self.held)

    @property
    def mirror(self) -> tuple[Generation, ...]:
        """What may have signed receipts."""
        return tuple(one.mirror for one in self.held)


def history(
    origin: Origin,
    log_keys: Sequence[VerifierKey],
    mirror_keys: Sequence[VerifierKey],
    entries: Iterable[tuple[int, Entry]],
    passport: Callable[[str], bytes | None],
) -> History:
    """Follow the keys of a log through its own entries.

    Args:
        origin: The log.
        log_keys: The pair it began with.
        mirror_keys: The pair its author's mirror began with.
        entries: Its entries of the kinds ``keys.…``, in order, with their index.
        passport: Gives the file of a digest, or None.
    """
    held = [Held(Generation(tuple(log_keys)), Generation(tuple(mirror_keys)))]
    irregular: dict[int, str] = {}
    for place, (index, entry) in enumerate(entries):
        if place >= MOST_CHANGES:
            found: list[Held] | str = f"only the first {MOST_CHANGES:,} entries of a log about keys count"
        elif entry.kind == ANNOUNCED:
            found = _announced(origin, held[-2:], index, entry, passport)
        elif entry.kind == RETIRED:
            found = _retired(held[-2:], index, entry)
        else:
            found = f"no act on keys is called {entry.act}"
        if isinstance(found, str):
            irregular[index] = found
        else:
            held[-2:] = found
    return History(tuple(held), irregular)


def _announced(
    origin: Origin, held: list[Held], index: int, entry: Entry, passport: Callable[[str], bytes | None]
) -> list[Held] | str:
    """What the newest two pairs become: more are never in force."""
    if _in_force(held) > 1:
        return "the keys before the present ones have not been retired yet"
    try:
        named = Passport.parse(passport(str(entry.stated.get("passport"))) or b"")
    except ComityError as fault:
        return f"the passport it names is not here or cannot be read: {fault}"
    renamed = tuple(key.renamed(str(origin)) for key in named.keys["log"])
    if named.about.party != origin.party or not named.coming:
        return "the passport it names announces no keys of this party"
    if (renamed, named.keys["mirror"]) != (held[-1].log.keys, held[-1].mirror.keys):
        return "the passport it names follows other keys than those of this log"
    coming = tuple(key.renamed(str(origin)) for key in named.coming["log"])
    new = Held(
        Generation(coming, since=index + 1),
        Generation(named.coming["mirror"]),
        announced=index,
        begins=named.begins,
    )
    return [*held, new]


def _retired(held: list[Held], index: int, entry: Entry) -> list[Held] | str:
    """The same."""
    if _in_force(held) == 1:
        return "there are no older keys to retire"
    reason, since = entry.stated.get("reason"), entry.stated.get("compromised", "")
    if reason not in REASONS or not isinstance(since, str):
        return "it does not say why they are retired"
    old, new = held
    ended = replace(
        old,
        log=replace(old.log, until=index),
        mirror=replace(old.mirror, until=index),
        reason=str(reason),
        compromised=since,
    )
    return [ended, new]


def _in_force(held: Sequence[Held]) -> int:
    return sum(one.log.until is None for one in held)
