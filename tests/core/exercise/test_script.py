"""A script is read strictly: whatever is wrong with it is named with its line."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.exercise import must_be_sound, read_script
from comity.exercise.errors import MalformedScript
from comity_cli.exercise import shelf
from tests.core.exercise.scripts import SHORT, changed


def read(raw: bytes) -> None:
    """Read a script to the end."""
    must_be_sound(read_script(raw))


@pytest.mark.parametrize("name", shelf.shipped())
def test_every_script_that_comes_with_comity_is_sound_and_told_in_two_languages(name):
    """Each opening act and each word is there in both; something is expected of the trainee."""
    script = shelf.find(name)

    assert script.expectations
    for one in script.injects:
        assert bool(one.fields) == bool(one.translated), one.id
        assert bool(one.text) == bool(one.second_text), one.id


@pytest.mark.parametrize(
    ("old", "new", "line", "why"),
    [
        ('opens  = "alert"', 'opns = "alert"', 18, "unknown field `opns`"),
        ('opens  = "alert"', 'opens = "alarm"', 18, "no instrument of the channel has a procedure"),
        ('severity = "5"', 'severity = "9"', 20, "severity is none of"),
        ('severity = "5"', 'gravity = "5"', 20, "must state severity"),
        ('act   = ["acknowledged"]', 'act = ["acknowleged"]', 26, "no act 'acknowleged'"),
        ('act   = ["acknowledged"]', 'act = ["stood_down"]', 26, "no act of the alerted Party"),
        ('clock = "acknowledge_5"', 'clock = "acknowledge_9"', 27, "no clock"),
        ('clock = "acknowledge_5"', 'within = "soon"', 27, "Expected `float`"),
        ('clock = "acknowledge_5"', "within = -1", 27, ">= 0"),
        ("ends_at = 60", "ends_at = 1e99", 4, "<= "),
        ('what_happens = "Enc', 'what_occurs = "Enc', 21, "no field 'what_occurs'"),
        ('when   = { acknowledged = "ransom" }', 'when = { acknowledged = "other" }', 31, "no 'other'"),
        ('when   = { acknowledged = "ransom" }', "when = { minutes = 3 }", 31, "exactly one thing"),
        ('by     = "cc"\non     = "ransom"', 'by = "dd"\non = "ransom"', 32, "not among the parties"),
        ('on     = "ransom"', 'on = "nothing"', 33, "nothing is opened as 'nothing'"),
        ('id     = "grows"', 'id = "alert"', 30, "two injects are called 'alert'"),
        ("\ntext   =", "\ntekst  =", 35, "unknown field `tekst`"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(old, new, line, why):
    """A trainer mends the line, and looks again."""
    with pytest.raises(MalformedScript, match=why) as refused:
        read(changed(old, new))

    assert str(refused.value).startswith(f"line {line}: "), refused.value


@pytest.mark.parametrize(
    "raw",
    [
        b"\xff\xfe",
        b"[[[",
        b"a = " + b"[" * 5_000,
        b"a." * 3_000 + b"b = 1",
        b"title = 1",
        b'_raw = "x"',
        b"x" * (256 * 1024 + 1),
    ],
)
def test_hostile_scripts_get_a_clear_error(raw):
    """Whoever is given a script by mail opens it by this."""
    with pytest.raises(MalformedScript):
        read(raw)


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(raw):
    """Nothing else ever comes out."""
    with pytest.raises(MalformedScript):
        read(raw)


@given(st.integers(0, len(SHORT) - 1), st.integers(0, 255))
def test_a_script_with_one_byte_changed_is_read_or_refused(place, byte):
    """A slip of the pen is an error with a reason, or another script."""
    raw = SHORT[:place] + bytes([byte]) + SHORT[place + 1 :]
    with suppress(MalformedScript):
        read(raw)
