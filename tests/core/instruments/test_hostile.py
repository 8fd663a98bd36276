"""A table that somebody wrote to do harm: refused or found wrong, in bounded time, and shown without harm."""

from __future__ import annotations

import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.errors import MalformedInstrument
from comity.instruments import check, parse_instrument, texts
from comity.instruments.check import MOST
from comity.instruments.legible import LONGEST, written_out
from comity.instruments.parse import MAX_FILE_BYTES

FILES = texts()["charter"]
TABLE = FILES["comparison.toml"].decode()
HIDING = [
    "\u202e",
    "\u2066",
    "\u200b",
    "\u00ad",
    "\ufeff",
    "\u2028",
    "\x1b",
    "\x00",
    "\x85",
    "\ue000",
    "e\u0301",
]
STEP = """
[[step]]
act = {act}
by = "requesting"
to = "recorded"
from = {came}
basis = "Art. 1"
verified = "R"
"""
NESTED = "\n".join(["[" * 900] * 100)
CHEAPLY = 64 * 1024 * 1024


def said_of(table: str, *, file: str = "comparison.toml") -> list[str]:
    """What is found in the charter with this table; the refusal, where it is not read at all."""
    try:
        return [str(one) for one in check(parse_instrument({**FILES, file: table.encode()}))]
    except MalformedInstrument as error:
        return [str(error)]


def many(line: str) -> str:
    """The table with a line as often as a file may hold it."""
    return TABLE + line * ((MAX_FILE_BYTES - len(TABLE.encode()) - 1) // len(line))


@pytest.mark.parametrize("later", ['a = "\\x41"', 'a = "\\e"', "a = { b = 1,\n c = 2 }", "a = { b = 1, }"])
def test_a_table_in_a_later_toml_is_refused(later: str):
    """Every implementation must read a table alike, and TOML 1.0 is what all of them read."""
    assert "comparison.toml is not TOML" in said_of(f"{later}\n{TABLE}")[0]


def test_a_table_nested_without_end_is_refused():
    """A reader that calls itself for each bracket would end with its stack."""
    assert "comparison.toml is not TOML" in said_of(f"a = {NESTED}\n{TABLE}")[0]


@pytest.mark.parametrize(
    "table",
    [
        many(STEP.format(act='"recorded"', came='["recorded"]')),
        TABLE + STEP.format(act="[" + '"recorded",\n' * 8_000 + "]", came="[]"),
        TABLE + STEP.format(act='"recorded"', came="[" + '"recorded",\n' * 8_000 + "]"),
        many(STEP.format(act='["recorded", "agreed"]', came='["recorded", "disputed", "agreed"]')),
    ],
)
def test_a_table_of_a_hundred_thousand_rows_is_refused_before_they_are_held_against_each_other(table):
    """What costs the square of the rows must never begin."""
    assert ["comparison.toml has more than 500 rows"] == [one[:38] for one in said_of(table)]


@pytest.mark.parametrize(
    "line",
    [
        '[[state]]\nid = "recorded"\nlabel = "x"\nmeaning = "x"\n',
        '[[act]]\nid = "agreed"\nlabel = "x"\nsentence = "x"\ndeclares = "x"\n',
        '[[statement]]\nid = "rule"\nlabel = "x"\nvalues = ["a", "a"]\n',
        '[[gate]]\nbefore = "agreed"\nrequires = "recorded"\nlabel = "x"\nbasis = "x"\nverified = "R"\n',
        '[[clock]]\nid = "x"\nlabel = "x"\nkind = "target"\nfor = "requested"\nbasis = "x"\nverified = "R"\n',
    ],
)
def test_a_list_as_long_as_a_file_may_be_is_checked_with_little_memory(line):
    """Nobody reads ten thousand findings, and no machine need hold them."""
    tracemalloc.start()
    found = said_of(many(line))
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert 1 <= len(found) <= MOST + 1
    assert most < CHEAPLY


def test_a_sound_check_of_the_largest_table_ends_with_so_many_findings():
    """Rows up to the limit are all held against each other, and no more is said than can be read."""
    found = said_of(TABLE + STEP.format(act='"agreed"', came='["recorded", "disputed"]') * 480)

    assert MOST + 1 == len(found)
    assert "has more findings than these" in found[-1]


@pytest.mark.parametrize("hidden", HIDING)
@pytest.mark.parametrize("place", ['label   = "Recorded"', 'id      = "recorded"', 'id    = "rule"'])
def test_a_name_or_label_with_hidden_letters_is_found_and_never_shown_as_it_is(hidden, place):
    """It would read otherwise on a screen than in the record, or write on the terminal of a lawyer."""
    assert place in TABLE
    escaped = "".join(f"\\u{ord(letter):04X}" for letter in hidden)
    found = said_of(TABLE.replace(place, f'{place[:-1]}{escaped}"', 1))

    assert found
    assert not any(set(hidden) - {"e"} & set(one) for one in found if hidden != "e\u0301")
    assert any("is no name" in one or "readable" in one or "is not a" in one for one in found)


@pytest.mark.parametrize("name", ["", "a b", "1", "a-b", "\u0410", "x" * 61, "a.b", "a/b", "a\n"])
def test_a_name_is_of_plain_letters(name):
    """Names stand in addresses, entries and file names; one that looks like another would lead astray."""
    found = said_of(TABLE.replace('id    = "compared"', f"id    = {name!r}".replace("'", '"'), 1))

    assert any("is no name" in one or "is not a statement" in one for one in found)


def test_states_in_a_circle_that_nothing_leads_to_are_found():
    """A circle reaches itself; what counts is whether the opening reaches it."""
    states = "".join(f'[[state]]\nid = "s{n}"\nlabel = "x"\nmeaning = "x"\n' for n in range(3))
    steps = "".join(
        STEP.format(act='"agreed"', came=f'["s{n}"]').replace('to = "recorded"', f'to = "s{(n + 1) % 3}"')
        for n in range(3)
    )
    found = said_of(TABLE + states + steps)

    assert {"s0", "s1", "s2"} == {one.split("the state ")[1].split()[0] for one in found if "reached" in one}


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ('from     = ["recorded"]', 'from     = ["elsewhere"]', "(line 118)"),
        ('act      = "agreed"', "act      = 7", "in the row that begins on line"),
        (
            '[[state]]\nid      = "disputed"',
            "[[state]]\nid      = [[[[]]]]",
            "in the row that begins on line",
        ),
        ('id         = "comparison"', "id         = 2026-01-01", "`$.id`"),
        ('title      = "', "title      = ", "(at line 4, column"),
    ],
)
def test_a_refusal_names_the_line_or_the_key(old, new, line):
    """Whoever writes a table of five hundred lines looks for the one that is wrong."""
    assert old in TABLE
    assert line in said_of(TABLE.replace(old, new, 1))[0]


@given(st.text(max_size=LONGEST * 2))
def test_what_is_written_out_is_one_printable_line(text):
    """An escape sequence in a label must not reach a terminal."""
    shown = written_out(text)

    assert shown.isprintable() or all(letter.isprintable() or letter.isspace() for letter in shown)
    assert not {"\n", "\r", "\x1b", "\u202e"} & set(shown)
    assert len(shown) <= LONGEST + 1


@given(st.data())
def test_hidden_letters_anywhere_in_a_table_are_found_or_refused(data):
    """There is no text in an instrument that nobody reads."""
    quoted = [at for at in range(len(TABLE)) if TABLE.startswith(' = "', at)]
    at = data.draw(st.sampled_from(quoted)) + 4
    hidden = data.draw(st.sampled_from(HIDING[:8]))

    assert said_of(TABLE[:at] + f"\\u{ord(hidden):04X}" + TABLE[at:])
