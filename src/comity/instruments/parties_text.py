"""Read what is known of the Parties to an instrument from ``parties.toml``, and hold it against its form.

What ships and what a node is given later pass the same checks: whoever reads a footing must be able to rely
on the file being whole, in one spelling, and without a character that shows as something else.

Follows: docs/spec/procedures.md, Parties.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING, Final

import msgspec
import tomli

from comity.entries.entry import readable
from comity.errors import BadName, MalformedInstrument
from comity.instruments.check import BASIS
from comity.instruments.parse import MAX_FILE_BYTES, MAX_LINE
from comity.instruments.parties import Parties
from comity.names import party_code

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from comity.instruments.citation import Cited
    from comity.instruments.parties import Authority, Party

_LONGEST: Final = 1_000
_CODE: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}", re.ASCII)
_LANGUAGE: Final = re.compile(r"[a-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}", re.ASCII)


def parse_parties(raw: bytes) -> Parties:
    """Read ``parties.toml``.

    Raises:
        MalformedInstrument: It is too large, not TOML or of another form; it lists something twice, says
            something of a State not listed, or gives days, codes, sources or texts that cannot be.
    """
    if len(raw) > MAX_FILE_BYTES:
        raise MalformedInstrument(f"parties.toml has {len(raw):,} bytes; the limit is {MAX_FILE_BYTES:,}")
    try:
        text = raw.decode()
        if any(len(line) > MAX_LINE for line in text.split("\n")):
            raise MalformedInstrument(f"parties.toml has a line of more than {MAX_LINE} characters")
        read = msgspec.convert(tomli.loads(text), Parties)
    except (ValueError, RecursionError) as error:
        raise MalformedInstrument(f"parties.toml could not be read: {error}") from error
    for fault in _faults(read):
        raise MalformedInstrument(f"parties.toml {fault}")
    return read


def _faults(read: Parties) -> Iterator[str]:
    """What is wrong with it, one sentence each; the first is the one told."""
    yield from chain(_twice(read), _strangers(read))
    for party in read.parties:
        yield from _party(party, read)
    for said in (*read.reservations, *read.declarations):
        if not _CODE.fullmatch(said.id):
            yield f"says something of {said.party!r} under an id that is no code: {said.id[:60]!r}"
        yield from _texts(f"{said.party} {said.id}", (said.article, said.text))
        yield from _source(f"{said.party} {said.id}", said)
    for authority in read.authorities:
        yield from _authority(authority)


def _twice(read: Parties) -> Iterator[str]:
    for what, names in (
        ("the party", [one.code for one in read.parties]),
        ("the reservation", [f"{one.party} {one.id}" for one in read.reservations]),
        ("the declaration", [f"{one.party} {one.id}" for one in read.declarations]),
        ("the authority", [f"{one.party} {one.role} {one.name}" for one in read.authorities]),
    ):
        for name, count in Counter(names).items():
            if count > 1:
                yield f"lists {what} {name[:80]!r} twice"


def _strangers(read: Parties) -> Iterator[str]:
    codes = {party.code for party in read.parties}
    said = [one.party for one in (*read.reservations, *read.declarations)]
    for party in (*said, *(one.party for one in read.authorities)):
        if party not in codes:
            yield f"says something of {party[:40]!r}, which it does not list"


def _party(party: Party, read: Parties) -> Iterator[str]:
    try:
        party_code(party.code)
    except BadName as bad:
        yield f"lists a party whose code is none: {bad}"
    if party.signed and party.signed > read.as_of:
        yield f"has {party.code} sign on {party.signed}, after the day it was looked up, {read.as_of}"
    if party.bound_until and (party.bound_from is None or party.bound_from > party.bound_until):
        yield f"has {party.code} bound until {party.bound_until}, and not before"
    yield from _texts(party.code, (party.name,))
    yield from _source(party.code, party)


def _authority(one: Authority) -> Iterator[str]:
    place = f"authority of {one.party}"
    if not _CODE.fullmatch(one.role):
        yield f"gives an {place} a role that is no code: {one.role[:60]!r}"
    if odd := [code for code in (*one.languages, *one.names) if not _LANGUAGE.fullmatch(code)]:
        yield f"gives an {place} a language that is no code: {odd[0][:60]!r}"
    if len(set(one.languages)) < len(one.languages):
        yield f"gives an {place} one language twice"
    yield from _texts(place, (one.name, *one.names.values(), *filter(None, (one.office, one.address))))
    yield from _source(place, one)


def _source(place: str, said: Cited) -> Iterator[str]:
    if not BASIS.fullmatch(said.basis):
        yield f"names no source for {place}: {said.basis[:60]!r} is no article, practice or source"
    yield from _texts(place, filter(None, (said.basis, said.note)))


def _texts(place: str, texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        if not readable(text, most=_LONGEST):
            yield f"holds a text about {place} that is no readable line: {text[:60]!r}"
