"""Network data: addresses with what makes them lead to one subscriber, and hash values."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from comity.drafting import times
from comity.drafting.addresses import (
    Address,
    addresses,
    malformed,
    refanged,
    speaks_of_port,
    without_addresses,
)
from comity.drafting.reading import some
from comity.drafting.words import pattern

if TYPE_CHECKING:
    from collections.abc import Iterable

    from comity.drafting.reading import Finding, Reading

_HEX: Final = re.compile(r"(?<![\w/+=-])[0-9A-Za-z]{16,256}(?![\w/+=-])", re.ASCII)
_LABEL: Final = re.compile(
    r"(?<![a-z0-9])(?:md-?5|sha-?(?:1|224|256|384|512))(?![0-9])\W{0,6}\Z", re.IGNORECASE | re.ASCII
)
_LENGTHS: Final = {"md5": 32, "sha1": 40, "sha224": 56, "sha256": 64, "sha384": 96, "sha512": 128}
_HEX_SIGNS: Final = frozenset("0123456789abcdefABCDEF")
_NUMBER_ALONE: Final = re.compile(r"\s*[0-9]{1,5}\s*")  # a column of a table
_NEAR: Final = 16


@dataclass(slots=True)
class Marks:
    """What is said of time and port in some place."""

    has_day: bool = False
    has_clock: bool = False
    has_zone: bool = False
    has_port: bool = False
    clocks: list[str] = field(default_factory=list)

    def take(self, other: Marks) -> None:
        """Add what another place says."""
        self.has_day |= other.has_day
        self.has_clock |= other.has_clock
        self.has_zone |= other.has_zone
        self.has_port |= other.has_port
        self.clocks += other.clocks

    @property
    def is_dated(self) -> bool:
        """Whether a day or a time of day is given."""
        return self.has_day or self.has_clock


@dataclass(slots=True)
class Block:
    """Addresses that stand together, and what is said of them."""

    addresses: list[Address]
    marks: Marks
    is_bare: bool


def found(reading: Reading) -> list[Finding]:
    """What is wrong with addresses and times."""
    names = reading.ids("addresses", "identifiers", "measure", "period")
    texts = {name: refanged(reading.texts[name]) for name in names}
    read = {name: blocks(text) for name, text in texts.items()}
    for_all = Marks()
    periods = set(reading.ids("period"))
    network = set(reading.ids("addresses"))
    for name, (of_field, placed) in read.items():
        if name in periods or (name in network and not placed):
            for_all.take(of_field)
    return [
        *_unplaced(reading, read, for_all),
        *_without_zone(reading, read, for_all, network | periods),
        *_not_addresses(reading, texts),
        *_two_meanings(reading, {name: texts[name] for name in texts if name in network | periods}),
    ]


def _unplaced(
    reading: Reading, read: dict[str, tuple[Marks, list[Block]]], for_all: Marks
) -> Iterable[Finding]:
    """Addresses without day, time of day or port; those of use inside a network, and whole blocks."""
    dated: dict[str, Marks] = {}
    where: dict[str, str] = {}
    inside: dict[str, str] = {}
    broad: dict[str, str] = {}
    bound = reading.catalogue.bound("address_block")
    own = set(reading.ids("addresses"))
    for_subscriber = reading.asks("subscriber") or bool(
        pattern("subscriber").search(reading.together("measure", "addresses"))
    )
    for name, (of_field, placed) in read.items():
        for block in placed:
            for address in block.addresses:
                shown = str(address)
                if address.is_inside:
                    inside.setdefault(shown, name)
                    continue
                if address.count > bound:
                    broad.setdefault(shown, name)
                if name not in own and not for_subscriber:
                    continue  # a server that is named as the place of data, not as whose it was
                where.setdefault(shown, name)
                marks = dated.setdefault(shown, Marks())
                for one in (
                    for_all,
                    of_field,
                    block.marks,
                    Marks(has_port=address.has_port or not address.may_be_shared),
                ):
                    marks.take(one)
    undated = [shown for shown, marks in dated.items() if not (marks.has_day and marks.has_clock)]
    portless = [shown for shown, marks in dated.items() if not marks.has_port]
    for defect, some_of, places in (
        ("address_without_time", undated, where),
        ("address_without_port", portless, where),
        ("address_not_public", list(inside), inside),
        ("address_block_too_broad", list(broad), broad),
    ):
        if some_of:
            yield from reading.found(defect, places[some_of[0]], addresses=some(some_of))


def _without_zone(
    reading: Reading, read: dict[str, tuple[Marks, list[Block]]], for_all: Marks, own: set[str]
) -> Iterable[Finding]:
    """Times of day of addresses, and in the fields for them, that name no zone anywhere near."""
    for name, (of_field, placed) in read.items():
        zoned = for_all.has_zone or of_field.has_zone
        looked_at = [block.marks for block in placed] + ([of_field] if placed or name in own else [])
        bare = [clock for marks in looked_at if not (zoned or marks.has_zone) for clock in marks.clocks]
        if bare:
            yield from reading.found("no_time_zone", name, times=some(list(dict.fromkeys(bare))))


def _not_addresses(reading: Reading, texts: dict[str, str]) -> Iterable[Finding]:
    for name in reading.ids("addresses"):
        wrong = [one for line in texts[name].splitlines() for one in malformed(line)]
        if wrong:
            yield from reading.found("address_malformed", name, addresses=some(list(dict.fromkeys(wrong))))


def _two_meanings(reading: Reading, texts: dict[str, str]) -> Iterable[Finding]:
    for name, text in texts.items():
        read = [line for line in text.splitlines() if times.clocks(line)]
        zones = [zone for line in read for zone in times.zones_with_two_meanings(line)]
        if zones:
            yield from reading.found("zone_has_two_meanings", name, zone=some(list(dict.fromkeys(zones))))
        days = [day.written for line in text.splitlines() for day in times.days(line) if day.two_meanings]
        if days:
            yield from reading.found("date_has_two_meanings", name, date=some(list(dict.fromkeys(days))))


def blocks(text: str) -> tuple[Marks, list[Block]]:
    """What is said for a whole field, and the groups of addresses in it with what is said of each group.

    What stands before the first address, or after a blank line without an address of its own, is said of
    all; so is a zone alone, and a day alone at the end. Addresses one below the other belong together until
    one has its own time.
    """
    for_all, found = Marks(), list[Block]()
    is_after_blank = False
    lines = text.rstrip().splitlines()
    for at, line in enumerate(lines, 1):
        if not line.strip():
            is_after_blank = True
            continue
        parts = [(part, addresses(part)) for part in line.split(";")]
        shared = _of_line(line, [one for _, some_of in parts for one in some_of])
        if not any(some_of for _, some_of in parts):
            is_for_all = not found or is_after_blank or (at == len(lines) and not shared.has_clock)
            (for_all if is_for_all else found[-1].marks).take(shared)
            for_all.has_zone |= shared.has_zone and not shared.has_clock
            continue
        is_after_blank = False
        for part, some_of in parts:
            _place(found, part, some_of, shared)
    return for_all, found


def _place(found: list[Block], part: str, some_of: list[Address], shared: Marks) -> None:
    """Put a part of a line with those before it, or begin a new group; day and zone are the whole line's."""
    rest = without_addresses(part, some_of)
    clocks = times.clocks(rest)
    marks = Marks(
        has_day=shared.has_day,
        has_clock=bool(clocks) or times.has_epoch(rest),
        has_zone=shared.has_zone,
        has_port=speaks_of_port(rest),
        clocks=[] if shared.has_zone else [one.written for one in clocks],
    )
    if not some_of:
        marks.has_port |= _NUMBER_ALONE.fullmatch(part) is not None
        if found:
            found[-1].marks.take(marks)
        return
    is_bare = not any(map(str.isalnum, rest))
    last = found[-1] if found else None
    begins = last is None or last.marks.has_clock
    begins |= (
        last is not None
        and not last.is_bare
        and (marks.has_clock or (marks.is_dated and last.marks.is_dated))
    )
    if last is None or begins:
        found.append(Block(list(some_of), marks, is_bare))
    else:
        last.addresses += some_of
        last.marks.take(marks)
        last.is_bare &= is_bare


def _of_line(line: str, some_of: list[Address]) -> Marks:
    rest = without_addresses(line, addresses(line)) if some_of else line
    clocks = times.clocks(rest)
    is_epoch = times.has_epoch(rest)
    is_zoned = is_epoch or times.has_zone(rest)
    return Marks(
        has_day=is_epoch or bool(times.days(rest)),
        has_clock=is_epoch or bool(clocks),
        has_zone=is_zoned,
        has_port=speaks_of_port(rest),
        clocks=[] if is_zoned else [one.written for one in clocks],
    )


def hashes(reading: Reading) -> list[Finding]:
    """Hash values that cannot be any: in their own field by length, elsewhere by the name before them."""
    found: list[Finding] = []
    own = set(reading.ids("hashes"))
    for name, text in reading.texts.items():
        wrong = [value for value, label in _values(text) if _is_wrong(value, label, in_list=name in own)]
        if wrong:
            found += reading.found(
                "hash_malformed", name, hashes=some([f"{one[:12]}… ({len(one)})" for one in wrong])
            )
    return found


def _values(text: str) -> Iterable[tuple[str, str]]:
    for match in _HEX.finditer(text):
        label = _LABEL.search(text[max(0, match.start() - _NEAR) : match.start()])
        yield match[0], "".join(filter(str.isalnum, label[0])).casefold() if label else ""


def _is_wrong(value: str, label: str, *, in_list: bool) -> bool:
    strange = sum(sign not in _HEX_SIGNS for sign in value)
    if label:
        return bool(strange) or len(value) != _LENGTHS[label]
    if not in_list or not any(map(str.isdigit, value)):
        return False
    if strange:  # a digit misread as a letter; with more of these it is no hash value at all
        return len(value) in _LENGTHS.values() and strange <= 2
    return len(value) not in _LENGTHS.values()
