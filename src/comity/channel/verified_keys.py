"""The keys of each log of an export over the years: from the policy, and from the entries that changed them.

A policy names keys of one time or of several. The rest follow from the record: an entry under the old keys
names a passport that old and new have signed. So whoever trusts any pair of a log comes to all the others.

Follows: docs/spec/passport.md, Rotation; docs/spec/export.md, Keys that changed.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Final, NamedTuple

from comity.channel.charter import PAIR, pairs_of
from comity.channel.export import KEY_CHANGES, PASSPORTS, POLICY
from comity.channel.passport import MAX_PASSPORT_BYTES
from comity.channel.rotation import ABOUT_KEYS, MOST_CHANGES, PREFIX, History, history
from comity.channel.statements import Statement, said
from comity.channel.verified_policy import policy_inside
from comity.entries import decode
from comity.errors import ExportDoesNotHold
from comity.mirror import Generation
from comity.names import Origin
from comity.tlog.encoding import decimal
from comity.tlog.note import MAX_NOTE, parse_note
from comity.tlog.policy import MAX_POLICY
from comity.tlog.tile import ENTRIES, MAX_ENTRY, TILE_WIDTH, Tile, decode_entries, tile_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from comity.channel.export import Files
    from comity.entries import Entry
    from comity.tlog.policy import Policy
    from comity.tlog.vkey import VerifierKey

_MIRROR: Final = ".comity/mirror"


@dataclass(frozen=True, slots=True)
class KeyHistory:
    """The keys of one party in the channel.

    Attributes:
        origin: Its log.
        log: Each pair of the log.
        mirror: Each pair of its mirror.
        changes: The indexes of the entries that are said to be about keys.
        followed: How it went from one pair to the next.
    """

    origin: str
    log: tuple[Generation, ...]
    mirror: tuple[Generation, ...]
    changes: frozenset[int] = frozenset()
    followed: History | None = None

    def must_be_all(self, start: int, leaves: Sequence[bytes]) -> None:
        """Make sure that no entry about keys was passed over that can count.

        Raises:
            ExportDoesNotHold: One is here that ``keychanges`` does not list.
        """
        listed = self.changes
        last = max(listed) if len(listed) == MOST_CHANGES else start + len(leaves)  # none after it can count
        for place, leaf in enumerate(leaves, start):
            if ABOUT_KEYS in leaf and place not in listed and place <= last and decode(leaf).kinds == PREFIX:
                raise ExportDoesNotHold(
                    f"entry {place} of {self.origin} is about keys and is not listed as such"
                )

    def said(self) -> Iterator[Statement]:
        """How the keys changed."""
        if self.followed is None:
            return
        party = Origin.parse(self.origin).party
        for old, new in zip(self.followed.held, self.followed.held[1:], strict=False):
            yield said("keys-announced", party=party, entry=new.announced, begins=new.begins)
            if old.log.until is not None:
                retired = said("keys-retired", party=party, entry=old.log.until, reason=old.reason)
                yield retired
                if old.compromised:
                    yield said("keys-in-other-hands", party=party, since=str(old.compromised))


def mirrors_of(policy: Policy) -> dict[str, tuple[Generation, ...]]:
    """The keys of every mirror that a policy names, by party."""
    keys: dict[str, list[VerifierKey]] = {}
    for one in policy.witnesses:
        if one.vkey.name.endswith(_MIRROR):
            keys.setdefault(one.vkey.name.removesuffix(_MIRROR), []).append(one.vkey)
    return {party: pairs_of(found) for party, found in keys.items()}


def key_histories(files: Files, policy: Policy, parties: Sequence[str]) -> dict[str, KeyHistory]:
    """Find every pair of keys of each log in an export.

    Raises:
        ComityError: A log is in no policy, or its keys do not follow from one another as they must.
    """
    has_changes = any(KEY_CHANGES in files.names(party) for party in parties)
    told = policy_inside(files.read(POLICY, MAX_POLICY)) if has_changes else policy
    return {party: _of_party(files, policy, told, party) for party in parties}


class _Pairs(NamedTuple):
    """The keys of a log and of its author's mirror in a policy, a pair a time."""

    log: Sequence[VerifierKey]
    mirror: Sequence[VerifierKey]

    @classmethod
    def of(cls, policy: Policy, origin: str) -> _Pairs:
        mirror = Origin.parse(origin).party + _MIRROR
        return cls(
            [one.vkey for one in policy.logs if one.vkey.name == origin],
            [one.vkey for one in policy.witnesses if one.vkey.name == mirror],
        )


def _of_party(files: Files, policy: Policy, told: Policy, party: str) -> KeyHistory:
    note = parse_note(files.read(f"{party}/checkpoint", MAX_NOTE))
    origin, size = note.text.split("\n", 2)[:2]
    trusted = _Pairs.of(policy, origin)
    if not trusted.log or Origin.parse(origin).party != party:
        raise ExportDoesNotHold(f"{party[:40]!r} is in the export, and the policy has no such log of it")
    places = _places(files, party)
    if places:
        entries = list(_entries(files, party, decimal(size) or 0, places))
        return _followed(files, origin, _Pairs.of(told, origin), trusted, entries)
    if max(map(len, trusted)) > PAIR:
        raise ExportDoesNotHold(f"the policy has several pairs of keys of {origin}, which never changed them")
    return KeyHistory(origin, (Generation(tuple(trusted.log)),), (Generation(tuple(trusted.mirror)),))


def _followed(
    files: Files, origin: str, told: _Pairs, trusted: _Pairs, entries: Sequence[tuple[int, Entry]]
) -> KeyHistory:
    """Follow the keys from the pair the export says its channel began with: it must lead to those trusted.

    Nobody has to be believed for that: a passport that brings in keys is signed by the pair before and by the
    pair after, so whoever is trusted for one of them vouches for its neighbours.
    """
    passports = _passports(files, Origin.parse(origin).party)
    found = history(
        Origin.parse(origin),
        told.log[:PAIR],
        told.mirror[:PAIR],
        entries,
        lambda digest: files.read(passports[digest], MAX_PASSPORT_BYTES) if digest in passports else None,
    )
    if not (_is_trusted(trusted.log, found.log) and _is_trusted(trusted.mirror, found.mirror)):
        raise ExportDoesNotHold(f"the keys of {origin} in the policy are not among those its log leads to")
    return KeyHistory(origin, found.log, found.mirror, frozenset(index for index, _ in entries), found)


def _is_trusted(trusted: Sequence[VerifierKey], pairs: Sequence[Generation]) -> bool:
    """Whether the policy names one pair of those the record leads to, or several, and none besides."""
    known = {key for one in pairs for key in one.keys}
    return known.issuperset(trusted) and any(set(one.keys) <= set(trusted) for one in pairs)


def _places(files: Files, party: str) -> list[int]:
    if KEY_CHANGES not in files.names(party):
        return []
    path = f"{party}/{KEY_CHANGES}"
    lines = files.read(path, MAX_NOTE).decode("ascii", "replace").split("\n")
    if len(lines) - 1 > MOST_CHANGES:
        raise ExportDoesNotHold(
            f"{path} lists more than the first {MOST_CHANGES:,} entries about keys, and no others count"
        )
    found = [place for place in map(decimal, lines[:-1]) if place is not None]
    if lines[-1] or len(found) != len(lines) - 1 or found != sorted(set(found)):
        raise ExportDoesNotHold(f"{path} is not a list of entries in order")
    return found


def _entries(files: Files, party: str, size: int, places: Sequence[int]) -> Iterator[tuple[int, Entry]]:
    """The entries listed, read ahead; with all others they are proven to stand where they do later."""
    listed = f"{party}/{KEY_CHANGES}"
    if places[-1] >= size:
        raise ExportDoesNotHold(f"{listed} lists entry {places[-1]}, and there are {size}")
    for bundle, inside in groupby(places, lambda index: index // TILE_WIDTH):
        tile = tile_in(0, bundle, size)
        path = f"{party}/{Tile(ENTRIES, tile.index, tile.width).path}"
        leaves = decode_entries(files.read(path, TILE_WIDTH * (MAX_ENTRY + 2)), tile.width)
        for index in inside:
            entry = decode(leaves[index % TILE_WIDTH])
            if entry.kinds != PREFIX:
                raise ExportDoesNotHold(f"{listed} lists entry {index}, which is not about keys")
            yield index, entry


def _passports(files: Files, party: str) -> dict[str, str]:
    """The path of each passport of a party, by digest: read again where an entry names it."""
    folder = f"{PASSPORTS}/{party}"
    paths = [f"{folder}/{version}" for version in files.names(folder)]
    return {hashlib.sha256(files.read(path, MAX_PASSPORT_BYTES)).hexdigest(): path for path in paths}
