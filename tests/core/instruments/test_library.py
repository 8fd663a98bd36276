"""Editions by their names, and a draft beside what is shipped."""

from __future__ import annotations

import pytest

from comity.errors import NoSuchInstrument
from comity.instruments import (
    edition,
    editions,
    known_as,
    library,
    parse_instrument,
    table_of,
    texts,
    with_patterns,
)

MLAT = library()["us-ru-1999"]


@pytest.mark.parametrize("name", ["us-ru-1999", f"us-ru-1999~{MLAT.edition}", MLAT.digest, MLAT.digest[:8]])
def test_an_edition_is_found_by_any_of_its_names(name: str) -> None:
    """A charter states a digest, an official remembers an id, a page links to an edition."""
    assert MLAT is edition(name)


@pytest.mark.parametrize(
    "name", ["", "us-ru-1998", "us-ru-1999~0", MLAT.digest[:7], "../texts", "~", "0" * 64]
)
def test_what_nobody_ships_is_refused_with_what_is(name: str) -> None:
    """A name mistyped must not find something else."""
    with pytest.raises(NoSuchInstrument) as refused:
        edition(name)

    assert "us-ru-1999" in refused.value.hint


def test_every_edition_is_found_by_the_name_it_is_known_as() -> None:
    """A link made from an edition must lead back to that very one."""
    assert all(one is edition(known_as(one)) for one in editions().values())
    assert "us-ru-1999" == known_as(MLAT)


def test_the_table_a_row_belongs_to_is_found_from_the_row() -> None:
    """A citation knows the row it rests on; which text that is must not be guessed from its article."""
    for one in editions().values():
        for procedure in one.procedures:
            assert {(one.digest, procedure.id)} == {
                (text.digest, table.id) for text, table in map(table_of, procedure.rows)
            }


def test_a_row_that_is_not_shipped_belongs_to_no_table() -> None:
    """A table in an export may look like ours to the letter, and its rows are still not on our pages."""
    stranger = parse_instrument(texts()["charter"])

    assert {None} == {table_of(row) for row in stranger.procedures[0].rows}


def test_a_draft_is_read_with_the_shipped_patterns_or_its_own() -> None:
    """A lawyer edits one folder and should not have to copy what is shared into it."""
    shipped = texts()["us-ru-1999"]
    own = {name: raw for name, raw in shipped.items() if not name.startswith("pattern-")}
    pattern = "pattern-mutual-assistance.toml"

    assert shipped == with_patterns(own)
    assert b"mine = 1" == with_patterns({**own, pattern: b"mine = 1"})[pattern]
    assert {} == with_patterns({})
