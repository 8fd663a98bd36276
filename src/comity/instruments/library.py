"""The instruments that come with Comity, every edition of them, and what is known of their Parties.

The one place in the core that reads files: its own, as installed with the package. A folder holds one
edition; of an instrument with several, the later ones stand in ``<id>~<edition>``.
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from comity.errors import NoSuchInstrument
from comity.instruments.footing import footings
from comity.instruments.leaves import places, plainly
from comity.instruments.parse import followed, parse_instrument
from comity.instruments.parties_text import parse_parties

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from importlib.resources.abc import Traversable

    from comity.instruments.footing import Footing
    from comity.instruments.model import Instrument
    from comity.instruments.parties import Parties
    from comity.instruments.procedure import Procedure, Row

PARTIES: Final = "parties.toml"
_LEAST_OF_DIGEST: Final = 8


@cache
def library() -> Mapping[str, Instrument]:
    """Every instrument shipped, by id, in its latest edition."""
    by_date = sorted(editions().values(), key=lambda one: (one.edition_on, one.id))
    latest = {one.id: one for one in by_date}
    return MappingProxyType({name: latest[name] for name in sorted(latest)})


@cache
def editions() -> Mapping[str, Instrument]:
    """Every edition of every instrument shipped, by digest: a record keeps the one it was made under."""
    read = (parse_instrument(files) for files in texts().values())
    return MappingProxyType({one.digest: one for one in read})


@cache
def texts() -> Mapping[str, Mapping[str, bytes]]:
    """The files of each edition, by the name of its folder, with the patterns its procedures follow."""
    own = {folder.name: _files(folder) for folder in _folders()}
    return MappingProxyType({name: with_patterns(files) for name, files in sorted(own.items())})


@cache
def patterns() -> Mapping[str, bytes]:
    """The patterns that come with Comity, by file name."""
    return MappingProxyType(_files(resources.files("comity.instruments") / "patterns"))


def with_patterns(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files of an instrument with the shipped patterns its procedures follow; one it brings itself stays.

    Raises:
        MalformedInstrument: A file is not TOML.
    """
    shipped = patterns()
    return {**{name: shipped[name] for name in sorted(followed(files)) if name in shipped}, **files}


def edition(name: str) -> Instrument:
    """An edition by its name: an id (the latest), ``id~edition``, or a digest, whole or its beginning.

    Raises:
        NoSuchInstrument: Nothing shipped has that name.
    """
    if name in library():
        return library()[name]
    named = [one for one in editions().values() if f"{one.id}~{one.edition}" == name]
    if len(name) >= _LEAST_OF_DIGEST:
        named += [one for digest, one in editions().items() if digest.startswith(name)]
    if not named:
        known = ", ".join(library())
        raise NoSuchInstrument(f"no instrument {name[:80]!r} comes with Comity", hint=f"these do: {known}")
    return max(named, key=lambda one: one.edition_on)


def known_as(instrument: Instrument) -> str:
    """The shortest name ``edition`` finds it by: its id while it is the latest edition."""
    latest = library().get(instrument.id)
    is_latest = latest is not None and latest.digest == instrument.digest
    return instrument.id if is_latest else f"{instrument.id}~{instrument.edition}"


def place_of(digest: str, said: str) -> str:
    """The place of the statement that a name means in an edition: ``rule costs``, ``assistance/row refused``.

    Empty where the edition has no such statement, or several, or is not shipped.
    """
    return _places(digest).get(plainly(said), "") if digest in editions() else ""


@cache
def _places(digest: str) -> Mapping[str, str]:
    return places(editions()[digest])


def table_of(row: Row) -> tuple[Instrument, Procedure] | None:
    """The edition and the procedure a row is part of; None where it is of no instrument shipped."""
    return _tables().get(id(row))


@cache
def _tables() -> Mapping[int, tuple[Instrument, Procedure]]:
    """By the identity of the row, which is kept as long as the editions are and is too large to compare."""
    return {
        id(row): (one, procedure)
        for one in editions().values()
        for procedure in one.procedures
        for row in procedure.rows
    }


@cache
def parties() -> Mapping[str, Parties]:
    """What ships of what is known of the Parties, by id of the instrument; nothing where it has no such file.

    A node may know better by now: whoever asks on its behalf passes on what it has in use.
    """
    read = {folder.name: folder / PARTIES for folder in _folders() if (folder / PARTIES).is_file()}
    return MappingProxyType({name: parse_parties(file.read_bytes()) for name, file in read.items()})


def stands(text: Instrument, known: Mapping[str, Parties], one: str, other: str, *, on: date) -> Footing:
    """What an instrument is between two parties on a day, by what is known of its Parties; it alone."""
    return footings([text], known, one, other, on=on)[0]


def _folders() -> list[Traversable]:
    shelf = resources.files("comity.instruments") / "texts"
    return [folder for folder in shelf.iterdir() if folder.is_dir() and not folder.name.startswith("_")]


def _files(folder: Traversable) -> dict[str, bytes]:
    return {
        file.name: file.read_bytes()
        for file in folder.iterdir()
        if file.name.endswith(".toml") and file.name != PARTIES
    }
