"""What an instrument makes of a pattern, and what it may not."""

from __future__ import annotations

from importlib import resources

import pytest

from comity.errors import MalformedInstrument
from comity.instruments import Mark, Procedure, parse_instrument, soundness, texts
from comity.instruments.parse import read_pattern

FOLDER = resources.files("comity.instruments") / "patterns"
PATTERNS = {file.name: file.read_bytes() for file in FOLDER.iterdir()}
TREATY = texts()["us-ru-1999"]


def following(own: str) -> Procedure:
    """The assistance of the treaty, with this written instead of its own table."""
    head = 'id = "assistance"\nfollows = "pattern-mutual-assistance"\nchecked_by = "nobody"\n'
    return parse_instrument({**TREATY, "assistance.toml": (head + own).encode()}).procedure("assistance")


@pytest.mark.parametrize("name", sorted(PATTERNS))
def test_a_pattern_is_sound_and_rests_on_practice(name: str) -> None:
    """What every instrument of a family inherits must not be wrong, nor claim an article."""
    pattern = read_pattern(name, PATTERNS[name])

    assert [] == list(soundness.faults(pattern))
    assert {Mark.UNKNOWN} == {row.verified for row in pattern.steps}
    assert all(row.basis.startswith("practice: ") for row in (*pattern.steps, *pattern.clocks))


def test_an_act_rests_on_the_provision_given_for_it_and_is_narrowed_by_it() -> None:
    """Anything else would cite an article for what it does not say."""
    table = following(
        '[[provision]]\nact = "refused"\nfrom = ["in_consultation"]\nafter = ["consulted"]\n'
        'basis = "Art. 4"\nverified = "R"\nnote = "as recalled"\n'
    )
    rows = [row for row in table.rows if row.act == "refused" and not row.crosses]

    assert [(("in_consultation",), ("consulted",), "Art. 4", "as recalled")] == [
        (row.from_, row.after, row.basis, row.note) for row in rows
    ]
    assert all(row.basis.startswith("practice: ") for row in table.rows if row.act == "accepted")
    assert all(row.basis.startswith("practice: ") for row in table.rows if row.crosses)


def test_what_an_instrument_does_not_have_goes_with_all_that_led_there() -> None:
    """A dead row would be offered to an official and never be open."""
    table = following('without = ["form_accepted"]\n')

    assert not {"form_accepted", "confirmed", "confirmation_waived", "lapsed"} & set(table.act_of)
    assert "lapsed" not in table.state_of
    assert "lapsed" not in table.ends
    assert "form" not in table.statement_of
    assert "form" not in table.act_of["lodged"].may_state
    assert [] == list(soundness.faults(table))


def test_an_instrument_adds_rows_and_replaces_what_is_signed() -> None:
    """What a treaty provides beyond the family is its own row, in its own words."""
    table = following(
        '[[act]]\nid = "progressed"\nlabel = "Report"\nsentence = "Report"\ndeclares = "It reports."\n'
        '[[step]]\nfrom = ["lodged"]\nact = "progressed"\nby = "requested"\n'
        'basis = "Art. 7"\nverified = "P"\n'
    )

    assert "Report" == table.act_of["progressed"].label
    assert "Art. 7" in [row.basis for row in table.rows_in["lodged"] if row.act == "progressed"]


@pytest.mark.parametrize(
    ("own", "because"),
    [
        ('without = ["toasted"]\n', "is without 'toasted'"),
        ('[[provision]]\nact = "toasted"\nbasis = "Art. 4"\nverified = "R"\n', "a provision for 'toasted'"),
        (
            '[[provision]]\nact = "accepted"\nby = "requesting"\nbasis = "Art. 4"\nverified = "R"\n',
            "a provision for 'accepted'",
        ),
        ('[[provision]]\nact = "accepted"\nbasis = "Art. 4"\n', "missing required field `verified`"),
        (2 * '[[provision]]\nact = "accepted"\nbasis = "Art. 4"\nverified = "R"\n', "leaves without effect"),
        (2 * '[[state]]\nid = "limbo"\nlabel = "Limbo"\nmeaning = "Limbo."\n', "'limbo' more than once"),
        ('colour = "red"\n', "unknown field `colour`"),
        (
            '[[provision]]\nact = "accepted"\nfrom = ["closed"]\nbasis = "Art. 4"\nverified = "R"\n',
            "leaves it no state",
        ),
    ],
)
def test_what_is_said_of_nothing_in_the_pattern_is_refused(own: str, because: str) -> None:
    """A misspelt provision must not silently have no effect."""
    with pytest.raises(MalformedInstrument) as refused:
        following(own)

    assert because in str(refused.value)


def test_a_pattern_must_be_there_and_be_followed() -> None:
    """The digest covers what the table rests on, and nothing that it does not."""
    name = "pattern-mutual-assistance.toml"

    with pytest.raises(MalformedInstrument, match="is not among the files"):
        parse_instrument({file: raw for file, raw in TREATY.items() if file != name})
    with pytest.raises(MalformedInstrument, match="no procedure follows pattern-other"):
        parse_instrument({**TREATY, "pattern-other.toml": TREATY[name]})
