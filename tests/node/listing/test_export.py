"""Lists as files: every row, in two forms, and no cell that runs."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime

import pytest
from django.http import Http404, QueryDict

from comity_node.listing import table
from comity_node.listing.export import Column, export, plain

COLUMNS = (
    Column("title", lambda row: row[0]),
    Column("size", lambda row: row[1]),
    Column("at", lambda row: row[2]),
)
AT = datetime(2026, 5, 3, 12, 0, tzinfo=UTC)
ROWS = [("Écran, “broken”\nin two", 7, AT), ("=1+1", -3, None)]


def text(form, rows=ROWS):
    """What a reader would save."""
    return export(rows, COLUMNS, form=form, name="things").getvalue().decode()


@pytest.mark.parametrize(
    "cell",
    [
        *("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\n=1"),
        *("\uff1d1+1", "\uff0b1", "\uff0d1", "\uff20SUM(A1)"),
    ],
)
def test_a_cell_that_begins_like_a_formula_is_marked_as_text(cell):
    """Spreadsheets strip blanks and know full-width signs; a title from abroad must run in none of them."""
    assert plain(cell).lstrip().startswith("'")


@pytest.mark.parametrize("cell", ["a;=cmd|' /C calc'!A0", "a\t=1", "a\n=1", "a\r\n  @SUM(A1)"])
def test_a_formula_behind_another_locales_separator_is_marked_too(cell):
    """Where cells end with a semicolon, half of a text is a cell of its own."""
    marked = plain(cell)

    assert all(
        not part.lstrip().startswith(("=", "+", "-", "@"))
        for line in marked.splitlines()
        for half in line.split(";")
        for part in half.split("\t")
    )


@pytest.mark.parametrize(
    "cell", ["", "Records of one account", "aa-2026-0001", "5 - 3 = 2", "a@b.example", "x, -5"]
)
def test_an_ordinary_cell_is_left_as_it_is(cell):
    """A file that changes what it exports is no record."""
    assert cell == plain(cell)


def test_csv_holds_every_row_and_is_read_back_whole():
    """Commas, quotes and line ends stay inside their cell; times are UTC, numbers are numbers."""
    lines = list(csv.reader(io.StringIO(text("csv").removeprefix("\ufeff"))))

    assert ["title", "size", "at"] == lines[0]
    assert [ROWS[0][0], "7", "2026-05-03T12:00:00+00:00"] == lines[1]
    assert ["'=1+1", "-3", ""] == lines[2]


def test_json_holds_every_row_as_it_is():
    """For programs nothing is marked: a text stays the text that was written."""
    said = json.loads(text("json"))

    assert {"title": ROWS[0][0], "size": 7, "at": "2026-05-03T12:00:00+00:00"} == said["things"][0]
    assert {"title": "=1+1", "size": -3, "at": None} == said["things"][1]
    assert {"things": []} == json.loads(text("json", []))


def test_a_list_is_written_row_by_row():
    """A hundred thousand rows must not be held in memory to be sent."""
    asked = []

    def rows():
        for number in range(1000):
            asked.append(number)
            yield (f"row {number}", number, None)

    answer = iter(export(rows(), COLUMNS, form="csv", name="things"))
    for _ in range(4):
        next(answer)

    assert len(asked) < 10


def test_another_form_is_not_found():
    """An address that was guessed gives nothing."""
    with pytest.raises(Http404):
        export(ROWS, COLUMNS, form="xlsx", name="things")


def test_sorting_again_turns_the_order_round_and_keeps_the_filter():
    """A head that forgets what was filtered loses the reader."""
    said = QueryDict("words=bank&sort=title&page=3")

    (title, basis) = table.head(said, [("title", "Title"), ("", "Basis")], sort="title")

    assert ("?words=bank&sort=-title", "ascending") == (title["href"], title["sorted"])
    assert ("", "") == (basis["href"], basis["sorted"])


@pytest.mark.parametrize(
    ("page", "number"), [("", 1), ("0", 1), ("-2", 1), ("x", 1), ("9" * 30, 1), ("2", 2)]
)
def test_a_page_that_makes_no_sense_is_the_first(page, number):
    """A link may be old or mistyped."""
    assert number == table.page_number(QueryDict(f"page={page}"))


def test_the_ends_of_a_list_have_no_neighbour():
    """Nobody should be sent to an empty page."""
    first, last = (table.pages(QueryDict(""), number=one, size=10, total=15) for one in (1, 2))

    assert ("", "?page=2") == (first["previous_href"], first["next_href"])
    assert ("?page=1", "", 11, 15) == (last["previous_href"], last["next_href"], last["first"], last["last"])
    assert 2 == table.nearest_page(9, size=10, total=15)
