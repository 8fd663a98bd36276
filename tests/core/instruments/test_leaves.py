"""What carries a mark can be named, counted and linked to."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from comity.instruments import Instrument, Mark, editions, leaves, library, marks

EDITIONS = sorted(editions().values(), key=lambda one: one.id)
MLAT = library()["us-ru-1999"]


@pytest.mark.parametrize("instrument", EDITIONS, ids=lambda one: f"{one.id}~{one.edition}")
def test_every_statement_has_a_name_of_its_own_that_fits_an_address(instrument: Instrument) -> None:
    """A citation that leads to two places, or to none, cannot be checked by whoever follows it."""
    places = Counter((leaf.procedure, leaf.kind, leaf.name) for leaf in leaves(instrument))

    assert [] == [place for place, times in places.items() if times > 1]
    assert [] == [
        name for _, _, name in places if not re.fullmatch(r"[a-z0-9_-]+", name, re.ASCII | re.IGNORECASE)
    ]


def test_a_row_is_named_by_act_side_what_it_states_and_whether_it_crosses() -> None:
    """Whoever reads an address should know what it is about before opening it."""
    names = [row.name for row in MLAT.procedure("assistance").rows]

    assert {"refused-requested", "executed-requested-in_whole", "refused-requested-crossing"} <= set(names)
    assert {"supplemented-requesting", "supplemented-requesting-2"} <= set(names)


def test_every_mark_is_counted_and_none_is_left_out() -> None:
    """An official judges a text by how much of it nobody has read: a zero says something, too."""
    counted = marks(MLAT)

    assert list(Mark) == list(counted)
    assert len(list(leaves(MLAT))) == sum(counted.values())
    assert 0 == marks(library()["charter"])[Mark.READ]


def test_the_place_of_a_statement_reads_as_words() -> None:
    """It is what the command prints and what a lawyer looks for in the file."""
    places = {leaf.place for leaf in leaves(MLAT)}

    assert {"field purpose", "article 7", "assistance/row refused-requested"} <= places
    assert {"assistance/clock art5_confirm", "assistance/gate refused-consulted"} <= places
