"""Where what a page cites can be read: every statement of an instrument has an address, and every entry.

The pages belong to the shell. Rooms cite them through this module, and cite nothing where a node is built
without them.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from django.urls import NoReverseMatch, Resolver404, resolve, reverse

from comity.custody import custody
from comity.errors import NoSuchInstrument
from comity.instruments import edition, known_as, place_of, table_of
from comity.names import EntryRef

if TYPE_CHECKING:
    from comity.instruments import Instrument, Procedure, Row

_PAGES: Final = ("web:instruments", "web:instrument", "web:procedure")


@lru_cache(maxsize=4096)  # a page cites the same few rows on every line
def instrument_address(instrument: str = "", kind: str = "", name: str = "", *, procedure: str = "") -> str:
    """The address of an instrument, of one of its procedures, or of one statement.

    Args:
        instrument: Its name: id, ``id~edition`` or digest; without, the list of all.
        kind: Kind of the statement as ``comity.instruments.leaves`` calls it: ``rule``, ``row``, ``ground``.
        name: Its name there.
        procedure: The procedure it belongs to, if it does.
    """
    place = [one for one in (instrument, procedure) if one]
    try:
        page = reverse(_PAGES[len(place)], args=place)
    except NoReverseMatch:
        return ""
    return f"{page}#{anchor(kind, name)}" if kind else page


def entry_address(entry: EntryRef | str) -> str:
    """The address of an entry; empty where none is named."""
    if not entry:
        return ""
    ref = EntryRef.parse(entry) if isinstance(entry, str) else entry
    try:
        return reverse("web:entry", args=[ref.origin.party, ref.origin.channel, ref.index])
    except NoReverseMatch:
        return ""


def anchor(kind: str, name: str) -> str:
    """What a statement is called within its page."""
    return f"{kind}-{name}"


def text_address(instrument: Instrument, kind: str = "", name: str = "", *, procedure: str = "") -> str:
    """The same of an instrument at hand, in its very edition."""
    return instrument_address(known_as(instrument), kind, name, procedure=procedure)


@lru_cache(maxsize=4096)  # as above
def cited_at(address: str) -> tuple[str, str] | None:
    """What an address cites: the digest of the text, and the place of the statement, empty for the whole.

    None where it cites no text that ships, or something on its page that is no statement of it.
    """
    page, _hash, name = address.partition("#")
    try:
        found = resolve(page)
        text = edition(found.kwargs.get("name", "")) if found.view_name in _PAGES[1:] else None
    except (Resolver404, NoSuchInstrument):
        return None
    if text is None:
        return None
    within = f"{found.kwargs['procedure']}/{name}" if "procedure" in found.kwargs else name
    place = place_of(text.digest, within) if name else ""
    return None if name and not place else (text.digest, place)


def row_address(row: Row | None) -> str:
    """The address of a row of a table; empty where no page shows that table."""
    found = placed(row) if row is not None else None
    if row is None or found is None:
        return ""
    instrument, procedure = found
    return text_address(instrument, "row", row.name, procedure=procedure.id)


def placed(row: Row) -> tuple[Instrument, Procedure] | None:
    """The text and the procedure a row is part of; None where no page shows that table."""
    return table_of(row) or _custody(row)


def _custody(row: Row) -> tuple[Instrument, Procedure] | None:
    """The custody table, where the row is its own: it is practice, and no instrument to rest on."""
    text = custody()
    own = (one for one in text.procedures if any(each is row for each in one.rows))
    procedure = next(own, None)
    return (text, procedure) if procedure else None
