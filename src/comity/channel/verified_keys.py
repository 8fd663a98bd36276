"""The keys of each log of an export over the years: from the policy, and from the entries that changed them.

A policy names keys of one time or of several. The rest follow from the record: an entry under the old keys
names a passport that old and new have signed. So whoever trusts any pair of a log comes to all the others.

Follows: docs/spec/passport.md, Rotation; docs/spec/export.md, Keys that changed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from comity.channel.charter import PAIR, pairs_of
from comity.channel.export import KEY_CHANGES, PASSPORTS
from comity.channel.passport import MAX_PASSPORT_BYTES, Passport
from comity.channel.rotation import ABOUT_KEYS, ANNOUNCED, MOST_CHANGES, PREFIX, History, history
from comity.channel.statements import Statement, said
from comity.entries import decode
from comity.errors import ComityError, ExportDoesNotHold
from comity.mirror import Generation
from comity.names import Origin
from comity.tlog.encoding import decimal
from comity.tlog.note import MAX_NOTE, parse_note
from comity.tlog.tile import ENTRIES, MAX_ENTRY, TILE_WIDTH, decode_entries, tile_in

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
        """Make sure that no entry about keys was passed over.

        Raises:
            ExportDoesNotHold: One is here that ``keychanges`` does not list.
        """
        for place, leaf in enumerate(leaves, start):
            if ABOUT_KEYS in leaf and place not in self.changes and decode(leaf).kinds == PREFIX:
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
    return {party: _of_party(files, policy, party) for party in parties}


def _of_party(files: Files, policy: Policy, party: str) -> KeyHistory:
    note = parse_note(files.read(f"{party}/checkpoint", MAX_NOTE))
    origin, size = note.text.split("\n", 2)[:2]
    logs = [one.vkey for one in policy.logs if one.vkey.name == origin]
    mirrors = [one.vkey for one in policy.witnesses if one.vkey.name == party + _MIRROR]
    if not logs or Origin.parse(origin).party != party:
        raise ExportDoesNotHold(f"{party[:40]!r} is in the export, and the policy has no such log of it")
    places = _places(files, party)
    if not places:
        if len(logs) > PAIR or len(mirrors) > PAIR:
            raise ExportDoesNotHold(
                f"the policy has several pairs of keys of {origin}, which never changed them"
            )
        return KeyHistory(origin, (Generation(tuple(logs)),), (Generation(tuple(mirrors)),))
    return _followed(files, party, origin, (logs, mirrors), {at: _entry(files, party, decimal(size) or 0, at)
                                                             for at in places})  # fmt: skip


def _followed(
    files: Files,
    party: str,
    origin: str,
    trusted: tuple[Sequence[VerifierKey], Sequence[VerifierKey]],
    entries: dict[int, Entry],
) -> KeyHistory:
    passports = {one.digest: one for one in _passports(files, party)}
    announced = [str(one.stated.get("passport")) for one in entries.values() if one.kind == ANNOUNCED]
    named = [passports[digest] for digest in announced if digest in passports]
    beginnings = [(tuple(log[:PAIR]), tuple(mirror[:PAIR])) for log, mirror in (trusted,)]
    beginnings += [(one.log_keys(origin), one.keys["mirror"]) for one in named]
    found = [
        history(
            Origin.parse(origin),
            *begun,
            sorted(entries.items()),
            lambda digest: passports[digest].note if digest in passports else None,
        )
        for begun in beginnings
    ]
    trustworthy = [
        one for one in found if _is_trusted(trusted[0], one.log) and _is_trusted(trusted[1], one.mirror)
    ]
    if not trustworthy:
        raise ExportDoesNotHold(f"the keys of {origin} in the policy are not among those its log leads to")
    longest = max(trustworthy, key=lambda one: len(one.held))
    return KeyHistory(origin, longest.log, longest.mirror, frozenset(entries), longest)


def _is_trusted(trusted: Sequence[VerifierKey], pairs: Sequence[Generation]) -> bool:
    """Whether the policy names one pair of those the record leads to, or several, and none besides."""
    known = {key for one in pairs for key in one.keys}
    return known.issuperset(trusted) and any(set(one.keys) <= set(trusted) for one in pairs)


def _places(files: Files, party: str) -> list[int]:
    if KEY_CHANGES not in files.names(party):
        return []
    path = f"{party}/{KEY_CHANGES}"
    lines = files.read(path, MAX_NOTE).decode("ascii", "replace").split("\n")
    found = [place for place in map(decimal, lines[:-1]) if place is not None]
    if lines[-1] or len(found) != len(lines) - 1 or found != sorted(set(found)) or len(found) > MOST_CHANGES:
        raise ExportDoesNotHold(f"{path} is not a list of entries in order")
    return found


def _entry(files: Files, party: str, size: int, index: int) -> Entry:
    """One entry, read ahead; with all others it is proven to stand where it does later."""
    if index >= size:
        raise ExportDoesNotHold(f"{party}/{KEY_CHANGES} lists entry {index}, and there are {size}")
    tile = tile_in(0, index // TILE_WIDTH, size)
    path = f"{party}/{type(tile)(ENTRIES, tile.index, tile.width).path}"
    leaves = decode_entries(files.read(path, TILE_WIDTH * (MAX_ENTRY + 2)), tile.width)
    return decode(leaves[index % TILE_WIDTH])


def _passports(files: Files, party: str) -> Iterator[Passport]:
    folder = f"{PASSPORTS}/{party}"
    for version in files.names(folder):
        try:
            yield Passport.parse(files.read(f"{folder}/{version}", MAX_PASSPORT_BYTES))
        except ComityError as fault:
            raise ExportDoesNotHold(f"{folder}/{version} is not a passport: {fault}") from fault
